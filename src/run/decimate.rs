//! As many points as pixels can show, and the point under the pointer.
//!
//! Enters: points ascending in x. Leaves: of each pixel column the first, lowest, highest and last
//! point: drawn as a line they cover the very pixels that all points would (the M4 aggregation:
//! Jugel, Jerzak, Hackenbroich and Markl, "M4: A Visualization-Oriented Time Series Data
//! Aggregation", PVLDB 7(10), 2014). No spike is lost.

/// The points of `range` (low, high in x) thinned to at most four for each of `pixels` columns,
/// with the neighbor on either side, so that lines reach the plot's edges. The first and the last
/// point of the range, and the lowest and highest of every column, are among them. `points` must
/// be ascending in x; a value that is no finite number is kept where it interrupts the line across
/// columns.
#[must_use]
pub fn decimate(points: &[[f64; 2]], range: (f64, f64), pixels: usize) -> Vec<[f64; 2]> {
    let (low, high) = range;
    let begin = points.partition_point(|point| point[0] < low);
    let end = points.partition_point(|point| point[0] <= high).max(begin);
    let pixels = pixels.max(1);
    let (before, after) = (begin.saturating_sub(1), (end + 1).min(points.len()));
    if end - begin <= 4 * pixels {
        return points[before..after].to_vec();
    }
    let mut kept = Vec::with_capacity(4 * pixels + 2);
    kept.extend_from_slice(&points[before..begin]);
    let inside = &points[begin..end];
    let (first, last) = (inside[0][0], inside[inside.len() - 1][0]);
    // The range may be wider than the data, or without an end.
    let low = if low.is_finite() { low } else { first };
    let high = if high.is_finite() { high } else { last };
    let wide = (high - low).max(f64::MIN_POSITIVE) / pixels as f64;
    let column = |x: f64| (((x - low) / wide) as usize).min(pixels - 1);
    let mut rest = inside;
    while let Some(head) = rest.first() {
        let here = column(head[0]);
        let length = rest.partition_point(|point| column(point[0]) <= here);
        let (now, later) = rest.split_at(length.max(1));
        keep(now, &mut kept);
        rest = later;
    }
    kept.extend_from_slice(&points[end..after]);
    kept
}

/// The first, lowest, highest and last point of a column, in their order, each once.
fn keep(column: &[[f64; 2]], kept: &mut Vec<[f64; 2]>) {
    let finite = || column.iter().enumerate().filter(|(_, p)| p[1].is_finite());
    let lowest = finite().min_by(|a, b| a.1[1].total_cmp(&b.1[1]));
    let highest = finite().max_by(|a, b| a.1[1].total_cmp(&b.1[1]));
    let index = |found: Option<(usize, _)>| found.map_or(0, |(index, _): (usize, &[f64; 2])| index);
    let mut chosen = [0, index(lowest), index(highest), column.len() - 1];
    chosen.sort_unstable();
    let mut previous = None;
    for index in chosen {
        if previous != Some(index) {
            kept.push(column[index]);
        }
        previous = Some(index);
    }
}

/// The point whose x is nearest to `x`, exactly as it was logged; of two equally near the earlier.
/// `points` must be ascending in x.
#[must_use]
pub fn nearest(points: &[[f64; 2]], x: f64) -> Option<[f64; 2]> {
    let after = points.partition_point(|point| point[0] < x);
    let right = points.get(after);
    let left = after.checked_sub(1).and_then(|before| points.get(before));
    match (left, right) {
        (Some(left), Some(right)) if right[0] - x < x - left[0] => Some(*right),
        (Some(left), _) => Some(*left),
        (None, right) => right.copied(),
    }
}
