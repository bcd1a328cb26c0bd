//! The power law of a spectrum's tail.
//!
//! Enters: singular values and the long side M. Leaves: α and x_min of the tail of λ = S²/M.
//!
//! ```text
//! p(λ) ∝ λ^{−α} for λ ≥ x_min       α = 1 + n / Σ ln(λ_i / x_min)       over the n values ≥ x_min
//! ```
//!
//! with the x_min, among all values but the largest, for which the Kolmogorov–Smirnov distance
//! between the tail and the power law is least. Source: Clauset, Shalizi & Newman, "Power-law
//! distributions in empirical data", SIAM Review 51 (2009); as `WeightWatcher` reports it
//! (Martin & Mahoney), which takes the distance from the lower side of each step, as here.
//!
//! Where it differs from `WeightWatcher`: there λ = S², so x_min is M times ours and α the same;
//! from its version 0.7 on, spectra of fewer than 20 values get a bias-corrected α there.

/// A first look at a candidate takes this many of its values: most are ruled out by it.
const GLANCE: usize = 32;

/// Every how many candidates the first round takes one, to have a good one to compare with.
const FIRST_ROUND: usize = 61;

/// A power law fitted to the tail of λ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// The exponent of the density.
    pub alpha: f64,
    /// The least λ of the tail.
    pub x_min: f64,
    /// Kolmogorov–Smirnov distance between the tail and the power law, 0 to 1.
    pub ks: f64,
    /// Values in the tail.
    pub count: usize,
    /// Standard error of α: (α − 1)/√n.
    pub error: f64,
}

/// The power law of the tail of λ = S²/`long` for the singular values `descending`; zeros do not
/// count. `None` where fewer than two different values are left.
#[must_use]
pub fn tail(descending: &[f64], long: usize) -> Option<Tail> {
    let positive = &descending[..descending.partition_point(|&value| value > 0.0)];
    let shift = (long as f64).ln();
    // ln λ, ascending. Squares of huge or tiny values would leave the range; logarithms do not.
    let logs = positive.iter().rev().map(|s| 2.0 * s.ln() - shift);
    let logs: Vec<f64> = logs.collect();
    if logs.iter().any(|log| !log.is_finite()) {
        return None;
    }
    let mut search = Search::new(&logs);
    let last = logs.len().saturating_sub(1);
    for start in (0..last).step_by(FIRST_ROUND) {
        search.consider(start);
    }
    for start in 0..last {
        search.consider(start);
    }
    let Best { ks, start, rate } = search.best?;
    let count = logs.len() - start;
    Some(Tail {
        alpha: 1.0 + rate,
        x_min: logs[start].exp(),
        ks,
        count,
        error: rate / (count as f64).sqrt(),
    })
}

/// The best beginning of the tail so far.
#[derive(Debug, Clone, Copy)]
struct Best {
    ks: f64,
    start: usize,
    /// α − 1.
    rate: f64,
}

struct Search<'a> {
    /// ln λ, ascending.
    logs: &'a [f64],
    /// For each value, the sum of it and all above.
    sums: Vec<f64>,
    best: Option<Best>,
}

impl<'a> Search<'a> {
    fn new(logs: &'a [f64]) -> Self {
        let mut sums = logs.to_vec();
        for index in (1..sums.len()).rev() {
            sums[index - 1] += sums[index];
        }
        Self {
            logs,
            sums,
            best: None,
        }
    }

    /// Takes the tail from `start` on where it is better than the best so far; among equals, the
    /// longest.
    fn consider(&mut self, start: usize) {
        // All values ≥ x_min are in the tail: of equal ones only the first begins it.
        if start > 0 && self.logs[start - 1] >= self.logs[start] {
            return;
        }
        let count = (self.logs.len() - start) as f64;
        let rate = count / (self.sums[start] - count * self.logs[start]);
        if !(rate > 0.0 && rate.is_finite()) {
            return;
        }
        let limit = self.best.map_or(f64::INFINITY, |best| best.ks);
        let Some(ks) = distance(&self.logs[start..], rate, limit) else {
            return;
        };
        let is_better = |best: Best| ks < best.ks || start < best.start;
        if self.best.is_none_or(is_better) {
            self.best = Some(Best { ks, start, rate });
        }
    }
}

/// The distance between the tail `logs` and its power law; `None` where it is above `limit`.
fn distance(logs: &[f64], rate: f64, limit: f64) -> Option<f64> {
    let (first, step) = (*logs.first()?, 1.0 / logs.len() as f64);
    let at = |place: usize, log: f64| {
        let law = 1.0 - (-rate * (log - first)).exp();
        (law - place as f64 * step).abs()
    };
    let stride = logs.len() / GLANCE;
    if stride > 1 {
        let mut glance = logs.iter().enumerate().step_by(stride);
        if glance.any(|(place, &log)| at(place, log) > limit) {
            return None;
        }
    }
    let mut greatest = 0.0;
    for (place, &log) in logs.iter().enumerate() {
        greatest = f64::max(greatest, at(place, log));
        if greatest > limit {
            return None;
        }
    }
    Some(greatest)
}
