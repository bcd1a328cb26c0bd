//! Draws the cells: fills as one mesh, and marks, signs and outlines for what can be seen.
//!
//! A mesh rather than a texture: 28,800 cells take well under a millisecond, the gaps between
//! cells stay one pixel at every zoom, and each cell fades or gets its outline in passing.

use eframe::egui::{Color32, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

use crate::figure::{Grid, Picture, Value, Values};
use crate::selection::Mark;
use crate::window::heatmap::event::Input;
use crate::window::heatmap::layout::Geometry;
use crate::window::heatmap::look::Look;

/// What is chosen and marked in one cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CellState {
    pub(crate) total: u32,
    pub(crate) chosen: u32,
    pub(crate) pinned: u32,
    pub(crate) dropped: u32,
    /// Near-ties at their cuts.
    pub(crate) near: u32,
}

/// The state of every cell, row by row; made again when the selection changes.
pub(crate) fn states(grid: &Grid, input: &Input<'_>) -> Vec<CellState> {
    let marks: Vec<Option<Mark>> = if input.choice.marks.is_empty() {
        Vec::new()
    } else {
        let modules = input.report.modules.iter();
        modules
            .map(|module| input.choice.marks.get(&module.name).copied())
            .collect()
    };
    let mut states = Vec::with_capacity(grid.rows.len() * grid.columns.len());
    for row in 0..grid.rows.len() {
        for column in 0..grid.columns.len() {
            let mut state = CellState::default();
            for &module in grid.modules(row, column) {
                let module = module as usize;
                state.total += 1;
                state.chosen += u32::from(input.set.chosen.get(module) == Some(&true));
                state.near += u32::from(input.near.get(module) == Some(&true));
                match marks.get(module) {
                    Some(Some(Mark::Pin)) => state.pinned += 1,
                    Some(Some(Mark::Drop)) => state.dropped += 1,
                    _ => {}
                }
            }
            states.push(state);
        }
    }
    states
}

/// Collects what a frame shows, in three layers: fills, then signs, then marks.
pub(crate) struct Canvas<'a> {
    painter: &'a Painter,
    look: &'a Look,
    dim: bool,
    fills: Mesh,
    signs: Vec<Shape>,
    infinity: Option<(f32, std::sync::Arc<eframe::egui::Galley>)>,
}

impl<'a> Canvas<'a> {
    pub(crate) fn new(painter: &'a Painter, look: &'a Look, dim: bool) -> Self {
        Self {
            painter,
            look,
            dim,
            fills: Mesh::default(),
            signs: Vec::new(),
            infinity: None,
        }
    }

    /// One cell: its value's color or sign, how much of it is chosen, its marks.
    pub(crate) fn cell(&mut self, rect: Rect, value: Value, color: Color32, state: CellState) {
        let look = self.look;
        let color = match value {
            Value::Empty => return,
            Value::Number(_) => color,
            Value::Infinite => look.infinite,
            Value::Nan | Value::Unseparated => look.background,
            Value::Unknown | Value::Waiting => look.waiting,
        };
        let frozen = if self.dim && value != Value::Waiting {
            look.faded(color)
        } else {
            color
        };
        if state.chosen == 0 {
            self.fills.add_colored_rect(rect, frozen);
        } else if state.chosen == state.total {
            // The outline takes the gap, and a pixel of the cell where it can spare one.
            let inner = if rect.width().min(rect.height()) >= 9.0 {
                1.0
            } else {
                0.0
            };
            self.fills.add_colored_rect(rect.expand(1.0), look.chosen);
            self.fills.add_colored_rect(rect.shrink(inner), color);
        } else {
            // A folded cell fills from below by its chosen share.
            let share = state.chosen as f32 / state.total as f32;
            let level =
                (rect.bottom() - (share * rect.height()).clamp(2.0, rect.height() - 1.0)).round();
            self.fills.add_colored_rect(rect, frozen);
            let filled = Rect::from_min_max(pos2(rect.left(), level), rect.max);
            self.fills.add_colored_rect(filled, color);
            let line =
                Rect::from_min_max(filled.min - vec2(0.0, 1.0), pos2(rect.right(), level + 0.5));
            self.fills.add_colored_rect(line, look.chosen);
        }
        match value {
            Value::Infinite => self.infinity(rect, state.chosen > 0 || !self.dim),
            Value::Nan => self.crossed_out(rect),
            Value::Unseparated => self.barred(rect),
            _ => {}
        }
        if state.near > 0 {
            let (ground, strength) = if state.chosen > 0 {
                (color, 1.0)
            } else {
                (frozen, 0.6)
            };
            self.near(rect, self.look.against(ground).gamma_multiply(strength));
        }
        if state.pinned > 0 || state.dropped > 0 {
            self.marks(rect, state);
        }
    }

    fn infinity(&mut self, rect: Rect, bright: bool) {
        let look = self.look;
        let ink = if bright { look.background } else { look.weak };
        let size = rect.width().min(rect.height() + 2.0).min(17.0);
        if size < 9.0 {
            // Two dots for its two loops: the letter would be a blot.
            for aside in [-1.5, 1.5] {
                let center = rect.center() + vec2(aside, 0.0);
                let dot = Rect::from_center_size(center, vec2(2.0, 2.0));
                self.fills.add_colored_rect(dot.intersect(rect), ink);
            }
            return;
        }
        let painter = self.painter;
        let (_, galley) = self.infinity.get_or_insert_with(|| {
            let font = FontId::proportional(size);
            (
                size,
                painter.layout_no_wrap("∞".to_owned(), font, Color32::PLACEHOLDER),
            )
        });
        // Centered by its ink: the letter sits low in its line.
        let ink_box = galley.mesh_bounds;
        let at = rect.center() - ink_box.center().to_vec2();
        self.signs.push(Shape::galley(at, galley.clone(), ink));
    }

    /// A notch in the lower right corner: the cell's side of the cut is not settled.
    fn near(&mut self, rect: Rect, ink: Color32) {
        let side = (rect.width().min(rect.height()) * 0.4).clamp(3.0, 6.0);
        let corner = rect.right_bottom();
        let ends = [corner, corner - vec2(side, 0.0), corner - vec2(0.0, side)];
        let first = self.fills.vertices.len() as u32;
        for end in ends {
            self.fills.colored_vertex(end, ink);
        }
        self.fills.add_triangle(first, first + 1, first + 2);
    }

    fn barred(&mut self, rect: Rect) {
        let bar = Rect::from_center_size(rect.center(), vec2((rect.width() - 4.0).max(2.0), 2.0));
        self.fills.add_colored_rect(bar, self.look.nan);
    }

    fn crossed_out(&mut self, rect: Rect) {
        let stroke = Stroke::new(1.0, self.look.nan);
        let inside = rect.shrink(0.5);
        let ends = [inside.left_bottom(), inside.right_top()];
        self.signs.push(Shape::line_segment(ends, stroke));
        self.signs.push(Shape::rect_stroke(
            rect,
            0.0,
            stroke,
            eframe::egui::StrokeKind::Inside,
        ));
    }

    fn marks(&mut self, rect: Rect, state: CellState) {
        let radius = (rect.width().min(rect.height()) * 0.2).clamp(1.5, 4.5);
        let (pin, drop) = if state.total > 1 && state.pinned > 0 && state.dropped > 0 {
            let aside = vec2(rect.width() * 0.22, 0.0);
            (rect.center() - aside, rect.center() + aside)
        } else {
            (rect.center(), rect.center())
        };
        if state.pinned > 0 {
            self.pin(pin, radius);
        }
        if state.dropped > 0 {
            self.drop(drop, radius);
        }
    }

    fn pin(&mut self, center: Pos2, radius: f32) {
        let rim = Shape::circle_filled(center, radius + 1.5, self.look.mark_rim);
        let dot = Shape::circle_filled(center, radius, self.look.mark);
        self.signs.extend([rim, dot]);
    }

    fn drop(&mut self, center: Pos2, radius: f32) {
        let arm = radius;
        for (width, color) in [(4.0, self.look.mark_rim), (1.75, self.look.mark)] {
            // The rim reaches past the ends of the arms.
            let arm = if width > 3.0 { arm + 1.0 } else { arm };
            for tilt in [vec2(arm, arm), vec2(arm, -arm)] {
                let ends = [center - tilt, center + tilt];
                self.signs
                    .push(Shape::line_segment(ends, Stroke::new(width, color)));
            }
        }
    }

    /// Paints what was collected.
    pub(crate) fn finish(self) {
        self.painter.add(Shape::mesh(self.fills));
        self.painter.extend(self.signs);
    }
}

/// Draws the visible cells.
pub(crate) fn paint(
    painter: &Painter,
    geometry: &Geometry,
    (values, picture): (&Values, &Picture),
    states: &[CellState],
    (look, dim): (&Look, bool),
) {
    // The outlines of the outermost cells reach a pixel beyond the body.
    let painter = painter.with_clip_rect(geometry.body.expand(1.0).intersect(painter.clip_rect()));
    let mut canvas = Canvas::new(&painter, look, dim);
    for row in geometry.visible_rows() {
        for column in geometry.visible_columns() {
            let cell = row * picture.width + column;
            let [r, g, b, _] = picture.pixels.get(cell).copied().unwrap_or_default();
            let state = states.get(cell).copied().unwrap_or_default();
            let color = Color32::from_rgb(r, g, b);
            canvas.cell(
                geometry.cell(row, column),
                values.at(row, column),
                color,
                state,
            );
        }
    }
    canvas.finish();
}
