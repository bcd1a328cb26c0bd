//! NVIDIA's libraries, opened while the program runs, and the functions taken from them.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::path::Path;

use libloading::Library;

use crate::spectral::device::calls::fault::{Fault, cuda};

/// A place in the card's memory; 0 is none.
pub(super) type Address = u64;
/// What a library gives out for something of its own.
pub(super) type Handle = *mut c_void;

/// Bytes of a card's name, as NVIDIA's own programs allow.
const NAME: usize = 256;

/// Opens a library for good. Its names are seen by those opened after it, which need them.
pub(in crate::spectral::device) fn open(path: &Path) -> Result<&'static Library, String> {
    // SAFETY: opening runs the library's own start-up code. The path is one of NVIDIA's names, in
    // a folder that the system's loader, the user's environment or a Python installation names as
    // the place of these libraries: what is there is trusted as everything the loader loads is.
    #[cfg(unix)]
    let library = unsafe {
        use libloading::os::unix::{self, RTLD_GLOBAL, RTLD_NOW};
        unix::Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL).map(Library::from)
    };
    // SAFETY: as above.
    #[cfg(not(unix))]
    let library = unsafe { Library::new(path) };
    // Never closed: the functions taken from it stay valid, and NVIDIA's libraries do not bear
    // being unloaded.
    library
        .map(|library| &*Box::leak(Box::new(library)))
        .map_err(|error| error.to_string())
}

/// A table of functions, and how it is taken from a library.
macro_rules! functions {
    ($(#[$doc:meta])* $table:ident { $($function:ident($($argument:ty),*);)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[allow(non_snake_case, clippy::struct_field_names, reason = "NVIDIA's names")]
        pub(in crate::spectral::device) struct $table {
            $(pub(super) $function: unsafe extern "C" fn($($argument),*) -> c_int,)*
        }

        impl $table {
            /// Takes the functions from `library`.
            pub(in crate::spectral::device) fn of(library: &'static Library) -> Result<Self, String> {
                Ok(Self {
                    $($function: {
                        let name = concat!(stringify!($function), "\0");
                        // SAFETY: the declared type is that of NVIDIA's headers (fact 1), and the
                        // library is never closed (fact 2).
                        let symbol = unsafe {
                            library.get::<unsafe extern "C" fn($($argument),*) -> c_int>(
                                name.as_bytes(),
                            )
                        };
                        *symbol.map_err(|_| format!("{} is missing", stringify!($function)))?
                    },)*
                })
            }
        }
    };
}

functions! {
    /// The driver, `libcuda`.
    Driver {
        cuInit(c_uint);
        cuDriverGetVersion(*mut c_int);
        cuDeviceGetCount(*mut c_int);
        cuDeviceGet(*mut c_int, c_int);
        cuDeviceGetName(*mut c_char, c_int, c_int);
        cuDevicePrimaryCtxRetain(*mut Handle, c_int);
        cuDevicePrimaryCtxRelease_v2(c_int);
        cuCtxSetCurrent(Handle);
        cuStreamCreate(*mut Handle, c_uint);
        cuStreamSynchronize(Handle);
        cuStreamDestroy_v2(Handle);
        cuMemAlloc_v2(*mut Address, usize);
        cuMemFree_v2(Address);
        cuMemHostAlloc(*mut *mut c_void, usize, c_uint);
        cuMemFreeHost(*mut c_void);
        cuMemcpyHtoDAsync_v2(Address, *const c_void, usize, Handle);
        cuMemcpyDtoHAsync_v2(*mut c_void, Address, usize, Handle);
        cuMemsetD8Async(Address, u8, usize, Handle);
    }
}

functions! {
    /// cuBLAS.
    Blas {
        cublasCreate_v2(*mut Handle);
        cublasDestroy_v2(Handle);
        cublasGetVersion_v2(Handle, *mut c_int);
        cublasSetStream_v2(Handle, Handle);
        cublasDsyrk_v2(
            Handle, c_int, c_int, c_int, c_int, *const f64, Address, c_int, *const f64, Address, c_int
        );
        cublasDsymv_v2(
            Handle, c_int, c_int, *const f64, Address, c_int, Address, c_int, *const f64, Address, c_int
        );
        cublasDnrm2_v2(Handle, c_int, Address, c_int, *mut f64);
    }
}

functions! {
    /// cuSOLVER's dense part.
    Solver {
        cusolverDnCreate(*mut Handle);
        cusolverDnDestroy(Handle);
        cusolverDnSetStream(Handle, Handle);
        cusolverDnDsyevd_bufferSize(
            Handle, c_int, c_int, c_int, Address, c_int, Address, *mut c_int
        );
        cusolverDnDsyevd(
            Handle, c_int, c_int, c_int, Address, c_int, Address, Address, c_int, Address
        );
    }
}

functions! {
    /// cuSOLVER's eigenvalues with 64-bit sizes, from CUDA 11.1 on.
    Wide {
        cusolverDnCreateParams(*mut Handle);
        cusolverDnDestroyParams(Handle);
        cusolverDnXsyevd_bufferSize(
            Handle, Handle, c_int, c_int, i64, c_int, Address, i64, c_int, Address, c_int,
            *mut usize, *mut usize
        );
        cusolverDnXsyevd(
            Handle, Handle, c_int, c_int, i64, c_int, Address, i64, c_int, Address, c_int,
            Address, usize, *mut c_void, usize, Address
        );
    }
}

impl Driver {
    /// Starts the driver; the number of its version, such as 12040, and of its cards.
    pub(in crate::spectral::device) fn start(&self) -> Result<(c_int, c_int), Fault> {
        let (mut version, mut count) = (0, 0);
        // SAFETY: takes a number.
        cuda("cuInit", unsafe { (self.cuInit)(0) })?;
        // SAFETY: writes one number to a place that holds one.
        let code = unsafe { (self.cuDriverGetVersion)(&raw mut version) };
        cuda("cuDriverGetVersion", code)?;
        // SAFETY: as above.
        let code = unsafe { (self.cuDeviceGetCount)(&raw mut count) };
        cuda("cuDeviceGetCount", code)?;
        Ok((version, count))
    }

    /// The first card, and its name. Only after [`Self::start`].
    pub(in crate::spectral::device) fn first_card(&self) -> Result<(c_int, String), Fault> {
        let mut card = 0;
        // SAFETY: writes one number to a place that holds one.
        let code = unsafe { (self.cuDeviceGet)(&raw mut card, 0) };
        cuda("cuDeviceGet", code)?;
        let mut name = [0 as c_char; NAME];
        // SAFETY: writes at most NAME − 1 characters and a zero to a place that holds NAME.
        let code = unsafe { (self.cuDeviceGetName)(name.as_mut_ptr(), NAME as c_int - 1, card) };
        cuda("cuDeviceGetName", code)?;
        // SAFETY: the last character was never written and is zero, so there is an end.
        let text = unsafe { CStr::from_ptr(name.as_ptr()) };
        Ok((card, text.to_string_lossy().trim().to_owned()))
    }
}

/// The libraries with which a card computes.
#[derive(Debug)]
pub(in crate::spectral::device) struct Libraries {
    pub(in crate::spectral::device) driver: Driver,
    pub(in crate::spectral::device) blas: Blas,
    pub(in crate::spectral::device) solver: Solver,
    /// `None` in CUDA 11.0.
    pub(in crate::spectral::device) wide: Option<Wide>,
}
