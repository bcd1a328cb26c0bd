//! A stream of work on the card: one matrix at a time.

use std::ffi::{c_int, c_uint};
use std::ptr;
use std::sync::Arc;

use crate::spectral::device::calls::fault::{Fault, blas, cuda, solver};
use crate::spectral::device::calls::library::{Address, Handle, Libraries};
use crate::spectral::device::calls::memory::{Buffer, Context, Panel};

/// `CUBLAS_FILL_MODE_LOWER`.
const LOWER: c_int = 0;
/// `CUSOLVER_EIG_MODE_NOVECTOR`.
const NO_VECTORS: c_int = 0;
/// `CUDA_R_64F`.
const F64: c_int = 1;
/// `CU_STREAM_NON_BLOCKING`: no stream waits for another one.
const NON_BLOCKING: c_uint = 1;

/// A stream of work on the card, with the buffers of one matrix.
///
/// Order of use: [`Self::begin`]; for each panel [`Self::panel`] and [`Self::add_panel`];
/// [`Self::multiply`] and [`Self::norm`] as wanted; [`Self::eigenvalues`].
#[derive(Debug)]
pub(in crate::spectral::device) struct Engine {
    context: Arc<Context>,
    stream: Handle,
    blas: Handle,
    solver: Handle,
    /// One is filled while the other one's product is under way.
    panels: [Panel; 2],
    /// Which of the two is filled next.
    next: usize,
    /// Whether a call failed, so that copies from either panel may be under way.
    is_broken: bool,
    /// N of the matrix in hand.
    size: usize,
    gram: Option<Buffer>,
    /// Two vectors of N values, and the solver's word on how it went.
    vectors: Option<Buffer>,
    work: Option<Buffer>,
}

// SAFETY: a stream and the handles may be used by one thread after another, and the engine is
// used by one at a time: every call takes it `&mut`. Each enters the context first.
unsafe impl Send for Engine {}

impl Engine {
    /// An engine whose panels hold `panel` values.
    pub(in crate::spectral::device) fn new(
        context: &Arc<Context>,
        panel: usize,
    ) -> Result<Self, Fault> {
        context.enter()?;
        let panels = [Panel::new(context, panel)?, Panel::new(context, panel)?];
        let mut engine = Self {
            context: Arc::clone(context),
            stream: ptr::null_mut(),
            blas: ptr::null_mut(),
            solver: ptr::null_mut(),
            panels,
            next: 0,
            is_broken: false,
            size: 0,
            gram: None,
            vectors: None,
            work: None,
        };
        let Libraries {
            driver,
            blas: algebra,
            solver: eigen,
            ..
        } = &context.libraries;
        // SAFETY: here and in the next two, writes one handle to a place that holds one. From
        // then on dropping the engine destroys it.
        let code = unsafe { (driver.cuStreamCreate)(&raw mut engine.stream, NON_BLOCKING) };
        cuda("cuStreamCreate", code)?;
        // SAFETY: as above.
        let code = unsafe { (algebra.cublasCreate_v2)(&raw mut engine.blas) };
        blas("cublasCreate", code)?;
        // SAFETY: as above.
        let code = unsafe { (eigen.cusolverDnCreate)(&raw mut engine.solver) };
        solver("cusolverDnCreate", code)?;
        // SAFETY: both handles are valid.
        let code = unsafe { (algebra.cublasSetStream_v2)(engine.blas, engine.stream) };
        blas("cublasSetStream", code)?;
        // SAFETY: both handles are valid.
        let code = unsafe { (eigen.cusolverDnSetStream)(engine.solver, engine.stream) };
        solver("cusolverDnSetStream", code)?;
        Ok(engine)
    }

    /// cuBLAS' version, such as 130100.
    pub(in crate::spectral::device) fn version(&mut self) -> Result<c_int, Fault> {
        let mut version = 0;
        let get = self.context.libraries.blas.cublasGetVersion_v2;
        // SAFETY: the handle is valid; writes one number to a place that holds one.
        let code = unsafe { get(self.blas, &raw mut version) };
        blas("cublasGetVersion", code)?;
        Ok(version)
    }

    /// Waits for the stream.
    fn wait(&mut self) -> Result<(), Fault> {
        let wait = self.context.libraries.driver.cuStreamSynchronize;
        // SAFETY: the stream is valid.
        cuda("cuStreamSynchronize", unsafe { wait(self.stream) })
    }

    /// Begins a matrix whose smaller side is `size`: its Gram matrix is zero.
    pub(in crate::spectral::device) fn begin(&mut self, size: usize) -> Result<(), Fault> {
        self.context.enter()?;
        self.wait()?;
        let bytes = size * size * size_of::<f64>();
        let gram = Buffer::grow(&mut self.gram, &self.context, bytes)?;
        let vectors = (2 * size + 1) * size_of::<f64>();
        Buffer::grow(&mut self.vectors, &self.context, vectors)?;
        self.size = size;
        // SAFETY: the buffer has that many bytes.
        let code =
            unsafe { (self.context.libraries.driver.cuMemsetD8Async)(gram, 0, bytes, self.stream) };
        cuda("cuMemsetD8Async", code)
    }

    /// Frees the buffers that grew with the largest matrix.
    pub(in crate::spectral::device) fn release(&mut self) {
        if self.context.enter().is_ok() && self.wait().is_ok() {
            (self.gram, self.vectors, self.work) = (None, None, None);
            self.size = 0;
        }
    }

    /// The panel to fill next. The other one's product may be under way meanwhile.
    pub(in crate::spectral::device) fn panel(&mut self) -> Result<&mut [f64], Fault> {
        if self.is_broken {
            // A call failed half-way: what is under way is not known.
            self.context.enter()?;
            self.wait()?;
            self.is_broken = false;
        }
        let panel = &mut self.panels[self.next];
        // SAFETY: `len` values were allocated and set in `Panel::new`. No copy from this panel is
        // under way: `add_panel` waited for it before it went on to the other one.
        Ok(unsafe { std::slice::from_raw_parts_mut(panel.host.as_ptr(), panel.len) })
    }

    /// Adds `P·Pᵀ` of the panel that was filled, N × `width`: `by_columns` if its columns lie
    /// together, else its rows do.
    pub(in crate::spectral::device) fn add_panel(
        &mut self,
        width: usize,
        by_columns: bool,
    ) -> Result<(), Fault> {
        self.context.enter()?;
        // The other panel's product: then it may be filled again.
        self.wait()?;
        self.is_broken = true;
        let size = self.size;
        let panel = &self.panels[self.next];
        let Some(gram) = &self.gram else {
            return Ok(());
        };
        assert!(
            size * width <= panel.len && size * size * size_of::<f64>() <= gram.bytes,
            "a panel within its buffer"
        );
        let Libraries {
            driver,
            blas: algebra,
            ..
        } = &self.context.libraries;
        let bytes = size * width * size_of::<f64>();
        // SAFETY: both buffers have that many bytes, as was just checked, and the host's is not
        // written to until the stream was waited for (fact 3).
        let code = unsafe {
            let host = panel.host.as_ptr().cast_const().cast();
            (driver.cuMemcpyHtoDAsync_v2)(panel.card.address, host, bytes, self.stream)
        };
        cuda("cuMemcpyHtoDAsync", code)?;
        let (transposed, leading) = if by_columns { (0, size) } else { (1, width) };
        let one = 1.0;
        // SAFETY: the panel holds size × width values and the Gram matrix size², as was checked;
        // the factors are read before the call returns (cuBLAS' host pointer mode).
        let code = unsafe {
            (algebra.cublasDsyrk_v2)(
                self.blas,
                LOWER,
                transposed,
                size as c_int,
                width as c_int,
                &raw const one,
                panel.card.address,
                leading as c_int,
                &raw const one,
                gram.address,
                size as c_int,
            )
        };
        blas("cublasDsyrk", code)?;
        self.next = 1 - self.next;
        self.is_broken = false;
        Ok(())
    }

    /// The Gram matrix times `vector`, of N values.
    pub(in crate::spectral::device) fn multiply(
        &mut self,
        vector: &[f64],
    ) -> Result<Vec<f64>, Fault> {
        self.context.enter()?;
        let size = self.size;
        assert_eq!(vector.len(), size, "a vector of the matrix's size");
        let (Some(gram), Some(vectors)) = (&self.gram, &self.vectors) else {
            return Ok(Vec::new());
        };
        let bytes = size_of_val(vector);
        let product = vectors.address + bytes as u64;
        let Libraries {
            driver,
            blas: algebra,
            ..
        } = &self.context.libraries;
        // SAFETY: the buffer holds two vectors of N; `vector` is borrowed until the wait below.
        let code = unsafe {
            let host = vector.as_ptr().cast();
            (driver.cuMemcpyHtoDAsync_v2)(vectors.address, host, bytes, self.stream)
        };
        cuda("cuMemcpyHtoDAsync", code)?;
        let (one, zero) = (1.0, 0.0);
        // SAFETY: N² and twice N values are there; the factors are read before the call returns.
        let code = unsafe {
            (algebra.cublasDsymv_v2)(
                self.blas,
                LOWER,
                size as c_int,
                &raw const one,
                gram.address,
                size as c_int,
                vectors.address,
                1,
                &raw const zero,
                product,
                1,
            )
        };
        // Whatever the call returned: the copy above must end before `vector` is given back.
        let called = blas("cublasDsymv", code);
        self.wait()?;
        called?;
        self.fetch(product, size)
    }

    /// Copies `count` values from the card, after all work on the stream.
    fn fetch(&mut self, address: Address, count: usize) -> Result<Vec<f64>, Fault> {
        let mut values = vec![0.0_f64; count];
        let bytes = count * size_of::<f64>();
        // SAFETY: callers pass the address of at least that many values, and `values` has as
        // many; it lives until the wait below.
        let code = unsafe {
            let host = values.as_mut_ptr().cast();
            (self.context.libraries.driver.cuMemcpyDtoHAsync_v2)(host, address, bytes, self.stream)
        };
        let copied = cuda("cuMemcpyDtoHAsync", code);
        if let Err(fault) = copied.and_then(|()| self.wait()) {
            // A copy that was not waited for could still arrive.
            std::mem::forget(values);
            return Err(fault);
        }
        Ok(values)
    }

    /// The Frobenius norm of the Gram matrix's lower half, and of its diagonal.
    pub(in crate::spectral::device) fn norms(&mut self) -> Result<(f64, f64), Fault> {
        self.context.enter()?;
        let (mut half, mut diagonal) = (0.0, 0.0);
        let Some(gram) = &self.gram else {
            return Ok((half, diagonal));
        };
        let size = self.size as c_int;
        let norm = self.context.libraries.blas.cublasDnrm2_v2;
        // SAFETY: N² values are there, and N² fits into the type as `card` sees to; the result is
        // written before the call returns (host pointer mode).
        let code = unsafe { norm(self.blas, size * size, gram.address, 1, &raw mut half) };
        blas("cublasDnrm2", code)?;
        // SAFETY: N values at distances of N + 1 end with the last of the N².
        let code = unsafe { norm(self.blas, size, gram.address, size + 1, &raw mut diagonal) };
        blas("cublasDnrm2", code)?;
        Ok((half, diagonal))
    }

    /// The eigenvalues of the Gram matrix, ascending; the matrix is used up. `None` where the
    /// solver says that it has not found them.
    pub(in crate::spectral::device) fn eigenvalues(&mut self) -> Result<Option<Vec<f64>>, Fault> {
        self.context.enter()?;
        let (Some(gram), Some(vectors)) = (&self.gram, &self.vectors) else {
            return Ok(None);
        };
        let (gram, values) = (gram.address, vectors.address);
        let size = self.size;
        let word = values + (2 * size * size_of::<f64>()) as u64;
        if self.context.libraries.wide.is_some() {
            self.solve_wide(gram, values, word)?;
        } else {
            self.solve(gram, values, word)?;
        }
        let values = self.fetch(values, size)?;
        // The word is the first half of the bytes that a value takes.
        let word = self
            .fetch(word, 1)?
            .first()
            .map_or(1, |word| word.to_bits() as u32);
        Ok((word == 0).then_some(values))
    }

    fn solve(&mut self, gram: Address, values: Address, word: Address) -> Result<(), Fault> {
        let size = self.size as c_int;
        let eigen = &self.context.libraries.solver;
        let mut count = 0;
        // SAFETY: N² and N values are there; writes one number to a place that holds one.
        let code = unsafe {
            (eigen.cusolverDnDsyevd_bufferSize)(
                self.solver,
                NO_VECTORS,
                LOWER,
                size,
                gram,
                size,
                values,
                &raw mut count,
            )
        };
        solver("cusolverDnDsyevd_bufferSize", code)?;
        let bytes = usize::try_from(count).unwrap_or(0) * size_of::<f64>();
        let work = Buffer::grow(&mut self.work, &self.context, bytes)?;
        let eigen = &self.context.libraries.solver;
        // SAFETY: as above, and `work` has as many values as the solver asked for.
        let code = unsafe {
            (eigen.cusolverDnDsyevd)(
                self.solver,
                NO_VECTORS,
                LOWER,
                size,
                gram,
                size,
                values,
                work,
                count,
                word,
            )
        };
        solver("cusolverDnDsyevd", code)
    }

    fn solve_wide(&mut self, gram: Address, values: Address, word: Address) -> Result<(), Fault> {
        let size = self.size as i64;
        let context = Arc::clone(&self.context);
        let Some(wide) = &context.libraries.wide else {
            return Ok(());
        };
        let mut parameters = ptr::null_mut();
        // SAFETY: writes one handle to a place that holds one.
        let code = unsafe { (wide.cusolverDnCreateParams)(&raw mut parameters) };
        solver("cusolverDnCreateParams", code)?;
        let (mut on_card, mut on_host) = (0_usize, 0_usize);
        // SAFETY: N² and N values of the stated type are there; writes one number each to places
        // that hold one.
        let code = unsafe {
            (wide.cusolverDnXsyevd_bufferSize)(
                self.solver,
                parameters,
                NO_VECTORS,
                LOWER,
                size,
                F64,
                gram,
                size,
                F64,
                values,
                F64,
                &raw mut on_card,
                &raw mut on_host,
            )
        };
        let solved = solver("cusolverDnXsyevd_bufferSize", code).and_then(|()| {
            let work = Buffer::grow(&mut self.work, &context, on_card)?;
            let mut host = vec![0_u64; on_host.div_ceil(size_of::<u64>())];
            // SAFETY: as above, and both work spaces have as many bytes as the solver asked for;
            // that of the host lives until the wait below.
            let code = unsafe {
                (wide.cusolverDnXsyevd)(
                    self.solver,
                    parameters,
                    NO_VECTORS,
                    LOWER,
                    size,
                    F64,
                    gram,
                    size,
                    F64,
                    values,
                    F64,
                    work,
                    on_card,
                    host.as_mut_ptr().cast(),
                    on_host,
                    word,
                )
            };
            let solved = solver("cusolverDnXsyevd", code);
            self.wait().and(solved)
        });
        // SAFETY: made above, destroyed once, and not in use: the stream was waited for.
        unsafe { (wide.cusolverDnDestroyParams)(parameters) };
        solved
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if self.context.enter().is_err() {
            return;
        }
        // What fails here is of no consequence: the engine is gone either way.
        let _ = self.wait();
        let libraries = &self.context.libraries;
        // SAFETY: each handle was made in `new` or is null, and is destroyed once, after the
        // stream has ended its work; the panels and buffers go afterwards.
        unsafe {
            if !self.solver.is_null() {
                (libraries.solver.cusolverDnDestroy)(self.solver);
            }
            if !self.blas.is_null() {
                (libraries.blas.cublasDestroy_v2)(self.blas);
            }
            if !self.stream.is_null() {
                (libraries.driver.cuStreamDestroy_v2)(self.stream);
            }
        }
    }
}
