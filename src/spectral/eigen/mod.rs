//! The eigenvalues of one symmetric matrix, without vectors.
//!
//! Enters: an N × N matrix. Leaves: its N eigenvalues, ascending.
//!
//! ```text
//! N < TWO_STAGE_FROM   dense ─────────────────────▶ tridiagonal ─▶ eigenvalues     (faer)
//! otherwise            dense ─▶ band ─▶ tridiagonal ─────────────▶ eigenvalues
//! ```
//!
//! The direct way spends half of its 4/3·N³ operations on matrix–vector products, which wait for
//! memory once the matrix has left the caches; by way of a band nearly all of them are products
//! of matrices, for 6·N²·BAND more.

mod band;
mod chase;
mod tridiagonal;

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::{MatRef, Par, Spec};

use crate::error::{Error, Problem, Result};
use crate::progress::Progress;
use crate::spectral::symmetric::Symmetric;

/// Size from which two stages are faster than one. Measured: see BENCHMARKS.md.
pub(crate) const TWO_STAGE_FROM: usize = 512;

/// The eigenvalues, ascending, of the symmetric `matrix`, which is used up. `progress` advances by `work` in all.
///
/// # Errors
/// [`Error::Problem`] (without a module's name) where they are not found; [`Error::Canceled`].
pub(crate) fn eigenvalues(
    matrix: Symmetric,
    threads: usize,
    progress: &Progress,
    work: u64,
) -> Result<Vec<f64>> {
    let mut meter = Meter::new(progress, work);
    let values = if matrix.size() < TWO_STAGE_FROM {
        one_stage(matrix.to_dense().as_ref())?
    } else {
        two_stage(matrix, threads, &mut meter)?
    };
    meter.reach(1.0);
    Ok(values)
}

fn two_stage(mut matrix: Symmetric, threads: usize, meter: &mut Meter<'_>) -> Result<Vec<f64>> {
    meter.next_part(0.75);
    band::reduce_to_band(&mut matrix, threads, meter)?;
    meter.next_part(0.1);
    let tridiagonal = chase::band_to_tridiagonal(matrix, meter)?;
    meter.next_part(0.15);
    tridiagonal::eigenvalues(tridiagonal, meter)
}

/// faer's own way.
fn one_stage(lower: MatRef<'_, f64>) -> Result<Vec<f64>> {
    let size = lower.nrows();
    let mut values = Diag::zeros(size);
    // One thread, whatever faer's global setting: its parallel sums depend on the threads.
    let scratch =
        self_adjoint_evd_scratch::<f64>(size, ComputeEigenvectors::No, Par::Seq, Spec::default());
    self_adjoint_evd(
        lower,
        values.as_mut(),
        None,
        Par::Seq,
        MemStack::new(&mut MemBuffer::new(scratch)),
        Spec::default(),
    )
    .map_err(|error| not_found(&format!("{error:?}")))?;
    Ok(values.column_vector().iter().copied().collect())
}

fn not_found(reason: &str) -> Error {
    Problem::spectrum(
        "",
        format!("its eigenvalues were not found ({reason}); please report it"),
    )
    .into()
}

/// Turns the parts of one job, each counted from 0 to 1, into whole units of progress that sum
/// up to exactly the job's work.
pub(crate) struct Meter<'a> {
    progress: &'a Progress,
    work: u64,
    counted: u64,
    /// The part in hand as a range of the whole, 0 to 1.
    part: (f64, f64),
}

impl<'a> Meter<'a> {
    fn new(progress: &'a Progress, work: u64) -> Self {
        Self {
            progress,
            work,
            counted: 0,
            part: (0.0, 1.0),
        }
    }

    /// Begins a part that is `share` of the whole.
    fn next_part(&mut self, share: f64) {
        let start = if self.counted == 0 { 0.0 } else { self.part.1 };
        self.part = (start, (start + share).min(1.0));
    }

    /// Counts the part in hand as done up to `fraction`.
    pub(crate) fn reach(&mut self, fraction: f64) {
        let (start, end) = self.part;
        let whole = start + (end - start) * fraction.clamp(0.0, 1.0);
        let due = ((self.work as f64 * whole) as u64).min(self.work);
        let step = due.saturating_sub(self.counted);
        self.counted += step;
        self.progress.advance(step);
    }

    pub(crate) fn check(&self) -> Result<()> {
        self.progress.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectral::eigen::band::BAND;
    use crate::spectral::symmetric::TILE;

    fn symmetric(size: usize, entry: impl Fn(usize, usize) -> f64) -> Symmetric {
        let mut matrix = Symmetric::zeros(size).unwrap();
        for col in 0..size {
            for row in col..size {
                *matrix.at_mut(row, col) = entry(row, col);
                if matrix.tile(row, col).is_diagonal() {
                    *matrix.at_mut(col, row) = entry(row, col);
                }
            }
        }
        matrix
    }

    /// Without order to the eye, the same every time.
    fn scatter(row: usize, col: usize) -> f64 {
        let mixed = (row as u64 * 0x9E37_79B9 + col as u64 + 1).wrapping_mul(0xD134_2543_DE82_EF95);
        (mixed >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    }

    fn by_two_stages(matrix: Symmetric, threads: usize) -> Vec<f64> {
        let progress = Progress::default();
        two_stage(matrix, threads, &mut Meter::new(&progress, 1000)).unwrap()
    }

    fn assert_same_values(size: usize, entry: impl Fn(usize, usize) -> f64 + Copy) {
        let direct = one_stage(symmetric(size, entry).to_dense().as_ref()).unwrap();
        let staged = by_two_stages(symmetric(size, entry), 1);
        let norm = direct.iter().fold(0.0_f64, |norm, v| norm.max(v.abs()));
        assert_eq!(direct.len(), staged.len());
        for (index, (left, right)) in direct.iter().zip(&staged).enumerate() {
            assert!(
                (left - right).abs() <= 1e-12 * norm,
                "value {index} of {size}: {left:e} and {right:e}, norm {norm:e}"
            );
        }
    }

    #[test]
    fn two_stages_find_what_one_finds_at_any_size() {
        let sizes = [
            1,
            2,
            3,
            5,
            BAND - 1,
            BAND,
            BAND + 1,
            BAND + 2,
            2 * BAND + 1,
            3 * BAND - 1,
            TILE - 1,
            TILE,
            TILE + 1,
            TILE + BAND + 2,
            2 * TILE + 17,
        ];
        for size in sizes {
            assert_same_values(size, scatter);
        }
    }

    #[test]
    fn two_stages_find_what_one_finds_in_special_matrices() {
        let size = TILE + 30;
        assert_same_values(size, |_, _| 0.0);
        assert_same_values(size, |_, _| 1.0);
        assert_same_values(size, |row, col| f64::from(row == col));
        assert_same_values(size, |row, col| if row == col { row as f64 } else { 0.0 });
        assert_same_values(
            size,
            |row, col| if row == col { (size - row) as f64 } else { 0.0 },
        );
        assert_same_values(size, |row, col| f64::from(row == col + 1));
        assert_same_values(size, |row, col| f64::from(row == col + BAND));
        assert_same_values(size, |row, col| f64::from(row == col + BAND + 1));
        assert_same_values(size, |row, col| f64::from(row / 7 == col / 7));
        assert_same_values(size, |row, col| 1.0 / (row + col + 1) as f64);
        assert_same_values(size, |row, col| 10.0_f64.powi(-((row + col) as i32) / 20));
        assert_same_values(size, |row, col| scatter(row, col) * 1e-150);
        assert_same_values(size, |row, col| scatter(row, col) * 1e150);
    }

    #[test]
    fn the_threads_do_not_change_a_bit() {
        let size = 3 * TILE + 50;
        let alone = by_two_stages(symmetric(size, scatter), 1);
        for threads in [2, 3, 7] {
            assert_eq!(by_two_stages(symmetric(size, scatter), threads), alone);
        }
    }

    #[test]
    fn every_way_through_is_metered_in_full() {
        for size in [1, 2, BAND + 5, TILE + 5] {
            let progress = Progress::default();
            progress.set_total(1, 2 * 12_345);
            eigenvalues(symmetric(size, scatter), 1, &progress, 12_345).unwrap();
            let half = progress.snapshot().fraction;
            assert!((half - 0.5).abs() < f32::EPSILON, "{half}");
        }
    }

    #[test]
    fn a_canceled_job_stops_in_every_part() {
        let progress = Progress::default();
        progress.cancel();
        let meter = &mut Meter::new(&progress, 1);
        let size = BAND + 5;
        let mut matrix = symmetric(size, scatter);
        assert!(band::reduce_to_band(&mut matrix, 1, meter).is_err());
        assert!(chase::band_to_tridiagonal(matrix, meter).is_err());
        let tridiagonal = chase::Tridiagonal {
            diagonal: vec![2.0; size],
            beside: vec![1.0; size - 1],
        };
        assert!(tridiagonal::eigenvalues(tridiagonal, meter).is_err());
    }
}
