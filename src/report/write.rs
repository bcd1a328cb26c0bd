//! A report as results JSON, byte for byte what the reference program writes.
//!
//! Both layouts are those of Python's `json.dump(…, indent=4)`: its numbers and escapes, no final
//! line break.

use std::fmt::Write as _;
use std::io;

use serde_json::ser::{Formatter, Serializer};

use super::number::{python, stored};
use crate::report::{Module, SnrReport};

/// The flat layout: `{"<module>": {"snr": x, "type": "<type>"}, …}`, in report order. Modules
/// without a ratio are absent.
#[must_use]
pub fn flat_json(report: &SnrReport) -> String {
    let entries = report.modules.iter().filter_map(|module| {
        let snr = python(ratio(module)?);
        let layer_type = quoted(&report.types[module.layer_type].name);
        let inner = [
            ("\"snr\"".to_owned(), snr),
            ("\"type\"".to_owned(), layer_type),
        ];
        Some((quoted(&module.name), object(inner, 1)))
    });
    object(entries, 0)
}

/// The sorted layout: `{"<type>": {"<module>": x, …}, …}`, types in first-seen order, each by
/// ratio descending, equal ones in report order, `NaN` last. Modules without a ratio are absent.
#[must_use]
pub fn sorted_json(report: &SnrReport) -> String {
    let entries = report.types.iter().filter_map(|layer_type| {
        let modules = layer_type.modules.iter().map(|&i| &report.modules[i]);
        let mut modules: Vec<(&str, f64)> = modules
            .filter_map(|module| Some((module.name.as_str(), ratio(module)?)))
            .collect();
        let number = |snr: f64| (!snr.is_nan()).then_some(snr);
        modules.sort_by(|(_, a), (_, b)| {
            let descending = number(*b).partial_cmp(&number(*a));
            descending.unwrap_or(std::cmp::Ordering::Equal)
        });
        let inner = modules
            .iter()
            .map(|&(name, snr)| (quoted(name), python(snr)));
        (!modules.is_empty()).then(|| (quoted(&layer_type.name), object(inner, 1)))
    });
    object(entries, 0)
}

/// The module's ratio as a file stores it. A ratio read from a file is written unchanged; a ratio
/// computed here is rounded first (see [`stored`]).
fn ratio(module: &Module) -> Option<f64> {
    let snr = module.snr?;
    Some(if module.detail.is_some() {
        stored(snr)
    } else {
        snr
    })
}

/// An object of `entries` (key and value, both JSON text), its brace indented by `depth` steps.
fn object(entries: impl IntoIterator<Item = (String, String)>, depth: usize) -> String {
    let mut text = String::from("{");
    let indent = (depth + 1) * 4;
    for (key, value) in entries {
        let comma = if text.len() > 1 { "," } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(text, "{comma}\n{:indent$}{key}: {value}", "");
    }
    if text.len() > 1 {
        let _ = write!(text, "\n{:1$}", "", depth * 4);
    }
    text.push('}');
    text
}

/// `text` as a JSON string in ASCII.
fn quoted(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len() + 2);
    // Writing a string to memory cannot fail, and what is written is ASCII.
    let _ = serde::Serialize::serialize(text, &mut Serializer::with_formatter(&mut out, Ascii));
    String::from_utf8(out).unwrap_or_default()
}

/// Escapes everything but printable ASCII, as Python's `ensure_ascii` does.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for character in fragment.chars() {
            if matches!(character, ' '..='~') {
                writer.write_all(&[character as u8])?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_python_escapes_them() {
        // `json.dumps` of the same text.
        let text = "a\"b\\c/d\n\r\t\u{8}\u{c}\u{1}\u{7f}é漢😀";
        let expected = r#""a\"b\\c/d\n\r\t\b\f\u0001\u007f\u00e9\u6f22\ud83d\ude00""#;
        assert_eq!(quoted(text), expected);
    }

    #[test]
    fn an_empty_report_is_an_empty_object() {
        assert_eq!(flat_json(&SnrReport::default()), "{}");
        assert_eq!(sorted_json(&SnrReport::default()), "{}");
    }
}
