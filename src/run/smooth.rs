//! TensorBoard's smoothing, so that a curve looks here as it looked there.
//!
//! With weight w in 0..=1 and the finite values y₁, y₂, …, from s₀ = 0:
//!
//! ```text
//! sₜ = w·sₜ₋₁ + (1 − w)·yₜ        smoothed value ŷₜ = sₜ / (1 − wᵗ)
//! ```
//!
//! The division takes out the pull towards s₀ ("debiased"). Values that are no finite numbers stay
//! as they are and do not count; a constant series is left alone; at w = 1 the divisor is 1.
//!
//! Source: `classicSmoothing` in tensorflow/tensorboard,
//! `tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts`.

/// The points with smoothed values, x as they were. A `weight` outside 0..=1 is taken as the
/// nearest end, NaN as 0: no smoothing.
#[must_use]
pub fn smooth(points: &[[f64; 2]], weight: f64) -> Vec<[f64; 2]> {
    let weight = if weight.is_finite() {
        weight.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let first = points.first().map(|point| point[1].to_bits());
    let constant = points.iter().all(|point| Some(point[1].to_bits()) == first);
    if weight <= 0.0 || constant {
        return points.to_vec();
    }
    let mut last = 0.0;
    // wᵗ, kept as a product: a power for each of a million points is slow.
    let mut power = 1.0;
    let value = |&[x, y]: &[f64; 2]| {
        if !y.is_finite() {
            return [x, y];
        }
        last = weight * last + (1.0 - weight) * y;
        power *= weight;
        let debias = if weight >= 1.0 { 1.0 } else { 1.0 - power };
        [x, last / debias]
    };
    points.iter().map(value).collect()
}
