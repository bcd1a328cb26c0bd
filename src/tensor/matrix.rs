//! One weight matrix, read block by block as `f64` from where it is stored.
//!
//! Enters: a stored range of a weight file, its type and shape. Leaves: row-major `f64` blocks.
//! Every stored type widens to `f64` without rounding.

use std::ops::Range;
use std::sync::Arc;

use half::{bf16, f16};

use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::source::{Held, InMemory, ReadAt};
use crate::tensor::DType;

/// A matrix of `rows` × `cols` values stored row by row. Cheap to clone; holds no values.
#[derive(Debug, Clone)]
pub struct Matrix {
    bytes: Arc<dyn ReadAt>,
    offset: u64,
    dtype: DType,
    rows: usize,
    cols: usize,
}

impl Matrix {
    /// The matrix at `offset` bytes into `bytes`. The caller has checked that it lies inside.
    #[must_use]
    pub fn new(
        bytes: Arc<dyn ReadAt>,
        offset: u64,
        dtype: DType,
        rows: usize,
        cols: usize,
    ) -> Self {
        Self {
            bytes,
            offset,
            dtype,
            rows,
            cols,
        }
    }

    /// A matrix held in memory: `values` row by row.
    #[must_use]
    pub fn from_f64(rows: usize, cols: usize, values: &[f64]) -> Self {
        debug_assert_eq!(values.len(), rows * cols);
        let bytes = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        Self::new(Arc::new(InMemory(bytes)), 0, DType::F64, rows, cols)
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// How the values are stored.
    #[must_use]
    pub fn dtype(&self) -> &DType {
        &self.dtype
    }

    /// Reads the block `rows` × `cols` into `out`, row-major. `raw` is scratch space that is
    /// kept between calls. A block of whole rows is one read; any other is one read a row.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Tensor`] for a type that is not read.
    ///
    /// # Panics
    /// When the block lies outside the matrix or `out` is not its size.
    pub fn read_block(
        &self,
        rows: Range<usize>,
        cols: Range<usize>,
        raw: &mut Vec<u8>,
        out: &mut [f64],
    ) -> Result<()> {
        assert!(
            rows.end <= self.rows && cols.end <= self.cols,
            "block outside the matrix"
        );
        assert_eq!(out.len(), rows.len() * cols.len(), "block of another size");
        let size = self.dtype.size().ok_or_else(|| self.not_read())?;
        let whole_rows = cols.len() == self.cols;
        let (reads, length) = if whole_rows {
            (1, out.len())
        } else {
            (rows.len(), cols.len())
        };
        if length == 0 {
            return Ok(());
        }
        raw.resize(length * size, 0);
        for (read, out) in (0..reads).zip(out.chunks_exact_mut(length)) {
            let first = (rows.start + read) * self.cols + cols.start;
            self.bytes
                .read_exact_at(self.offset + (first * size) as u64, raw)?;
            widen(&self.dtype, raw, out);
        }
        Ok(())
    }

    /// Bytes that it takes as it is stored; `None` for a type that is not read.
    #[must_use]
    pub fn stored(&self) -> Option<u64> {
        let values = (self.rows as u64).checked_mul(self.cols as u64)?;
        values.checked_mul(self.dtype.size()? as u64)
    }

    /// Whether its values are far away: [`Self::fetched`] is to be read instead.
    #[must_use]
    pub fn is_far(&self) -> bool {
        self.bytes.far().is_some()
    }

    /// The same matrix with its values in memory, where they are far away; itself otherwise.
    ///
    /// # Errors
    /// What fetching them returns, and [`Error::Cancelled`].
    pub fn fetched(&self, progress: &Progress) -> Result<Self> {
        let length = self.stored().ok_or_else(|| self.not_read())?;
        let held = Held::fetch(self.bytes.as_ref(), self.offset, length, progress)?;
        Ok(match held {
            Some(held) => Self {
                bytes: Arc::new(held),
                ..self.clone()
            },
            None => self.clone(),
        })
    }

    fn not_read(&self) -> Error {
        Error::Tensor {
            path: self.bytes.path().to_path_buf(),
            place: format!("{} × {} matrix", self.rows, self.cols),
            problem: format!("values of type {} are not read", self.dtype),
            advice: "convert the model to F32, F16 or BF16".into(),
        }
    }
}

/// Widens little-endian `raw` values of `dtype` into `out`, element by element.
fn widen(dtype: &DType, raw: &[u8], out: &mut [f64]) {
    fn each<const SIZE: usize>(raw: &[u8], out: &mut [f64], value: impl Fn([u8; SIZE]) -> f64) {
        let (chunks, _) = raw.as_chunks::<SIZE>();
        for (out, chunk) in out.iter_mut().zip(chunks) {
            *out = value(*chunk);
        }
    }
    match dtype {
        DType::F64 => each(raw, out, f64::from_le_bytes),
        DType::F32 => each(raw, out, |bytes| f64::from(f32::from_le_bytes(bytes))),
        DType::F16 => each(raw, out, |bytes| f16::from_le_bytes(bytes).to_f64()),
        // The upper half of an f32: a shift, which vectorises, where the library call branches.
        DType::BF16 => each(raw, out, |bytes| {
            f64::from(f32::from_bits(
                u32::from(bf16::from_le_bytes(bytes).to_bits()) << 16,
            ))
        }),
        DType::Other(_) => {}
    }
}
