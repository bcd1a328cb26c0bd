//! Numbers as the window writes them: four significant digits, units in words.

use std::time::Duration;

use crate::figure::number::significant;
pub(crate) use crate::figure::number::{grouped, tick};
use crate::selection::Percent;

/// A ratio in four significant digits; `∞` and `NaN` as such.
#[must_use]
pub(crate) fn ratio(value: f64) -> String {
    significant(value, 4)
}

/// A count of parameters: `1.235 B`, `28.3 M`, `576`.
#[must_use]
pub(crate) fn parameters(count: u64) -> String {
    let value = count as f64;
    match count {
        0..10_000 => grouped(count),
        10_000..1_000_000 => format!("{:.1} K", value / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} M", value / 1e6),
        _ => format!("{:.2} B", value / 1e9),
    }
}

/// A percentage at which a module enters, rounded up to hundredths: typing it does take it.
#[must_use]
pub(crate) fn entry(percent: Percent) -> String {
    let up = (percent.value() * 100.0 - 1e-9).ceil() / 100.0;
    let text = format!("{up:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text} %")
}

/// Bytes in GiB, for a table whose head says so.
#[must_use]
pub(crate) fn gib(bytes: u64) -> String {
    let gib = bytes as f64 / (1_u64 << 30) as f64;
    match gib {
        0.0 => "0".to_owned(),
        ..0.01 => "<0.01".to_owned(),
        0.01..10.0 => format!("{gib:.2}"),
        10.0..1000.0 => format!("{gib:.1}"),
        _ => grouped(gib.round() as u64),
    }
}

/// A share, 0 to 1, in percent.
#[must_use]
pub(crate) fn share(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.1 {
        "<0.1 %".to_owned()
    } else {
        format!("{percent:.1} %")
    }
}

/// A length of time: `41 s`, `3 min 20 s`, `2 h 5 min`.
#[must_use]
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// A shape: `576 × 1536`.
#[must_use]
pub(crate) fn shape(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(|size| grouped(*size as u64)).collect();
    sizes.join(" × ")
}
