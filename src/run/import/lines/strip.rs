//! Small shapes of lines: colors of a terminal, a label of a bar, three words in a row.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::borrow::Cow;

/// The line without the escape sequences that color it or move the cursor.
pub(super) fn colors(line: &str) -> Cow<'_, str> {
    if !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        let sequence = after.strip_prefix('[').unwrap_or(after);
        let end = sequence.find(|c: char| c.is_ascii_alphabetic() || c == '~');
        rest = match end {
            Some(end) => sequence.get(end + 1..).unwrap_or_default(),
            None => "",
        };
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// torchtune's label of a bar: `1|20|Loss: 1.9538:` has the epoch and the step.
pub(super) fn epoch_and_step(label: &str) -> Option<(f64, f64)> {
    let mut parts = label.trim().splitn(3, '|');
    let epoch = parts.next()?.parse::<u64>().ok()?;
    let step = parts.next()?.parse::<u64>().ok()?;
    parts
        .next()?
        .contains("oss")
        .then_some((epoch as f64, step as f64))
}

/// build-nanogpt's lines: `250 val 6.4921`.
pub(super) fn step_kind_value(line: &str) -> Option<(f64, &str, f64)> {
    let mut words = line.split(' ');
    let step = words.next()?.parse::<u64>().ok()?;
    let kind = match words.next()? {
        "val" => "val loss",
        "train" => "train loss",
        "hella" => "hella",
        _ => return None,
    };
    let value = words.next()?.trim().parse().ok()?;
    words.next().is_none().then_some((step as f64, kind, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        assert_eq!(colors("\u{1b}[33ma\u{1b}[0mb\u{1b}[A"), "ab");
        assert_eq!(colors("a\u{1b}["), "a");
        assert_eq!(epoch_and_step("1|20|Loss: 1.9:"), Some((1.0, 20.0)));
        assert_eq!(epoch_and_step("100"), None);
        assert_eq!(
            step_kind_value("250 val 6.5"),
            Some((250.0, "val loss", 6.5))
        );
        assert_eq!(step_kind_value("250 of 6.5"), None);
    }
}
