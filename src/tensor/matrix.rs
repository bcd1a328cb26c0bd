//! One weight matrix, read block by block as `f64` from where it is stored.
//!
//! Enters: a stored range of a weight file, its type and shape. Leaves: row-major `f64` blocks.
//! Every stored float widens to `f64` without rounding; quantized values are what the model's own
//! program computes of them, in `f32`.

use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, Problem, Result};
use crate::progress::Progress;
use crate::source::{Held, InMemory, ReadAt};
use crate::tensor::DType;
use crate::tensor::packed::{Packed, Unpacked};
use crate::tensor::widen::widen;

pub use crate::tensor::fp8::Scales;

/// A matrix of `rows` × `cols` values stored row by row. Cheap to clone; holds no values.
#[derive(Debug, Clone)]
pub struct Matrix {
    bytes: Arc<dyn ReadAt>,
    offset: u64,
    dtype: DType,
    rows: usize,
    cols: usize,
    scales: Option<Arc<Scales>>,
    packed: Option<PackedState>,
}

/// Where the values of a packed matrix come from.
#[derive(Debug, Clone)]
enum PackedState {
    Stored(Arc<Packed>),
    /// With its codes and factors in memory.
    Read(Arc<Packed>, Arc<Unpacked>),
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
            scales: None,
            packed: None,
        }
    }

    /// A packed matrix, whose values are those that its quantizer's program computes.
    pub(super) fn of_packed(packed: Packed, dtype: DType) -> Self {
        let (rows, cols) = packed.size();
        Self {
            packed: Some(PackedState::Stored(Arc::new(packed))),
            ..Self::new(Arc::new(InMemory(Vec::new())), 0, dtype, rows, cols)
        }
    }

    /// The same matrix with every value multiplied by its block's factor.
    ///
    /// # Panics
    /// When there is no factor for some block.
    #[must_use]
    pub fn with_scales(mut self, scales: Arc<Scales>) -> Self {
        assert!(
            self.cols.div_ceil(scales.cols) <= scales.across
                && self.rows.div_ceil(scales.rows) * scales.across <= scales.values.len(),
            "a factor for every block"
        );
        self.scales = Some(scales);
        self
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
    /// kept between calls. A block of whole rows is one read; any other is one read per row.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Problem`] for a type that is not read.
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
        match &self.packed {
            None => {}
            Some(PackedState::Read(_, unpacked)) => {
                unpacked.block(rows, cols, out);
                return Ok(());
            }
            Some(PackedState::Stored(packed)) => {
                packed.read(&Progress::default())?.block(rows, cols, out);
                return Ok(());
            }
        }
        let unit = self.dtype.unit().ok_or_else(|| self.not_read())?;
        let whole_rows = cols.len() == self.cols;
        let (reads, length) = if whole_rows {
            (1, out.len())
        } else {
            (rows.len(), cols.len())
        };
        if length == 0 {
            return Ok(());
        }
        for (read, out) in (0..reads).zip(out.chunks_exact_mut(length)) {
            let first = (rows.start + read) * self.cols + cols.start;
            self.read_run(first, unit, raw, out)?;
        }
        if let Some(scales) = &self.scales {
            for (row, values) in rows.zip(out.chunks_exact_mut(cols.len())) {
                scales.apply(row, cols.start, values);
            }
        }
        Ok(())
    }

    /// Reads the elements from `first` on, counted row by row. `unit` is the type's least part,
    /// as (elements, bytes).
    fn read_run(
        &self,
        first: usize,
        (unit, bytes): (usize, usize),
        raw: &mut Vec<u8>,
        out: &mut [f64],
    ) -> Result<()> {
        let units = first / unit..(first + out.len()).div_ceil(unit);
        raw.resize(units.len() * bytes, 0);
        let offset = self.offset + (units.start * bytes) as u64;
        self.bytes.read_exact_at(offset, raw)?;
        let DType::Block(block) = self.dtype else {
            widen(&self.dtype, raw, out);
            return Ok(());
        };
        let values = block
            .values(raw)
            .map_err(|problem| self.refuse(problem, "convert the model to F32, F16 or BF16"))?;
        for (out, value) in out.iter_mut().zip(&values[first - units.start * unit..]) {
            *out = f64::from(*value);
        }
        Ok(())
    }

    /// Bytes that it takes as it is stored; `None` for a type that is not read.
    #[must_use]
    pub fn stored(&self) -> Option<u64> {
        if let Some(PackedState::Stored(packed) | PackedState::Read(packed, _)) = &self.packed {
            return Some(packed.stored());
        }
        let (unit, bytes) = self.dtype.unit()?;
        let values = (self.rows as u64).checked_mul(self.cols as u64)?;
        values.div_ceil(unit as u64).checked_mul(bytes as u64)
    }

    /// Whether its values are far away: [`Self::fetched`] is to be read instead.
    #[must_use]
    pub fn is_far(&self) -> bool {
        match &self.packed {
            Some(PackedState::Stored(packed)) => packed.is_far(),
            Some(PackedState::Read(..)) => false,
            None => self.bytes.far().is_some(),
        }
    }

    /// Checks that the files it is in are as they were when they were opened.
    ///
    /// # Errors
    /// As [`ReadAt::check_unchanged`].
    pub fn check_unchanged(&self) -> Result<()> {
        match &self.packed {
            Some(PackedState::Stored(packed) | PackedState::Read(packed, _)) => {
                packed.check_unchanged()
            }
            None => self.bytes.check_unchanged(),
        }
    }

    /// Bytes of memory that [`Self::fetched`] takes; `None` where it takes none.
    #[must_use]
    pub fn held(&self) -> Option<u64> {
        match &self.packed {
            Some(PackedState::Stored(packed) | PackedState::Read(packed, _)) => Some(packed.held()),
            None => self.is_far().then(|| self.stored())?,
        }
    }

    /// The same matrix with its stored values in memory, where they are far away or packed; itself
    /// otherwise.
    ///
    /// # Errors
    /// What fetching them returns, and [`Error::Canceled`].
    pub fn fetched(&self, progress: &Progress) -> Result<Self> {
        if let Some(packed) = &self.packed {
            let read = match packed {
                PackedState::Stored(packed) => {
                    PackedState::Read(Arc::clone(packed), Arc::new(packed.read(progress)?))
                }
                read @ PackedState::Read(..) => read.clone(),
            };
            return Ok(Self {
                packed: Some(read),
                ..self.clone()
            });
        }
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
        self.refuse(
            format!("values of type {} are not read", self.dtype),
            "convert the model to F32, F16 or BF16",
        )
    }

    fn refuse(&self, problem: String, advice: &str) -> Error {
        Error::from(
            Problem::input(
                match &self.packed {
                    Some(PackedState::Stored(packed) | PackedState::Read(packed, _)) => {
                        packed.path()
                    }
                    None => self.bytes.path(),
                },
                problem,
            )
            .at(format!("{} × {} matrix", self.rows, self.cols))
            .advice(advice.to_owned()),
        )
    }
}
