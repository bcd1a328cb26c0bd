//! From values to positions on a color bar: the range, its ticks, and how values spread over it.

use crate::text;

/// Tukey's "far out" fence: values beyond the quartiles by more than this many interquartile
/// ranges do not stretch the scale (Tukey, "Exploratory Data Analysis", 1977). One module whose
/// ratio is 1e27 would otherwise turn all others into one color.
const FENCE: f64 = 3.0;

/// A range of values, on a linear or a logarithmic axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The value at position 0.
    pub low: f64,
    /// The value at position 1.
    pub high: f64,
    /// Whether positions are even in the logarithm.
    pub log: bool,
    /// How many values lie below `low`; they take the lowest color.
    pub below: usize,
    /// How many values lie above `high`; they take the highest color.
    pub above: usize,
}

/// A mark on the color bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Place from 0 to 1.
    pub position: f64,
    /// Its number.
    pub text: String,
}

impl Scale {
    /// The scale that fits the finite values among `values`; `None` where there is none. On a
    /// logarithmic scale zero and negative values count as below it.
    #[must_use]
    pub fn fit(values: impl IntoIterator<Item = f64>, log: bool) -> Option<Self> {
        let finite: Vec<f64> = values.into_iter().filter(|v| v.is_finite()).collect();
        let mut axis: Vec<f64> = finite
            .iter()
            .filter(|&&value| !log || value > 0.0)
            .map(|&value| if log { value.log10() } else { value })
            .collect();
        axis.sort_by(f64::total_cmp);
        let (&first, &last) = (axis.first()?, axis.last()?);
        let quartile = |q: f64| axis[(q * (axis.len() - 1) as f64).round() as usize];
        let reach = FENCE * (quartile(0.75) - quartile(0.25));
        // Few values, or most of them equal, have no spread to judge others by.
        let (mut low, mut high) = if axis.len() >= 8 && reach > 0.0 {
            (
                first.max(quartile(0.25) - reach),
                last.min(quartile(0.75) + reach),
            )
        } else {
            (first, last)
        };
        if high - low < 1e-9 * high.abs().max(1e-300) {
            let half = if log { 0.5 } else { 0.5 * high.abs().max(1.0) };
            (low, high) = (low - half, high + half);
        }
        let value = |axis: f64| if log { 10_f64.powf(axis) } else { axis };
        let outside = |is: &dyn Fn(f64) -> bool| axis.iter().filter(|&&a| is(a)).count();
        Some(Self {
            low: value(low),
            high: value(high),
            log,
            below: outside(&|a| a < low) + finite.len() - axis.len(),
            above: outside(&|a| a > high),
        })
    }

    /// The whole of 0 to 1 on a linear axis.
    #[must_use]
    pub fn unit() -> Self {
        Self {
            low: 0.0,
            high: 1.0,
            log: false,
            below: 0,
            above: 0,
        }
    }

    /// The scale widened so that zero lies in its middle: both sides alike.
    #[must_use]
    pub fn around_zero(self) -> Self {
        let reach = self.low.abs().max(self.high.abs());
        // What lay beyond the narrower end is inside now; what lay beyond the wider one is not.
        Self {
            below: if self.low.abs() < reach {
                0
            } else {
                self.below
            },
            above: if self.high.abs() < reach {
                0
            } else {
                self.above
            },
            low: -reach,
            high: reach,
            log: false,
        }
    }

    /// Where `value` lies, from 0 to 1; what lies outside takes the end's place.
    #[must_use]
    pub fn position(&self, value: f64) -> f64 {
        let (low, high) = (self.axis(self.low), self.axis(self.high));
        let position = (self.axis(value) - low) / (high - low);
        if position.is_nan() {
            0.0
        } else {
            position.clamp(0.0, 1.0)
        }
    }

    fn axis(&self, value: f64) -> f64 {
        if self.log { value.log10() } else { value }
    }

    /// At most about `most` round numbers on the scale, lowest first.
    #[must_use]
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        let most = most.max(2);
        let values = if self.log {
            self.log_ticks(most)
        } else {
            self.linear_ticks(most)
        };
        let ticks = values.into_iter().map(|value| Tick {
            position: self.position(value),
            text: text::tick(value),
        });
        ticks.collect()
    }

    /// Powers of ten, with as many round numbers between them as there is room for.
    fn log_ticks(&self, most: usize) -> Vec<f64> {
        let (low, high) = (self.low.log10(), self.high.log10());
        let (first, last) = (low.floor() as i32, high.ceil() as i32);
        // A hair of slack: 10^log10(x) need not be x.
        let inside =
            |value: f64| value >= self.low * (1.0 - 1e-9) && value <= self.high * (1.0 + 1e-9);
        let multiples: [&[f64]; 4] = [
            &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0],
            &[1.0, 2.0, 5.0],
            &[1.0, 3.0],
            &[1.0],
        ];
        for steps in multiples {
            let values: Vec<f64> = (first..=last)
                .flat_map(|power| steps.iter().map(move |step| step * 10_f64.powi(power)))
                .filter(|&value| inside(value))
                .collect();
            if (2..=most).contains(&values.len()) {
                return values;
            }
        }
        let decades = (last - first).max(1) as usize;
        if decades >= most {
            let stride = decades.div_ceil(most);
            return (first..=last)
                .filter(|power| power.rem_euclid(stride as i32) == 0)
                .map(|power| 10_f64.powi(power))
                .filter(|&value| inside(value))
                .collect();
        }
        vec![self.low, self.high]
    }

    fn linear_ticks(&self, most: usize) -> Vec<f64> {
        let raw = (self.high - self.low) / most as f64;
        let power = 10_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .map(|factor| factor * power)
            .into_iter()
            .find(|&step| step >= raw * (1.0 - 1e-9))
            .unwrap_or(10.0 * power);
        let (first, last) = (
            (self.low / step - 1e-9).ceil() as i64,
            (self.high / step + 1e-9).floor() as i64,
        );
        (first..=last).map(|n| n as f64 * step).collect()
    }

    /// How many of `values` fall in each of `bins` equal parts of the scale, lowest first.
    #[must_use]
    pub fn histogram(&self, values: impl IntoIterator<Item = f64>, bins: usize) -> Vec<u32> {
        let bins = bins.max(1);
        let mut counts = vec![0; bins];
        for value in values.into_iter().filter(|value| value.is_finite()) {
            let bin = (self.position(value) * bins as f64) as usize;
            counts[bin.min(bins - 1)] += 1;
        }
        counts
    }
}
