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
    // `1 day, 2:00:00` of Python, `2d 0h 0m 1s` of ms-swift.
    let days = text.split_once(" day, ").or(text.split_once(" days, "));
    let days = days.or_else(|| {
        text.split_once("d ")
            .filter(|(days, _)| days.parse::<u32>().is_ok())
    });
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
    order: Order,
    /// Whether dates were read whose day could be the month.
    ambiguous: bool,
    /// Whether such dates turned out to have the day first.
    swapped: bool,
}

/// Ways of writing a date that are not ISO 8601: nvidia-smi's, `date`'s, an English one.
const FORMATS: [&str; 3] = [
    "%Y/%m/%d %H:%M:%S%.f",
    "%a %b %d %H:%M:%S %Y",
    "%d %b %Y %H:%M:%S",
];

/// Which comes first in dates written with strokes, day or month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Order {
    /// No date told yet: the month is taken to come first, as in the United States.
    #[default]
    Untold,
    Day,
    Month,
}

impl Dates {
    /// A reader of dates of that year, where they name none.
    pub(super) fn of_year(year: Option<i16>) -> Self {
        Self {
            year,
            ..Self::default()
        }
    }

    /// Whether dates read before had day and month in the other order; true once.
    pub(super) fn take_swapped(&mut self) -> bool {
        std::mem::take(&mut self.swapped)
    }

    /// Whether no date told which of day and month comes first, though some could be either.
    pub(super) fn is_ambiguous(&self) -> bool {
        self.ambiguous && self.order == Order::Untold
    }

    /// `13.01.2025 10:00`, `13/01/2025 10:00:00.5`, `01/13/2025 10:00:00 AM`. With points the day
    /// comes first; with strokes the first number over 12 tells, for the earlier ones too.
    fn day_month_year(&mut self, text: &str) -> Option<DateTime> {
        let (date, time) = text.split_once([' ', 'T'])?;
        let sign = ['.', '/'].into_iter().find(|sign| date.contains(*sign))?;
        let mut parts = date.trim_end_matches(',').split(sign);
        let mut part = || parts.next()?.parse::<i16>().ok();
        let (a, b, year) = (part()?, part()?, part()?);
        if !(1..=31).contains(&a) || !(1..=31).contains(&b) || !(1000..=9999).contains(&year) {
            return None;
        }
        let day_first = match (sign, self.order) {
            ('.', _) => true,
            _ if a > 12 => {
                self.swapped |= self.order == Order::Untold && self.ambiguous;
                self.order = Order::Day;
                true
            }
            _ if b > 12 => {
                self.order = Order::Month;
                false
            }
            (_, order) => {
                self.ambiguous = true;
                order == Order::Day
            }
        };
        let (day, month) = if day_first { (a, b) } else { (b, a) };
        let time = time.trim();
        let (time, noon) = match time.split_once(' ') {
            Some((time, half)) if half.eq_ignore_ascii_case("am") => (time, Some(false)),
            Some((time, half)) if half.eq_ignore_ascii_case("pm") => (time, Some(true)),
            Some(_) => return None,
            None => (time, None),
        };
        let (clock, fraction) = time.split_once(['.', ',']).unwrap_or((time, "0"));
        let mut parts = clock.split(':').map(|part| part.parse::<i8>().ok());
        let (hour, minute) = (parts.next()??, parts.next()??);
        let second = parts.next().unwrap_or(Some(0))?;
        let hour = match noon {
            Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
            None => hour,
        };
        let fraction: f64 = format!("0.{fraction}").parse().ok()?;
        let nanos = (fraction * 1e9) as i32;
        DateTime::new(year, month as i8, day as i8, hour, minute, second, nanos).ok()
    }

    /// Whether a date that was read names no zone.
    pub(super) fn is_local(&self) -> bool {
        self.local
    }

    /// Seconds since 1970 of a date and time. UTC where it names no zone.
    pub(super) fn read(&mut self, cell: &[u8]) -> Option<f64> {
        let text = std::str::from_utf8(cell.trim_ascii()).ok()?;
        let ways = 3 + FORMATS.len();
        (0..=ways).find_map(|turn| {
            // The last match first, then all in order.
            let way = if turn == 0 { self.last } else { turn - 1 };
            let seconds = self.by(way, text)?;
            self.last = way;
            self.local |= way != 0;
            Some(seconds)
        })
    }

    fn by(&mut self, way: usize, text: &str) -> Option<f64> {
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
            2 => utc(self.day_month_year(text)?)?,
            way => utc(DateTime::strptime(FORMATS.get(way - 3)?, text).ok()?)?,
        };
        Some(timestamp.as_duration().as_secs_f64())
    }
}

/// `20250105` as seconds since 1970, `10:00:01` as seconds of the day.
pub(super) fn day_or_clock(cell: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(cell).ok()?;
    if text.contains(':') {
        let mut seconds = 0.0;
        for part in text.split(':') {
            seconds = seconds * 60.0 + part.parse::<f64>().ok().filter(|part| part.is_finite())?;
        }
        return Some(seconds);
    }
    let day = jiff::civil::Date::strptime("%Y%m%d", text).ok()?;
    let time = day.to_zoned(TimeZone::UTC).ok()?;
    Some(time.timestamp().as_second() as f64)
}

/// The same time with the number of the day as month and the other way round; none where that is
/// no date.
pub(super) fn day_and_month_swapped(seconds: f64) -> Option<f64> {
    let whole = jiff::Timestamp::from_second(seconds.floor() as i64).ok()?;
    let time = whole.to_zoned(TimeZone::UTC).datetime();
    let (day, month) = (time.month(), time.day());
    let date = jiff::civil::Date::new(time.year(), month, day).ok()?;
    let other = date.to_datetime(time.time()).to_zoned(TimeZone::UTC).ok()?;
    Some(other.timestamp().as_second() as f64 + seconds - seconds.floor())
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
