//! Where everything is: rows, columns, labels, legend; and which cell a point is in.
//!
//! Enters: the grid, the space there is, zoom and offset. Leaves: [`Geometry`]. Positions inside
//! the picture ("content") start at the top left cell; `offset` says how far it is scrolled.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

use crate::figure::{Column, Grid};
use crate::tensor::Group;

/// Gap between cells, px.
pub(crate) const GAP: f32 = 1.0;
/// Height of a group's heading, px.
pub(crate) const HEADING: f32 = 20.0;
/// Height of the line of block numbers, px.
pub(crate) const AXIS: f32 = 20.0;
/// Extra space after the column of modules without a block, px.
const APART: f32 = 6.0;
/// The least and greatest size of a cell with its gap before zooming, px.
const LEAST: Vec2 = vec2(4.0, 13.0);
const GREATEST: Vec2 = vec2(64.0, 44.0);
/// No cell grows beyond this, however far in, px.
const ZOOMED: Vec2 = vec2(120.0, 56.0);
/// Farthest zoom.
pub(crate) const MOST_ZOOM: f32 = 24.0;

/// How far the user has zoomed in and scrolled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct View {
    /// 1 shows the whole width.
    pub(crate) zoom: f32,
    /// The content's point at the top left of the body.
    pub(crate) offset: Vec2,
}

impl Default for View {
    fn default() -> Self {
        Self {
            zoom: 1.0,
            offset: Vec2::ZERO,
        }
    }
}

/// The place of everything in one frame, in points on screen.
#[derive(Debug, Clone)]
pub(crate) struct Geometry {
    /// The visible cells.
    pub(crate) body: Rect,
    /// The row labels left of them.
    pub(crate) labels: Rect,
    /// The block numbers above them.
    pub(crate) axis: Rect,
    /// A cell with its gap.
    pub(crate) pitch: Vec2,
    /// All of the content.
    pub(crate) content: Vec2,
    /// Top of each row in the content.
    tops: Vec<f32>,
    /// Group headings: their top in the content.
    pub(crate) headings: Vec<(Group, f32)>,
    /// Whether the first column stands apart.
    apart: bool,
    columns: usize,
    offset: Vec2,
    pixels: f32,
}

impl Geometry {
    /// Lays `grid` out in `space` (cells, their labels of width `label` and the block numbers).
    /// Corrects `view` so that it shows nothing beyond the content.
    pub(crate) fn new(grid: &Grid, space: Rect, label: f32, pixels: f32, view: &mut View) -> Self {
        let body = Rect::from_min_max(
            pos2(space.left() + label, space.top() + AXIS),
            space
                .max
                .max(pos2(space.left() + label + 1.0, space.top() + AXIS + 1.0)),
        );
        let columns = grid.columns.len();
        let apart = columns > 1 && grid.columns[0] == Column::NoBlock;
        let extra = if apart { APART } else { 0.0 };
        let groups = 1 + grid
            .rows
            .windows(2)
            .filter(|pair| pair[0].group != pair[1].group)
            .count();
        let fit = vec2(
            (body.width() - extra) / columns.max(1) as f32,
            (body.height() - groups as f32 * HEADING) / grid.rows.len().max(1) as f32,
        )
        .clamp(LEAST, GREATEST);
        // Whole pixels keep the gaps even; a cell of few pixels cannot afford the loss.
        let whole = |size: f32| {
            if size >= 8.0 {
                (size * pixels).floor() / pixels
            } else {
                size
            }
        };
        // A very wide picture of low rows reads badly: no cell is wider than twice its height.
        let fit = vec2(whole(fit.x.min(2.0 * fit.y)), whole(fit.y));
        view.zoom = view.zoom.clamp(1.0, MOST_ZOOM);
        let pitch = vec2(
            (fit.x * view.zoom).min(ZOOMED.x.max(fit.x)),
            (fit.y * view.zoom).min(ZOOMED.y.max(fit.y)),
        );
        let mut tops = Vec::with_capacity(grid.rows.len());
        let mut headings = Vec::new();
        let mut y = 0.0;
        let mut group = None;
        for row in &grid.rows {
            if group != Some(row.group) {
                group = Some(row.group);
                headings.push((row.group, y));
                y += HEADING;
            }
            tops.push(y);
            y += pitch.y;
        }
        let content = vec2(columns as f32 * pitch.x + extra, y);
        let body = Rect::from_min_size(body.min, body.size().min(content));
        view.offset = view
            .offset
            .clamp(Vec2::ZERO, (content - body.size()).max(Vec2::ZERO));
        Self {
            labels: Rect::from_x_y_ranges(space.left()..=body.left(), body.y_range()),
            axis: Rect::from_x_y_ranges(body.x_range(), space.top()..=body.top()),
            body,
            pitch,
            content,
            tops,
            headings,
            apart,
            columns,
            offset: view.offset,
            pixels,
        }
    }

    /// The left edge of a column in the content.
    fn left(&self, column: usize) -> f32 {
        let extra = if self.apart && column > 0 { APART } else { 0.0 };
        column as f32 * self.pitch.x + extra
    }

    /// The cell on screen, without its gap, on whole pixels.
    pub(crate) fn cell(&self, row: usize, column: usize) -> Rect {
        let top = self.tops.get(row).copied().unwrap_or_default();
        let origin = self.body.min - self.offset;
        let snap = |value: f32| (value * self.pixels).round() / self.pixels;
        let left = origin.x + self.left(column);
        let min = pos2(snap(left), snap(origin.y + top));
        let max = pos2(
            snap(left + self.pitch.x) - GAP,
            snap(origin.y + top + self.pitch.y) - GAP,
        );
        Rect::from_min_max(min, max)
    }

    /// The top of a heading on screen.
    pub(crate) fn heading_top(&self, top: f32) -> f32 {
        self.body.top() - self.offset.y + top
    }

    /// The rows that can be seen.
    pub(crate) fn visible_rows(&self) -> std::ops::Range<usize> {
        let (top, bottom) = (self.offset.y, self.offset.y + self.body.height());
        let first = self.tops.partition_point(|&y| y + self.pitch.y <= top);
        let last = self.tops.partition_point(|&y| y < bottom);
        first..last.max(first)
    }

    /// The columns that can be seen.
    pub(crate) fn visible_columns(&self) -> std::ops::Range<usize> {
        let first = (((self.offset.x - APART) / self.pitch.x).floor().max(0.0)) as usize;
        let last = ((self.offset.x + self.body.width()) / self.pitch.x).ceil() as usize;
        first.min(self.columns)..last.min(self.columns)
    }

    /// The column at that place on screen.
    pub(crate) fn column_at(&self, x: f32) -> Option<usize> {
        if !self.body.x_range().contains(x) {
            return None;
        }
        let x = x - self.body.left() + self.offset.x;
        let column = if self.apart && x >= self.pitch.x {
            ((x - APART) / self.pitch.x).floor().max(0.0)
        } else {
            (x / self.pitch.x).floor()
        } as usize;
        (column < self.columns).then_some(column)
    }

    /// The row at that place on screen.
    pub(crate) fn row_at(&self, y: f32) -> Option<usize> {
        if !self.body.y_range().contains(y) {
            return None;
        }
        let y = y - self.body.top() + self.offset.y;
        let row = self.tops.partition_point(|&top| top <= y).checked_sub(1)?;
        (y < self.tops[row] + self.pitch.y).then_some(row)
    }

    /// The cell at that point on screen, as (row, column).
    pub(crate) fn cell_at(&self, point: Pos2) -> Option<(usize, usize)> {
        Some((self.row_at(point.y)?, self.column_at(point.x)?))
    }

    /// The cell nearest to that point, for a rectangle whose corner is anywhere.
    pub(crate) fn nearest(&self, point: Pos2) -> Option<(usize, usize)> {
        let y =
            point.y.clamp(self.body.top(), self.body.bottom()) - self.body.top() + self.offset.y;
        let row = self.tops.partition_point(|&top| top <= y).saturating_sub(1);
        let x = point.x.clamp(self.body.left(), self.body.right() - 0.5);
        (!self.tops.is_empty()).then_some((row, self.column_at(x)?))
    }

    /// Scrolls `view` as little as needed to show a cell.
    pub(crate) fn reveal(&self, row: usize, column: usize, view: &mut View) {
        let near = |start: f32, size: f32, space: f32, offset: f32| {
            offset.min(start).max(start + size - space)
        };
        let top = self.tops.get(row).copied().unwrap_or_default();
        view.offset = vec2(
            near(
                self.left(column),
                self.pitch.x,
                self.body.width(),
                view.offset.x,
            ),
            near(top, self.pitch.y, self.body.height(), view.offset.y),
        );
    }

    /// Zooms `view` by `factor` and keeps what is under `point` there, as far as the edges allow.
    pub(crate) fn zoom(&self, factor: f32, point: Pos2, view: &mut View) {
        let zoom = (view.zoom * factor).clamp(1.0, MOST_ZOOM);
        let inside = point - self.body.min;
        let place = (inside + self.offset) / self.content.max(Vec2::splat(1.0));
        let growth = zoom / view.zoom;
        view.zoom = zoom;
        let height =
            self.content.y * (self.pitch.y * growth).min(ZOOMED.y.max(self.pitch.y)) / self.pitch.y;
        view.offset = vec2(place.x * self.content.x * growth, place.y * height) - inside;
    }

    /// Whether part of the picture is out of sight.
    pub(crate) fn scrolls(&self) -> (bool, bool) {
        (
            self.content.x > self.body.width() + 0.5,
            self.content.y > self.body.height() + 0.5,
        )
    }
}
