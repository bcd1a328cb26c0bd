//! All singular values of one matrix, without vectors.
//!
//! Enters: a stored matrix of n × m values, N = min(n, m). Leaves: its N singular values,
//! descending, as the square roots of the eigenvalues of its N × N Gram matrix in `f64`.
//!
//! The small values carry an absolute error of about 1e-8·S_max (half the digits of `f64`), which
//! the signal-to-noise ratio, a ratio of sums, does not notice: see `tests/kernel`. The exception
//! is a matrix whose rank is below a quarter of N: τ, made from the quartiles, is then itself a
//! rounding error, here as in any other arithmetic.

use crate::error::Result;
use crate::progress::Progress;
use crate::spectral::eigen::eigenvalues;
use crate::spectral::gram::gram;
use crate::tensor::Matrix;

/// The work, in floating-point operations, that [`singular_values`] counts for a matrix of
/// `rows` × `cols`: N²·M for the Gram matrix and 4/3·N³ for its eigenvalues.
#[must_use]
pub fn work(rows: usize, cols: usize) -> u64 {
    let (short, long) = (rows.min(cols) as u64, rows.max(cols) as u64);
    let gram = short.saturating_mul(short).saturating_mul(long);
    gram.saturating_add(eigen_work(short))
}

fn eigen_work(size: u64) -> u64 {
    4_u64
        .saturating_mul(size)
        .saturating_mul(size)
        .saturating_mul(size)
        / 3
}

/// The N = min(rows, cols) singular values of `matrix`, descending; none of an empty one.
///
/// `threads` work inside the matrix; the values are the same bits for any number of them.
/// `progress` advances by exactly [`work`] and is asked often whether to stop. Any scale is safe:
/// narrow types square within `f64`, and `f64` values are divided by a power of two beforehand.
///
/// # Errors
/// [`crate::Error::Problem`], with an empty module name for the caller to fill in, where a value is NaN
/// or infinite or memory is short; what reading the matrix returns; [`crate::Error::Canceled`].
pub fn singular_values(matrix: &Matrix, threads: usize, progress: &Progress) -> Result<Vec<f64>> {
    let short = matrix.rows().min(matrix.cols());
    if short == 0 {
        return Ok(Vec::new());
    }
    let gram = gram(matrix, threads, progress)?;
    progress.check()?;
    let eigenvalues = eigenvalues(gram.matrix, threads, progress, eigen_work(short as u64))?;
    // Ascending as they come; rounding can leave a zero just below zero.
    Ok(eigenvalues
        .iter()
        .rev()
        .map(|value| value.max(0.0).sqrt() * gram.scale)
        .collect())
}
