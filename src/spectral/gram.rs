//! The Gram matrix of a weight matrix: `W·Wᵀ` or `Wᵀ·W`, whichever is smaller.
//!
//! Enters: a stored matrix of n × m values, N = min(n, m), M = max(n, m). Leaves: the lower
//! triangle of the N × N matrix whose eigenvalues are the squared singular values, in `f64`.
//!
//! ```text
//! G = Σ_p  P_p · P_pᵀ        P_p: N × k panels along the long side, widened as they are read
//! ```
//!
//! The matrix is never held whole: a panel of at most [`PANEL_BYTES`] is, beside G. Squaring
//! halves the digits of the small singular values; in `f64` what is left is their error of about
//! 1e-8·S_max, far below what the ratio of sums notices, while in `f32` they would be lost.

use std::ops::Range;

use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::{Accum, Mat, MatRef, Par};

use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::spectral::parallel;
use crate::tensor::{DType, Matrix};

/// Memory of one widened panel.
const PANEL_BYTES: usize = 32 << 20;

/// Columns of G that one task updates. Fixed, so that the bits do not depend on the threads.
const TASK_COLUMNS: usize = 256;

/// The Gram matrix with what its values were divided by beforehand.
#[derive(Debug)]
pub(crate) struct Gram {
    /// N × N; only the lower triangle is meaningful.
    pub(crate) lower: Mat<f64>,
    /// A power of two: W was divided by it, so singular values are to be multiplied by it.
    pub(crate) scale: f64,
}

/// Accumulates the Gram matrix of `matrix`, advancing `progress` by N²·M in all.
///
/// # Errors
/// [`Error::Spectral`] (without a module's name) where a value is NaN or infinite, or G does not
/// fit into memory; what reading the matrix returns; [`Error::Cancelled`].
pub(crate) fn gram(matrix: &Matrix, threads: usize, progress: &Progress) -> Result<Gram> {
    let (rows, cols) = (matrix.rows(), matrix.cols());
    let (short, long) = (rows.min(cols), rows.max(cols));
    let scale = scale(matrix, progress)?;
    let mut lower = zeros(short)?;
    let mut panels = Panels::new(matrix);
    let mut start = 0;
    while start < long {
        progress.check()?;
        let panel = panels.read(start..long.min(start + panels.width))?;
        if *matrix.dtype() == DType::F64 {
            for value in panel.iter_mut() {
                *value /= scale;
            }
        }
        let width = panel.len() / short;
        let panel = if rows > cols {
            MatRef::from_column_major_slice(panel, short, width)
        } else {
            MatRef::from_row_major_slice(panel, short, width)
        };
        add_product(&mut lower, panel, threads);
        // Every value is in one sum of squares, and sums of squares cannot cancel: what is not
        // finite shows on the diagonal.
        if (0..short).any(|i| !lower[(i, i)].is_finite()) {
            return Err(not_finite(panel, start, rows > cols));
        }
        progress.advance((short * short * width) as u64);
        start += width;
    }
    Ok(Gram { lower, scale })
}

/// Lower triangle of `G += P·Pᵀ`, by blocks of G's columns.
fn add_product(lower: &mut Mat<f64>, panel: MatRef<'_, f64>, threads: usize) {
    let size = lower.nrows();
    let blocks = parallel::column_blocks(lower.as_mut(), TASK_COLUMNS);
    parallel::for_each(threads, blocks, |(first, block)| {
        let width = block.ncols();
        let (_, below) = block.split_at_row_mut(first);
        let (diagonal, below) = below.split_at_row_mut(width);
        let rhs = panel.subrows(first, width).transpose();
        matmul(
            diagonal,
            BlockStructure::TriangularLower,
            Accum::Add,
            panel.subrows(first, width),
            BlockStructure::Rectangular,
            rhs,
            BlockStructure::Rectangular,
            1.0,
            Par::Seq,
        );
        let rest = first + width;
        faer::linalg::matmul::matmul(
            below,
            Accum::Add,
            panel.subrows(rest, size - rest),
            rhs,
            1.0,
            Par::Seq,
        );
    });
}

/// The long side of a matrix, panel by panel.
struct Panels<'a> {
    matrix: &'a Matrix,
    /// Rows (of a tall matrix) or columns (of a wide one) in a full panel.
    width: usize,
    raw: Vec<u8>,
    values: Vec<f64>,
}

impl<'a> Panels<'a> {
    fn new(matrix: &'a Matrix) -> Self {
        let (rows, cols) = (matrix.rows(), matrix.cols());
        let fits = PANEL_BYTES / size_of::<f64>() / rows.min(cols).max(1);
        Self {
            matrix,
            width: fits.clamp(1, rows.max(cols).max(1)),
            raw: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Reads the panel `range` along the long side: row-major as it is stored.
    fn read(&mut self, range: Range<usize>) -> Result<&mut [f64]> {
        let (rows, cols) = (self.matrix.rows(), self.matrix.cols());
        let (rows, cols) = if rows > cols {
            (range, 0..cols)
        } else {
            (0..rows, range)
        };
        self.values.resize(rows.len() * cols.len(), 0.0);
        self.matrix
            .read_block(rows, cols, &mut self.raw, &mut self.values)?;
        Ok(&mut self.values)
    }
}

/// The power of two next below the largest magnitude of an `f64` matrix; 1 for narrower types,
/// whose squares cannot leave the range of `f64`.
fn scale(matrix: &Matrix, progress: &Progress) -> Result<f64> {
    if *matrix.dtype() != DType::F64 {
        return Ok(1.0);
    }
    let mut panels = Panels::new(matrix);
    let long = matrix.rows().max(matrix.cols());
    let mut largest = 0.0_f64;
    let mut start = 0;
    while start < long {
        progress.check()?;
        let end = long.min(start + panels.width);
        largest = panels
            .read(start..end)?
            .iter()
            .fold(largest, |largest, value| largest.max(value.abs()));
        start = end;
    }
    // The exponent alone. Zero, denormal and infinite maxima stay: the first has no scale, the
    // second loses nothing that matters when squared to zero, the last is refused later on.
    let exponent = f64::from_bits(largest.to_bits() & f64::INFINITY.to_bits());
    Ok(if exponent.is_normal() { exponent } else { 1.0 })
}

/// An N × N matrix of zeros, or an error where a process cannot have that much.
fn zeros(size: usize) -> Result<Mat<f64>> {
    let mut matrix = Mat::new();
    matrix
        .try_reserve(size, size)
        .map_err(|error| Error::Spectral {
            module: String::new(),
            problem: format!(
                "its {size} × {size} Gram matrix does not fit into memory ({error:?}); leave this layer type out"
            ),
        })?;
    matrix.resize_with(size, size, |_, _| 0.0);
    Ok(matrix)
}

/// The error that names the first value of `panel` that is NaN or infinite.
fn not_finite(panel: MatRef<'_, f64>, start: usize, tall: bool) -> Error {
    let mut place = String::new();
    'search: for along in 0..panel.ncols() {
        for across in 0..panel.nrows() {
            let value = panel[(across, along)];
            if !value.is_finite() {
                let along = start + along;
                let (row, col) = if tall {
                    (along, across)
                } else {
                    (across, along)
                };
                place = format!("the value at row {row}, column {col} is {value}");
                break 'search;
            }
        }
    }
    Error::Spectral {
        module: String::new(),
        problem: format!("{place}; a matrix with such a value has no singular values"),
    }
}
