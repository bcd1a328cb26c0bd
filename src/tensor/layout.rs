//! How a stored tensor reads as matrices.
//!
//! Enters: a tensor's name and shape. Leaves: how many matrices of how many rows and columns.
//! Source: Spectrum's program for vectors and convolutions; fused experts are one matrix per expert.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

/// Number of elements; `None` where 64 bits cannot count them. A single number has shape `[]`.
pub(crate) fn elements(shape: &[usize]) -> Option<u64> {
    let mut product: u64 = 1;
    for &dimension in shape {
        product = product.checked_mul(dimension as u64)?;
    }
    Some(product)
}

/// The most matrices in one tensor: ten times the experts that any model has. Each takes some
/// hundred bytes of memory, however small it is.
pub(super) const MOST_EXPERTS: usize = 4096;
/// The most singular values of one matrix: three times the longest vocabulary. Finding that many
/// takes a terabyte of memory; a file with a hole in it can claim any number.
const MOST_VALUES: usize = 1 << 20;

/// Equal matrices that lie one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// How many: the experts of a fused weight, else 1.
    pub count: usize,
    /// Rows of each.
    pub rows: usize,
    /// Columns of each.
    pub cols: usize,
}

/// A name that speaks of experts, for weights that are known to be theirs.
pub(super) const EXPERTS: &str = "experts";

/// Whether a part of the name speaks of experts.
pub(super) fn has_expert(name: &str) -> bool {
    name.contains("expert") || name.contains("switch_mlp")
}

/// The matrices of a tensor: a vector is one row, a convolution `(out, in, k, …)` is
/// `(out, in·k·…)`, a 3-D weight of experts is one matrix per expert.
///
/// # Errors
/// Why it is not a matrix, as a phrase.
pub fn of(name: &str, shape: &[usize]) -> Result<Layout, String> {
    if shape.contains(&0) {
        return Err(format!("is empty: its shape is {shape:?}"));
    }
    let one = |rows, cols| Layout {
        count: 1,
        rows,
        cols,
    };
    let too_many = || format!("has more elements than can be counted: its shape is {shape:?}");
    elements(shape).ok_or_else(too_many)?;
    let layout: Result<Layout, String> = match *shape {
        [] => Err("is a single number, not a matrix".into()),
        [length] => Ok(one(1, length)),
        [rows, cols] => Ok(one(rows, cols)),
        [count, rows, cols] if has_expert(name) => Ok(Layout { count, rows, cols }),
        [rows, ref rest @ ..] => {
            let cols = elements(rest).and_then(|cols| usize::try_from(cols).ok());
            Ok(one(rows, cols.ok_or_else(too_many)?))
        }
    };
    let layout = layout?;
    if layout.count > MOST_EXPERTS {
        return Err(format!(
            "has {} experts, more than the {MOST_EXPERTS} that are read",
            layout.count
        ));
    }
    let values = layout.rows.min(layout.cols);
    if values > MOST_VALUES {
        return Err(format!(
            "has {values} singular values, more than the {MOST_VALUES} that are computed"
        ));
    }
    Ok(layout)
}
