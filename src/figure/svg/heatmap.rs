//! A heatmap as SVG: title, caption, rows of cells under the headings of their groups, block
//! numbers, the color bar with the histogram of values, and a key for each look that occurs.

use crate::figure::fonts::{Weight, shortened, width};
use crate::figure::svg::Style;
use crate::figure::svg::canvas::{Anchor, Font, Rect};
use crate::figure::svg::frame::{Frame, LINE, MARGIN, MIDDLE};
use crate::figure::svg::heatmap_cells::{color, draw_cell};
use crate::figure::svg::heatmap_legend::{color_bar, keys};
use crate::figure::{Column, HeatmapFigure};

/// Widest share of the figure for row labels.
const LABELS: f64 = 0.42;
/// Cells are no wider than this many times their height.
const WIDEST: f64 = 2.0;

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
