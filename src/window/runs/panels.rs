//! The panels together: one horizontal axis, one hover line, one brush.
//!
//! Enters: what was derived from the runs. Leaves: the zoom that was brushed; which runs are
//! pointed at. Everything that follows the pointer is drawn over panels that stay as they are.

use eframe::egui::{self, EventFilter, Key, Modifiers, Rect, Sense, Stroke, pos2, vec2};

use crate::window::runs::command::RunsCommand;
use crate::window::runs::derive::Derived;
use crate::window::runs::panel::{Ink, Look, Panel};
use crate::window::runs::state::RunId;
use crate::window::runs::{along, readout};
use crate::window::shell::command::Command;
use crate::window::shell::state::State;
use crate::window::{focus, theme};

/// Least size of a panel.
const LEAST: egui::Vec2 = vec2(260.0, 150.0);
/// The width over the height that a panel looks best at.
const ASPECT: f32 = 2.1;
/// Room between panels.
const GAP: f32 = 16.0;
/// Room for the list of values beside a plot, and the least width of a panel that has it.
const LIST: f32 = 188.0;
const WITH_LIST: f32 = 470.0;
/// How near to a line the pointer picks it out.
const NEAR: f32 = 14.0;
/// What a key zooms by, and the share of the axis in view that it moves.
const ZOOM: f64 = 1.5;
const MOVE: f64 = 0.2;

/// What the panels keep from frame to frame.
#[derive(Default)]
pub(crate) struct Panels {
    drawn: Vec<Option<Panel>>,
    /// Where the keyboard has put the hover line.
    cursor: Option<f64>,
    /// Where a brush began, and in which panel.
    brush: Option<(usize, f64)>,
}

/// What the panels of a frame share.
struct Shared<'a> {
    state: &'a State,
    derived: &'a Derived,
    inks: Vec<Ink>,
    range: (f64, f64),
    whole: (f64, f64),
    palette: theme::Palette,
}

impl Panels {
    /// Draws the panels in all the space there is. Returns the run whose line is pointed at.
    pub(crate) fn show(
        &mut self,
        ui: &mut egui::Ui,
        state: &State,
        derived: &Derived,
        inks: Vec<Ink>,
        commands: &mut Vec<Command>,
    ) -> Option<RunId> {
        let whole = whole(derived, &inks);
        let shared = Shared {
            state,
            derived,
            inks,
            range: state.runs.zoom.unwrap_or(whole),
            whole,
            palette: theme::palette(ui),
        };
        let count = derived.panels.len();
        let (columns, height) = layout(ui.available_size(), count);
        self.drawn.resize_with(count, || None);
        let rows = count.div_ceil(columns.max(1));
        let tall = rows as f32 * (height + GAP) - GAP;
        let mut pointed = None;
        egui::ScrollArea::vertical()
            .auto_shrink([false, false])
            .show(ui, |ui| {
                let size = vec2(ui.available_width(), tall.max(1.0));
                let (space, _) = ui.allocate_exact_size(size, Sense::hover());
                let wide = (space.width() - GAP * (columns as f32 - 1.0)) / columns as f32;
                let rects: Vec<Rect> = (0..count)
                    .map(|place| {
                        let (row, column) = ((place / columns) as f32, (place % columns) as f32);
                        let corner = vec2(column * (wide + GAP), row * (height + GAP));
                        Rect::from_min_size(space.min + corner, vec2(wide, height))
                    })
                    .collect();
                pointed = self.all(ui, &shared, &rects, commands);
            });
        pointed
    }

    fn all(
        &mut self,
        ui: &egui::Ui,
        shared: &Shared<'_>,
        rects: &[Rect],
        commands: &mut Vec<Command>,
    ) -> Option<RunId> {
        let mut lists = Vec::new();
        for (place, rect) in rects.iter().enumerate() {
            let list = rect.width() >= WITH_LIST;
            let plot = if list {
                rect.with_max_x(rect.right() - LIST)
            } else {
                *rect
            };
            let look = Look {
                data: &shared.derived.panels[place],
                rect: plot,
                range: shared.range,
                view: &shared.state.settings.runs,
                inks: &shared.inks,
                palette: shared.palette,
                pixels: ui.pixels_per_point(),
            };
            let old = self.drawn[place].take();
            self.drawn[place] = Some(Panel::new(ui, &look, old));
            lists.push(list.then(|| rect.with_min_x(plot.right() + 12.0)));
        }
        let mut responses = Vec::new();
        let hovered = self.input(ui, shared, &mut responses, commands);
        let at = hovered.map(|(_, at)| at);
        let x = hovered
            .and_then(|(place, at)| Some(self.drawn[place].as_ref()?.x_at(at)))
            .or(self.cursor);
        let mut pointed = None;
        for (place, list) in lists.iter().enumerate() {
            let Some(panel) = &self.drawn[place] else {
                continue;
            };
            panel.show(ui);
            let data = &shared.derived.panels[place];
            let values = readout::values(data, &shared.inks, x);
            self.over(ui, shared, place, panel, x);
            if x.is_some() {
                readout::marks(ui, panel, &values, shared.palette);
            }
            if hovered.is_some_and(|(hovered, _)| hovered == place) {
                pointed = at.and_then(|at| nearest(panel, &values, at));
            }
            let axis = shared.state.settings.runs.axis;
            let heading = x.map_or_else(|| "last".to_owned(), |x| along::read(axis, x));
            let entries = &shared.state.runs.list;
            match list {
                Some(rect) => {
                    let rect = rect.with_min_y(rect.top() + 4.0);
                    readout::list(
                        ui,
                        rect,
                        entries,
                        &values,
                        panel.scale,
                        &heading,
                        shared.palette,
                    );
                }
                None if hovered.is_some_and(|(hovered, _)| hovered == place) => {
                    readout::floating(ui, panel, at, entries, &values, &heading, shared.palette);
                }
                None => {}
            }
            let name = format!("Plot of {}", panel.y.label.trim());
            focus::say(&responses[place], &name, &spoken(shared, panel, &values, x));
        }
        pointed
    }

    /// Reads pointer and keys; the panel and the place that are hovered.
    fn input(
        &mut self,
        ui: &egui::Ui,
        shared: &Shared<'_>,
        responses: &mut Vec<egui::Response>,
        commands: &mut Vec<Command>,
    ) -> Option<(usize, egui::Pos2)> {
        let mut hovered = None;
        let mut zoom = |to: Option<(f64, f64)>| {
            commands.push(Command::Runs(RunsCommand::Zoom(to)));
        };
        for place in 0..self.drawn.len() {
            let Some(panel) = &self.drawn[place] else {
                continue;
            };
            let response = ui.interact(panel.plot, id(ui, place), Sense::click_and_drag());
            if let Some(at) = response.hover_pos().or(response.interact_pointer_pos()) {
                hovered = Some((place, at));
                self.cursor = None;
            }
            if response.drag_started()
                && let Some(at) = ui.input(|input| input.pointer.press_origin())
            {
                self.brush = Some((place, panel.x_at(at)));
            }
            if response.drag_stopped()
                && let (Some((_, from)), Some(at)) =
                    (self.brush.take(), response.interact_pointer_pos())
            {
                let to = panel.x_at(at);
                let (low, high) = (from.min(to), from.max(to));
                if panel.x.position(high) - panel.x.position(low) > 0.01 {
                    zoom(Some((low, high)));
                }
            }
            if response.double_clicked() {
                zoom(None);
            }
            if response.hovered() {
                ui.set_cursor_icon(egui::CursorIcon::Crosshair);
                let factor = ui.input(egui::InputState::zoom_delta);
                if (factor - 1.0).abs() > f32::EPSILON
                    && let Some(at) = response.hover_pos()
                {
                    zoom(scaled(panel, shared, panel.x_at(at), f64::from(factor)));
                }
            }
            if response.has_focus() {
                // Or the arrows would go on to another widget.
                let filter = EventFilter {
                    horizontal_arrows: true,
                    escape: true,
                    ..EventFilter::default()
                };
                ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
                view(ui, panel, shared, self.cursor, &mut zoom);
                self.cursor = keys(ui, shared, place, self.cursor);
            }
            responses.push(response);
        }
        hovered
    }

    /// The hover line, and the brush while it is drawn.
    fn over(
        &self,
        ui: &egui::Ui,
        shared: &Shared<'_>,
        place: usize,
        panel: &Panel,
        x: Option<f64>,
    ) {
        let painter = ui.painter().with_clip_rect(panel.plot);
        let screen = |x: f64| panel.plot.left() + panel.x.position(x) as f32 * panel.plot.width();
        if let (Some((from, start)), Some(x)) = (self.brush, x) {
            let (left, right) = (screen(start), screen(x));
            let rect =
                Rect::from_x_y_ranges(left.min(right)..=left.max(right), panel.plot.y_range());
            let strength = if from == place { 0.16 } else { 0.10 };
            painter.rect_filled(rect, 0.0, shared.palette.accent.gamma_multiply(strength));
        }
        if let Some(x) = x {
            let line = Stroke::new(1.0, shared.palette.weak.gamma_multiply(0.7));
            painter.vline(screen(x), panel.plot.y_range(), line);
        }
    }
}

/// What a screen reader says of the panel: every run's value.
fn spoken(shared: &Shared<'_>, panel: &Panel, values: &[readout::Value], x: Option<f64>) -> String {
    let runs = &shared.state.runs;
    let name = |run: RunId| {
        let entry = runs.entry(run);
        entry.map_or_else(String::new, |entry| entry.run.name.clone())
    };
    let axis = shared.state.settings.runs.axis;
    readout::spoken(name, values, panel.scale, axis, x)
}

fn id(ui: &egui::Ui, place: usize) -> egui::Id {
    ui.scope_id().with(("panel", place))
}

/// The columns and the height of panels that fill `space` best.
fn layout(space: egui::Vec2, count: usize) -> (usize, f32) {
    let most = ((space.x + GAP) / (LEAST.x + GAP)).floor().max(1.0) as usize;
    let size = |columns: usize| {
        let rows = count.div_ceil(columns).max(1) as f32;
        let wide = (space.x - GAP * (columns as f32 - 1.0)) / columns as f32;
        let high = (space.y - GAP * (rows - 1.0)) / rows;
        (wide, high.max(LEAST.y))
    };
    let misfit = |columns: &usize| {
        let (wide, high) = size(*columns);
        // As far from the best as its logarithm says: half and double are equally bad.
        (wide / high / ASPECT).ln().abs()
    };
    let columns = (1..=most.min(count.max(1)))
        .min_by(|a, b| misfit(a).total_cmp(&misfit(b)))
        .unwrap_or(1);
    (columns, size(columns).1)
}

/// The range that all shown runs' lines take together.
fn whole(derived: &Derived, inks: &[Ink]) -> (f64, f64) {
    let traces = derived.panels.iter().flat_map(|panel| &panel.traces);
    let shown = traces.filter(|trace| inks.iter().any(|ink| ink.run == trace.run));
    let ends = shown.filter_map(|trace| {
        let points = trace.raw.points();
        Some((points.first()?[0], points.last()?[0]))
    });
    let together = ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    together.unwrap_or((0.0, 1.0))
}

/// The range after zooming by `factor` about `x`.
fn scaled(panel: &Panel, shared: &Shared<'_>, x: f64, factor: f64) -> Option<(f64, f64)> {
    let at = panel.x.position(x);
    let low = panel.x.value(at - at / factor).max(shared.whole.0);
    let high = panel.x.value(at + (1.0 - at) / factor).min(shared.whole.1);
    let all = low <= shared.whole.0 && high >= shared.whole.1;
    (!all && high > low).then_some((low, high))
}

/// The range after what the keys ask for: nearer, farther, all of it, or to one side.
fn view(
    ui: &egui::Ui,
    panel: &Panel,
    shared: &Shared<'_>,
    cursor: Option<f64>,
    zoom: &mut impl FnMut(Option<(f64, f64)>),
) {
    let pressed =
        |modifiers, key| ui.input_mut(|input| input.count_and_consume_key(modifiers, key)) as i32;
    if pressed(Modifiers::NONE, Key::Num0) > 0 {
        zoom(None);
    }
    let nearer = pressed(Modifiers::NONE, Key::Plus) + pressed(Modifiers::NONE, Key::Equals);
    let steps = nearer - pressed(Modifiers::NONE, Key::Minus);
    if steps != 0 {
        let middle = || panel.x.value(0.5);
        let seen = |x: &f64| (0.0..=1.0).contains(&panel.x.position(*x));
        let about = cursor.filter(seen).unwrap_or_else(middle);
        zoom(scaled(panel, shared, about, ZOOM.powi(steps)));
    }
    let right = pressed(Modifiers::SHIFT, Key::ArrowRight);
    let moved = f64::from(right - pressed(Modifiers::SHIFT, Key::ArrowLeft)) * MOVE;
    if moved.abs() < f64::EPSILON {
        return;
    }
    // As far as there is something to see.
    let at = |x: f64| panel.x.position(x);
    let moved = moved.clamp(
        at(shared.whole.0).min(0.0),
        (at(shared.whole.1) - 1.0).max(0.0),
    );
    zoom(Some((panel.x.value(moved), panel.x.value(1.0 + moved))));
}

/// Where the keys move the hover line: from value to value of the first line.
fn keys(ui: &egui::Ui, shared: &Shared<'_>, place: usize, cursor: Option<f64>) -> Option<f64> {
    let traces = &shared.derived.panels[place].traces;
    let first = shared.inks.first();
    let trace = first.and_then(|ink| traces.iter().find(|trace| trace.run == ink.run));
    let Some(line) = trace.map(crate::window::runs::derive::Trace::main) else {
        return cursor;
    };
    let pressed = |key| ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
    let (low, high) = shared.range;
    let moved = if pressed(Key::ArrowRight) {
        line.step(cursor.unwrap_or(low), true)
    } else if pressed(Key::ArrowLeft) {
        line.step(cursor.unwrap_or(high), false)
    } else if pressed(Key::Home) {
        line.nearest(low).map(|point| point[0])
    } else if pressed(Key::End) {
        line.nearest(high).map(|point| point[0])
    } else if pressed(Key::Escape) {
        return None;
    } else {
        None
    };
    moved.or(cursor)
}

/// The run whose value is nearest to the pointer, where it is near.
fn nearest(panel: &Panel, values: &[readout::Value], at: egui::Pos2) -> Option<RunId> {
    let distance = |value: &readout::Value| {
        let y = value.smooth.unwrap_or(value.point[1]);
        (panel.at([value.point[0], y]).y - at.y).abs()
    };
    let near = values.iter().filter(|value| distance(value) < NEAR);
    let found = near.min_by(|a, b| distance(a).total_cmp(&distance(b)));
    found.map(|value| value.ink.run)
}

/// Where a list of `size` floats beside the pointer, inside the plot.
pub(crate) fn beside(plot: Rect, at: egui::Pos2, size: egui::Vec2) -> Rect {
    let right = at.x + 14.0 + size.x <= plot.right();
    let x = if right {
        at.x + 14.0
    } else {
        at.x - 14.0 - size.x
    };
    let y = (at.y - size.y / 2.0).clamp(plot.top(), (plot.bottom() - size.y).max(plot.top()));
    Rect::from_min_size(pos2(x, y), size)
}
