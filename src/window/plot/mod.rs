//! The one chart widget: a [`Chart`] on screen, with the same gestures and the same reading of
//! values wherever one is shown.
//!
//! The room that shows a chart keeps its [`View`] and makes the chart that is seen from it, so that
//! a figure saved from the room is the chart on screen. The widget changes the view by gestures and
//! keys, and draws the chart with egui_plot, in positions from 0 to 1 along either axis: the very
//! positions at which [`svg`](crate::figure::svg) draws it on paper.

mod frame;
mod gestures;
mod keys;
mod paint;
mod values;

use std::sync::Arc;

use eframe::egui::{self, Id, Rect, Response, Sense, Vec2};

use crate::figure::reading::{self, Along, Reading};
use crate::figure::{Chart, Legend, View};
use crate::window::{focus, theme};
use frame::Frame;
use gestures::Hands;

pub(crate) use keys::KEYS;
pub(crate) use paint::stroked;

/// The least width of a chart that has the list of its runs beside it.
const WITH_LIST: f32 = 420.0;
/// The largest share of the width that the list takes.
const LIST_SHARE: f32 = 0.4;
/// A chart to be shown.
pub(crate) struct Plot<'a> {
    id: Id,
    size: Vec2,
    name: &'a str,
    handle: Option<f64>,
    linked: Option<Id>,
    main: bool,
    lit: &'a dyn Fn(&str) -> bool,
}

/// What was done with a chart.
pub(crate) struct PlotResponse {
    /// Where the line that can be dragged was moved to.
    pub(crate) moved: Option<f64>,
    /// The layer whose line is pointed at.
    pub(crate) pointed: Option<usize>,
}

/// Where the reading line stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cursor {
    at: f64,
    /// The plot over which the pointer put it there; none where keys did.
    pointer: Option<Id>,
}

impl<'a> Plot<'a> {
    /// A chart of `size`; `id` tells it from the others of the same room.
    pub(crate) fn new(ui: &egui::Ui, id: impl std::fmt::Debug, size: Vec2) -> Self {
        Self {
            id: ui.scope_id().with(format!("{id:?}")),
            size,
            name: "",
            handle: None,
            linked: None,
            main: false,
            lit: &|_| true,
        }
    }

    /// A heading in place of what the vertical axis measures.
    pub(crate) fn named(self, name: &'a str) -> Self {
        Self { name, ..self }
    }

    /// A vertical line at `x` that can be dragged.
    pub(crate) fn handle(self, handle: Option<f64>) -> Self {
        Self { handle, ..self }
    }

    /// Charts with the same `id` have one reading line.
    pub(crate) fn linked(self, id: Id) -> Self {
        let linked = Some(id);
        Self { linked, ..self }
    }

    /// The chart is what its tab is about: F6 leads to it.
    pub(crate) fn main(self) -> Self {
        let main = true;
        Self { main, ..self }
    }

    /// Layers of a name for which `lit` is false fade.
    pub(crate) fn lit(self, lit: &'a dyn Fn(&str) -> bool) -> Self {
        Self { lit, ..self }
    }

    /// Draws `chart`, and changes `view` as gestures and keys ask for.
    pub(crate) fn show(
        self,
        ui: &mut egui::Ui,
        chart: &Arc<Chart>,
        view: &mut View,
    ) -> PlotResponse {
        let (rect, _) = ui.allocate_exact_size(self.size, Sense::hover());
        let link = self.linked.unwrap_or(self.id).with("reading line");
        let cursor: Option<Cursor> = ui.data(|data| data.get_temp(link));
        let values = match cursor {
            Some(cursor) => reading::read(chart, cursor.at),
            None => reading::last(chart),
        };
        let (picture, list) = Self::split(ui, rect, chart);
        let frame = Frame::new(ui, chart, picture, self.name);
        frame.show(ui, self.id, chart, self.lit);
        let response = ui.interact(frame.plot, self.id.with("plot"), Sense::click_and_drag());
        let mut hands = Hands::new(self.id, &response, frame.plot);
        let moved = hands.pointer(ui, chart, view, self.handle);
        let pushed = keys::read(ui, &response, (chart, view), link);
        let moved = moved.or_else(|| Some(pushed.apply(self.handle?)).filter(|_| pushed.any()));
        self.move_cursor(ui, &response, (chart, link), &hands);
        let now: Option<Cursor> = ui.data(|data| data.get_temp(link));
        if now != cursor {
            ui.ctx().request_repaint();
        }
        if let Some(cursor) = cursor {
            frame.reading_line(ui, chart, cursor.at, &values);
        }
        let palette = theme::palette(ui);
        match list {
            Some(list) => values::list(ui, list, chart, &values, self.lit),
            None if cursor.is_some() && !hands.dragging() => {
                let by_pointer = cursor.is_some_and(|cursor| cursor.pointer.is_some());
                if !by_pointer || response.hovered() {
                    values::floating(ui, frame.plot, chart, &values, cursor.map(|c| c.at));
                }
            }
            None => {}
        }
        hands.paint(ui, palette);
        self.say(ui, &response, chart, cursor.is_some().then_some(&values));
        let pointer = response.hover_pos();
        PlotResponse {
            moved,
            pointed: pointer.and_then(|at| frame.nearest(chart, &values, at)),
        }
    }

    /// The room for the chart, and for the list of its runs beside it.
    fn split(ui: &egui::Ui, rect: Rect, chart: &Chart) -> (Rect, Option<Rect>) {
        if chart.legend == Legend::Above || rect.width() < WITH_LIST {
            return (rect, None);
        }
        let wide = values::width(ui, chart).min(rect.width() * LIST_SHARE);
        let split = rect.right() - wide;
        let list = Rect::from_min_max(egui::pos2(split, rect.top()), rect.max);
        (rect.with_max_x(split - 16.0), Some(list))
    }

    /// The reading line follows the pointer over this chart, and goes with it.
    fn move_cursor(
        &self,
        ui: &egui::Ui,
        response: &Response,
        (chart, link): (&Chart, Id),
        hands: &Hands<'_>,
    ) {
        let old: Option<Cursor> = ui.data(|data| data.get_temp(link));
        let by_keys = old.is_some_and(|old| old.pointer.is_none());
        let still = ui.input(|input| input.pointer.delta() == Vec2::ZERO);
        // A pointer that rests over the chart leaves the line where keys moved it.
        if hands.dragging() || by_keys && still {
            return;
        }
        let pointer = response.hover_pos();
        if let Some(at) = pointer.and_then(|at| place(chart, response.rect, at)) {
            let pointer = Some(self.id);
            ui.data_mut(|data| data.insert_temp(link, Cursor { at, pointer }));
        } else if old.is_some_and(|old| old.pointer == Some(self.id)) {
            ui.data_mut(|data| data.remove::<Cursor>(link));
        }
    }

    /// Names the chart, and says what it shows at the reading line.
    fn say(&self, ui: &egui::Ui, response: &Response, chart: &Chart, read: Option<&Reading>) {
        let name = [self.name, &chart.title, &chart.y.label];
        let name = name.into_iter().find(|name| !name.is_empty());
        let name = format!("Plot of {}", name.unwrap_or_default());
        let value = read.map_or_else(|| reading::summary(chart), Reading::sentence);
        focus::say(response, &name, &value);
        if self.main {
            focus::main_widget(ui, response.id);
        }
    }
}

/// The place of the reading line that is nearest to the pointer at `at` in `plot`.
fn place(chart: &Chart, plot: Rect, at: egui::Pos2) -> Option<f64> {
    let [x, y] = gestures::position(plot, at);
    match reading::along(chart) {
        Along::X => reading::nearest(chart, chart.x.value(x)),
        // A row reaches from its base line up to the next one's.
        Along::Rows => reading::nearest(chart, chart.y.value(y) - 0.5),
    }
}
