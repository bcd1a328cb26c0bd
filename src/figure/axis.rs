//! An axis: its label, its range, and round numbers on it.
//!
//! Enters: a range, linear or logarithmic. Leaves: positions from 0 to 1 and tick marks whose
//! texts are told apart. The colour bar's ticks are the [`Scale`]'s; those of a logarithmic axis
//! are too.

use crate::figure::{Scale, Tick};
use crate::text;

/// One axis of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it measures, with the unit.
    pub label: String,
    /// Whether positions are even in the logarithm; `low` is then above 0.
    pub log: bool,
    /// The value at position 0.
    pub low: f64,
    /// The value at position 1; above `low`.
    pub high: f64,
    /// Named places in the place of round numbers: the rows of a waterfall. Ascending.
    pub names: Vec<(f64, String)>,
    /// Whether the axis is drawn with a break at its lower end, since it does not start at 0 as
    /// its reader may take for granted.
    pub broken: bool,
}

impl Axis {
    /// An axis over `low..=high`. A range that is empty, or not possible on this axis, is widened
    /// to one that can be drawn.
    #[must_use]
    pub fn new(label: impl Into<String>, log: bool, low: f64, high: f64) -> Self {
        let (low, high) = if log {
            log_range(low, high)
        } else {
            linear_range(low, high)
        };
        Self {
            label: label.into(),
            log,
            low,
            high,
            names: Vec::new(),
            broken: false,
        }
    }

    /// Where `value` lies: 0 at `low`, 1 at `high`, beyond them outside. Zero and negative values
    /// have no place on a logarithmic axis: −∞.
    #[must_use]
    pub fn position(&self, value: f64) -> f64 {
        if !self.log {
            return (value - self.low) / (self.high - self.low);
        }
        if value <= 0.0 {
            return f64::NEG_INFINITY;
        }
        (value / self.low).ln() / (self.high / self.low).ln()
    }

    /// The value at `position`.
    #[must_use]
    pub fn value(&self, position: f64) -> f64 {
        if self.log {
            self.low * (self.high / self.low).powf(position)
        } else {
            self.low + (self.high - self.low) * position
        }
    }

    /// At most about `most` ticks, lowest first: the named places, or round numbers. No two have
    /// the same text.
    #[must_use]
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        let most = most.max(2);
        if !self.names.is_empty() {
            // Every second, fifth, tenth … name where there is no room for all.
            let stride = [1, 2, 5, 10, 20, 50, 100]
                .into_iter()
                .find(|stride| self.names.len().div_ceil(*stride) <= most)
                .unwrap_or(self.names.len());
            // From the last one on, which is a waterfall's first block, on top.
            let shown = self.names.iter().rev().step_by(stride).rev();
            return shown
                .map(|(value, name)| Tick {
                    position: self.position(*value),
                    text: name.clone(),
                })
                .collect();
        }
        if self.log {
            self.log_ticks(most)
        } else {
            self.linear_ticks(most)
        }
    }

    /// Widened to round numbers at both ends, those of about `most` ticks; a logarithmic axis
    /// stays as it is.
    #[must_use]
    pub fn rounded(mut self, most: usize) -> Self {
        if !self.log {
            let (step, _) = self.step(most.max(2));
            self.low = (self.low / step + 1e-9).floor() * step;
            self.high = (self.high / step - 1e-9).ceil() * step;
        }
        self
    }

    /// The distance of at most about `most` round numbers on a linear axis, and how many decimals
    /// they have; below 0 where they end with zeros.
    fn step(&self, most: usize) -> (f64, i32) {
        let raw = (self.high - self.low) / most as f64;
        let power = raw.log10().floor();
        let unit = 10_f64.powf(power);
        // A step of 2.5 needs a digit more than its power of ten.
        let (factor, digits) = [(1.0, 0), (2.0, 0), (2.5, 1), (5.0, 0), (10.0, -1)]
            .into_iter()
            .find(|(factor, _)| factor * unit >= raw * (1.0 - 1e-9))
            .unwrap_or((10.0, -1));
        (factor * unit, digits - power as i32)
    }

    fn linear_ticks(&self, most: usize) -> Vec<Tick> {
        let (step, decimals) = self.step(most);
        let first = (self.low / step - 1e-9).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        let far = self.low.abs().max(self.high.abs());
        let plain = far < 1e5 && (step >= 1e-4 || decimals <= 5);
        (first..=last)
            .map(|n| {
                let value = n as f64 * step;
                let text = if n == 0 {
                    "0".to_owned()
                } else if plain {
                    format!("{value:.*}", decimals.max(0) as usize)
                } else {
                    let exponent = far.log10().floor();
                    let places = (decimals + exponent as i32).max(0) as usize;
                    let mantissa = value / 10_f64.powf(exponent);
                    times_power(&format!("{mantissa:.places$}"), exponent as i32)
                };
                Tick {
                    position: self.position(value),
                    text,
                }
            })
            .collect()
    }

    fn log_ticks(&self, most: usize) -> Vec<Tick> {
        let scale = Scale {
            low: self.low,
            high: self.high,
            log: true,
            below: 0,
            above: 0,
        };
        let mut ticks = scale.ticks(most);
        for tick in &mut ticks {
            if let Some((mantissa, exponent)) = tick.text.split_once('e') {
                let exponent = exponent.parse().unwrap_or(0);
                tick.text = times_power(mantissa, exponent);
            }
        }
        ticks.dedup_by(|a, b| a.text == b.text);
        // Within less than a decade even numbers are rounder than powers.
        if ticks.len() < 3 && self.high < self.low * 10.0 {
            return self.linear_ticks(most);
        }
        ticks
    }

    /// On a logarithmic axis of few decades, the places of 2, 3, … 9 between the powers of ten.
    #[must_use]
    pub fn minor(&self) -> Vec<f64> {
        let (low, high) = (self.low.log10().floor(), self.high.log10().ceil());
        if !self.log || high - low > 6.0 {
            return Vec::new();
        }
        let powers = low as i32..high as i32;
        powers
            .flat_map(|power| (2..10).map(move |n| f64::from(n) * 10_f64.powi(power)))
            .map(|value| self.position(value))
            .filter(|position| (0.0..=1.0).contains(position))
            .collect()
    }

    /// `value` as a read-out on this axis: 3 significant digits.
    #[must_use]
    pub fn read(value: f64) -> String {
        let text = text::significant(value, 3);
        match text.split_once('e') {
            Some((mantissa, exponent)) => {
                times_power(mantissa, exponent.parse().unwrap_or_default())
            }
            None => text,
        }
    }
}

fn linear_range(low: f64, high: f64) -> (f64, f64) {
    match (low.is_finite(), high.is_finite()) {
        (true, true) if high - low > 1e-12 * low.abs().max(high.abs()) => (low, high),
        (true, _) => (low, low + low.abs().max(1.0)),
        (false, true) => (high - high.abs().max(1.0), high),
        (false, false) => (0.0, 1.0),
    }
}

fn log_range(low: f64, high: f64) -> (f64, f64) {
    let possible = |value: f64| value > 0.0 && value.is_finite();
    match (possible(low), possible(high)) {
        (true, true) if high > low * 1.000_001 => (low, high),
        (true, _) => (low / 3.0, low * 3.0),
        (false, true) => (high / 1e4, high),
        (false, false) => (0.1, 10.0),
    }
}

/// `3×10⁻⁵`, and `10⁻⁵` for a mantissa of 1.
fn times_power(mantissa: &str, exponent: i32) -> String {
    let power: String = exponent
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            // The others follow each other from U+2070 on.
            digit => {
                char::from_u32(0x2070 + digit.to_digit(10).unwrap_or_default()).unwrap_or(digit)
            }
        })
        .collect();
    if mantissa == "1" {
        format!("10{power}")
    } else {
        format!("{mantissa}×10{power}")
    }
}
