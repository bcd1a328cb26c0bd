//! An axis: its label, the range that is seen, and round numbers on it.
//!
//! Data stay in their own units (bytes, seconds); the axis knows what one unit of its label is.

use crate::figure::{Scale, Tick, time};
use crate::text;

/// One axis of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it measures, with the unit in parentheses: `GPU memory (GB)`.
    pub label: String,
    /// Whether positions are even in the logarithm; `low` is then above 0.
    pub log: bool,
    /// The value at position 0.
    pub low: f64,
    /// The value at position 1; above `low`.
    pub high: f64,
    /// The lowest and the highest value of the whole axis, when nothing is zoomed.
    pub whole: (f64, f64),
    /// One unit of the label, in the units of the data: 10⁹ for an axis in GB of data in bytes.
    pub unit: f64,
    /// Whether values are seconds since 1970, read as times of day in UTC.
    pub clock: bool,
    /// Named places instead of round numbers: the rows of a waterfall. Ascending.
    pub names: Vec<(f64, String)>,
    /// Whether the axis is drawn with a break at its lower end, because it does not start at 0
    /// although a reader would expect it to.
    pub broken: bool,
}

/// The label of an axis of times of day; the day follows it.
const CLOCK: &str = "time (UTC)";

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
            whole: (low, high),
            unit: 1.0,
            clock: false,
            names: Vec::new(),
            broken: false,
        }
    }

    /// An axis of times of day, in seconds since 1970. Its label names the day that is seen.
    #[must_use]
    pub fn times(low: f64, high: f64) -> Self {
        let mut axis = Self::new(CLOCK, false, low, high);
        axis.clock = true;
        axis.name_the_day();
        axis
    }

    fn name_the_day(&mut self) {
        let (_, day) = time::time_ticks(self.low, self.high, 5);
        self.label = format!("{CLOCK}{day}");
    }

    /// The axis with only `part` of it seen; all of it without.
    #[must_use]
    pub fn zoomed(mut self, part: Option<(f64, f64)>) -> Self {
        let (low, high) = part.unwrap_or(self.whole);
        let possible = low.is_finite() && high.is_finite() && low < high;
        if !possible || self.log && low <= 0.0 {
            return self;
        }
        let starts_at_zero = |low: f64, high: f64| low <= 0.0 && high >= 0.0;
        if starts_at_zero(self.low, self.high)
            && !starts_at_zero(low, high)
            && !self.log
            && self.names.is_empty()
        {
            self.broken = true;
        }
        (self.low, self.high) = (low, high);
        if self.clock {
            self.name_the_day();
        }
        self
    }

    /// Whether only a part of it is seen.
    #[must_use]
    pub fn is_zoomed(&self) -> bool {
        (self.low, self.high) != self.whole
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

    /// At most about `most` ticks, lowest first: the named places, times, or round numbers. No two
    /// have the same text.
    #[must_use]
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        let most = most.max(2);
        if self.clock {
            let (times, _) = time::time_ticks(self.low, self.high, most);
            let tick = |(time, text)| Tick {
                position: self.position(time),
                text,
            };
            return times.into_iter().map(tick).collect();
        }
        if !self.names.is_empty() {
            // Every second, fifth, tenth … name where there is no room for all.
            let seen = |(place, _): &&(f64, String)| (0.0..=1.0).contains(&self.position(*place));
            let count = self.names.iter().filter(seen).count();
            let stride = [1, 2, 5, 10, 20, 50, 100]
                .into_iter()
                .find(|stride| count.div_ceil(*stride) <= most)
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
        // Round numbers of the label's unit lie at the same positions as their values.
        let axis = self.in_units();
        if self.log {
            axis.log_ticks(most)
        } else {
            axis.linear_ticks(most)
        }
    }

    /// As many ticks, at most `most`, as have room beside each other on an axis `room` long with
    /// texts that are as wide as `width` says, `gap` apart.
    #[must_use]
    pub fn fitting(
        &self,
        (room, gap): (f64, f64),
        most: usize,
        width: impl Fn(&str) -> f64,
    ) -> Vec<Tick> {
        let mut most = most;
        loop {
            let ticks = self.ticks(most);
            let fits = ticks.windows(2).all(|pair| {
                let half = |tick: &Tick| width(&tick.text) / 2.0;
                let apart = (pair[1].position - pair[0].position) * room;
                apart >= half(&pair[0]) + half(&pair[1]) + gap
            });
            if fits || most <= 2 {
                return ticks;
            }
            most -= 1;
        }
    }

    /// The same axis with its range in units of the label.
    fn in_units(&self) -> Self {
        Self {
            low: self.low / self.unit,
            high: self.high / self.unit,
            unit: 1.0,
            ..Self::new("", self.log, 0.0, 1.0)
        }
    }

    /// Widened to round numbers at both ends, those of about `most` ticks; a logarithmic axis
    /// stays as it is.
    #[must_use]
    pub fn rounded(mut self, most: usize) -> Self {
        if !self.log {
            let (step, _) = self.in_units().step(most.max(2));
            let step = step * self.unit;
            self.low = (self.low / step + 1e-9).floor() * step;
            self.high = (self.high / step - 1e-9).ceil() * step;
            self.whole = (self.low, self.high);
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

    /// `place` with what it measures, as a person says it: `step 1 200`, `time 12.50 min`.
    #[must_use]
    pub fn say(&self, place: f64) -> String {
        if self.clock {
            return format!("{} UTC", time::moment_text(place));
        }
        let label = self.label.trim_end();
        let unit = (label.strip_suffix(')')).and_then(|label| label.rsplit_once(" ("));
        let (label, unit) = unit.unwrap_or((label, ""));
        let value = place / self.unit;
        let whole = value.fract() == 0.0 && (0.0..1e15).contains(&value);
        let value = if whole {
            text::grouped(value as u64)
        } else {
            self.digits(place)
        };
        format!("{label} {value} {unit}").trim_end().to_owned()
    }

    /// `value` in units of the label, with 4 significant digits.
    #[must_use]
    pub fn digits(&self, value: f64) -> String {
        short(value / self.unit, 4)
    }

    /// `value` with 3 significant digits.
    #[must_use]
    pub fn read(value: f64) -> String {
        short(value, 3)
    }
}

fn short(value: f64, digits: usize) -> String {
    let text = text::significant(value, digits);
    match text.split_once('e') {
        Some((mantissa, exponent)) => times_power(mantissa, exponent.parse().unwrap_or_default()),
        None => text,
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
