//! Figures as SVG: text stays text, lines stay lines, and the same figure is the same bytes.

mod breaks;
mod canvas;
mod chart;
mod dots;
mod frame;
mod heatmap;
mod heatmap_cells;
mod heatmap_legend;
mod legend;
mod marks;
mod pen;

pub use chart::svg;
pub use heatmap::heatmap_svg;

use crate::figure::Paper;

/// Width of a column of text in a two-column paper: 3.4 inches at 96 px per inch.
pub const COLUMN: f64 = 326.0;

/// How a figure is drawn, apart from what it shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Width in px (96 per inch); at least [`Style::LEAST_WIDTH`].
    pub width: f64,
    /// Height in px; `None` for the height that suits the figure. One that leaves no room for the
    /// plot below the text is made higher.
    pub height: Option<f64>,
    /// Light on dark, for slides.
    pub dark: bool,
    /// Size of text in px, from [`Style::LEAST_TEXT`] to [`Style::MOST_TEXT`]; lines and dots go
    /// with it. `None` for the size that suits the width.
    pub text: Option<f64>,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: COLUMN,
            height: None,
            dark: false,
            text: None,
        }
    }
}

impl Style {
    /// The least width that has room for labels and a plot, px.
    pub const LEAST_WIDTH: f64 = 200.0;
    /// The least size of text that can be read, px.
    pub const LEAST_TEXT: f64 = 6.0;
    /// The largest size of text, px.
    pub const MOST_TEXT: f64 = 60.0;

    /// A figure for a column of a paper.
    #[must_use]
    pub fn column() -> Self {
        Self::default()
    }

    /// A figure for a slide: 16:9, with text that is read from the last row.
    #[must_use]
    pub fn talk() -> Self {
        Self {
            width: 960.0,
            height: Some(540.0),
            dark: false,
            text: Some(22.0),
        }
    }

    /// The page's colors.
    #[must_use]
    pub fn paper(&self) -> &'static Paper {
        if self.dark {
            &Paper::DARK
        } else {
            &Paper::LIGHT
        }
    }

    fn width(&self) -> f64 {
        // `max` also where it is NaN.
        self.width.max(Self::LEAST_WIDTH)
    }

    /// Size of text: 9 px at column width, more on wider figures, which are shown smaller or seen
    /// from further away.
    fn font(&self) -> f64 {
        if let Some(size) = self.text.filter(|size| size.is_finite()) {
            return size.clamp(Self::LEAST_TEXT, Self::MOST_TEXT);
        }
        let size = 9.0 * (self.width() / COLUMN).sqrt();
        (size.clamp(9.0, 14.0) * 2.0).round() / 2.0
    }
}
