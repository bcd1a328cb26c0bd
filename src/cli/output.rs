//! Where text goes: standard output, standard error, and tables of aligned columns.

use std::borrow::Cow;
use std::io::{self, Write as _};

use crate::error::{Error, Result};

/// Writes `text` to standard output, with any control character in it but line ends and tabs as
/// `�`: names in files are not to command a terminal. A reader that has seen enough (`| head`) is no
/// error.
///
/// # Errors
/// [`Error::Io`] when it cannot be written, such as on a full disk.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    let is_command = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let text = if text.contains(is_command) {
        Cow::Owned(text.replace(is_command, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    };
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io("standard output", "write")(error))
        }
        _ => Ok(()),
    }
}

/// Writes `value` to standard output as one JSON document.
///
/// # Errors
/// As [`print`].
pub(super) fn print_json(value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::io("standard output", "write")(error.into()))?;
    print(&format!("{text}\n"))
}

/// One line on standard error, whatever the message holds.
pub(super) fn complain(line: &str) {
    let line: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    // A closed standard error leaves nowhere to complain.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Which way a column's cells lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A table as text: columns two spaces apart, no spaces at the ends of lines. Every row has a
/// cell a column; a cell beyond that is left out.
pub(super) fn table(columns: &[(&str, Align)], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let lines: Vec<&Vec<String>> = std::iter::once(&head).chain(rows).collect();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(columns).zip(&widths);
        let cells: Vec<String> = cells
            .map(|((cell, (_, align)), &width)| match align {
                Align::Left => format!("{cell:<width$}"),
                Align::Right => format!("{cell:>width$}"),
            })
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// A whole number with commas between thousands.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number to four significant digits.
pub(super) fn significant(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "∞" } else { "-∞" }.into();
    }
    if number == 0.0 {
        return "0".into();
    }
    // The exponent after rounding: 9.9996 has five digits before it and 10.00 after.
    let rounded = format!("{number:.3e}");
    let exponent: i32 = rounded
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    match exponent {
        -4..=5 => format!("{number:.*}", (3 - exponent).max(0) as usize),
        _ => rounded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_significant_digits() {
        let cases = [
            (0.0, "0"),
            (1.0, "1.000"),
            (9.9996, "10.00"),
            (0.091_915_3, "0.09192"),
            (458.13, "458.1"),
            (123_456.0, "123456"),
            (8.99e27, "8.990e27"),
            (0.000_001_23, "1.230e-6"),
            (f64::INFINITY, "∞"),
        ];
        for (number, text) in cases {
            assert_eq!(significant(number), text);
        }
    }

    #[test]
    fn thousands_are_told_apart() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (134_515_008, "134,515,008"),
        ];
        for (number, text) in cases {
            assert_eq!(thousands(number), text);
        }
    }

    #[test]
    fn columns_line_up_by_characters() {
        let rows = [
            vec!["é×".to_owned(), "1".to_owned()],
            vec!["abc".to_owned(), "22".to_owned()],
        ];
        let text = table(&[("t", Align::Left), ("n", Align::Right)], &rows);
        assert_eq!(text, "t     n\né×    1\nabc  22\n");
    }
}
