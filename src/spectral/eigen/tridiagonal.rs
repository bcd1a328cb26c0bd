//! The eigenvalues of a symmetric tridiagonal matrix.

use faer::diag::{Diag, DiagRef};
use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::evd::tridiagonal_self_adjoint_evd;
use faer::{Par, Spec};

use crate::error::Result;
use crate::spectral::eigen::chase::Tridiagonal;
use crate::spectral::eigen::{Meter, not_found};

/// The eigenvalues, ascending.
///
/// # Errors
/// [`crate::Error::Spectral`] where the iteration does not converge.
pub(crate) fn eigenvalues(matrix: &Tridiagonal, meter: &mut Meter<'_>) -> Result<Vec<f64>> {
    meter.check()?;
    let size = matrix.diagonal.len();
    let mut values = Diag::zeros(size);
    let mut buffer = MemBuffer::new(StackReq::new_aligned::<f64>(2 * size + 1024, 128));
    tridiagonal_self_adjoint_evd(
        DiagRef::from_slice(&matrix.diagonal),
        DiagRef::from_slice(&matrix.beside),
        values.as_mut(),
        None,
        Par::Seq,
        MemStack::new(&mut buffer),
        Spec::default(),
    )
    .map_err(|error| not_found(&format!("{error:?}")))?;
    Ok(values.column_vector().iter().copied().collect())
}
