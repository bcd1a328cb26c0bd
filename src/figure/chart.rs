//! A chart as plain data: title, caption, axes and layers in the data's own units.
//!
//! The window, SVG and PNG draw the same value, so a saved figure is the chart on screen, zoomed
//! as it is there. Nothing here knows of pixels or fonts.

use serde::{Deserialize, Serialize};

use crate::figure::{Axis, Curve, Ink, Stroke};

/// The part of a chart that is seen, in the units of the data; `None`: all of that axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// From left to right: (low, high).
    pub x: Option<(f64, f64)>,
    /// From bottom to top: (low, high).
    pub y: Option<(f64, f64)>,
}

/// A chart over two axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What is shown: a layer's name.
    pub title: String,
    /// Lines below the title: shape, method, read-outs.
    pub caption: Vec<String>,
    /// The axis from left to right.
    pub x: Axis,
    /// The axis from bottom to top.
    pub y: Axis,
    /// What is drawn, the first one lowest.
    pub layers: Vec<Layer>,
    /// Height of the plot for a width of 1, unless a height is asked for.
    pub aspect: f64,
    /// Where the layers' names are listed.
    pub legend: Legend,
}

impl Chart {
    /// The chart with only the part that `view` names seen.
    #[must_use]
    pub fn zoomed(mut self, view: View) -> Self {
        self.x = self.x.zoomed(view.x);
        self.y = self.y.zoomed(view.y);
        self
    }
}

/// Where the names of a chart's layers are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Legend {
    /// In lines above the plot.
    #[default]
    Above,
    /// One below the other, right of the plot.
    Right,
}

/// One thing drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Its name in the legend; an empty one is not listed.
    pub name: String,
    /// Its color.
    pub ink: Ink,
    /// Its form and data.
    pub shape: Shape,
}

/// Form and data of a layer, in the units of the axes.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A histogram: `edges` ascending, one more than `heights`; bars stand on the axis.
    Bars {
        /// Where bars begin and end.
        edges: Vec<f64>,
        /// How high each is.
        heights: Vec<f64>,
    },
    /// A line through points (x, y).
    Line {
        /// From left to right, or as drawn.
        points: Vec<[f64; 2]>,
        /// How it is stroked.
        stroke: Stroke,
    },
    /// A line of any number of points, perhaps smoothed.
    Curve(Curve),
    /// Dots at (x, y).
    Points(Vec<[f64; 2]>),
    /// A line from bottom to top with a label of its own.
    VLine {
        /// Where.
        x: f64,
        /// What it marks.
        label: String,
        /// How it is stroked.
        stroke: Stroke,
    },
    /// The area between two lines: points (x, low, high), ascending in x.
    Band(Vec<[f64; 3]>),
    /// A short tick on the lower edge for each value: where a bar would be too low to be seen.
    Rug(Vec<f64>),
    /// The area between a line through points (x, y), ascending in x, and the lower edge; what
    /// lies below is seen through it.
    Area(Vec<[f64; 2]>),
    /// One large dot with its name beside it.
    Dot {
        /// Where: (x, y).
        at: [f64; 2],
        /// What it is.
        label: String,
    },
}

impl Layer {
    /// A layer listed in the legend under `name`.
    #[must_use]
    pub fn new(name: impl Into<String>, ink: Ink, shape: Shape) -> Self {
        Self {
            name: name.into(),
            ink,
            shape,
        }
    }

    /// A layer that the legend does not list.
    #[must_use]
    pub fn unnamed(ink: Ink, shape: Shape) -> Self {
        Self::new("", ink, shape)
    }
}
