//! One cell of a heatmap: its value's color or sign, how much of it is chosen, its marks. The key
//! draws with the same function, so that it shows the same look as the cells.

use crate::figure::svg::canvas::{Pen, Rect};
use crate::figure::svg::frame::Frame;
use crate::figure::{Chosen, HeatmapFigure, Paper, Rgb, Value};

/// Width of the gap around cells, and of the outline that takes it.
fn gap(rect: Rect) -> f64 {
    (rect.width.min(rect.height) * 0.09).clamp(0.15, 0.6)
}

/// The color of `value`; `None` where there is no cell.
pub(super) fn color(figure: &HeatmapFigure<'_>, paper: &Paper, value: Value) -> Option<Rgb> {
    match value {
        Value::Empty => None,
        Value::Waiting | Value::Unknown => Some(paper.waiting),
        Value::Nan | Value::Unseparated => Some(paper.page),
        Value::Infinite => Some(paper.infinite),
        Value::Number(number) => {
            let position = figure
                .values
                .scale
                .map_or(0.0, |scale| scale.position(number));
            Some(figure.map.at(position))
        }
    }
}

/// One cell in `rect`; its gap is inside.
pub(super) fn draw_cell(
    frame: &mut Frame,
    rect: Rect,
    value: Value,
    color: Rgb,
    state: Option<Chosen>,
) {
    let paper = frame.paper;
    let gap = gap(rect);
    let body = rect.grown(-gap);
    let chosen = state.unwrap_or_default();
    let frozen = match state {
        Some(_) if value != Value::Waiting => paper.faded(color),
        _ => color,
    };
    if chosen.chosen > 0 && chosen.chosen == chosen.total {
        // The outline takes the gap and as much of the cell.
        frame.canvas.rect(rect.grown(gap * 0.4), paper.text);
        frame.canvas.rect(rect.grown(-1.4 * gap), color);
    } else {
        frame.canvas.rect(body, frozen);
        if chosen.chosen > 0 {
            // A folded cell fills from below by its chosen share.
            let share = f64::from(chosen.chosen) / f64::from(chosen.total);
            let level = body.bottom() - body.height * share.clamp(0.15, 0.85);
            let filled = Rect {
                y: level,
                height: body.bottom() - level,
                ..body
            };
            frame.canvas.rect(filled, color);
            let edge = Rect {
                height: 0.8,
                ..filled
            };
            frame.canvas.rect(edge, paper.text);
        }
    }
    match value {
        Value::Infinite => infinity(frame, body),
        Value::Nan => {
            let pen = Pen {
                color: paper.weak,
                width: 0.5,
                dash: "",
            };
            let (left, right) = (body.x, body.right());
            let (top, bottom) = (body.y, body.bottom());
            let corners = [[left, bottom], [right, top], [left, top], [left, bottom]];
            let sides = [[left, bottom], [right, bottom], [right, top]];
            frame.canvas.polyline(&corners, &pen);
            frame.canvas.polyline(&sides, &pen);
        }
        Value::Unseparated => {
            let pen = Pen {
                color: paper.weak,
                width: 0.8,
                dash: "",
            };
            let y = body.y + body.height / 2.0;
            let (left, right) = (body.x + 1.0, (body.right() - 1.0).max(body.x + 1.5));
            frame.canvas.polyline(&[[left, y], [right, y]], &pen);
        }
        _ => {}
    }
    marks(frame, body, chosen);
}

/// Two small rings side by side: the sign for infinity at any size.
fn infinity(frame: &mut Frame, body: Rect) {
    let radius = (body.width / 5.0).min(body.height / 4.0);
    let y = body.y + body.height / 2.0;
    let middle = body.x + body.width / 2.0;
    for x in [middle - radius, middle + radius] {
        frame.canvas.circle([x, y], radius, frame.paper.page);
        frame
            .canvas
            .circle([x, y], radius * 0.5, frame.paper.infinite);
    }
}

/// A dot for a pin, a cross for a drop.
fn marks(frame: &mut Frame, body: Rect, state: Chosen) {
    let radius = (body.width.min(body.height) * 0.22).clamp(0.7, 3.0);
    let (x, y) = (body.x + body.width / 2.0, body.y + body.height / 2.0);
    let (text, page) = (frame.paper.text, frame.paper.page);
    if state.pinned > 0 {
        frame.canvas.circle([x, y], radius * 1.5, page);
        frame.canvas.circle([x, y], radius, text);
    }
    if state.dropped > 0 {
        for (color, width, arm) in [
            (page, radius * 1.4, radius * 1.25),
            (text, radius * 0.6, radius),
        ] {
            let pen = Pen {
                color,
                width,
                dash: "",
            };
            let falling = [[x - arm, y - arm], [x + arm, y + arm]];
            let rising = [[x - arm, y + arm], [x + arm, y - arm]];
            frame.canvas.polyline(&falling, &pen);
            frame.canvas.polyline(&rising, &pen);
        }
    }
}
