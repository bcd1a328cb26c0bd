//! Lines and bands as a figure draws them.

use crate::figure::svg::canvas::Pen;
use crate::figure::{Rgb, Stroke};

/// How much of a band covers what lies below it.
pub(super) const BAND_OPACITY: f64 = 0.85;

/// How `stroke` is drawn in `color`, `thick` times as thick as on paper.
pub(super) fn pen(color: Rgb, stroke: Stroke, thick: f64) -> Pen<'static> {
    // Dashes grow with thick lines, or they would run together.
    let large = thick > 1.3;
    let (width, dash) = match stroke {
        Stroke::Solid => (1.25, ""),
        Stroke::Dashed if large => (1.25, "8 5"),
        Stroke::Dashed => (1.25, "4 2.5"),
        Stroke::Dotted if large => (1.25, "2.5 4"),
        Stroke::Dotted => (1.25, "1.25 2"),
        Stroke::DashDot if large => (1.25, "8 4 2.5 4"),
        Stroke::DashDot => (1.25, "4 2 1.25 2"),
        Stroke::Fine => (0.6, ""),
    };
    Pen {
        color,
        width: width * thick,
        dash,
    }
}
