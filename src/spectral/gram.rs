//! The Gram matrix of a weight matrix: `W·Wᵀ` or `Wᵀ·W`, whichever is smaller.
//!
//! Enters: a stored matrix of n × m values, N = min(n, m), M = max(n, m). Leaves: the N × N matrix whose eigenvalues are the squared singular values, in `f64`.
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

use crate::error::{Error, Problem, Result};
use crate::progress::Progress;
use crate::spectral::parallel::{self, leading_dimension};
use crate::spectral::symmetric::{Symmetric, TILE, Tile, tile_ranges};
use crate::tensor::{DType, Matrix};

/// Memory of one widened panel.
const PANEL_BYTES: usize = 24 << 20;

/// Most rows or columns of the long side in a panel; more is not faster.
const PANEL_WIDTH: usize = 768;

/// Columns of a panel that are multiplied at a time: with a tile's rows, as much as
/// stays in a second-level cache.
const SLICE: usize = 256;

/// The Gram matrix with what its values were divided by beforehand.
#[derive(Debug)]
pub(crate) struct Gram {
    /// N × N.
    pub(crate) matrix: Symmetric,
    /// A power of two that W was divided by: singular values must be multiplied by it.
    pub(crate) scale: f64,
}

/// Accumulates the Gram matrix of `matrix`, advancing `progress` by N²·M in all.
///
/// # Errors
/// [`Error::Problem`] (without a module's name) where a value is NaN or infinite, or G does not
/// fit into memory; what reading the matrix returns; [`Error::Canceled`].
pub(crate) fn gram(matrix: &Matrix, threads: usize, progress: &Progress) -> Result<Gram> {
    let (rows, cols) = (matrix.rows(), matrix.cols());
    let (short, long) = (rows.min(cols), rows.max(cols));
    let scale = scale(matrix, progress)?;
    let mut gram = Symmetric::zeros(short)?;
    let mut panels = Panels::new(matrix);
    let mut oriented = Oriented::new(short, panels.width);
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
        oriented.fill(panel);
        oriented.add_product(&mut gram, width, threads);
        // Every value is in one sum of squares, and sums of squares cannot cancel: what is not
        // finite shows on the diagonal.
        if (0..short).any(|i| !gram.at(i, i).is_finite()) {
            return Err(not_finite(panel, start, rows > cols));
        }
        progress.advance((short * short * width) as u64);
        start += width;
    }
    Ok(Gram {
        matrix: gram,
        scale,
    })
}

/// A panel in both orientations, each without a stride along which the product runs, and cut so
/// that what a tile is multiplied with lies in one piece.
struct Oriented {
    /// For each row of tiles its rows of the panel, by columns.
    down: Vec<Mat<f64>>,
    /// For each slice of the panel its transpose, SLICE × N, by columns.
    across: Vec<Mat<f64>>,
}

impl Oriented {
    fn new(size: usize, width: usize) -> Self {
        let height = leading_dimension(SLICE.min(width));
        Self {
            down: tile_ranges(0..size)
                .iter()
                .map(|rows| Mat::zeros(rows.len(), width))
                .collect(),
            across: (0..width)
                .step_by(SLICE)
                .map(|_| Mat::zeros(height, size))
                .collect(),
        }
    }

    /// Takes a panel of at most the width it was made for.
    fn fill(&mut self, panel: MatRef<'_, f64>) {
        let mut first = 0;
        for down in &mut self.down {
            let rows = panel.subrows(first, down.nrows());
            copy(down.as_mut().subcols_mut(0, panel.ncols()), rows);
            first += down.nrows();
        }
        for (slice, across) in slices(panel.ncols()).zip(&mut self.across) {
            let cols = panel.subcols(slice.start, slice.len());
            copy(
                across.as_mut().subrows_mut(0, slice.len()),
                cols.transpose(),
            );
        }
    }

    /// `G += P·Pᵀ` for the panel of that width it was filled with.
    fn add_product(&self, gram: &mut Symmetric, width: usize, threads: usize) {
        let tiles = gram.tiles_from(0).collect();
        parallel::for_each(threads, tiles, |tile: &mut Tile| {
            let (rows, cols) = (tile.rows.clone(), tile.cols.clone());
            let down = &self.down[rows.start / TILE];
            for (slice, across) in slices(width).zip(&self.across) {
                matmul(
                    tile.part_mut(&rows, &cols),
                    Accum::Add,
                    down.as_ref().subcols(slice.start, slice.len()),
                    across
                        .as_ref()
                        .submatrix(0, cols.start, slice.len(), cols.len()),
                    1.0,
                    Par::Seq,
                );
            }
        });
    }
}

/// `width` columns in steps of [`SLICE`].
fn slices(width: usize) -> impl Iterator<Item = Range<usize>> {
    (0..width)
        .step_by(SLICE)
        .map(move |first| first..width.min(first + SLICE))
}

/// Copies to columns without a stride, from rows or columns without one.
fn copy(mut to: MatMut<'_, f64>, from: MatRef<'_, f64>) {
    /// A cache line of `f64`.
    const LINE: usize = 8;
    let (rows, cols) = from.shape();
    let whole = rows - rows % LINE;
    let across = from.transpose();
    for first in (0..whole).step_by(LINE) {
        let lines: [&[f64]; LINE] = std::array::from_fn(|line| {
            let column = across.col(first + line).try_as_col_major();
            column.map_or(&[][..], |column| column.as_slice())
        });
        if lines.iter().any(|line| line.len() != cols) {
            // The stride is the other way round: plain columns.
            to.copy_from(from);
            return;
        }
        for (col, column) in to.rb_mut().col_iter_mut().enumerate() {
            let line: [f64; LINE] = std::array::from_fn(|line| lines[line][col]);
            if let Some(column) = column.try_as_col_major_mut() {
                column.as_slice_mut()[first..first + LINE].copy_from_slice(&line);
            }
        }
    }
    let mut rest = to.subrows_mut(whole, rows - whole);
    rest.copy_from(from.subrows(whole, rows - whole));
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
        let width = fits.clamp(1, PANEL_WIDTH).min(rows.max(cols));
        Self {
            matrix,
            width,
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
pub(crate) fn scale(matrix: &Matrix, progress: &Progress) -> Result<f64> {
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
    // The exponent alone; of a denormal the least one, so that dividing makes it normal. What is
    // infinite is refused later on.
    let exponent = f64::from_bits(largest.to_bits() & f64::INFINITY.to_bits());
    let scaled = largest > 0.0 && largest.is_finite();
    Ok(if scaled {
        exponent.max(f64::MIN_POSITIVE)
    } else {
        1.0
    })
}

/// The error that names the first value of `panel` that is NaN or infinite.
pub(crate) fn not_finite(panel: MatRef<'_, f64>, start: usize, tall: bool) -> Error {
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
    Problem::spectrum(
        "",
        format!("{place}; a matrix with such a value has no singular values"),
    )
    .into()
}
