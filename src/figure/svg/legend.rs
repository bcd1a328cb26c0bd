//! The legend of a chart: a key and a name for each listed layer, in lines above the plot.
//!
//! Enters: the chart's layers. Leaves: the keys on the canvas, and where the next thing begins.

use crate::figure::fonts::{shortened, width};
use crate::figure::svg::canvas::{Anchor, Rect};
use crate::figure::svg::chart::{BAND_OPACITY, pen};
use crate::figure::svg::frame::{Frame, LINE, MARGIN, MIDDLE};
use crate::figure::{Layer, Shape};

/// Width of a key, px.
const KEY: f64 = 14.0;
/// Between a key and its name, px.
const GAP: f64 = 4.0;
/// Between a name and the next key, px.
const APART: f64 = 12.0;

/// Draws the legend of `layers` below the frame's top, and moves the top below it.
pub(super) fn draw(frame: &mut Frame, layers: &[Layer]) {
    let mut x = MARGIN;
    let font = frame.weak;
    let line = font.size * LINE + 1.0;
    let room = frame.width - 2.0 * MARGIN - KEY - GAP;
    let mut first = true;
    for layer in layers.iter().filter(|layer| !layer.name.is_empty()) {
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
        key(frame, layer, (x, middle));
        let at = [x + KEY + GAP, middle + font.size * MIDDLE];
        frame.canvas.text(at, Anchor::Start, &font, &name);
        x += width + APART;
    }
}

fn key(frame: &mut Frame, layer: &Layer, (x, y): (f64, f64)) {
    let color = frame.paper.color(layer.ink);
    let canvas = &mut frame.canvas;
    let swatch = Rect {
        x: x + 2.0,
        y: y - 4.0,
        width: KEY - 4.0,
        height: 8.0,
    };
    match &layer.shape {
        Shape::Bars { .. } => canvas.rect(swatch, color),
        Shape::Band(_) => {
            let Rect { x, y, .. } = swatch;
            let (right, bottom) = (swatch.right(), swatch.bottom());
            let corners = [[x, y], [right, y], [right, bottom], [x, bottom]];
            canvas.polygon(&corners, color, BAND_OPACITY);
        }
        Shape::Points(_) => canvas.circle([x + KEY / 2.0, y], 2.0, color),
        Shape::Line { stroke, .. } => canvas.line([x, y], [x + KEY, y], &pen(color, *stroke)),
        Shape::VLine { stroke, .. } => {
            let middle = x + KEY / 2.0;
            canvas.line([middle, y - 4.5], [middle, y + 4.5], &pen(color, *stroke));
        }
        Shape::Rug(_) => {
            for place in [0.25, 0.5, 0.75] {
                let x = x + KEY * place;
                canvas.line(
                    [x, y],
                    [x, y + 4.0],
                    &pen(color, crate::figure::Stroke::Solid),
                );
            }
        }
    }
}
