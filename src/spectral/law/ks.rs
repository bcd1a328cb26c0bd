//! How far the bulk of a spectrum is from the law: the Kolmogorov–Smirnov distance.
//!
//! Enters: singular values, descending, and the law. Leaves: the greatest difference between the
//! values' cumulative share and the law's; and the scale at which it is least.
//!
//! The bulk is what is not a spike: the values at or below the 95 % Tracy–Widom point. In the
//! distance that is shown, a value's share counts among the bulk, so that spikes, which the law
//! knows nothing of, do not stretch it. In the search for a scale it counts among all values: there
//! calling values spikes must have its price, or half of a heavy-tailed spectrum would be called
//! so for the little the other half gains by it.

use crate::spectral::law::{MarchenkoPastur, TracyWidom};

/// Cells of the table that stands for the law while a scale is searched for. The table is off
/// by less than 5e-5, a fifth of what one value of 4096 counts.
const CELLS: usize = 2048;

/// Scales looked at in each round of the search.
const TRIES: usize = 48;

/// Rounds of the search; each looks between the neighbors of the best one so far.
const ROUNDS: usize = 3;

/// The median must be in the bulk, and at least this share of the law must lie below it.
const LEAST_SHARE: f64 = 0.1;

/// The distance between `law` and the `bulk`, descending: 0 to 1. `None` of no values.
#[must_use]
pub fn bulk_distance(bulk: &[f64], law: &MarchenkoPastur) -> Option<f64> {
    (!bulk.is_empty()).then(|| distance(bulk, bulk.len(), |value| law.cumulative_s(value)))
}

/// The greatest difference of the shares at or below any value, from both sides of each step;
/// `bulk` are the least of `count` values.
fn distance(bulk: &[f64], count: usize, cumulative: impl Fn(f64) -> f64) -> f64 {
    let count = count as f64;
    // Behind the bulk all of the law lies below, and the spikes do not.
    let mut greatest = 1.0 - bulk.len() as f64 / count;
    for (below, &value) in bulk.iter().rev().enumerate() {
        let (law, before) = (cumulative(value), below as f64 / count);
        greatest = greatest.max(law - before).max(before + 1.0 / count - law);
    }
    greatest
}

/// The scale at which the law is nearest to the bulk of `descending`, the singular values of a
/// `rows` × `cols` matrix. `None` where half of the values are zero, or there are none.
pub(super) fn nearest_scale(descending: &[f64], rows: usize, cols: usize) -> Option<f64> {
    let law = MarchenkoPastur::of_shape(rows, cols, 1.0)?;
    let edge = TracyWidom::of_shape(rows, cols)?.p95;
    let median = *descending.get(descending.len() / 2)?;
    // The distance has no slope to follow (the bulk loses a value here and gains one there), so
    // it is looked at over the whole range, then closer and closer around its least.
    let mut low = (median / edge).ln();
    let mut high = (median / law.quantile_s(LEAST_SHARE)).ln();
    if !(low.is_finite() && high > low) {
        return None;
    }
    let table = Table::new(&law);
    let mut best = (f64::INFINITY, low);
    for _ in 0..ROUNDS {
        let step = (high - low) / (TRIES - 1) as f64;
        for index in 0..TRIES {
            let log = low + step * index as f64;
            let scale = log.exp();
            let spikes = descending.partition_point(|&value| value > scale * edge);
            let inverse = 1.0 / scale;
            let distance = distance(&descending[spikes..], descending.len(), |value| {
                table.get(value * inverse)
            });
            if distance < best.0 {
                best = (distance, log);
            }
        }
        (low, high) = (best.1 - step, best.1 + step);
    }
    Some(best.1.exp())
}

/// The law's cumulative of S at scale 1 in equal cells between its edges.
struct Table {
    low: f64,
    /// Cells in one unit of S.
    density: f64,
    shares: Vec<f64>,
}

impl Table {
    fn new(law: &MarchenkoPastur) -> Self {
        let (low, high) = law.s_edges();
        let width = (high - low) / CELLS as f64;
        let share = |cell| law.cumulative_s(low + width * cell as f64);
        Self {
            low,
            density: 1.0 / width,
            shares: (0..=CELLS).map(share).collect(),
        }
    }

    fn get(&self, s: f64) -> f64 {
        let place = ((s - self.low) * self.density).max(0.0);
        let cell = place as usize;
        if cell >= CELLS {
            return 1.0;
        }
        let (start, end) = (self.shares[cell], self.shares[cell + 1]);
        start + (end - start) * (place - cell as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::{MarchenkoPastur, Table};

    #[test]
    fn the_table_is_the_law() {
        for beta in [1.0, 0.999, 0.5, 0.01, 1e-6] {
            let law = MarchenkoPastur::new(beta, 1.0).unwrap();
            let table = Table::new(&law);
            let (low, high) = law.s_edges();
            for step in 0..=10_007 {
                let s = low + (high - low) * f64::from(step) / 10_007.0;
                let error = table.get(s) - law.cumulative_s(s);
                assert!(error.abs() < 5e-5, "β {beta}, S {s}: {error}");
            }
            assert!(table.get(0.0) < 1e-9 && table.get(9.0) > 1.0 - 1e-9);
        }
    }
}
