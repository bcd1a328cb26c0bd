//! The legend of a chart: a key and a name for each listed layer, in lines above the plot or one
//! below the other beside it.

use crate::figure::fonts::{shortened, width, wrapped};
use crate::figure::svg::canvas::{Anchor, Rect};

use crate::figure::svg::frame::{Frame, LINE, MARGIN, MIDDLE};
use crate::figure::svg::pen::{BAND_OPACITY, pen};
use crate::figure::{Curve, Layer, Shape, Stroke};

/// Space between the plot and a legend beside it, px.
pub(super) const BESIDE: f64 = 10.0;

/// Width of a key, px.
const KEY: f64 = 14.0;
/// Width of a key beside the plot, where dashes must be told apart, px.
const LONG_KEY: f64 = 20.0;
/// Between a key and its name, px.
const GAP: f64 = 4.0;
/// Between a name and the next key, px.
const APART: f64 = 12.0;
/// Between two names below each other, in units of the font size.
const BELOW: f64 = 0.35;
/// The most of a figure's width that the names beside the plot may take.
const MOST: f64 = 0.3;

fn listed(layers: &[Layer]) -> impl Iterator<Item = &Layer> {
    layers.iter().filter(|layer| !layer.name.is_empty())
}

/// Draws the legend of `layers` below the frame's top, and moves the top below it.
pub(super) fn above(frame: &mut Frame, layers: &[Layer]) {
    let mut x = MARGIN;
    let font = frame.weak;
    let line = font.size * LINE + 1.0;
    let room = frame.width - 2.0 * MARGIN - KEY - GAP;
    let mut first = true;
    for layer in listed(layers) {
        let name = shortened(&layer.name, room, font.size);
        let width = KEY + GAP + width(&name, font.size, font.weight);
        let full = x > MARGIN && x + width > frame.width - MARGIN;
        if first || full {
            if first {
                frame.top += 2.0;
            }
            frame.top += line;
            x = MARGIN;
            first = false;
        }
        let middle = frame.top - line / 2.0;
        key(frame, layer, (x, middle), KEY);
        let at = [x + KEY + GAP, middle + font.size * MIDDLE];
        frame.canvas.text(at, Anchor::Start, &font, &name);
        x += width + APART;
    }
}

/// A legend beside the plot, laid out.
pub(super) struct Side<'a> {
    /// Its width, px.
    pub(super) width: f64,
    /// Its height, px.
    pub(super) height: f64,
    key: f64,
    entries: Vec<(&'a Layer, Vec<String>)>,
}

impl<'a> Side<'a> {
    /// The legend of `layers`; `None` where none is listed.
    pub(super) fn new(frame: &Frame, layers: &'a [Layer]) -> Option<Self> {
        let font = frame.label;
        let room = frame.width * MOST;
        let key = LONG_KEY * frame.thick;
        let entry = |layer: &'a Layer| {
            // Some readers' typeface is a little wider than the one measured.
            let lines = wrapped(&layer.name, room * 0.98, font.size, font.weight);
            (layer, lines)
        };
        let entries: Vec<(&Layer, Vec<String>)> = listed(layers).map(entry).collect();
        let lines = || entries.iter().flat_map(|(_, lines)| lines);
        let wide = lines().map(|line| width(line, font.size, font.weight));
        let wide = wide.reduce(f64::max)?;
        let height = lines().count() as f64 * font.size * LINE
            + entries.len().saturating_sub(1) as f64 * font.size * BELOW;
        Some(Self {
            width: key + GAP + wide / 0.98,
            height,
            key,
            entries,
        })
    }

    /// Draws it from its upper left corner `[x, y]` on.
    pub(super) fn draw(&self, frame: &mut Frame, [x, mut y]: [f64; 2]) {
        let font = frame.label;
        let line = font.size * LINE;
        for (layer, lines) in &self.entries {
            key(frame, layer, (x, y + line / 2.0), self.key);
            for text in lines {
                let at = [x + self.key + GAP, y + line / 2.0 + font.size * MIDDLE];
                frame.canvas.text(at, Anchor::Start, &font, text);
                y += line;
            }
            y += font.size * BELOW;
        }
    }
}

/// The key of `layer`, `wide` px from `x` on, with its middle at `y`.
fn key(frame: &mut Frame, layer: &Layer, (x, y): (f64, f64), wide: f64) {
    let color = frame.paper.color(layer.ink);
    let thick = frame.thick;
    let canvas = &mut frame.canvas;
    let swatch = Rect {
        x: x + 2.0,
        y: y - 4.0,
        width: wide - 4.0,
        height: 8.0,
    };
    match &layer.shape {
        Shape::Bars { .. } => canvas.rect(swatch, color),
        Shape::Band(_) | Shape::Area(_) => {
            let Rect { x, y, .. } = swatch;
            let (right, bottom) = (swatch.right(), swatch.bottom());
            let corners = [[x, y], [right, y], [right, bottom], [x, bottom]];
            canvas.polygon(&corners, color, BAND_OPACITY);
        }
        Shape::Points(_) => canvas.circle([x + wide / 2.0, y], 2.0 * thick, color),
        Shape::Dot { .. } => canvas.circle([x + wide / 2.0, y], 3.0 * thick, color),
        Shape::Line { stroke, .. } | Shape::Curve(Curve { stroke, .. }) => {
            canvas.line([x, y], [x + wide, y], &pen(color, *stroke, thick));
        }
        Shape::VLine { stroke, .. } => {
            let middle = x + wide / 2.0;
            let ends = ([middle, y - 4.5], [middle, y + 4.5]);
            canvas.line(ends.0, ends.1, &pen(color, *stroke, thick));
        }
        Shape::Rug(_) => {
            for place in [0.25, 0.5, 0.75] {
                let x = x + wide * place;
                canvas.line([x, y], [x, y + 4.0], &pen(color, Stroke::Solid, thick));
            }
        }
    }
}
