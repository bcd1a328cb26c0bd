//! A heatmap as SVG.
//!
//! Enters: [`HeatmapFigure`] and [`Style`]. Leaves: the document: title, caption, rows of cells
//! under the headings of their groups, block numbers, the colour bar with the histogram of
//! values, and a key for each look that occurs.

use crate::figure::fonts::{Weight, shortened, width};
use crate::figure::heatmap_figure::Chosen;
use crate::figure::svg::Style;
use crate::figure::svg::canvas::{Anchor, Font, Pen, Rect};
use crate::figure::svg::frame::{Frame, LINE, MARGIN, MIDDLE};
use crate::figure::{Column, HeatmapFigure, Paper, Rgb, Scale, Value};

/// Widest share of the figure for row labels.
const LABELS: f64 = 0.42;
/// Cells are no wider than this many times their height.
const WIDEST: f64 = 2.0;
/// Height of the histogram and of the colour bar below it, px.
const HISTOGRAM: f64 = 16.0;
const BAR: f64 = 7.0;
/// Side of a cell in the key, px.
const KEY: f64 = 9.0;

/// Where the cells lie.
struct Layout {
    left: f64,
    cell: [f64; 2],
    /// Top of each row.
    rows: Vec<f64>,
    bottom: f64,
}

impl Layout {
    fn rect(&self, row: usize, column: usize) -> Rect {
        let [width, height] = self.cell;
        Rect {
            x: self.left + width * column as f64,
            y: self.rows[row],
            width,
            height,
        }
    }
}

/// The heatmap as an SVG document.
#[must_use]
pub fn heatmap_svg(figure: &HeatmapFigure<'_>, style: &Style) -> String {
    let mut frame = Frame::new(style, &figure.title, &figure.caption);
    let layout = layout(figure, &frame, style);
    rows(&mut frame, figure, &layout);
    for row in 0..figure.grid.rows.len() {
        for column in 0..figure.grid.columns.len() {
            cell(&mut frame, figure, &layout, (row, column));
        }
    }
    frame.top = layout.bottom;
    blocks(&mut frame, figure, &layout);
    color_bar(&mut frame, figure);
    keys(&mut frame, figure);
    let bottom = frame.top + MARGIN;
    frame.finish(bottom, &figure.title, &figure.caption)
}

fn layout(figure: &HeatmapFigure<'_>, frame: &Frame, style: &Style) -> Layout {
    let grid = figure.grid;
    let size = frame.weak.size;
    let labels = grid
        .rows
        .iter()
        .map(|row| width(&row.label, size, Weight::Regular));
    let labels = labels.fold(0.0, f64::max).min(frame.width * LABELS);
    let left = MARGIN + labels + 5.0;
    let columns = grid.columns.len().max(1) as f64;
    let room = frame.width - MARGIN - left;
    let groups = headings(figure).iter().flatten().count() as f64;
    let heading = size * LINE + 2.0;
    let line = (size * 1.25).round();
    let height = style.height.map_or(line, |height| {
        let text = frame.top + groups * heading + 100.0;
        ((height - text) / grid.rows.len().max(1) as f64).max(line)
    });
    // Few blocks would make bars of the cells.
    let wide = (room / columns).min(height * WIDEST);
    let mut y = frame.top + 4.0;
    let mut rows = Vec::with_capacity(grid.rows.len());
    for heading_text in headings(figure) {
        if heading_text.is_some() {
            y += heading;
        }
        rows.push(y);
        y += height;
    }
    Layout {
        left,
        cell: [wide, height],
        rows,
        bottom: y,
    }
}

/// For each row the heading above it, where its group begins.
fn headings(figure: &HeatmapFigure<'_>) -> Vec<Option<String>> {
    let mut last = None;
    let heading = |row: &crate::figure::Row| {
        let begins = last != Some(row.group);
        last = Some(row.group);
        begins.then(|| row.group.to_string())
    };
    figure.grid.rows.iter().map(heading).collect()
}

fn rows(frame: &mut Frame, figure: &HeatmapFigure<'_>, layout: &Layout) {
    let weak = frame.weak;
    let label = Font {
        color: frame.paper.text,
        ..weak
    };
    let heading = Font {
        weight: Weight::Semibold,
        ..weak
    };
    let room = layout.left - 5.0 - MARGIN;
    for ((row, &top), text) in figure
        .grid
        .rows
        .iter()
        .zip(&layout.rows)
        .zip(headings(figure))
    {
        if let Some(text) = text {
            let at = [layout.left, top - weak.size * 0.35];
            frame.canvas.text(at, Anchor::Start, &heading, &text);
        }
        let at = [
            layout.left - 5.0,
            top + layout.cell[1] / 2.0 + weak.size * MIDDLE,
        ];
        let text = shortened(&row.label, room, label.size);
        frame.canvas.text(at, Anchor::End, &label, &text);
    }
}

/// Width of the gap around cells, and of the outline that takes it.
fn gap(rect: Rect) -> f64 {
    (rect.width.min(rect.height) * 0.09).clamp(0.15, 0.6)
}

fn color(figure: &HeatmapFigure<'_>, paper: &Paper, value: Value) -> Option<Rgb> {
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

fn cell(frame: &mut Frame, figure: &HeatmapFigure<'_>, layout: &Layout, at: (usize, usize)) {
    let value = figure.values.at(at.0, at.1);
    let Some(color) = color(figure, frame.paper, value) else {
        return;
    };
    draw_cell(
        frame,
        layout.rect(at.0, at.1),
        value,
        color,
        figure.chosen(at.0, at.1),
    );
}

/// One cell in `rect`; its gap is inside.
fn draw_cell(frame: &mut Frame, rect: Rect, value: Value, color: Rgb, state: Option<Chosen>) {
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
            let rest = [[left, bottom], [right, bottom], [right, top]];
            frame.canvas.polyline(&corners, &pen);
            frame.canvas.polyline(&rest, &pen);
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

/// Block numbers under the cells: every one, second, fifth or tenth.
fn blocks(frame: &mut Frame, figure: &HeatmapFigure<'_>, layout: &Layout) {
    let font = frame.weak;
    let columns = &figure.grid.columns;
    let greatest = columns.last().map_or(0, |column| match column {
        Column::Block(block) => *block,
        Column::NoBlock => 0,
    });
    let widest = width(&greatest.to_string(), font.size, font.weight) + 4.0;
    let stride = [1, 2, 5, 10, 20, 50, 100, 1000]
        .into_iter()
        .find(|&stride| f64::from(stride) * layout.cell[0] >= widest)
        .unwrap_or(1000);
    let baseline = frame.top + font.size + 2.0;
    let middle = |column: usize| layout.left + layout.cell[0] * (column as f64 + 0.5);
    let mut free = f64::NEG_INFINITY;
    for (index, column) in columns.iter().enumerate() {
        let Column::Block(block) = column else {
            continue;
        };
        let text = block.to_string();
        let half = width(&text, font.size, font.weight) / 2.0;
        // Numbers may be sparse: then those that are there come closer than their stride.
        if block % stride == 0 && middle(index) - half > free {
            let at = [middle(index), baseline];
            frame.canvas.text(at, Anchor::Middle, &font, &text);
            free = middle(index) + half + 3.0;
        }
    }
    let label = "block";
    let at = [layout.left - 5.0, baseline];
    frame.canvas.text(at, Anchor::End, &font, label);
    frame.top = baseline + 6.0;
}

/// The colour bar with its histogram above and its ticks below.
fn color_bar(frame: &mut Frame, figure: &HeatmapFigure<'_>) {
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

/// An arrow where values lie beyond an end: they take its colour.
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
fn keys(frame: &mut Frame, figure: &HeatmapFigure<'_>) {
    // A value in the middle of the scale, whose colour stands out from either page.
    let middle = |scale: Scale| match scale.log {
        true => (scale.low * scale.high).sqrt(),
        false => f64::midpoint(scale.low, scale.high),
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
        ("not a number", figure.values.nan > 0, Value::Nan, None),
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
