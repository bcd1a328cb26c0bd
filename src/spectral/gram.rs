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

use faer::linalg::matmul::matmul;
use faer::prelude::ReborrowMut as _;
use faer::{Accum, Mat, MatMut, MatRef, Par};

use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::spectral::parallel;
use crate::tensor::{DType, Matrix};

/// Memory of one widened panel.
const PANEL_BYTES: usize = 32 << 20;

/// Columns of a panel that are multiplied at a time: with [`parallel::TILE`] rows, as much as
/// stays in a second-level cache.
const SLICE: usize = 256;

/// The Gram matrix with what its values were divided by beforehand.
#[derive(Debug)]
pub(crate) struct Gram {
    /// N columns of N rows and some padding; only the lower triangle is meaningful.
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
    let mut slice = Slice::new(short);
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
        for first in (0..width).step_by(SLICE) {
            progress.check()?;
            let columns = panel.subcols(first, SLICE.min(width - first));
            slice.add_product(lower.as_mut().subrows_mut(0, short), columns, threads);
        }
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

/// A slice of a panel in both orientations, each without a stride along which the product runs.
struct Slice {
    /// N × SLICE, by columns.
    columns: Mat<f64>,
    /// SLICE × N, by columns.
    rows: Mat<f64>,
}

impl Slice {
    fn new(size: usize) -> Self {
        Self {
            columns: Mat::zeros(parallel::leading_dimension(size), SLICE),
            rows: Mat::zeros(parallel::leading_dimension(SLICE), size),
        }
    }

    /// Lower triangle of `G += P·Pᵀ` by tiles of G. A tile on the diagonal is computed whole.
    fn add_product(&mut self, lower: MatMut<'_, f64>, panel: MatRef<'_, f64>, threads: usize) {
        let (size, width) = panel.shape();
        let tiles = parallel::tiles(0..size);
        let columns = self.columns.as_mut().submatrix_mut(0, 0, size, width);
        let rows = self.rows.as_mut().submatrix_mut(0, 0, width, size);
        copy(columns, panel);
        copy(rows, panel.transpose());
        let (columns, rows) = (self.columns.as_ref(), self.rows.as_ref());
        let blocks = parallel::column_blocks(lower, &tiles);
        parallel::for_each(threads, blocks, |(cols, mut block)| {
            for tile in tiles.iter().filter(|tile| tile.start >= cols.start) {
                matmul(
                    block.rb_mut().subrows_mut(tile.start, tile.len()),
                    Accum::Add,
                    columns.submatrix(tile.start, 0, tile.len(), width),
                    rows.submatrix(0, cols.start, width, cols.len()),
                    1.0,
                    Par::Seq,
                );
            }
        });
    }
}

/// Copies by small blocks: one of the two is read or written across its columns.
fn copy(mut to: MatMut<'_, f64>, from: MatRef<'_, f64>) {
    const BLOCK: usize = 16;
    let (rows, cols) = from.shape();
    for col in (0..cols).step_by(BLOCK) {
        let width = BLOCK.min(cols - col);
        for row in (0..rows).step_by(BLOCK) {
            let height = BLOCK.min(rows - row);
            to.rb_mut()
                .submatrix_mut(row, col, height, width)
                .copy_from(from.submatrix(row, col, height, width));
        }
    }
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

/// N columns of zeros, with room for N rows or a little more, or an error where a process cannot have that much.
fn zeros(size: usize) -> Result<Mat<f64>> {
    let rows = parallel::leading_dimension(size);
    let mut matrix = Mat::new();
    matrix
        .try_reserve(rows, size)
        .map_err(|error| Error::Spectral {
            module: String::new(),
            problem: format!(
                "its {size} × {size} Gram matrix does not fit into memory ({error:?}); leave this layer type out"
            ),
        })?;
    matrix.resize_with(rows, size, |_, _| 0.0);
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
