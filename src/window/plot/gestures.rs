//! What the pointer does in a chart, the same wherever one is shown: a drag zooms into a box,
//! Shift or the middle button moves the picture, the wheel zooms (over an axis that axis alone), a
//! double click shows the whole again.

use eframe::egui::{
    self, CursorIcon, Id, Modifiers, PointerButton, Pos2, Rect, Response, Stroke, StrokeKind, Vec2,
};

use crate::figure::{Axis, Chart, View};
use crate::window::theme::Palette;

/// How near to the line that can be dragged the pointer takes hold of it, in points.
const HOLD: f32 = 6.0;
/// A box of less than this in one direction zooms along the other axis alone, in points.
const THIN: f32 = 12.0;
/// How far the wheel scrolls to zoom to twice the size, in points.
const DOUBLING: f32 = 200.0;
/// The smallest part of an axis that is seen: below it numbers have no more digits.
const SMALLEST: f64 = 1e-9;

/// What a drag does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Drag {
    Box(Pos2),
    Move,
    /// Of the line, on the axis as it was seen when the drag began: that axis may grow with it.
    Handle((f64, f64)),
}

/// The pointer over a chart.
pub(crate) struct Hands<'a> {
    id: Id,
    response: &'a Response,
    plot: Rect,
    drag: Option<Drag>,
}

/// Where `at` lies in `plot`, from 0 to 1 along either axis.
pub(crate) fn position(plot: Rect, at: Pos2) -> [f64; 2] {
    let x = (at.x - plot.left()) / plot.width().max(1.0);
    let y = (plot.bottom() - at.y) / plot.height().max(1.0);
    [f64::from(x.clamp(0.0, 1.0)), f64::from(y.clamp(0.0, 1.0))]
}

impl<'a> Hands<'a> {
    pub(crate) fn new(id: Id, response: &'a Response, plot: Rect) -> Self {
        let id = id.with("drag");
        let drag = response.ctx.data(|data| data.get_temp(id));
        Self {
            id,
            response,
            plot,
            drag,
        }
    }

    pub(crate) fn dragging(&self) -> bool {
        self.drag.is_some()
    }

    /// Changes `view` as the pointer asks for. Returns where the line at `handle` is dragged to.
    pub(crate) fn pointer(
        &mut self,
        ui: &egui::Ui,
        chart: &Chart,
        view: &mut View,
        handle: Option<f64>,
    ) -> Option<f64> {
        let response = self.response;
        let on_handle = |at: Pos2| {
            handle.is_some_and(|x| {
                let x = self.plot.left() + chart.x.position(x) as f32 * self.plot.width();
                (x - at.x).abs() <= HOLD
            })
        };
        if response.hover_pos().is_some_and(on_handle) || matches!(self.drag, Some(Drag::Handle(_)))
        {
            ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
        } else if response.hovered() {
            ui.set_cursor_icon(CursorIcon::Crosshair);
        }
        if response.drag_started()
            && let Some(from) = ui.input(|input| input.pointer.press_origin())
        {
            let shift = ui.input(|input| input.modifiers.matches_logically(Modifiers::SHIFT));
            self.drag = if response.drag_started_by(PointerButton::Middle) || shift {
                Some(Drag::Move)
            } else if !response.drag_started_by(PointerButton::Primary) {
                None
            } else if on_handle(from) {
                Some(Drag::Handle((chart.x.low, chart.x.high)))
            } else {
                Some(Drag::Box(from))
            };
        }
        let at = response.interact_pointer_pos();
        let mut moved = None;
        match (self.drag, at) {
            (Some(Drag::Move), _) if response.dragged() => {
                let by = response.drag_delta();
                ui.set_cursor_icon(CursorIcon::Grabbing);
                shift_by(chart, view, by / self.plot.size());
            }
            (Some(Drag::Handle((low, high))), Some(at)) => {
                let axis = Axis {
                    low,
                    high,
                    ..chart.x.clone()
                };
                moved = Some(axis.value(position(self.plot, at)[0]));
            }
            (Some(Drag::Box(from)), Some(at)) if response.drag_stopped() => {
                self.zoom_into(chart, view, from, at);
            }
            _ => {}
        }
        if response.drag_stopped() || !ui.input(|input| input.pointer.any_down()) {
            self.drag = None;
        }
        response.ctx.data_mut(|data| match self.drag {
            Some(drag) => {
                data.insert_temp(self.id, drag);
            }
            None => data.remove::<Drag>(self.id),
        });
        if response.double_clicked() {
            *view = View::default();
        }
        self.wheel(ui, chart, view);
        moved
    }

    fn zoom_into(&self, chart: &Chart, view: &mut View, from: Pos2, to: Pos2) {
        let [across, along] = self.thick(from, to);
        let (a, b) = (position(self.plot, from), position(self.plot, to));
        let part = |axis: &Axis, index: usize| {
            let (low, high) = (a[index].min(b[index]), a[index].max(b[index]));
            kept(axis, (axis.value(low), axis.value(high)))
        };
        if across {
            view.x = part(&chart.x, 0);
        }
        if along {
            view.y = part(&chart.y, 1);
        }
    }

    /// Whether a box is thick enough to zoom along x, and along y.
    fn thick(&self, from: Pos2, to: Pos2) -> [bool; 2] {
        let size = (to.clamp(self.plot.min, self.plot.max) - from).abs();
        [size.x >= THIN, size.y >= THIN]
    }

    fn wheel(&self, ui: &egui::Ui, chart: &Chart, view: &mut View) {
        let Some(at) = ui.input(|input| input.pointer.hover_pos()) else {
            return;
        };
        let left = self
            .plot
            .with_max_x(self.plot.left())
            .with_min_x(self.plot.left() - 48.0);
        let below = self
            .plot
            .with_min_y(self.plot.bottom())
            .with_max_y(self.plot.bottom() + 34.0);
        let (x, y) = if self.response.hovered() {
            (true, true)
        } else {
            let over = |axis: Rect| axis.contains(at) && ui.rect_contains_pointer(axis);
            (over(below), over(left))
        };
        if !(x || y) {
            return;
        }
        let (zoom, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta()));
        let factor = f64::from(zoom * (scroll.y / DOUBLING).exp2());
        if (factor - 1.0).abs() < 1e-4 {
            return;
        }
        let about = position(self.plot, at);
        if x {
            view.x = scaled(&chart.x, about[0], factor);
        }
        if y {
            view.y = scaled(&chart.y, about[1], factor);
        }
        // Taken: a scroll area around the chart must not move as well.
        ui.input_mut(|input| input.smooth_scroll_delta = Vec2::ZERO);
    }

    /// The box while it is drawn.
    pub(crate) fn paint(&self, ui: &egui::Ui, palette: Palette) {
        let at = self.response.interact_pointer_pos();
        let (Some(Drag::Box(from)), Some(at)) = (self.drag, at) else {
            return;
        };
        let at = at.clamp(self.plot.min, self.plot.max);
        let rect = match self.thick(from, at) {
            [true, false] => Rect::from_two_pos(from, at)
                .with_min_y(self.plot.top())
                .with_max_y(self.plot.bottom()),
            [false, true] => Rect::from_two_pos(from, at)
                .with_min_x(self.plot.left())
                .with_max_x(self.plot.right()),
            _ => Rect::from_two_pos(from, at),
        };
        let fill = palette.accent.gamma_multiply(0.14);
        let edge = Stroke::new(1.0, palette.accent);
        ui.painter().rect(rect, 0.0, fill, edge, StrokeKind::Inside);
    }
}

/// `part` of `axis` as far as there is something to see; `None` for all of it.
fn kept(axis: &Axis, (low, high): (f64, f64)) -> Option<(f64, f64)> {
    let (low, high) = (low.max(axis.whole.0), high.min(axis.whole.1));
    let all = low <= axis.whole.0 && high >= axis.whole.1;
    (!all && high > low).then_some((low, high))
}

/// The part of `axis` after zooming by `factor` about the position `at`.
pub(crate) fn scaled(axis: &Axis, at: f64, factor: f64) -> Option<(f64, f64)> {
    let part = (
        axis.value(at - at / factor),
        axis.value(at + (1.0 - at) / factor),
    );
    let whole = axis.whole.1 - axis.whole.0;
    if part.1 - part.0 < whole * SMALLEST {
        return Some((axis.low, axis.high));
    }
    kept(axis, part)
}

/// Moves what is seen by a share of the plot, down and to the right.
pub(crate) fn shift_by(chart: &Chart, view: &mut View, by: Vec2) {
    let moved = |axis: &Axis, by: f64| {
        let at = |value: f64| axis.position(value);
        // As far as there is something to see.
        let (least, most) = (at(axis.whole.0).min(0.0), (at(axis.whole.1) - 1.0).max(0.0));
        let by = by.clamp(least, most);
        (axis.value(by), axis.value(1.0 + by))
    };
    if chart.x.is_zoomed() {
        view.x = Some(moved(&chart.x, f64::from(-by.x)));
    }
    if chart.y.is_zoomed() {
        view.y = Some(moved(&chart.y, f64::from(by.y)));
    }
}
