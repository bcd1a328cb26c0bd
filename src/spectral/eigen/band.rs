//! Dense symmetric → banded symmetric: the first of the two stages.
//!
//! Enters: a symmetric N × N matrix A. Leaves: a matrix with the same
//! eigenvalues and at most [`BAND`] diagonals below the main one.
//!
//! ```text
//! panel below the band:   A[s.., j..s] = Q·R          s = j + BAND, Q = I − V·S·Vᵀ
//! both sides:             A' = Qᵀ·A·Q = A − V·Wᵀ − W·Vᵀ
//!                         X = A·V·S      W = X − ½·V·(Sᵀ·Vᵀ·X)
//! ```
//!
//! Sources: Bischof, Lang, Sun, "A framework for symmetric band reduction", ACM TOMS 26 (2000);
//! Haidar, Ltaief, Dongarra, "Parallel reduction to condensed forms for symmetric eigenvalue
//! problems using aggregated fine-grained and memory-aware kernels", SC '11.
//!
//! Where the speed comes from: all but a few per cent of the 4/3·N³ operations are products of
//! tiles that stay in a core's second-level cache. A tile gets the update of the last panel and
//! is multiplied by the next panel's V both ways while it is there, so the matrix passes through
//! memory once a panel. V, W and Y are kept in the orientation in which the product runs through
//! both of its operands without a stride; the tiles on the diagonal are kept whole, so no product
//! needs to know a triangle.

use std::ops::Range;

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::matmul::matmul;
use faer::linalg::qr::no_pivoting::factor::{qr_in_place, qr_in_place_scratch};
use faer::prelude::{Reborrow as _, ReborrowMut as _};
use faer::{Accum, Mat, MatMut, MatRef, Par, Spec};

use crate::error::Result;
use crate::spectral::eigen::Meter;
use crate::spectral::parallel::{self, leading_dimension};
use crate::spectral::symmetric::{Symmetric, Tile, from, tile_ranges};

/// Diagonals below the main one that the first stage leaves.
pub(crate) const BAND: usize = 40;

/// Reduces the symmetric `matrix` to `BAND` subdiagonals, in place: what lies further below is
/// then rubbish. The same bits for any number of `threads`.
///
/// # Errors
/// [`crate::Error::Canceled`].
pub(crate) fn reduce_to_band(
    matrix: &mut Symmetric,
    threads: usize,
    meter: &mut Meter<'_>,
) -> Result<()> {
    let size = matrix.size();
    let mut pending = Update::new(size);
    let mut next = Update::new(size);
    let mut panel = Mat::zeros(leading_dimension(size), BAND);
    let mut factor = Mat::zeros(BAND, BAND);
    let scratch = qr_in_place_scratch::<f64>(size, BAND, BAND, Par::Seq, Spec::default());
    let mut scratch = MemBuffer::new(scratch);
    let mut first = 0;
    // A trailing block of BAND + 1 rows is within the band as it is.
    while size - first > BAND + 1 {
        meter.check()?;
        let start = first + BAND;
        pending.apply_to_columns(matrix, &(first..start));
        let mut panel = panel.as_mut().subrows_mut(0, size - start);
        read_panel(matrix, panel.rb_mut(), start, first);
        let reflectors = BAND.min(size - start);
        let mut factor = factor.as_mut().submatrix_mut(0, 0, reflectors, reflectors);
        qr_in_place(
            panel.rb_mut(),
            factor.rb_mut(),
            Par::Seq,
            MemStack::new(&mut scratch),
            Spec::default(),
        );
        compact_factor(factor.rb_mut());
        write_triangle(matrix, panel.rb(), start, first);
        next.begin(start, panel.rb());
        multiply(matrix, &pending, &mut next, threads);
        next.finish(factor.rb());
        std::mem::swap(&mut pending, &mut next);
        // What is left to do shrinks with the cube of what is left.
        let left = (size - start) as f64 / size as f64;
        meter.reach(1.0 - left * left * left);
        first = start;
    }
    pending.apply_to_columns(matrix, &(first..size));
    Ok(())
}

/// Copies the rows from `start` on of the columns from `first` on.
fn read_panel(matrix: &Symmetric, mut panel: MatMut<'_, f64>, start: usize, first: usize) {
    for cols in tile_ranges(first..first + BAND) {
        for rows in tile_ranges(start..matrix.size()) {
            let part = matrix.tile(rows.start, cols.start).part(&rows, &cols);
            panel
                .rb_mut()
                .submatrix_mut(
                    rows.start - start,
                    cols.start - first,
                    rows.len(),
                    cols.len(),
                )
                .copy_from(part);
        }
    }
}

/// Puts R, the panel's upper triangle, back: it is the outer half of the band.
fn write_triangle(matrix: &mut Symmetric, panel: MatRef<'_, f64>, start: usize, first: usize) {
    for col in 0..BAND {
        for row in 0..panel.nrows().min(col + 1) {
            *matrix.at_mut(start + row, first + col) = panel[(row, col)];
        }
    }
}

/// Turns what faer leaves of a QR factorisation, 1/τ on the diagonal and Vᵀ·V above it, into the
/// upper triangular S of Q = I − V·S·Vᵀ (Schreiber, Van Loan 1989).
fn compact_factor(mut factor: MatMut<'_, f64>) {
    for col in 0..factor.ncols() {
        // A column that was zero already has an infinite 1/τ: no reflection.
        let tau = factor[(col, col)].recip();
        for row in 0..col {
            let sum: f64 = (row..col)
                .map(|inner| factor[(row, inner)] * factor[(inner, col)])
                .sum();
            factor[(row, col)] = -tau * sum;
        }
        factor[(col, col)] = tau;
        for row in col + 1..factor.nrows() {
            factor[(row, col)] = 0.0;
        }
    }
}

/// One panel's V and W, in both orientations, and the product they are made from.
struct Update {
    /// First row and column that it changes.
    start: usize,
    /// Reflections in it; 0 before the first panel.
    count: usize,
    /// `[V W]`, N × 2·count.
    columns: Mat<f64>,
    /// `[Wᵀ; Vᵀ]`, 2·count × N.
    rows: Mat<f64>,
    /// `Vᵀ·A`, count × N.
    product: Mat<f64>,
}

impl Update {
    fn new(size: usize) -> Self {
        Self {
            start: 0,
            count: 0,
            columns: Mat::zeros(leading_dimension(size), 2 * BAND),
            rows: Mat::zeros(leading_dimension(2 * BAND), size),
            product: Mat::zeros(leading_dimension(BAND), size),
        }
    }

    /// Takes V from a factored `panel`, whose first row is row `start` of the matrix.
    fn begin(&mut self, start: usize, panel: MatRef<'_, f64>) {
        self.start = start;
        self.count = panel.nrows().min(panel.ncols());
        for col in 0..self.count {
            for row in 0..panel.nrows() {
                let value = match row.cmp(&col) {
                    std::cmp::Ordering::Less => 0.0,
                    std::cmp::Ordering::Equal => 1.0,
                    std::cmp::Ordering::Greater => panel[(row, col)],
                };
                self.columns[(start + row, col)] = value;
                self.rows[(self.count + col, start + row)] = value;
            }
        }
        self.product.fill(0.0);
    }

    /// Makes W of the finished product and the panel's `factor` S.
    fn finish(&mut self, factor: MatRef<'_, f64>) {
        let (start, count) = (self.start, self.count);
        let length = self.rows.ncols() - start;
        let rows = self
            .rows
            .as_mut()
            .submatrix_mut(0, start, 2 * count, length);
        let (mut w_rows, v_rows) = rows.split_at_row_mut(count);
        let (v_columns, mut w_columns) = self
            .columns
            .as_mut()
            .submatrix_mut(start, 0, length, 2 * count)
            .split_at_col_mut(count);
        let product = self.product.as_ref().submatrix(0, start, count, length);
        let set = Accum::Replace;
        let mut inner = Mat::zeros(count, count);
        let mut half = Mat::zeros(count, count);
        // Xᵀ = Sᵀ·Y, then Wᵀ = Xᵀ − ½·(Xᵀ·V·S)·Vᵀ.
        matmul(
            w_rows.rb_mut(),
            set,
            factor.transpose(),
            product,
            1.0,
            Par::Seq,
        );
        matmul(
            inner.as_mut(),
            set,
            w_rows.rb(),
            v_columns.rb(),
            1.0,
            Par::Seq,
        );
        matmul(half.as_mut(), set, inner.as_ref(), factor, 0.5, Par::Seq);
        matmul(
            w_rows.rb_mut(),
            Accum::Add,
            half.as_ref(),
            v_rows.rb(),
            -1.0,
            Par::Seq,
        );
        w_columns.copy_from(w_rows.rb().transpose());
    }

    /// Applies it to those columns, from the first of them downwards.
    fn apply_to_columns(&self, matrix: &mut Symmetric, cols: &Range<usize>) {
        let size = matrix.size();
        for cols in tile_ranges(cols.clone()) {
            for rows in tile_ranges(cols.start..size) {
                let tile = matrix.tile_mut(rows.start, cols.start);
                self.apply(tile, &rows, &cols);
            }
        }
    }

    /// Applies it to the part `rows` × `cols` of a tile.
    fn apply(&self, tile: &mut Tile, rows: &Range<usize>, cols: &Range<usize>) {
        if self.count == 0 {
            return;
        }
        let width = 2 * self.count;
        matmul(
            tile.part_mut(rows, cols),
            Accum::Add,
            self.columns
                .as_ref()
                .submatrix(rows.start, 0, rows.len(), width),
            self.rows
                .as_ref()
                .submatrix(0, cols.start, width, cols.len()),
            -1.0,
            Par::Seq,
        );
    }
}

/// Applies the `pending` update to the trailing matrix of `next` and multiplies the result by the
/// V of `next` from the left.
///
/// Every column of the product adds its tiles up in the same order on both ways, top to bottom,
/// so the bits are the same.
fn multiply(matrix: &mut Symmetric, pending: &Update, next: &mut Update, threads: usize) {
    let start = next.start;
    let ranges = tile_ranges(start..matrix.size());
    let v_rows = next.rows.as_ref().subrows(next.count, next.count);
    let mut product = next.product.as_mut().subrows_mut(0, next.count);
    if threads <= 1 {
        for (index, cols) in ranges.iter().enumerate() {
            for rows in &ranges[index..] {
                let tile = matrix.tile_mut(rows.start, cols.start);
                pending.apply(tile, rows, cols);
                let part = tile.part(rows, cols);
                add_product(columns_of(&mut product, cols), v_rows, rows, part);
                if !tile.is_diagonal() {
                    let part = part.transpose();
                    add_product(columns_of(&mut product, rows), v_rows, cols, part);
                }
            }
        }
        return;
    }
    let tiles = matrix.tiles_from(start).collect();
    parallel::for_each(threads, tiles, |tile: &mut Tile| {
        let (rows, cols) = (from(&tile.rows, start), from(&tile.cols, start));
        pending.apply(tile, &rows, &cols);
    });
    let outputs = parallel::column_blocks(product, &ranges);
    parallel::for_each(threads, outputs, |(cols, mut output)| {
        for rows in &ranges {
            let part = if rows.start < cols.start {
                matrix
                    .tile(cols.start, rows.start)
                    .part(&cols, rows)
                    .transpose()
            } else {
                matrix.tile(rows.start, cols.start).part(rows, &cols)
            };
            add_product(output.rb_mut(), v_rows, rows, part);
        }
    });
}

fn columns_of<'a>(matrix: &'a mut MatMut<'_, f64>, cols: &Range<usize>) -> MatMut<'a, f64> {
    matrix.rb_mut().subcols_mut(cols.start, cols.len())
}

/// `output += Vᵀ[.., rows] · tile`
fn add_product(
    output: MatMut<'_, f64>,
    v_rows: MatRef<'_, f64>,
    rows: &Range<usize>,
    tile: MatRef<'_, f64>,
) {
    let v_rows = v_rows.subcols(rows.start, rows.len());
    matmul(output, Accum::Add, v_rows, tile, 1.0, Par::Seq);
}
