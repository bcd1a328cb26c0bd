//! The horizontal axis of the panels: its ticks and read-outs in words people use.
//!
//! Enters: which axis, and the range in view. Leaves: a [`figure::Axis`](crate::figure::Axis)
//! and texts. Times are counted in seconds, and read in minutes, hours and dates.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::figure::Axis;
use crate::run::XAxis;
use crate::window::number;

/// Distances of ticks of a time, in seconds.
const STEPS: [f64; 20] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0,
    10_800.0, 21_600.0, 43_200.0, 86_400.0, 172_800.0, 604_800.0,
];

/// The axis over `range`, with named places where round numbers would not be read.
pub(crate) fn axis(of: XAxis, range: (f64, f64), log: bool, most: usize) -> Axis {
    let log = log && matches!(of, XAxis::Step | XAxis::Epoch | XAxis::Relative);
    let mut axis = Axis::new(label(of), log, range.0, range.1);
    if matches!(of, XAxis::Relative | XAxis::Wall) && !log {
        axis.names = times(of, (axis.low, axis.high), most);
    }
    axis
}

/// What the axis counts.
pub(crate) fn label(of: XAxis) -> &'static str {
    match of {
        XAxis::Step => "Step",
        XAxis::Epoch => "Epoch",
        XAxis::Relative => "Time since the start",
        XAxis::Wall => "Time of day (UTC)",
        XAxis::Completion => "Job completion (%)",
    }
}

/// `x` in words.
pub(crate) fn read(of: XAxis, x: f64) -> String {
    match of {
        XAxis::Step => format!("step {}", number::grouped(x.round().max(0.0) as u64)),
        XAxis::Epoch => format!("epoch {}", number::ratio(x)),
        XAxis::Relative => span(x, 1.0),
        XAxis::Wall => date(x, "%Y-%m-%d %H:%M:%S"),
        XAxis::Completion => format!("{x:.1} % done"),
    }
}

fn times(of: XAxis, (low, high): (f64, f64), most: usize) -> Vec<(f64, String)> {
    let least = (high - low) / most.max(2) as f64;
    let days = || (least / 86_400.0).ceil() * 86_400.0;
    let step = STEPS.into_iter().find(|step| *step >= least);
    let step = step.unwrap_or_else(days);
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    let text = |time: f64| match of {
        XAxis::Wall if step >= 86_400.0 => date(time, "%b %-d"),
        XAxis::Wall if step >= 60.0 => date(time, "%H:%M"),
        XAxis::Wall => date(time, "%H:%M:%S"),
        _ => span(time, step),
    };
    (first..=last)
        .map(|count| count as f64 * step)
        .map(|time| (time, text(time)))
        .collect()
}

/// A length of time: `1:30 h`, `7:05 min`, `12 s`; without what `step` leaves at nought.
fn span(seconds: f64, step: f64) -> String {
    let sign = if seconds < -0.5 { "−" } else { "" };
    let whole = seconds.abs().round() as u64;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    let text = match (hours, whole) {
        (_, 0) => "0".to_owned(),
        (0, 0..60) => format!("{rest} s"),
        (0, _) if step >= 60.0 => format!("{minutes} min"),
        (0, _) => format!("{minutes}:{rest:02} min"),
        _ if step >= 3600.0 => format!("{hours} h"),
        _ => format!("{hours}:{minutes:02} h"),
    };
    format!("{sign}{text}")
}

/// A time since 1970 as a date in UTC.
fn date(seconds: f64, format: &str) -> String {
    let time = Timestamp::from_millisecond((seconds * 1e3).round() as i64);
    time.map_or_else(
        |_| number::ratio(seconds),
        |time| time.to_zoned(TimeZone::UTC).strftime(format).to_string(),
    )
}
