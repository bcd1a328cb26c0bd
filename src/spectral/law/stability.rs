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
        // Where nothing is crossed, the interval is the ratio to the last bit.
        if fewest == most {
            return interval;
        }
        // Sums only, no differences: they would not cancel to the zero they should.
        let sum = |values: &[f64]| values.iter().rev().fold(0.0, |sum, value| sum + value);
        let crossed = &descending[fewest..most];
        let mut signal = sum(&descending[..fewest]);
        let mut noise = vec![sum(&descending[most..])];
        for value in crossed.iter().rev() {
            noise.push(noise[noise.len() - 1] + value);
        }
        for (place, noise) in (fewest..=most).zip(noise.iter().rev()) {
            let denominator = if place < descending.len() {
                *noise
            } else {
                1.0
            };
            let snr = signal / denominator / of.s_max;
            interval.least = interval.least.min(snr);
            interval.greatest = interval.greatest.max(snr);
            signal += descending.get(place).copied().unwrap_or_default();
        }
        interval
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
