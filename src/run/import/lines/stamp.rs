//! Times and progress bars in lines of text.
//!
//! Enters: `[2025-01-05 10:00:00,123] …`, ` 5%|▌ | 10/200 [00:36<11:24, 3.60s/it]`. Leaves: the
//! moment; how far the bar is, and what stands around it.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use jiff::civil::date;

/// How far into a line its time is looked for, in bytes.
const LOOKED_AT: usize = 120;

/// The moment that a line is stamped with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stamp {
    /// Seconds since 1970; UTC where no zone is named.
    pub(super) wall: f64,
    /// Whether a zone is named.
    pub(super) zoned: bool,
    /// Where it begins and ends in the line.
    pub(super) range: (usize, usize),
}

/// The first date with a time of day near the start of a line.
pub(super) fn stamp(line: &str) -> Option<Stamp> {
    let bytes = line.as_bytes();
    let within = bytes.len().min(LOOKED_AT);
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b'\n');
    let mut at = 0;
    while at + 19 <= within {
        let found = byte(at + 4) == byte(at + 7)
            && matches!(byte(at + 4), b'-' | b'/')
            && byte(at + 13) == b':'
            && byte(at + 16) == b':'
            && matches!(byte(at + 10), b' ' | b'T')
            && (at == 0 || !byte(at - 1).is_ascii_digit());
        if found && let Some(stamp) = stamp_at(line, at) {
            return Some(stamp);
        }
        at += 1;
    }
    None
}

fn stamp_at(line: &str, at: usize) -> Option<Stamp> {
    let part = |from: usize, length: usize| line.get(at + from..at + from + length)?.parse().ok();
    let (year, month, day): (i16, i16, i16) = (part(0, 4)?, part(5, 2)?, part(8, 2)?);
    let (hour, minute, second): (i16, i16, i16) = (part(11, 2)?, part(14, 2)?, part(17, 2)?);
    let valid = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second);
    if !valid {
        return None;
    }
    let day = jiff::civil::Date::new(year, month as i8, day as i8).ok()?;
    let days = day.since(date(1970, 1, 1)).ok()?.get_days();
    let mut wall = f64::from(days) * 86_400.0
        + f64::from(i32::from(hour) * 3600 + i32::from(minute) * 60 + i32::from(second));
    let mut end = at + 19;
    let rest = line.get(end..)?;
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let share: f64 = format!("0.{}", fraction.get(..digits)?).parse().ok()?;
            wall += share;
            end += 1 + digits;
        }
    }
    let (offset, length) = zone(line.get(end..)?);
    wall -= offset.unwrap_or(0.0);
    Some(Stamp {
        wall,
        zoned: offset.is_some(),
        range: (at, end + length),
    })
}

/// The zone behind a time: `Z`, `+02:00`, `+0200`; its seconds from UTC, and how long it is written.
fn zone(rest: &str) -> (Option<f64>, usize) {
    if rest.starts_with('Z') {
        return (Some(0.0), 1);
    }
    let sign = match rest.bytes().next() {
        Some(b'+') => 1.0,
        Some(b'-') => -1.0,
        _ => return (None, 0),
    };
    let number = |from: usize| rest.get(from..from + 2)?.parse::<u8>().ok();
    let colon = usize::from(rest.as_bytes().get(3) == Some(&b':'));
    match (number(1), number(3 + colon)) {
        (Some(hours), Some(minutes)) if hours < 15 && minutes < 60 => (
            Some(sign * (f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0)),
            5 + colon,
        ),
        _ => (None, 0),
    }
}

/// A progress bar of tqdm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bar<'a> {
    pub(super) done: f64,
    pub(super) total: f64,
    /// Seconds since the bar began.
    pub(super) elapsed: Option<f64>,
    /// What stands before it, between its brackets, and behind it.
    pub(super) before: &'a str,
    pub(super) inside: &'a str,
    pub(super) behind: &'a str,
}

/// The bar of a line: `label:  5%|▌     | 10/200 [00:36<11:24,  3.60s/it]more`.
pub(super) fn bar(line: &str) -> Option<Bar<'_>> {
    let open = line.find("%|")?;
    let after = line.get(open + 2..)?;
    let bracket = after.find(" [")?;
    let counts = after.get(..bracket)?.rsplit('|').next()?;
    let (done, total) = counts.trim().split_once('/')?;
    let (done, total) = (count(done)?, count(total)?);
    let inside = after.get(bracket + 2..)?;
    let end = inside.find(']').unwrap_or(inside.len());
    let (inside, behind) = (
        inside.get(..end)?,
        inside.get(end..)?.trim_start_matches(']'),
    );
    let elapsed = inside.split('<').next().and_then(clock);
    let before = line.get(..open)?;
    let label = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    Some(Bar {
        done,
        total,
        elapsed,
        before: label,
        // The rest of the time, the speed, then what the trainer adds.
        inside: inside.split_once(", ").map_or("", |(_, rest)| rest),
        behind,
    })
}

/// `1000`, `1.2k`; tqdm shortens counts where it was asked to.
fn count(text: &str) -> Option<f64> {
    text.trim()
        .parse()
        .ok()
        .filter(|count: &f64| count.is_finite())
}

/// `01:02`, `1:02:03` in seconds.
fn clock(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    for part in text.trim().split(':') {
        seconds = seconds * 60.0 + f64::from(part.parse::<u32>().ok()?);
    }
    text.contains(':').then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_front_of_lines() {
        let wall = |line: &str| stamp(line).map(|stamp| (stamp.wall, stamp.zoned));
        let at = 1_736_071_200.0;
        assert_eq!(wall("[2025-01-05 10:00:00,500] x"), Some((at + 0.5, false)));
        assert_eq!(wall("2025-01-05T10:00:00.25Z x"), Some((at + 0.25, true)));
        assert_eq!(wall("a 2025/01/05 12:00:00+0200 x"), Some((at, true)));
        assert_eq!(wall("2025-13-05 10:00:00"), None);
        assert_eq!(wall("no time"), None);
    }

    #[test]
    fn bars_as_tqdm_draws_them() {
        let bar = bar("Epoch 0:  5%|▌  | 10/200 [01:36<11:24,  3.60s/it, loss=1.5]step:10")
            .unwrap_or_else(|| panic!("no bar"));
        assert_eq!(
            (bar.done, bar.total, bar.elapsed),
            (10.0, 200.0, Some(96.0))
        );
        assert_eq!((bar.before, bar.behind), ("Epoch 0:", "step:10"));
        assert!(bar.inside.ends_with("loss=1.5"));
        assert!(super::bar("100%|██| x/y [").is_none());
    }
}
