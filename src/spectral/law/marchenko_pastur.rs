//! The Marchenko–Pastur law: what the spectrum of pure noise looks like.
//!
//! Enters: β = N/M in (0, 1] and the standard deviation s of the entries. Leaves: edges, density,
//! cumulative and quantiles, of the eigenvalues λ = S²/M and of the singular values S.
//!
//! ```text
//! λ± = s² (1 ± √β)²        ρ(λ) = √((λ₊ − λ)(λ − λ₋)) / (2π s² β λ)
//! ```
//!
//! Source: Marchenko & Pastur, "Distribution of eigenvalues for some sets of random matrices",
//! Math. USSR-Sbornik 1 (1967).
//!
//! The cumulative is in closed form. With q = √β and λ = s²(1 + q² + 2q cos θ), θ from 0 at the
//! upper edge to π at the lower, the share of the law above λ is
//!
//! ```text
//! Q(θ) = (θ − δ + (δ − q sin θ) / q²) / π          δ = arg(1 + q e^{iθ})
//! ```
//!
//! where for small q the difference is summed as a series, δ = Σ (−1)^{k+1} q^k sin(kθ)/k, whose
//! first terms cancel exactly. Q's absolute error is below 1e-13 for every β; β → 1, where the
//! density of λ is unbounded at 0, and β → 0, where it becomes a semicircle, need no special case.

use std::f64::consts::{FRAC_2_PI, PI};

/// Below this √β the closed form loses digits to cancellation, and the series takes over.
const SERIES_BELOW: f64 = 0.1;

/// A quantile is found when Newton's step in θ is below this.
const STEP: f64 = 1e-14;

/// Steps after which a quantile is taken as it is. Bisection alone would need fewer.
const MOST_STEPS: usize = 100;

/// The law for one β and one scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MarchenkoPastur {
    beta: f64,
    scale: f64,
    /// M: what singular values are measured against, S = √(M·λ).
    long: f64,
}

impl MarchenkoPastur {
    /// The law for `beta` and entries of standard deviation `scale`, with singular values in
    /// units of √M (M = 1). `None` unless 0 < `beta` ≤ 1 and `scale` is positive and finite.
    #[must_use]
    pub fn new(beta: f64, scale: f64) -> Option<Self> {
        let possible = beta > 0.0 && beta <= 1.0 && scale > 0.0 && scale.is_finite();
        possible.then_some(Self {
            beta,
            scale,
            long: 1.0,
        })
    }

    /// The law for a matrix of `rows` × `cols` entries of standard deviation `scale`. `None` for
    /// an empty shape, or a scale that is not positive and finite.
    #[must_use]
    pub fn of_shape(rows: usize, cols: usize, scale: f64) -> Option<Self> {
        let long = rows.max(cols) as f64;
        let law = Self::new(rows.min(cols) as f64 / long, scale)?;
        Some(Self { long, ..law })
    }

    /// β = N/M.
    #[must_use]
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// s: the standard deviation of the entries.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// λ₋ and λ₊.
    #[must_use]
    pub fn lambda_edges(&self) -> (f64, f64) {
        let (low, high) = self.unit_edges();
        let variance = self.scale * self.scale;
        (variance * low * low, variance * high * high)
    }

    /// S₋ = s(√M − √N) and S₊ = s(√M + √N).
    #[must_use]
    pub fn s_edges(&self) -> (f64, f64) {
        let (low, high) = self.unit_edges();
        (self.s_unit() * low, self.s_unit() * high)
    }

    /// Density of λ; 0 outside the edges, ∞ at 0 where β = 1.
    #[must_use]
    pub fn density(&self, lambda: f64) -> f64 {
        let x = lambda / (self.scale * self.scale);
        let (low, high) = self.unit_edges();
        let (above, below) = (x - low * low, high * high - x);
        if !(above >= 0.0 && below >= 0.0) {
            return 0.0;
        }
        if x == 0.0 {
            return f64::INFINITY;
        }
        (above * below).sqrt() / (2.0 * PI * self.beta * x * self.scale * self.scale)
    }

    /// Density of S; 0 outside the edges, finite everywhere.
    #[must_use]
    pub fn density_s(&self, s: f64) -> f64 {
        let x = s / self.s_unit();
        let (low, high) = self.unit_edges();
        if !(x >= low && x <= high) {
            return 0.0;
        }
        // 2x·ρ(x²) with the pole taken out: at β = 1 the density at 0 is finite.
        let below = (high - x) * (high + x);
        let above = if x > 0.0 {
            (1.0 - low / x) * (1.0 + low / x)
        } else {
            1.0
        };
        (below * above).sqrt() / (PI * self.beta * self.s_unit())
    }

    /// Share of the law at or below `lambda`. Absolute error below 1e-13.
    #[must_use]
    pub fn cumulative(&self, lambda: f64) -> f64 {
        if lambda <= 0.0 {
            return 0.0;
        }
        self.unit_cumulative(lambda.sqrt() / self.scale)
    }

    /// Share of the law's singular values at or below `s`. Absolute error below 1e-13.
    #[must_use]
    pub fn cumulative_s(&self, s: f64) -> f64 {
        self.unit_cumulative(s / self.s_unit())
    }

    /// The λ that the share `p` of the law lies at or below; `p` is cut to 0..=1.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        let s = self.scale * self.unit_quantile(p);
        s * s
    }

    /// The S that the share `p` of the law's singular values lies at or below; `p` is cut to
    /// 0..=1.
    #[must_use]
    pub fn quantile_s(&self, p: f64) -> f64 {
        self.s_unit() * self.unit_quantile(p)
    }

    /// The law's quantiles of S at the midpoints (i − ½)/`count`, descending: what `count`
    /// singular values of pure noise are without their chance.
    #[must_use]
    pub fn midpoints_s(&self, count: usize) -> Vec<f64> {
        let angles = Angles::new(self.beta);
        let unit = self.s_unit();
        let mut theta = 0.0;
        (0..count)
            .map(|index| {
                theta = angles.solve((index as f64 + 0.5) / count as f64, theta);
                unit * angles.lambda(theta).sqrt()
            })
            .collect()
    }

    /// 1 − √β without loss for β → 1, and 1 + √β.
    fn unit_edges(&self) -> (f64, f64) {
        let high = 1.0 + self.beta.sqrt();
        ((1.0 - self.beta) / high, high)
    }

    /// S of √λ = 1 at s = 1.
    fn s_unit(&self) -> f64 {
        self.scale * self.long.sqrt()
    }

    /// Share of √λ at or below `x`, at s = 1.
    fn unit_cumulative(&self, x: f64) -> f64 {
        let (low, high) = self.unit_edges();
        if x.is_nan() {
            return f64::NAN;
        }
        if x <= low {
            return 0.0;
        }
        if x >= high {
            return 1.0;
        }
        let (below, above) = ((high - x) * (high + x), (x - low) * (x + low));
        let theta = 2.0 * below.sqrt().atan2(above.sqrt());
        (1.0 - Angles::new(self.beta).share_above(theta)).clamp(0.0, 1.0)
    }

    /// The quantile of √λ at s = 1.
    fn unit_quantile(&self, p: f64) -> f64 {
        if p.is_nan() {
            return f64::NAN;
        }
        let (low, high) = self.unit_edges();
        if p <= 0.0 {
            return low;
        }
        if p >= 1.0 {
            return high;
        }
        let angles = Angles::new(self.beta);
        angles.lambda(angles.solve(1.0 - p, 0.0)).sqrt()
    }
}

/// The law at s = 1 in terms of the angle θ.
struct Angles {
    /// √β.
    q: f64,
    /// (1 − √β)².
    low: f64,
}

impl Angles {
    fn new(beta: f64) -> Self {
        let q = beta.sqrt();
        let low = (1.0 - beta) / (1.0 + q);
        Self { q, low: low * low }
    }

    /// λ at `theta`: a sum of two squares, so that nothing cancels at the lower edge.
    fn lambda(&self, theta: f64) -> f64 {
        let half = (0.5 * theta).cos();
        self.low + 4.0 * self.q * half * half
    }

    /// Q(θ): the share of the law between `theta` and the upper edge.
    fn share_above(&self, theta: f64) -> f64 {
        let (q, (sin, cos)) = (self.q, theta.sin_cos());
        let delta = (q * sin).atan2(1.0 + q * cos);
        let difference = if q < SERIES_BELOW {
            difference(q, sin, cos)
        } else {
            (delta - q * sin) / (q * q)
        };
        (theta - delta + difference) / PI
    }

    /// dQ/dθ.
    fn slope(&self, theta: f64) -> f64 {
        let (sin, cos) = (0.5 * theta).sin_cos();
        let lambda = self.low + 4.0 * self.q * cos * cos;
        if lambda > 0.0 {
            FRAC_2_PI * 4.0 * sin * sin * cos * cos / lambda
        } else {
            FRAC_2_PI
        }
    }

    /// The θ at or above `from` with Q(θ) = `share`: Newton's method, kept between bounds. `from`
    /// is the answer for a smaller share, or 0.
    fn solve(&self, share: f64, from: f64) -> f64 {
        let (mut low, mut high) = (from, PI);
        let slope = self.slope(from);
        let mut theta = if slope > 0.0 {
            from + (share - self.share_above(from)) / slope
        } else {
            // Near the upper edge Q = 2/(3π) · θ³ / (1 + q)².
            (1.5 * PI * share).cbrt() * (1.0 + self.q).powf(2.0 / 3.0)
        };
        for _ in 0..MOST_STEPS {
            if !(theta > low && theta < high) {
                theta = f64::midpoint(low, high);
            }
            let excess = self.share_above(theta) - share;
            if excess > 0.0 {
                high = theta;
            } else {
                low = theta;
            }
            let slope = self.slope(theta);
            let step = if slope > 0.0 { excess / slope } else { PI };
            theta -= step;
            if step.abs() < STEP || high - low < STEP {
                break;
            }
        }
        theta.clamp(low, high)
    }
}

/// (δ − q sin θ)/q² as a series in `q`: Σ_{k ≥ 2} (−1)^{k+1} q^{k−2} sin(kθ)/k.
fn difference(q: f64, sin: f64, cos: f64) -> f64 {
    // sin(kθ) and sin((k−1)θ) by the recurrence of the multiple angle.
    let (mut before, mut current) = (sin, 2.0 * sin * cos);
    let (mut power, mut sum) = (-1.0, 0.0);
    let mut k = 2.0;
    while f64::abs(power) > f64::EPSILON / 8.0 {
        sum += power * current / k;
        (before, current) = (current, 2.0 * cos * current - before);
        power *= -q;
        k += 1.0;
    }
    sum
}
