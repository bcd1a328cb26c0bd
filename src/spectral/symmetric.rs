//! A symmetric matrix as the tiles of its lower half.
//!
//! Enters: a size. Leaves: square tiles, each by columns in memory of its own, cut short at the
//! end of the matrix. A tile on the diagonal is kept whole, so no product needs to know a
//! triangle; what lies above is not kept, which halves the memory. A tile takes few pages and is
//! read straight through, where the same block of one large matrix would touch a page a column.

use std::ops::Range;

use faer::{Mat, MatMut, MatRef};

use crate::error::{Error, Problem, Result};

/// Rows and columns of a tile: 450 KiB of `f64`, so that a tile and what it is multiplied with
/// fit into a second-level cache; a multiple of the rows that faer's products take at a time.
pub(crate) const TILE: usize = 240;

/// The lower half of an N × N symmetric matrix.
#[derive(Debug)]
pub(crate) struct Symmetric {
    size: usize,
    /// Row by row: tile (i, j) at i·(i + 1)/2 + j.
    tiles: Vec<Tile>,
}

/// One tile and where it lies.
#[derive(Debug)]
pub(crate) struct Tile {
    pub(crate) rows: Range<usize>,
    pub(crate) cols: Range<usize>,
    values: Mat<f64>,
}

impl Symmetric {
    /// Zeros.
    ///
    /// # Errors
    /// [`Error::Problem`] (without a module's name) where a process cannot have that much.
    pub(crate) fn zeros(size: usize) -> Result<Self> {
        let ranges = tile_ranges(0..size);
        let mut tiles = Vec::with_capacity(ranges.len() * (ranges.len() + 1) / 2);
        for (index, rows) in ranges.iter().enumerate() {
            for cols in &ranges[..=index] {
                let mut values = Mat::new();
                values
                    .try_reserve(rows.len(), cols.len())
                    .map_err(|error| too_large(size, &format!("{error:?}")))?;
                values.resize_with(rows.len(), cols.len(), |_, _| 0.0);
                tiles.push(Tile {
                    rows: rows.clone(),
                    cols: cols.clone(),
                    values,
                });
            }
        }
        Ok(Self { size, tiles })
    }

    /// N.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// The tile with this element of the lower half.
    pub(crate) fn tile(&self, row: usize, col: usize) -> &Tile {
        let (row, col) = (row / TILE, col / TILE);
        &self.tiles[row * (row + 1) / 2 + col]
    }

    /// [`Self::tile`], to write to.
    pub(crate) fn tile_mut(&mut self, row: usize, col: usize) -> &mut Tile {
        let (row, col) = (row / TILE, col / TILE);
        &mut self.tiles[row * (row + 1) / 2 + col]
    }

    /// All tiles that reach into the rows and columns from `start` on.
    pub(crate) fn tiles_from(&mut self, start: usize) -> impl Iterator<Item = &mut Tile> {
        self.tiles
            .iter_mut()
            .filter(move |tile| tile.cols.end > start)
    }

    /// The element of the lower half.
    pub(crate) fn at(&self, row: usize, col: usize) -> f64 {
        self.tile(row, col).values[(row % TILE, col % TILE)]
    }

    /// [`Self::at`], to write to.
    pub(crate) fn at_mut(&mut self, row: usize, col: usize) -> &mut f64 {
        &mut self.tile_mut(row, col).values[(row % TILE, col % TILE)]
    }

    /// The same matrix in one piece; only the lower triangle is meaningful.
    pub(crate) fn to_dense(&self) -> Mat<f64> {
        let mut dense = Mat::zeros(self.size, self.size);
        for tile in &self.tiles {
            dense
                .as_mut()
                .submatrix_mut(
                    tile.rows.start,
                    tile.cols.start,
                    tile.rows.len(),
                    tile.cols.len(),
                )
                .copy_from(&tile.values);
        }
        dense
    }
}

impl Tile {
    /// Whether it lies on the diagonal.
    pub(crate) fn is_diagonal(&self) -> bool {
        self.rows == self.cols
    }

    /// The part of it in these rows and columns of the whole matrix.
    pub(crate) fn part(&self, rows: &Range<usize>, cols: &Range<usize>) -> MatRef<'_, f64> {
        self.values.as_ref().submatrix(
            rows.start - self.rows.start,
            cols.start - self.cols.start,
            rows.len(),
            cols.len(),
        )
    }

    /// [`Self::part`], to write to.
    pub(crate) fn part_mut(&mut self, rows: &Range<usize>, cols: &Range<usize>) -> MatMut<'_, f64> {
        self.values.as_mut().submatrix_mut(
            rows.start - self.rows.start,
            cols.start - self.cols.start,
            rows.len(),
            cols.len(),
        )
    }
}

/// `range` cut where tiles meet.
pub(crate) fn tile_ranges(range: Range<usize>) -> Vec<Range<usize>> {
    let mut ranges = Vec::with_capacity(range.len() / TILE + 2);
    let mut start = range.start;
    while start < range.end {
        let end = range.end.min((start / TILE + 1) * TILE);
        ranges.push(start..end);
        start = end;
    }
    ranges
}

/// `range` without what lies before `start`.
pub(crate) fn from(range: &Range<usize>, start: usize) -> Range<usize> {
    range.start.max(start)..range.end
}

fn too_large(size: usize, reason: &str) -> Error {
    Problem::spectrum("", format!(
            "its {size} × {size} Gram matrix does not fit into memory ({reason}); leave this layer type out"
        )).into()
}
