//! What explains a heatmap: the color bar with the histogram of values, and a key for each look.

use crate::figure::fonts::width;
use crate::figure::svg::canvas::{Anchor, Rect};
use crate::figure::svg::frame::{Frame, MARGIN, MIDDLE};
use crate::figure::svg::heatmap_cells::{color, draw_cell};
use crate::figure::{Chosen, HeatmapFigure, Scale, Value};

/// Height of the histogram and of the color bar below it, px.
const HISTOGRAM: f64 = 16.0;
const BAR: f64 = 7.0;
/// Side of a cell in the key, px.
const KEY: f64 = 9.0;

/// The color bar with its histogram above and its ticks below.
pub(super) fn color_bar(frame: &mut Frame, figure: &HeatmapFigure<'_>) {
    let Some(scale) = figure.values.scale else {
        return;
    };
    let font = frame.weak;
    let title = figure.values.mode.unit();
    let label = width(title, font.size, font.weight) + 8.0;
    let bar = Rect {
        x: MARGIN + label + 4.0,
        y: frame.top + HISTOGRAM,
        width: (frame.width - 2.0 * MARGIN - label - 16.0).min(260.0),
        height: BAR,
    };
    let at = [MARGIN, bar.bottom() - 0.5];
    frame.canvas.text(at, Anchor::Start, &font, title);
    let bins = figure.values.histogram.len().max(1);
    let most = figure
        .values
        .histogram
        .iter()
        .max()
        .copied()
        .unwrap_or(0)
        .max(1);
    let wide = bar.width / bins as f64;
    let columns = figure.values.histogram.iter().enumerate();
    let columns = columns
        .filter(|&(_, &count)| count > 0)
        .map(|(bin, &count)| {
            // Few are few beside many, but never none.
            let height = (f64::from(count) / f64::from(most) * (HISTOGRAM - 2.0)).max(0.6);
            Rect {
                x: bar.x + wide * bin as f64,
                y: bar.y - 1.0 - height,
                width: wide * 0.85,
                height,
            }
        });
    let quiet = frame.paper.quiet;
    frame.canvas.rects(columns, quiet);
    // Slices overlap to the right: no hairlines of page between them.
    for slice in 0..64 {
        let x = bar.x + bar.width * f64::from(slice) / 64.0;
        let color = figure.map.at((f64::from(slice) + 0.5) / 64.0);
        let rect = Rect {
            x,
            width: bar.right() - x,
            ..bar
        };
        frame.canvas.rect(rect, color);
    }
    ends(frame, figure, bar, (scale.below, scale.above));
    let mut free = f64::NEG_INFINITY;
    let baseline = bar.bottom() + 3.0 + font.size;
    for tick in scale.ticks((bar.width / (font.size * 4.0)) as usize) {
        let x = bar.x + bar.width * tick.position;
        let half = width(&tick.text, font.size, font.weight) / 2.0;
        if x - half < free {
            continue;
        }
        frame
            .canvas
            .text([x, baseline], Anchor::Middle, &font, &tick.text);
        free = x + half + 4.0;
    }
    frame.top = baseline + 4.0;
}

/// An arrow where values lie beyond an end: they take its color.
fn ends(frame: &mut Frame, figure: &HeatmapFigure<'_>, bar: Rect, (below, above): (usize, usize)) {
    let middle = bar.y + bar.height / 2.0;
    let sides = [(below, bar.x, -6.0, 0.0), (above, bar.right(), 6.0, 1.0)];
    for (count, x, tip, position) in sides {
        if count > 0 {
            let corners = [[x, bar.y], [x + tip, middle], [x, bar.bottom()]];
            frame.canvas.polygon(&corners, figure.map.at(position), 1.0);
        }
    }
}

/// A key for each look that occurs.
pub(super) fn keys(frame: &mut Frame, figure: &HeatmapFigure<'_>) {
    // A value in the middle of the scale, whose color stands out from either page.
    let middle = |scale: Scale| {
        if scale.log {
            (scale.low * scale.high).sqrt()
        } else {
            f64::midpoint(scale.low, scale.high)
        }
    };
    let number = figure.values.scale.map(middle);
    let number = number.map_or(Value::Waiting, Value::Number);
    let has = |is: &dyn Fn(&Chosen) -> bool| figure.cells.iter().any(is);
    let state = |chosen, pinned, dropped| Chosen {
        total: 1,
        chosen,
        pinned,
        dropped,
    };
    let plain = (!figure.cells.is_empty()).then(|| state(0, 0, 0));
    let part = Chosen {
        total: 2,
        ..state(1, 0, 0)
    };
    let looks = [
        (
            "trained",
            has(&|c| c.chosen > 0 && c.chosen == c.total),
            number,
            Some(state(1, 0, 0)),
        ),
        (
            "in part",
            has(&|c| c.chosen > 0 && c.chosen < c.total),
            number,
            Some(part),
        ),
        ("frozen", has(&|c| c.chosen < c.total), number, plain),
        (
            "pinned",
            has(&|c| c.pinned > 0),
            number,
            Some(state(1, 1, 0)),
        ),
        (
            "dropped",
            has(&|c| c.dropped > 0),
            number,
            Some(state(0, 0, 1)),
        ),
        (
            "infinite",
            figure.values.infinite > 0,
            Value::Infinite,
            None,
        ),
        ("no ratio", figure.values.nan > 0, Value::Nan, None),
        (
            "not scanned",
            figure.values.waiting > 0,
            Value::Waiting,
            None,
        ),
        (
            "τ separates nothing",
            figure.values.unseparated > 0,
            Value::Unseparated,
            None,
        ),
        (
            "spectrum not at hand",
            figure.values.unknown > 0,
            Value::Unknown,
            None,
        ),
    ];
    let font = frame.weak;
    let line = font.size.max(KEY) + 4.0;
    let (mut x, mut y) = (MARGIN, frame.top + 4.0);
    let mut any = false;
    for (name, _, value, state) in looks.into_iter().filter(|look| look.1) {
        let Some(color) = color(figure, frame.paper, value) else {
            continue;
        };
        let wide = KEY + 4.0 + width(name, font.size, font.weight);
        if any && x + wide > frame.width - MARGIN {
            (x, y) = (MARGIN, y + line);
        }
        any = true;
        let rect = Rect {
            x,
            y,
            width: KEY,
            height: KEY,
        };
        draw_cell(frame, rect, value, color, state);
        let at = [x + KEY + 4.0, y + KEY / 2.0 + font.size * MIDDLE];
        frame.canvas.text(at, Anchor::Start, &font, name);
        x += wide + 12.0;
    }
    if any {
        frame.top = y + line;
    }
}
