//! How settled a ratio and a rank are.
//!
//! Enters: singular values and their ratio. Leaves: the ratio's least and greatest value while τ
//! moves a little; from those of a type, the places its modules may take in the ranking.
//!
//! A ratio jumps when a singular value crosses τ, which rounding to another number format is
//! enough for. A choice that such a jump would change is not settled by the data.

use crate::spectral::Snr;

/// How far τ moves to either side, relative to itself, unless the user says otherwise.
pub const WIDTH: f64 = 0.005;

/// The interval of a ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stability {
    /// How far τ was moved to either side, relative to itself.
    pub width: f64,
    /// The least ratio on the way.
    pub least: f64,
    /// The greatest ratio on the way.
    pub greatest: f64,
}

impl Stability {
    /// The interval of the ratio `of`, of the same singular values `descending`, while τ moves by
    /// `width` of itself to either side. Takes the values τ crosses, after one sum over all.
    #[must_use]
    pub fn of(descending: &[f64], of: &Snr, width: f64) -> Self {
        let above = |tau: f64| descending.partition_point(|&value| value > tau);
        let (fewest, most) = (above(of.tau * (1.0 + width)), above(of.tau * (1.0 - width)));
        let mut interval = Self {
            width,
            least: of.snr,
            greatest: of.snr,
        };
        let middle = of.signal_count.min(descending.len());
        // Away from τ, value by value, the sums of the ratio itself as they are: where nothing
        // is crossed, the interval is the ratio to the last bit.
        let (mut signal, mut noise) = (of.signal_sum, of.noise_sum);
        for place in middle..most {
            signal += descending[place];
            noise -= descending[place];
            let rest = descending.len() - place - 1;
            interval.include(signal, if rest == 0 { 1.0 } else { noise }, of.s_max);
        }
        (signal, noise) = (of.signal_sum, of.noise_sum);
        for place in (fewest..middle).rev() {
            signal -= descending[place];
            noise += descending[place];
            interval.include(signal, noise, of.s_max);
        }
        interval
    }

    fn include(&mut self, signal: f64, noise: f64, s_max: f64) {
        // Differences of sums: what should be zero may be a little less.
        let snr = signal.max(0.0) / noise.max(0.0) / s_max;
        self.least = self.least.min(snr);
        self.greatest = self.greatest.max(snr);
    }
}

/// For each module of a type, given the least and greatest value of its ratio: the best and the
/// worst place it may take in the type's ranking by ratio descending, from 0. A module without a
/// ratio (NaN) comes after all others, in no settled order among its like.
#[must_use]
pub fn rank_intervals(intervals: &[(f64, f64)]) -> Vec<(usize, usize)> {
    let is_number = |&&(least, greatest): &&(f64, f64)| !least.is_nan() && !greatest.is_nan();
    let numbers = || intervals.iter().filter(is_number);
    let mut leasts: Vec<f64> = numbers().map(|&(least, _)| least).collect();
    let mut greatests: Vec<f64> = numbers().map(|&(_, greatest)| greatest).collect();
    leasts.sort_by(f64::total_cmp);
    greatests.sort_by(f64::total_cmp);
    let ranked = leasts.len();
    intervals
        .iter()
        .map(|interval| {
            if !is_number(&interval) {
                return (ranked, intervals.len() - 1);
            }
            let (least, greatest) = *interval;
            // Before it for certain: whose least is above its greatest. Possibly before it: whose
            // greatest is above its least, or the same (a tie goes by the file's order), but
            // itself.
            let surely = ranked - leasts.partition_point(|&other| other <= greatest);
            let possibly = ranked - greatests.partition_point(|&other| other < least);
            (surely, possibly.saturating_sub(1))
        })
        .collect()
}

/// Whether a module with these best and worst places (from 0) is a near-tie at the cut that takes
/// the first `taken`: it may fall on either side.
#[must_use]
pub fn straddles_cut(places: (usize, usize), taken: usize) -> bool {
    places.0 < taken && places.1 >= taken
}
