//! The vertical lines of a chart, which rise above the plot to their labels.

use crate::figure::fonts::width;
use crate::figure::labels;
use crate::figure::svg::canvas::{Anchor, Rect};
use crate::figure::svg::frame::{Frame, LINE, MARGIN};
use crate::figure::svg::pen::pen;
use crate::figure::{Chart, Layer, Shape, Stroke};

/// A vertical line whose label has its place.
pub(super) struct Mark<'a> {
    x: f64,
    label: &'a str,
    layer: &'a Layer,
    stroke: Stroke,
    pub(super) place: labels::Place,
}

/// The vertical lines of `chart` that lie in the plot, `left` and `wide` px.
pub(super) fn marks<'a>(
    chart: &'a Chart,
    frame: &Frame,
    (left, wide): (f64, f64),
) -> Vec<Mark<'a>> {
    let mut marks = Vec::new();
    for layer in &chart.layers {
        let Shape::VLine { x, label, stroke } = &layer.shape else {
            continue;
        };
        let position = chart.x.position(*x);
        if (0.0..=1.0).contains(&position) {
            marks.push(Mark {
                x: left + wide * position,
                label,
                layer,
                stroke: *stroke,
                place: labels::Place { left: 0.0, lane: 0 },
            });
        }
    }
    let font = &frame.weak;
    let boxes: Vec<(f64, f64)> = marks
        .iter()
        .map(|mark| (mark.x, width(mark.label, font.size, font.weight)))
        .collect();
    let places = labels::places(&boxes, (MARGIN, frame.width - MARGIN));
    for (mark, place) in marks.iter_mut().zip(places) {
        mark.place = place;
    }
    marks
}

impl Mark<'_> {
    pub(super) fn draw(&self, frame: &mut Frame, area: Rect) {
        let font = frame.weak;
        let bottom = area.y - 3.0 - self.place.lane as f64 * font.size * LINE;
        let color = frame.paper.color(self.layer.ink);
        // Up to the top of the label beside it.
        let top = bottom - font.size * 0.95;
        let ends = [[self.x, area.bottom()], [self.x, top]];
        frame
            .canvas
            .polyline(&ends, &pen(color, self.stroke, frame.thick));
        if !self.label.is_empty() {
            let at = [self.place.left, bottom - font.size * 0.25];
            frame.canvas.text(at, Anchor::Start, &font, self.label);
        }
    }
}
