//! Plain figure data: what a picture shows, before anything is drawn.
//!
//! Enters: reports and selections. Leaves: grids of cells, values, scales and colours that the
//! window and every exported picture are drawn from.

mod axis;
mod chart;
mod colormap;
mod energy;
mod grid;
mod heatmap;
mod histogram;
pub mod number;
mod palette;
mod scale;
mod settings;
mod spectrum;
mod tail;
mod waterfall;
mod words;

pub use axis::Axis;
pub use chart::{Chart, Layer, Shape, Stroke};
pub use colormap::{ColorMap, Rgb};
pub use energy::energy;
pub use grid::{Column, Grid, Options, Row, RowKind};
pub use heatmap::{BINS, Mode, Picture, Spread, Value, Values};
pub use histogram::{Histogram, Quantity};
pub use palette::{Ink, OKABE_ITO, Paper};
pub use scale::{Scale, Tick};
pub use settings::HeatmapSettings;
pub use spectrum::{Spectrum, SpectrumSettings, overlay, spectrum};
pub use tail::tail;
pub use waterfall::{WaterfallRow, waterfall};
