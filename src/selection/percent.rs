//! A percentage as the user gave it, exact.
//!
//! Kept as a whole number of millionths of a percent: ⌊count · P / 100⌋ is then exact for every
//! P a person types, and P prints back as it was typed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};

/// Units in one percent.
const UNIT: u32 = 1_000_000;

/// A percentage from 0 to 100.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(from = "Units")]
pub struct Percent(u32);

/// A percentage as it is kept between runs; one that a damaged file holds is cut to 100.
#[derive(Deserialize)]
struct Units(u32);

impl From<Units> for Percent {
    fn from(Units(units): Units) -> Self {
        Self(units.min(100 * UNIT))
    }
}

impl Percent {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// Everything.
    pub const FULL: Self = Self(100 * UNIT);

    /// A whole number of percent, at most 100.
    #[must_use]
    pub const fn whole(percent: u32) -> Self {
        let percent = if percent > 100 { 100 } else { percent };
        Self(percent * UNIT)
    }

    /// The percentage nearest to `value`, rounded to hundredths as a slider sets it.
    #[must_use]
    pub fn from_slider(value: f64) -> Self {
        let hundredths = (value.clamp(0.0, 100.0) * 100.0).round() as u32;
        Self(hundredths * (UNIT / 100))
    }

    /// As a number.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.0) / f64::from(UNIT)
    }

    /// ⌊count · P / 100⌋.
    #[must_use]
    pub fn of(self, count: usize) -> usize {
        (count as u64 * u64::from(self.0) / u64::from(100 * UNIT)) as usize
    }

    /// In millionths of a percent.
    pub(super) fn units(self) -> u64 {
        u64::from(self.0)
    }

    /// So many millionths of a percent, at most all of it.
    pub(super) fn from_units(units: u64) -> Self {
        Self(units.min(u64::from(100 * UNIT)) as u32)
    }

    /// The percentage with the fewest decimals from `least` on that is below `below`, where there
    /// is such a bound: all of them make the same set.
    #[must_use]
    pub(super) fn shortest(least: Self, below: Option<Self>) -> Self {
        let steps = std::iter::successors(Some(UNIT), |&step| (step > 1).then_some(step / 10));
        let rounded = steps.map(|step| Self(least.0.div_ceil(step) * step));
        let fits =
            |percent: &Self| *percent <= Self::FULL && below.is_none_or(|below| *percent < below);
        rounded.into_iter().find(fits).unwrap_or(least)
    }

    /// The least percentage that takes `taken` of `count`, rounded up to what the type holds.
    #[must_use]
    pub fn least_for(taken: usize, count: usize) -> Self {
        if count == 0 {
            return Self::FULL;
        }
        let units = (taken as u64 * u64::from(100 * UNIT)).div_ceil(count as u64);
        Self(units.min(u64::from(100 * UNIT)) as u32)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / UNIT, self.0 % UNIT);
        if rest == 0 {
            write!(f, "{whole}")
        } else {
            let digits = format!("{rest:06}");
            write!(f, "{whole}.{}", digits.trim_end_matches('0'))
        }
    }
}

impl FromStr for Percent {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refuse = |problem: &str| {
            Error::from(Problem::argument(
                text,
                format!("{problem}; give a percentage from 0 to 100, such as 25 or 12.5"),
            ))
        };
        let trimmed = text.trim().trim_end_matches('%').trim_end();
        let (whole, decimals) = trimmed.split_once('.').unwrap_or((trimmed, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() && decimals.is_empty() || !digits(whole) || !digits(decimals) {
            return Err(refuse("is not a number"));
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > 6 {
            return Err(refuse("has more than six decimals"));
        }
        let whole: u32 = match whole.trim_start_matches('0') {
            "" => 0,
            digits => digits
                .parse()
                .ok()
                .filter(|&n| n <= 100)
                .ok_or_else(|| refuse("is over 100"))?,
        };
        let rest: u32 = format!("{decimals:0<6}").parse().unwrap_or(0);
        let percent = Self(whole * UNIT + rest);
        if percent > Self::FULL {
            Err(refuse("is over 100"))
        } else {
            Ok(percent)
        }
    }
}
