//! A line at several levels of detail, so that a million points are drawn as quickly as a
//! thousand and no spike is lost.
//!
//! Each level keeps the lowest and the highest of every [`BLOCK`] points of the level below it, so
//! that extremes survive at every level.

use crate::figure::Axis;
use crate::run::{decimate, nearest};

/// How many points of one level are reduced to two points of the next.
const BLOCK: usize = 32;
/// A level with no more points than this is the last one.
const SMALLEST: usize = 4096;
/// The fewest points per pixel column at the level that is drawn from: fewer would show the blocks.
const PER_COLUMN: usize = 4;

/// Points at several levels of detail, the finest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Levels(Vec<Vec<[f64; 2]>>);

impl Levels {
    /// Builds the levels over `points`, ascending in x.
    #[must_use]
    pub fn new(points: Vec<[f64; 2]>) -> Self {
        let mut levels = vec![points];
        while let Some(finest) = levels.last().filter(|level| level.len() > SMALLEST) {
            levels.push(coarser(finest));
        }
        Self(levels)
    }

    /// All points.
    #[must_use]
    pub fn points(&self) -> &[[f64; 2]] {
        self.0.first().map_or(&[], Vec::as_slice)
    }

    /// The points of `range`, with one on either side so that lines go on to the edge.
    pub(super) fn within(&self, range: (f64, f64)) -> &[[f64; 2]] {
        within(self.points(), range)
    }

    /// The points to draw in `columns` columns of pixels over the part of `x` that is seen, with
    /// one point on either side.
    #[must_use]
    pub fn seen(&self, x: &Axis, columns: usize) -> Vec<[f64; 2]> {
        let (range, columns) = ((x.low, x.high), columns.max(1));
        if x.log {
            // Columns are even on the page, that is, in the logarithm.
            let positive = self.within(range).iter().filter(|point| point[0] > 0.0);
            let logs: Vec<[f64; 2]> = positive.map(|&[x, y]| [x.ln(), y]).collect();
            let thin = decimate(&logs, (x.low.ln(), x.high.ln()), columns);
            return thin.into_iter().map(|[x, y]| [x.exp(), y]).collect();
        }
        let mut chosen = self.points();
        for level in self.0.iter().rev() {
            if within(level, range).len() >= PER_COLUMN * columns {
                chosen = level;
                break;
            }
        }
        decimate(within(chosen, range), range, columns)
    }

    /// The points of `range` at a level of no more than a few thousand points, the lowest and the
    /// highest among them.
    #[must_use]
    pub fn extremes(&self, range: (f64, f64)) -> &[[f64; 2]] {
        let fine_enough = |level: &&Vec<[f64; 2]>| within(level, range).len() >= SMALLEST / 8;
        let level = self.0.iter().rev().find(fine_enough);
        within(level.map_or(self.points(), Vec::as_slice), range)
    }

    /// Some thousand points of `range`, evenly taken: outliers count for no more than their share.
    #[must_use]
    pub fn sample(&self, range: (f64, f64)) -> Vec<[f64; 2]> {
        let points = within(self.points(), range);
        let stride = points.len().div_ceil(SMALLEST).max(1);
        points.iter().step_by(stride).copied().collect()
    }

    /// The point whose x is nearest to `x`.
    #[must_use]
    pub fn nearest(&self, x: f64) -> Option<[f64; 2]> {
        nearest(self.points(), x)
    }
}

fn within(points: &[[f64; 2]], range: (f64, f64)) -> &[[f64; 2]] {
    let first = points.partition_point(|point| point[0] < range.0);
    let last = points.partition_point(|point| point[0] <= range.1);
    &points[first.saturating_sub(1)..points.len().min(last + 1)]
}

fn coarser(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut level = Vec::with_capacity(points.len() / BLOCK * 2 + 2);
    for block in points.chunks(BLOCK) {
        let by_value = |a: &&[f64; 2], b: &&[f64; 2]| a[1].total_cmp(&b[1]);
        let finite = || block.iter().filter(|point| point[1].is_finite());
        let (Some(&least), Some(&greatest)) =
            (finite().min_by(by_value), finite().max_by(by_value))
        else {
            continue;
        };
        if least[0] <= greatest[0] {
            level.extend([least, greatest]);
        } else {
            level.extend([greatest, least]);
        }
    }
    // The line begins and ends where the finest one does.
    if let (Some(&first), Some(&last)) = (points.first(), points.last()) {
        if level.first().is_none_or(|point| point[0] > first[0]) {
            level.insert(0, first);
        }
        if level.last().is_none_or(|point| point[0] < last[0]) {
            level.push(last);
        }
    }
    level
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noisy(count: usize) -> Vec<[f64; 2]> {
        let value = |index: usize| ((index * 7919) % 1013) as f64 / 1013.0;
        (0..count)
            .map(|index| [index as f64, value(index)])
            .collect()
    }

    #[test]
    fn a_spike_among_a_million_points_is_drawn_at_every_zoom() {
        let mut points = noisy(1_000_000);
        points[777_777][1] = 50.0;
        points[123_456][1] = -50.0;
        let levels = Levels::new(points);
        for (low, high) in [(0.0, 1e6), (7e5, 8e5), (777_000.0, 778_000.0)] {
            let seen = levels.seen(&Axis::new("step", false, low, high), 800);
            assert!(seen.iter().any(|point| point[1] > 49.0), "{low}..{high}");
            assert!(seen.len() <= 800 * 4 + 8, "{}", seen.len());
        }
        let least = levels.extremes((0.0, 1e6)).iter().map(|point| point[1]);
        assert!(least.fold(f64::INFINITY, f64::min) < -49.0);
    }

    #[test]
    fn few_points_are_kept_as_they_are() {
        let points = noisy(40);
        let levels = Levels::new(points.clone());
        assert_eq!(levels.points(), points);
        assert_eq!(
            levels.seen(&Axis::new("step", false, -1.0, 100.0), 800),
            points
        );
    }
}
