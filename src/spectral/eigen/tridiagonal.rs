//! The eigenvalues of a symmetric tridiagonal matrix.
//!
//! Enters: diagonal and subdiagonal. Leaves: the eigenvalues, ascending, each to within a few
//! units of rounding of the largest.
//!
//! QL iteration on the squares of the subdiagonal, which needs no square root a step (Pal, Walker
//! and Kahan's variant; Parlett, "The symmetric eigenvalue problem", §8.14; LAPACK's `dsterf`).
//! A step waits for the division of the step before, so two sweeps, shifted by the two
//! eigenvalues of the leading 2 × 2 block, run one step apart: while one waits the other works.

use crate::error::Result;
use crate::spectral::eigen::chase::Tridiagonal;
use crate::spectral::eigen::{Meter, not_found};

/// Sweeps an eigenvalue may take; two or so is usual.
const SWEEPS: usize = 60;

/// The eigenvalues, ascending.
///
/// # Errors
/// [`crate::Error::Problem`] where the iteration does not converge; [`crate::Error::Canceled`].
pub(crate) fn eigenvalues(matrix: Tridiagonal, meter: &mut Meter<'_>) -> Result<Vec<f64>> {
    let Tridiagonal {
        mut diagonal,
        mut beside,
    } = matrix;
    let size = diagonal.len();
    let norm = diagonal
        .iter()
        .chain(&beside)
        .fold(0.0_f64, |norm, value| norm.max(value.abs()));
    if norm == 0.0 {
        return Ok(diagonal);
    }
    for value in &mut diagonal {
        *value /= norm;
    }
    for value in &mut beside {
        *value = (*value / norm).powi(2);
    }
    let mut start = 0;
    while start < size {
        let end = unreduced(&diagonal, &beside, start);
        let (diagonal, squares) = (&mut diagonal[start..=end], &mut beside[start..end]);
        // Sweeps end at the first value; the small ones are to be found first.
        if diagonal[0].abs() > diagonal[end - start].abs() {
            diagonal.reverse();
            squares.reverse();
        }
        iterate(diagonal, squares, |found| {
            let left = 1.0 - (start + found) as f64 / size as f64;
            meter.reach(1.0 - left * left);
            meter.check()
        })?;
        start = end + 1;
    }
    diagonal.sort_unstable_by(f64::total_cmp);
    for value in &mut diagonal {
        *value *= norm;
    }
    Ok(diagonal)
}

/// The last index of the block from `start` on that no negligible subdiagonal value divides.
fn unreduced(diagonal: &[f64], squares: &[f64], start: usize) -> usize {
    let pairs = diagonal[start..].windows(2).zip(&squares[start..]);
    let length = pairs
        .take_while(|(pair, square)| **square > negligible(pair[0], pair[1]))
        .count();
    start + length
}

/// Squared subdiagonal values up to this do not move an eigenvalue, of which the largest is
/// about 1, by more than rounding does.
fn negligible(above: f64, below: f64) -> f64 {
    const SQUARE: f64 = f64::EPSILON * f64::EPSILON;
    SQUARE * (above * below).abs().max(0.25)
}

/// Turns the diagonal into the eigenvalues; `found` is told how many there are so far.
fn iterate(
    diagonal: &mut [f64],
    squares: &mut [f64],
    mut found: impl FnMut(usize) -> Result<()>,
) -> Result<()> {
    let size = diagonal.len();
    let mut start = 0;
    let mut sweeps_left = SWEEPS * size;
    while start < size {
        let end = unreduced(diagonal, squares, start);
        if end < size - 1 {
            squares[end] = 0.0;
        }
        if end == start {
            start += 1;
            continue;
        }
        let (near, far) = pair(diagonal[start], squares[start], diagonal[start + 1]);
        if end == start + 1 {
            (diagonal[start], diagonal[end]) = (near, far);
            squares[start] = 0.0;
            start += 2;
            continue;
        }
        if sweeps_left == 0 {
            return Err(not_found("the QL iteration does not converge"));
        }
        sweeps_left -= 1;
        two_sweeps(
            &mut diagonal[start..=end],
            &mut squares[start..end],
            near,
            far,
        );
        found(start)?;
    }
    Ok(())
}

/// The eigenvalues of a 2 × 2 block with the square of its off-diagonal value: first the one
/// nearer to `first`.
fn pair(first: f64, square: f64, second: f64) -> (f64, f64) {
    let beside = square.sqrt();
    let ratio = (second - first) / (2.0 * beside);
    let shift = beside / (ratio + ratio.hypot(1.0).copysign(ratio));
    (first - shift, second + shift)
}

/// A sweep on its way from the last value to the first.
struct Sweep {
    shift: f64,
    cosine: f64,
    sine: f64,
    gamma: f64,
    /// γ²/c
    p: f64,
}

impl Sweep {
    fn new(shift: f64, last: f64) -> Self {
        let gamma = last - shift;
        Self {
            shift,
            cosine: 1.0,
            sine: 0.0,
            gamma,
            p: gamma * gamma,
        }
    }

    #[inline]
    fn step(&mut self, diagonal: &mut [f64], squares: &mut [f64], index: usize) {
        let square = squares[index];
        let r = self.p + square;
        if let Some(behind) = squares.get_mut(index + 1) {
            *behind = self.sine * r;
        }
        let old_gamma = self.gamma;
        let alpha = diagonal[index];
        if r == 0.0 {
            // Nothing to rotate: both are zero already.
            (self.cosine, self.sine) = (1.0, 0.0);
            self.gamma = alpha - self.shift;
            self.p = self.gamma * self.gamma;
        } else {
            let old_cosine = self.cosine;
            // 1/c beside c rather than after it: the next step waits for one division, not two.
            let inverse = r / self.p;
            self.cosine = self.p / r;
            self.sine = square / r;
            self.gamma = self.cosine * (alpha - self.shift) - self.sine * old_gamma;
            self.p = if self.cosine == 0.0 || inverse.is_infinite() {
                old_cosine * square
            } else {
                self.gamma * self.gamma * inverse
            };
        }
        diagonal[index + 1] = old_gamma + (alpha - self.gamma);
    }

    fn finish(&self, diagonal: &mut [f64], squares: &mut [f64]) {
        squares[0] = self.sine * self.p;
        diagonal[0] = self.shift + self.gamma;
    }
}

/// Two QL sweeps over one unreduced block of at least three values, the second a step behind.
fn two_sweeps(diagonal: &mut [f64], squares: &mut [f64], near: f64, far: f64) {
    let last = squares.len();
    let mut first = Sweep::new(near, diagonal[last]);
    first.step(diagonal, squares, last - 1);
    let mut second = Sweep::new(far, diagonal[last]);
    for index in (0..last - 1).rev() {
        first.step(diagonal, squares, index);
        second.step(diagonal, squares, index + 1);
    }
    first.finish(diagonal, squares);
    second.step(diagonal, squares, 0);
    second.finish(diagonal, squares);
}
