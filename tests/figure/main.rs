//! Figure data: grids, values, scales, colours.

mod colormap;
mod grid;
mod number;
mod scale;
mod values;
