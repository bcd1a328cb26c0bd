//! Where the largest singular value of pure noise may lie by chance.
//!
//! Enters: a shape. Leaves: the 95 % and 99 % points of the largest singular value, at entry
//! scale 1.
//!
//! ```text
//! μ = (√(M−1) + √N)²       ς = (√(M−1) + √N) · (1/√(M−1) + 1/√N)^{1/3}       S_p = √(μ + c_p ς)
//! ```
//!
//! Source: Johnstone, "On the distribution of the largest eigenvalue in principal components
//! analysis", Annals of Statistics 29 (2001); c is the quantile of the Tracy–Widom law of order 1.

/// The 95 % point of the Tracy–Widom law of order 1.
const POINT_95: f64 = 0.9793;

/// The 99 % point of the Tracy–Widom law of order 1.
const POINT_99: f64 = 2.0234;

/// The points for one shape, as singular values of noise with entries of standard deviation 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TracyWidom {
    /// Of a hundred noise matrices, five have a singular value above this.
    pub p95: f64,
    /// Of a hundred noise matrices, one has a singular value above this.
    pub p99: f64,
}

impl TracyWidom {
    /// The points for a matrix of `rows` × `cols`; `None` for an empty one. The law is one of
    /// large matrices: it is close from N = 10 on, and rough for a vector.
    #[must_use]
    pub fn of_shape(rows: usize, cols: usize) -> Option<Self> {
        let (short, long) = (rows.min(cols), rows.max(cols));
        if short == 0 {
            return None;
        }
        // A single number would divide by zero: it counts as two.
        let (a, b) = (((long - 1).max(1) as f64).sqrt(), (short as f64).sqrt());
        let center = (a + b) * (a + b);
        let width = (a + b) * (1.0 / a + 1.0 / b).cbrt();
        Some(Self {
            p95: (center + POINT_95 * width).sqrt(),
            p99: (center + POINT_99 * width).sqrt(),
        })
    }
}
