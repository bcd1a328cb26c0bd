//! Plain figure data: what a picture shows, before anything is drawn.
//!
//! Enters: reports and selections. Leaves: grids of cells, values, scales and colours that the
//! window and every exported picture are drawn from.

mod colormap;
mod grid;
mod heatmap;
pub mod number;
mod scale;
mod settings;
mod words;

pub use colormap::{ColorMap, Rgb};
pub use grid::{Column, Grid, Options, Row, RowKind};
pub use heatmap::{BINS, Mode, Picture, Spread, Value, Values};
pub use scale::{Scale, Tick};
pub use settings::HeatmapSettings;
