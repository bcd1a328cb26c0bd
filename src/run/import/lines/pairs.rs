//! Numbers in a line of text, each with the words that name it.
//!
//! Enters: `step 10/500 loss 3.1 | lr: 2e-4, mem=55.8GB`. Leaves: step = 10 of 500, loss = 3.1,
//! lr = 2e-4, mem = 55.8 GB. Numbers that nothing names, dates, versions and speeds are passed over.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use crate::run::units::CellUnit;

/// A number and what names it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair<'a> {
    /// The words before it; with no sign between, perhaps with others before those.
    pub(super) name: &'a str,
    /// Where they begin in the text.
    pub(super) at: usize,
    /// Whether a colon or an equals sign stands between the two.
    pub(super) has_sign: bool,
    pub(super) number: f64,
    /// The 500 of `10/500`.
    pub(super) of: Option<f64>,
    pub(super) unit: Option<CellUnit>,
}

/// Finds the pairs of a line.
pub(super) fn scan<'a>(line: &'a str, pairs: &mut Vec<Pair<'a>>) {
    let bytes = line.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b'\n');
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        if !may_start(byte(at)) || at > 0 && !may_precede(byte(at - 1)) {
            at += 1;
            continue;
        }
        let Some((number, mut end)) = number_at(line, at) else {
            at += 1;
            while is_word(byte(at)) {
                at += 1;
            }
            continue;
        };
        let start = at;
        let whole = number.fract() == 0.0;
        let of = if whole {
            total_after(line, end).map(|(total, after)| {
                end = after;
                total
            })
        } else {
            None
        };
        let Some((unit, after)) = unit_after(line, end) else {
            // A date, a version, a time of day: none of its digits is a number.
            while matches!(byte(end), b'0'..=b'9' | b':' | b'.' | b'-' | b'/') || is_word(byte(end))
            {
                end += 1;
            }
            (from, at) = (end, end.max(at + 1));
            continue;
        };
        if let Some((skipped, name, has_sign)) = line.get(from..start).and_then(name_before) {
            pairs.push(Pair {
                name,
                at: from + skipped,
                has_sign,
                number,
                of,
                unit,
            });
        }
        (from, at) = (after, after.max(at + 1));
    }
}

fn may_start(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'n' | b'N' | b'i' | b'I')
}

/// What may stand directly before a number.
fn may_precede(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b':' | b'=' | b'[' | b'\'' | b'"' | b'|' | b','
    )
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The number that starts at `at`, and where it ends. `3,407,872` is one number.
fn number_at(line: &str, at: usize) -> Option<(f64, usize)> {
    let bytes = line.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b'\n');
    let mut end = at + usize::from(matches!(byte(at), b'-' | b'+'));
    if byte(end).is_ascii_alphabetic() {
        let word = end;
        while byte(end).is_ascii_alphabetic() {
            end += 1;
        }
        let known = ["nan", "inf", "infinity"];
        let text = line.get(word..end)?;
        return known
            .iter()
            .any(|known| text.eq_ignore_ascii_case(known))
            .then(|| line.get(at..end)?.parse().ok())
            .flatten()
            .map(|number| (number, end));
    }
    let digits = |mut at: usize| {
        while byte(at).is_ascii_digit() {
            at += 1;
        }
        at
    };
    let first = end;
    end = digits(end);
    let mut grouped = false;
    if (1..=3).contains(&(end - first)) {
        while byte(end) == b',' && digits(end + 1) == end + 4 {
            (end, grouped) = (end + 4, true);
        }
    }
    if byte(end) == b'.' && byte(end + 1).is_ascii_digit() {
        end = digits(end + 1);
    } else if end == first {
        return None;
    }
    if matches!(byte(end), b'e' | b'E') {
        let power = end + 1 + usize::from(matches!(byte(end + 1), b'-' | b'+'));
        if byte(power).is_ascii_digit() {
            end = digits(power);
        }
    }
    let text = line.get(at..end)?;
    let number = if grouped {
        text.replace(',', "").parse()
    } else {
        text.parse()
    };
    Some((number.ok()?, end))
}

/// The total behind a slash: of `10/500`, `10/ 500` and `10 / 500`.
fn total_after(line: &str, at: usize) -> Option<(f64, usize)> {
    let rest = line.get(at..)?;
    let behind = rest.trim_start_matches(' ').strip_prefix('/')?;
    let total = behind.trim_start_matches(' ');
    let (number, end) = number_at(total, 0)?;
    let ended = !total.as_bytes().get(end).is_some_and(|&byte| is_word(byte));
    (ended && number.fract() == 0.0 && total.starts_with(|c: char| c.is_ascii_digit()))
        .then(|| (number, line.len() - total.len() + end))
}

/// The unit behind a number, and where it ends; none where what follows makes it no number.
fn unit_after(line: &str, at: usize) -> Option<(Option<CellUnit>, usize)> {
    let rest = line.get(at..)?;
    let bytes = rest.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b'\n');
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic());
    let length = if byte(0) == b'%' { 1 } else { letters.count() };
    if length > 0 {
        let unit = CellUnit::parse(rest.get(..length)?)?;
        // `3.60s/it` is a speed.
        let ended = !is_word(byte(length)) && byte(length) != b'/';
        return ended.then_some((Some(unit), at + length));
    }
    match byte(0) {
        b'_' => return None,
        // A time, a date, a version; a colon or point may end a clause.
        b':' | b'-' | b'/' if byte(1).is_ascii_digit() => return None,
        b'.' if !byte(1).is_ascii_whitespace() => return None,
        b'(' if !matches!(byte(1), b'0'..=b'9' | b'+' | b'-') => return None,
        other if other >= 0x80 => return None,
        _ => {}
    }
    // Sizes are set apart by a blank too; other words begin the next name.
    if let Some(rest) = rest.strip_prefix(' ') {
        let word = rest.split(|c: char| !c.is_ascii_alphabetic()).next()?;
        if let Some(unit) = CellUnit::parse(word)
            && word.len() > 1
            && unit.unit() == crate::run::model::Unit::Bytes
        {
            return Some((Some(unit), at + 1 + word.len()));
        }
    }
    Some((None, at))
}

/// The name in the text before a number, where it begins, and whether a sign stands between.
fn name_before(text: &str) -> Option<(usize, &str, bool)> {
    let text = text.trim_end_matches([' ', '\t', '\'', '"', '[']);
    let (text, has_sign) = match text.strip_suffix([':', '=']) {
        Some(text) => (text.trim_end(), true),
        None => (text, false),
    };
    let text = text.trim_end_matches(['\'', '"']);
    // A bracket at the end is a part of the name: `elapsed time per iteration (ms)`.
    let body = match text.strip_suffix(')') {
        Some(inner) => inner.get(..inner.rfind('(')?)?,
        None => text,
    };
    let mut start = 0;
    let cut = |at: Option<usize>, length: usize, start: &mut usize| {
        if let Some(at) = at {
            *start = (*start).max(at + length);
        }
    };
    let signs = [
        '|', ',', ';', '{', '}', '[', ']', '\'', '"', '<', '>', '\t', ')',
    ];
    cut(body.rfind(signs), 1, &mut start);
    cut(body.rfind("  "), 2, &mut start);
    cut(body.rfind(" - "), 3, &mut start);
    cut(body.rfind(": "), 2, &mut start);
    let signs = [' ', '-', '.', ':', '/', '#', '*', '=', '('];
    let name = text.get(start..)?.trim_start_matches(signs);
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        .then(|| (text.len() - name.len(), name, has_sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<(String, f64)> {
        let mut pairs = Vec::new();
        scan(line, &mut pairs);
        let named = |pair: &Pair<'_>| (pair.name.to_owned(), pair.number);
        pairs.iter().map(named).collect()
    }

    fn expected(pairs: &[(&str, f64)]) -> Vec<(String, f64)> {
        pairs
            .iter()
            .map(|&(name, number)| (name.to_owned(), number))
            .collect()
    }

    #[test]
    fn pairs_as_trainers_write_them() {
        let cases: [(&str, &[(&str, f64)]); 12] = [
            (
                "step 0: train loss 3.3, val loss 3.4",
                &[("step", 0.0), ("train loss", 3.3), ("val loss", 3.4)],
            ),
            (
                "step   1/60 | loss 11.2 (+0.12z)| norm 1.1",
                &[("step", 1.0), ("loss", 11.2), ("norm", 1.1)],
            ),
            (
                "s:0 trl:11.2 lr:0.0006",
                &[("s", 0.0), ("trl", 11.2), ("lr", 0.0006)],
            ),
            (
                "{'loss': '2.49', 'lr': 1e-05, 'epoch': 0.1}",
                &[("loss", 2.49), ("lr", 1e-5), ("epoch", 0.1)],
            ),
            (
                " iteration  10/  400 | elapsed time per iteration (ms): 1354.9 | lm loss: 3.0E+00 |",
                &[
                    ("iteration", 10.0),
                    ("elapsed time per iteration (ms)", 1354.9),
                    ("lm loss", 3.0),
                ],
            ),
            (
                "step:1 - train/loss:3.2 - train/lr(1e-3):0.002",
                &[
                    ("step", 1.0),
                    ("train/loss", 3.2),
                    ("train/lr(1e-3)", 0.002),
                ],
            ),
            (
                "memory: 32.19GiB(40.69%)  tps: 1,234  x",
                &[("memory", 32.19), ("tps", 1234.0)],
            ),
            ("loss nan.8176, time 230.50ms", &[("time", 230.5)]),
            (
                "step 92/19560 | loss 8.8(slurmstepd: error",
                &[("step", 92.0)],
            ),
            ("version 1.2.3 on 2025-01-05 at 10:00:01 in 123.59M", &[]),
            ("| val_loss_every        | 20    |", &[]),
            ("Peak memory = 7.1 GB. x", &[("Peak memory", 7.1)]),
        ];
        for (line, pairs) in cases {
            assert_eq!(found(line), expected(pairs), "{line}");
        }
    }

    #[test]
    fn nothing_breaks_on_odd_text() {
        for line in [
            "", "-", "é=1é", "=1", "a:1/", "1e", "nan", "loss:é", "x=9/é", "’1", "[[[1",
        ] {
            let _ = found(line);
        }
    }
}
