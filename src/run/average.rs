//! Averages over a run of what is sampled at uneven times.
//!
//! Enters: points (x, value) ascending in x. Leaves: their mean, weighted by time where times are
//! known: a logger that asks more often at the start must not count the start more.

/// The mean of the finite values over time: the area under straight lines between neighboring
/// points (the trapezoid rule), divided by the time they span. Next to a value that is no finite
/// number no time counts. `None` where no two neighbors have finite values and different times.
#[must_use]
pub(super) fn over_time(points: &[[f64; 2]]) -> Option<f64> {
    let (mut area, mut time) = (0.0, 0.0);
    for pair in points.windows(2) {
        let ([from, first], [to, second]) = (pair[0], pair[1]);
        if first.is_finite() && second.is_finite() && to > from {
            // Halves first: the sum of two huge values would overflow.
            area += (first / 2.0 + second / 2.0) * (to - from);
            time += to - from;
        }
    }
    (time > 0.0).then(|| area / time)
}

/// The mean of the finite values, every one counting the same; `None` where there is none.
#[must_use]
pub(super) fn over_rows(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u64);
    for value in values.into_iter().filter(|value| value.is_finite()) {
        sum += value;
        count += 1;
    }
    (count > 0).then(|| sum / count as f64)
}
