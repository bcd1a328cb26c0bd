//! What a picture shows as plain data, and its drawing as SVG and PNG.
//!
//! Reports, spectra and runs go in; charts and heatmaps come out, which the window, SVG and PNG
//! all draw from the same values.

mod axis;
mod chart;
mod colormap;
mod curve;
mod energy;
pub mod fonts;
mod grid;
mod heatmap;
mod heatmap_figure;
mod histogram;
pub mod labels;
mod lesson;
mod levels;
mod line;
mod mode;
mod palette;
mod png;
mod profile;
mod published;
pub mod reading;
mod run_caption;
mod run_line;
mod run_range;
mod runs;
mod runs_options;
mod scale;

mod settings;
mod spectrum;
mod svg;
pub mod table;
mod tail;
mod time;
mod trace;
mod trade_off;
mod waterfall;
mod words;

pub use axis::Axis;
pub use chart::{Chart, Layer, Legend, Shape, View};
pub use colormap::{ColorMap, Rgb};
pub use curve::Curve;
pub use energy::energy;
pub use grid::{Column, Grid, Options, Row, RowKind};
pub use heatmap::{BINS, Picture, Spread, Value, Values};
pub use heatmap_figure::{Chosen, HeatmapFigure};
pub use histogram::{Histogram, Quantity};
pub use lesson::{Lesson, SHORT};
pub use levels::Levels;
pub use line::{Form, Stroke};
pub use mode::Mode;
pub use palette::{Ink, OKABE_ITO, Paper, contrast};
pub use png::{png, tree};
pub use profile::profile;
pub use published::{RunFigure, published};
pub use run_line::{RunLine, run_look};
pub use runs::{runs_chart, traces_chart};
pub use runs_options::{MemoryUnit, RunsOptions};
pub use scale::{Scale, Tick};
pub use settings::HeatmapSettings;
pub use spectrum::{Spectrum, SpectrumSettings, overlay, spectrum};
pub use svg::{COLUMN, Style, heatmap_svg, svg};
pub use tail::tail;
pub use time::time_ticks;
pub use trace::Trace;
pub use trade_off::{TradeOff, trade_off_chart};
pub use waterfall::{WaterfallRow, waterfall};
