//! One cell of a table: a number with or without a unit, or a time.
//!
//! Enters: the bytes between two separators. Leaves: the number, that there is none, or why it
//! cannot be read.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::run::units::CellUnit;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    /// Nothing was logged.
    Missing,
    /// A number, and the unit where the cell names one.
    Number(f64, Option<CellUnit>),
    /// Something else.
    Text,
}

/// What loggers write where they have no value: nvidia-smi's `[N/A]`, Python's `None`.
const MISSING: [&str; 12] = [
    "",
    "-",
    "--",
    "n/a",
    "na",
    "[n/a]",
    "none",
    "null",
    "[not supported]",
    "<na>",
    "[unknown error]",
    "#n/a",
];

/// Reads a cell. With `comma` numbers are written `1.234,5`, else `1,234.5`; a point is a decimal
/// point also with `comma` where no comma follows it. `NaN`, `inf` and `-Infinity` are numbers in
/// any case.
pub(super) fn read(cell: &[u8], comma: bool) -> Cell {
    let Ok(text) = std::str::from_utf8(cell.trim_ascii()) else {
        return Cell::Text;
    };
    if let Some(number) = number(text, comma) {
        return Cell::Number(number, None);
    }
    if MISSING.contains(&text.to_ascii_lowercase().as_str()) {
        return Cell::Missing;
    }
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ',');
    let end = text.find(|c: char| !digits(c)).unwrap_or(text.len());
    let (written, rest) = text.split_at(end);
    match (number(written, comma), CellUnit::parse(rest)) {
        (Some(number), Some(unit)) => Cell::Number(number, Some(unit)),
        _ => Cell::Text,
    }
}

fn number(text: &str, comma: bool) -> Option<f64> {
    if !text.contains(',') {
        return text.parse().ok();
    }
    let (grouping, decimal) = if comma { ('.', ',') } else { (',', '.') };
    let (whole, fraction) = match text.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    // Groups of three, or it is a list and no number.
    let mut groups = whole.split(grouping);
    let first = groups.next()?.trim_start_matches(['+', '-']);
    let grouped = whole.contains(grouping);
    if (grouped && !(1..=3).contains(&first.len())) || groups.any(|group| group.len() != 3) {
        return None;
    }
    let mut plain = whole.replace(grouping, "");
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(fraction);
    }
    plain.parse().ok()
}

/// Seconds of an elapsed time: `0:01:03`, `1h 3m`, `00:12:01.5`, ISO 8601's `PT63S`, Python's
/// `1 day, 0:01:03`.
pub(super) fn duration(cell: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(cell.trim_ascii()).ok()?;
    let days = text.split_once(" day, ").or(text.split_once(" days, "));
    let (days, rest) = match days {
        Some((days, rest)) => (days.parse::<u32>().ok()?, rest),
        None => (0, text),
    };
    let rest: SignedDuration = rest.parse().ok()?;
    Some(f64::from(days) * 86_400.0 + rest.as_secs_f64())
}

/// Reads dates; remembers which way of writing them matched last.
#[derive(Debug, Clone, Default)]
pub(super) struct Dates {
    last: usize,
    /// The year of dates that name none, as dstat's.
    year: Option<i16>,
    /// Whether a date was read that names no zone.
    local: bool,
}

/// Ways of writing a date that are not ISO 8601: nvidia-smi's, German, American.
const FORMATS: [&str; 6] = [
    "%Y/%m/%d %H:%M:%S%.f",
    "%d.%m.%Y %H:%M:%S%.f",
    "%m/%d/%Y %H:%M:%S%.f",
    "%m/%d/%Y %I:%M:%S %p",
    "%a %b %d %H:%M:%S %Y",
    "%d %b %Y %H:%M:%S",
];

impl Dates {
    /// A reader of dates of that year, where they name none.
    pub(super) fn of_year(year: Option<i16>) -> Self {
        Self {
            year,
            ..Self::default()
        }
    }

    /// Whether a date that was read names no zone.
    pub(super) fn is_local(&self) -> bool {
        self.local
    }

    /// Seconds since 1970 of a date and time. UTC where it names no zone.
    pub(super) fn read(&mut self, cell: &[u8]) -> Option<f64> {
        let text = std::str::from_utf8(cell.trim_ascii()).ok()?;
        let ways = 2 + FORMATS.len();
        (0..=ways).find_map(|turn| {
            // The last match first, then all in order.
            let way = if turn == 0 { self.last } else { turn - 1 };
            let seconds = self.by(way, text)?;
            self.last = way;
            self.local |= way != 0;
            Some(seconds)
        })
    }

    fn by(&self, way: usize, text: &str) -> Option<f64> {
        let utc = |date: DateTime| {
            date.to_zoned(TimeZone::UTC)
                .ok()
                .map(|date| date.timestamp())
        };
        let timestamp = match way {
            0 => text.parse::<Timestamp>().ok()?,
            1 => match self.year {
                // dstat's `22-05 09:42:33`.
                Some(year) => {
                    utc(DateTime::strptime("%Y-%d-%m %H:%M:%S", format!("{year}-{text}")).ok()?)?
                }
                None => utc(text.parse().ok()?)?,
            },
            way => utc(DateTime::strptime(FORMATS.get(way - 2)?, text).ok()?)?,
        };
        Some(timestamp.as_duration().as_secs_f64())
    }
}

/// Seconds since 1970 of a number that is too large to be that: milli-, micro- or nanoseconds.
/// 10¹¹ seconds are in the year 5138, 10¹¹ milliseconds in 1973.
pub(super) fn unix_seconds(number: f64) -> f64 {
    match number.abs() {
        size if size >= 1e17 => number / 1e9,
        size if size >= 1e14 => number / 1e6,
        size if size >= 1e11 => number / 1e3,
        _ => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_and_loggers_write_them() {
        let plain = |text: &str| read(text.as_bytes(), false);
        assert_eq!(plain(" 1.5e-3 "), Cell::Number(1.5e-3, None));
        assert_eq!(
            plain("11165 MiB"),
            Cell::Number(11165.0, Some(CellUnit::Mib))
        );
        assert_eq!(plain("45%"), Cell::Number(45.0, Some(CellUnit::Percent)));
        assert_eq!(plain("1,234,567.5"), Cell::Number(1_234_567.5, None));
        assert_eq!(plain("[N/A]"), Cell::Missing);
        assert_eq!(plain(""), Cell::Missing);
        assert_eq!(plain("-Infinity"), Cell::Number(f64::NEG_INFINITY, None));
        assert!(matches!(plain("nan"), Cell::Number(n, None) if n.is_nan()));
        for text in ["abc", "1,2", "1,2345", "12 apples", "1.2.3", "\u{fffd}"] {
            assert_eq!(plain(text), Cell::Text, "{text}");
        }
        let comma = |text: &str| read(text.as_bytes(), true);
        assert_eq!(comma("-1,25"), Cell::Number(-1.25, None));
        assert_eq!(comma("1.234,5"), Cell::Number(1234.5, None));
        assert_eq!(comma("1.5"), Cell::Number(1.5, None));
        assert_eq!(comma("1,2,3"), Cell::Text);
    }

    #[test]
    fn dates_as_loggers_write_them() {
        let at = 1_747_906_953.0;
        let mut dates = Dates::default();
        for text in [
            "2025-05-22T09:42:33Z",
            "2025-05-22 09:42:33",
            "2025/05/22 09:42:33",
            "22.05.2025 09:42:33",
            "2025-05-22T11:42:33+02:00",
            "Thu May 22 09:42:33 2025",
            "05/22/2025 09:42:33 AM",
        ] {
            assert_eq!(dates.read(text.as_bytes()), Some(at), "{text}");
        }
        assert_eq!(dates.read(b"2025/05/22 09:42:33.587"), Some(at + 0.587));
        assert_eq!(dates.read(b"yesterday"), None);
        let mut dates = Dates::of_year(Some(2025));
        assert_eq!(dates.read(b"22-05 09:42:33"), Some(at));
        assert_eq!(duration(b"0:01:03"), Some(63.0));
        assert_eq!(duration(b"1h 1m 3s"), Some(3663.0));
        assert_eq!(duration(b"1 day, 0:01:03"), Some(86463.0));
    }
}
