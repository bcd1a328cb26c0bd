//! What a call into a library returns when it did not succeed.

use std::ffi::c_int;
use std::fmt;

/// A call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::spectral::device) struct Fault {
    pub(super) call: &'static str,
    pub(super) code: c_int,
    /// Whether memory was short: another try may succeed.
    pub(in crate::spectral::device) is_memory: bool,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, code, .. } = self;
        if self.is_memory {
            write!(f, "the card's memory is short ({call} returned {code})")
        } else {
            write!(f, "{call} returned {code}")
        }
    }
}

/// The outcome of `call`, which returned `code`; `memory` is the code of memory that is short.
fn outcome(call: &'static str, code: c_int, memory: c_int) -> Result<(), Fault> {
    if code == 0 {
        return Ok(());
    }
    let is_memory = code == memory;
    Err(Fault {
        call,
        code,
        is_memory,
    })
}

/// Of the driver: `CUDA_ERROR_OUT_OF_MEMORY` is 2.
pub(super) fn cuda(call: &'static str, code: c_int) -> Result<(), Fault> {
    outcome(call, code, 2)
}

/// Of cuBLAS: `CUBLAS_STATUS_ALLOC_FAILED` is 3.
pub(super) fn blas(call: &'static str, code: c_int) -> Result<(), Fault> {
    outcome(call, code, 3)
}

/// Of cuSOLVER: `CUSOLVER_STATUS_ALLOC_FAILED` is 2.
pub(super) fn solver(call: &'static str, code: c_int) -> Result<(), Fault> {
    outcome(call, code, 2)
}
