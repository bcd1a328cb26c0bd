//! The card in use, and its memory.

use std::ffi::c_int;
use std::ptr::{self, NonNull};
use std::sync::Arc;

use crate::spectral::device::calls::fault::{Fault, cuda};
use crate::spectral::device::calls::library::{Address, Handle, Libraries};

/// A card in use by this process.
#[derive(Debug)]
pub(in crate::spectral::device) struct Context {
    pub(super) libraries: Libraries,
    card: c_int,
    handle: Handle,
}

// SAFETY: CUDA's contexts may be current in any number of threads at once, and the driver's
// functions may be called from any thread. The handle is only read.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Context {
    /// Takes the card into use.
    pub(in crate::spectral::device) fn new(
        libraries: Libraries,
        card: c_int,
    ) -> Result<Self, Fault> {
        let mut handle = ptr::null_mut();
        // SAFETY: writes one handle to a place that holds one; the driver is started, or there
        // would be no card.
        let code = unsafe { (libraries.driver.cuDevicePrimaryCtxRetain)(&raw mut handle, card) };
        cuda("cuDevicePrimaryCtxRetain", code)?;
        Ok(Self {
            libraries,
            card,
            handle,
        })
    }

    /// Makes the card that of the calling thread. All the calls below need it.
    pub(super) fn enter(&self) -> Result<(), Fault> {
        // SAFETY: the handle is valid until this is dropped.
        let code = unsafe { (self.libraries.driver.cuCtxSetCurrent)(self.handle) };
        cuda("cuCtxSetCurrent", code)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: retained in `new`, and released once; no engine is left (fact 2).
        unsafe { (self.libraries.driver.cuDevicePrimaryCtxRelease_v2)(self.card) };
    }
}

/// Memory of the card.
#[derive(Debug)]
pub(super) struct Buffer {
    context: Arc<Context>,
    pub(super) address: Address,
    pub(super) bytes: usize,
}

impl Buffer {
    pub(super) fn new(context: &Arc<Context>, bytes: usize) -> Result<Self, Fault> {
        let mut address = 0;
        // SAFETY: writes one address to a place that holds one; zero bytes are not asked for.
        let code =
            unsafe { (context.libraries.driver.cuMemAlloc_v2)(&raw mut address, bytes.max(1)) };
        cuda("cuMemAlloc", code)?;
        let context = Arc::clone(context);
        Ok(Self {
            context,
            address,
            bytes,
        })
    }

    /// Makes it at least `bytes` large; what it holds is lost when it grows.
    pub(super) fn grow(
        buffer: &mut Option<Self>,
        context: &Arc<Context>,
        bytes: usize,
    ) -> Result<Address, Fault> {
        match buffer {
            Some(buffer) if buffer.bytes >= bytes => Ok(buffer.address),
            _ => {
                *buffer = None;
                Ok(buffer.insert(Self::new(context, bytes)?).address)
            }
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if self.context.enter().is_ok() {
            // SAFETY: allocated in `new`, freed once; the driver waits for what still uses it.
            unsafe { (self.context.libraries.driver.cuMemFree_v2)(self.address) };
        }
    }
}

/// Memory of this machine that the card copies from by itself, with its copy on the card.
#[derive(Debug)]
pub(super) struct Panel {
    context: Arc<Context>,
    pub(super) host: NonNull<f64>,
    pub(super) len: usize,
    pub(super) card: Buffer,
}

impl Panel {
    pub(super) fn new(context: &Arc<Context>, len: usize) -> Result<Self, Fault> {
        let bytes = len * size_of::<f64>();
        let card = Buffer::new(context, bytes)?;
        let mut host = ptr::null_mut();
        // SAFETY: writes one address to a place that holds one.
        let code = unsafe { (context.libraries.driver.cuMemHostAlloc)(&raw mut host, bytes, 0) };
        cuda("cuMemHostAlloc", code)?;
        let host = NonNull::new(host.cast::<f64>()).ok_or(Fault {
            call: "cuMemHostAlloc",
            code: 0,
            is_memory: true,
        })?;
        // SAFETY: `len` values were allocated at a page's start; all zeros is a valid `f64`.
        unsafe { ptr::write_bytes(host.as_ptr(), 0, len) };
        let context = Arc::clone(context);
        Ok(Self {
            context,
            host,
            len,
            card,
        })
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        if self.context.enter().is_ok() {
            // SAFETY: allocated in `new`, freed once; its engine has waited for the stream.
            unsafe { (self.context.libraries.driver.cuMemFreeHost)(self.host.as_ptr().cast()) };
        }
    }
}
