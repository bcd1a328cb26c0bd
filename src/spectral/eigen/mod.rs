//! The eigenvalues of one symmetric matrix, without vectors.
//!
//! Enters: the lower triangle of an N × N matrix. Leaves: its N eigenvalues, ascending.
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

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::diag::Diag;
use faer::prelude::{Reborrow as _, ReborrowMut as _};
use faer::{MatMut, MatRef, Par, Spec};

use crate::error::{Error, Result};
use crate::progress::Progress;

/// Size from which two stages are faster than one. Measured: see BENCHMARKS.md.
pub(crate) const TWO_STAGE_FROM: usize = 1024;

/// The eigenvalues, ascending, of the symmetric matrix whose lower triangle is `matrix`, which is
/// used up. `progress` advances by `work` in all.
///
/// # Errors
/// [`Error::Spectral`] (without a module's name) where they are not found; [`Error::Cancelled`].
pub(crate) fn eigenvalues(
    matrix: MatMut<'_, f64>,
    threads: usize,
    progress: &Progress,
    work: u64,
) -> Result<Vec<f64>> {
    let mut meter = Meter::new(progress, work);
    let values = if matrix.nrows() < TWO_STAGE_FROM {
        one_stage(matrix.as_ref())?
    } else {
        two_stage(matrix, threads, &mut meter)?
    };
    meter.reach(1.0);
    Ok(values)
}

fn two_stage(
    mut matrix: MatMut<'_, f64>,
    threads: usize,
    meter: &mut Meter<'_>,
) -> Result<Vec<f64>> {
    meter.next_part(0.75);
    band::reduce_to_band(matrix.rb_mut(), threads, meter)?;
    meter.next_part(0.1);
    let tridiagonal = chase::band_to_tridiagonal(matrix.rb(), meter)?;
    meter.next_part(0.15);
    tridiagonal::eigenvalues(&tridiagonal, meter)
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
    Error::Spectral {
        module: String::new(),
        problem: format!("its eigenvalues were not found ({reason}); please report it"),
    }
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
