//! Figures as SVG: text stays text, lines stay lines, and the same figure is the same bytes.
//!
//! Enters: a [`Chart`](crate::figure::Chart) or a [`HeatmapFigure`](crate::figure::HeatmapFigure),
//! and a [`Style`]. Leaves: a whole SVG document.

mod canvas;
mod chart;
mod frame;
mod heatmap;
mod heatmap_cells;
mod heatmap_legend;
mod labels;
mod legend;

pub use chart::svg;
pub use heatmap::heatmap_svg;

use crate::figure::Paper;

/// Width of a column of text in a two-column paper: 3.4 inches at 96 px an inch.
pub const COLUMN: f64 = 326.0;

/// How a figure is drawn, apart from what it shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Width in px (96 an inch); at least [`Style::LEAST_WIDTH`].
    pub width: f64,
    /// Height in px; `None` for the height that suits the figure. One that leaves no room for the
    /// plot below the text is made higher.
    pub height: Option<f64>,
    /// Light on dark, for slides.
    pub dark: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: COLUMN,
            height: None,
            dark: false,
        }
    }
}

impl Style {
    /// The least width that has room for labels and a plot, px.
    pub const LEAST_WIDTH: f64 = 200.0;

    /// The page's colours.
    #[must_use]
    pub fn paper(&self) -> &'static Paper {
        if self.dark {
            &Paper::DARK
        } else {
            &Paper::LIGHT
        }
    }

    fn width(&self) -> f64 {
        // `max` also where it is no number.
        self.width.max(Self::LEAST_WIDTH)
    }

    /// Size of text: 9 px at column width, more on wider figures, which are shown smaller or seen
    /// from further away.
    fn font(&self) -> f64 {
        let size = 9.0 * (self.width() / COLUMN).sqrt();
        (size.clamp(9.0, 14.0) * 2.0).round() / 2.0
    }
}
