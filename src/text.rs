//! Numbers, counts, bytes and lengths of time as a person reads them.

use std::time::Duration;

/// Bytes in a GiB.
pub const GIB: f64 = (1_u64 << 30) as f64;

/// `value` with four significant digits.
#[must_use]
pub fn number(value: f64) -> String {
    significant(value, 4)
}

/// `value` with `digits` significant digits; very large and very small ones as powers of ten.
#[must_use]
pub fn significant(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    // Rounded first: 9.9996 has four digits as 10.00.
    let rounded = format!("{value:.*e}", digits.saturating_sub(1));
    let exponent: i32 = rounded
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        return rounded;
    }
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    format!("{value:.decimals$}")
}

/// `value` as an axis writes it: no trailing zeros, short also where it is large.
#[must_use]
pub fn tick(value: f64) -> String {
    let text = if value.abs() >= 1e5 && value.is_finite() {
        format!("{value:.2e}")
    } else {
        significant(value, 3)
    };
    if let Some((mantissa, exponent)) = text.split_once('e') {
        return format!("{}e{exponent}", trimmed(mantissa));
    }
    trimmed(&text).to_owned()
}

fn trimmed(text: &str) -> &str {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

/// A number of bytes in decimal units, as disks and download pages state them: `16.1 GB`.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return format!("{bytes} bytes"),
        1_000..1_000_000 => (1e3, "kB"),
        1_000_000..1_000_000_000 => (1e6, "MB"),
        1_000_000_000..1_000_000_000_000 => (1e9, "GB"),
        _ => (1e12, "TB"),
    };
    format!("{:.1} {name}", bytes as f64 / unit)
}

/// A count with thin spaces between its thousands: `28 800`.
#[must_use]
pub fn grouped(count: u64) -> String {
    separated(count, '\u{2009}')
}

/// A count with commas between its thousands: `28,800`.
pub(crate) fn thousands(count: u64) -> String {
    separated(count, ',')
}

fn separated(count: u64, separator: char) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 entry`, `3 entries`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{count} {noun}")
}

/// A number of parameters: `1.235 B`, `28.3 M`, `576`.
#[must_use]
pub fn parameters(count: u64) -> String {
    let value = count as f64;
    match count {
        0..10_000 => grouped(count),
        10_000..1_000_000 => format!("{:.1} K", value / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} M", value / 1e6),
        _ => format!("{:.2} B", value / 1e9),
    }
}

/// Bytes in GiB, without the unit.
#[must_use]
pub fn gib(bytes: u64) -> String {
    let gib = bytes as f64 / GIB;
    match gib {
        0.0 => "0".to_owned(),
        ..0.01 => "<0.01".to_owned(),
        0.01..10.0 => format!("{gib:.2}"),
        10.0..1000.0 => format!("{gib:.1}"),
        _ => grouped(gib.round() as u64),
    }
}

/// The bytes of a number of GiB that a person typed.
///
/// # Errors
/// When it is not a number above 0; the text says what to give.
pub(crate) fn parse_gib(text: &str) -> Result<u64, String> {
    let number: Option<f64> = text.trim().parse().ok();
    number
        .filter(|gib| gib.is_finite() && *gib > 0.0)
        .map(|gib| (gib * GIB) as u64)
        .ok_or_else(|| "give the memory in GiB, such as 24 or 0.5".to_owned())
}

/// A share from 0 to 1, in percent.
#[must_use]
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.1 {
        "<0.1 %".to_owned()
    } else {
        format!("{percent:.1} %")
    }
}

/// A length of time: `41 s`, `3 min 20 s`, `2 h 5 min`.
#[must_use]
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// A length of time as a clock shows it: `m:ss`, or `h:mm:ss`.
pub(crate) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A tensor's shape: `576 × 1536`.
#[must_use]
pub fn shape(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(|size| grouped(*size as u64)).collect();
    sizes.join(" × ")
}

/// `name`, or `name (2)` and so on where that is taken.
#[must_use]
pub fn free_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{name} ({number})"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_stand_between_thousands() {
        for (count, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (134_515_008, "134,515,008"),
        ] {
            assert_eq!(thousands(count), text);
        }
    }

    #[test]
    fn gibibytes_are_read_and_nonsense_is_not() {
        assert_eq!(parse_gib(" 0.5"), Ok(1 << 29));
        for text in ["0", "-1", "inf", "nan", "8G", ""] {
            assert!(parse_gib(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_taken_name_is_numbered() {
        assert_eq!(free_name("a", |_| false), "a");
        assert_eq!(
            free_name("a", |name| ["a", "a (2)"].contains(&name)),
            "a (3)"
        );
    }
}
