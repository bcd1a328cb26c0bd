//! Round times of day in UTC on an axis of seconds since 1970.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Distances between ticks that people count time in, in seconds, up to a day.
const STEPS: [i64; 16] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200,
];
const DAY: i64 = 86_400;

/// At most about `most` round times in `low..=high` (seconds since 1970-01-01 UTC), and what the
/// axis's label must add to make them whole: the day, where all lie in one.
#[must_use]
pub fn time_ticks(low: f64, high: f64, most: usize) -> (Vec<(f64, String)>, String) {
    let (Some(first), Some(last)) = (moment(low), moment(high)) else {
        return (Vec::new(), String::new());
    };
    let raw = ((high - low) / most.max(2) as f64).max(1.0);
    let step = STEPS.into_iter().find(|&step| step as f64 >= raw);
    let step = step.unwrap_or_else(|| DAY * (raw / DAY as f64).ceil() as i64);
    let one_day = first.date() == last.date();
    let format = if step < 60 {
        "%H:%M:%S"
    } else if step >= DAY {
        "%-d %b"
    } else if one_day {
        "%H:%M"
    } else {
        "%-d %b %H:%M"
    };
    let begin = (low / step as f64).ceil() as i64;
    let end = (high / step as f64).floor() as i64;
    let ticks = (begin..=end).filter_map(|n| {
        let at = (n * step) as f64;
        Some((at, moment(at)?.strftime(format).to_string()))
    });
    let day = if one_day {
        format!(", {}", first.strftime("%-d %b %Y"))
    } else {
        format!(", {}", first.strftime("%Y"))
    };
    (ticks.collect(), day)
}

/// A time in seconds since 1970 as it is read out: `2025-06-15 15:30:00`.
pub(super) fn moment_text(seconds: f64) -> String {
    moment(seconds).map_or_else(
        || seconds.to_string(),
        |time| time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
    )
}

fn moment(seconds: f64) -> Option<DateTime> {
    let finite = seconds.is_finite().then_some(seconds)?;
    let timestamp = Timestamp::from_second(finite.floor() as i64).ok()?;
    Some(Offset::UTC.to_datetime(timestamp))
}
