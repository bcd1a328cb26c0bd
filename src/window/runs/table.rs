//! The table of runs: a row a run, sorted by any column; names, colours and order by hand.
//!
//! Enters: the list of runs and their comparison. Leaves: commands; the run that is pointed at.

use eframe::egui::{self, Align2, FontId, Rect, Role, Sense, Stroke, WidgetInfo, pos2, vec2};

use crate::figure::table::Column;
use crate::run::Comparison;
use crate::window::runs::columns::{self, Heading};
use crate::window::runs::command::RunsCommand;
use crate::window::runs::derive::Derived;
use crate::window::runs::shown::RunsView;
use crate::window::runs::state::{RunEntry, RunId};
use crate::window::runs::{row, row_menu};
use crate::window::shell::command::Command;
use crate::window::shell::state::State;
use crate::window::{focus, theme};

/// Height of a row.
pub(crate) const ROW: f32 = 24.0;
/// Height of the headings: a line for the group, one for the column.
const HEAD: f32 = 34.0;
/// Room for the checkbox and the colour.
pub(crate) const MARKS: f32 = 48.0;
/// The name's column takes what is left between these.
const NAME: (f32, f32) = (150.0, 300.0);

/// What the table keeps from frame to frame.
#[derive(Default)]
pub(crate) struct Table {
    /// The name being changed.
    pub(crate) renaming: Option<(RunId, String)>,
    /// The row being dragged.
    pub(crate) dragged: Option<RunId>,
}

/// What the rows of a frame share.
pub(crate) struct Shown<'a> {
    pub(crate) state: &'a State,
    pub(crate) derived: &'a Derived,
    pub(crate) headings: Vec<Heading>,
    pub(crate) name: f32,
    pub(crate) palette: theme::Palette,
}

impl Table {
    /// The height of the table, at most `most`.
    pub(crate) fn height(runs: usize, most: f32) -> f32 {
        (HEAD + ROW * runs as f32 + 4.0).min(most.max(HEAD + ROW * 2.0))
    }

    /// Draws the table. Returns the run that is pointed at.
    pub(crate) fn show(
        &mut self,
        ui: &mut egui::Ui,
        state: &State,
        derived: &Derived,
        lit: &[RunId],
        commands: &mut Vec<Command>,
    ) -> Option<RunId> {
        let headings: Vec<Heading> = columns(state, derived)
            .into_iter()
            .map(|column| columns::heading(column, &derived.comparison))
            .collect();
        let fixed: f32 = headings.iter().map(|heading| heading.width).sum();
        let name = (ui.available_width() - MARKS - fixed).clamp(NAME.0, NAME.1);
        let shown = Shown {
            state,
            derived,
            headings,
            name,
            palette: theme::palette(ui),
        };
        let order = order(state, derived);
        let mut pointed = None;
        egui::ScrollArea::horizontal()
            .id_salt("columns of runs")
            .auto_shrink([false, true])
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
                ui.set_min_width(MARKS + name + fixed);
                head(ui, &shown, commands);
                let height = ui.available_height();
                egui::ScrollArea::vertical()
                    .id_salt("rows of runs")
                    .max_height(height)
                    .auto_shrink([false, false])
                    .show_rows(ui, ROW, order.len(), |ui, rows| {
                        for place in rows {
                            let entry = order[place];
                            // By its run: what has the keyboard keeps it while the list scrolls.
                            let drawn = ui.push_id(entry.id, |ui| {
                                self.row(ui, &shown, &order, entry, lit, commands)
                            });
                            focus::around_row(ui, drawn.response.rect);
                            let hovered = drawn.inner;
                            pointed = pointed.or(hovered.then_some(entry.id));
                        }
                    });
                focus::around_all(ui);
            });
        pointed
    }

    fn row(
        &mut self,
        ui: &mut egui::Ui,
        shown: &Shown<'_>,
        order: &[&RunEntry],
        entry: &RunEntry,
        lit: &[RunId],
        commands: &mut Vec<Command>,
    ) -> bool {
        let size = vec2(ui.available_width(), ROW);
        let (rect, space) = ui.allocate_exact_size(size, Sense::hover());
        let hovered = space.contains_pointer();
        if lit.contains(&entry.id) || shown.state.runs.selected == Some(entry.id) {
            let fill = shown.palette.raised.gamma_multiply(0.55);
            ui.painter().rect_filled(rect, 3.0, fill);
        }
        row::show(ui, self, shown, order, entry, rect, commands);
        hovered
    }
}

/// The runs in the order they are shown in.
pub(crate) fn order<'a>(state: &'a State, derived: &Derived) -> Vec<&'a RunEntry> {
    let mut order: Vec<&RunEntry> = state.runs.list.iter().collect();
    let Some((column, descending)) = &state.settings.runs.sort else {
        return order;
    };
    let key = |entry: &RunEntry| {
        let cell = derived.row(entry.id).map(|row| columns::cell(*column, row));
        cell.map(|cell| (cell.value, cell.text))
    };
    order.sort_by(|a, b| {
        let (Some(a), Some(b)) = (key(a), key(b)) else {
            return std::cmp::Ordering::Equal;
        };
        match (a.0, b.0) {
            (Some(a), Some(b)) if *descending => b.total_cmp(&a),
            (Some(a), Some(b)) => a.total_cmp(&b),
            // What has no value comes last either way.
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) if *descending => b.1.cmp(&a.1),
            (None, None) => a.1.cmp(&b.1),
        }
    });
    order
}

/// The table as it is shown, without the runs that are hidden: what is copied.
pub(crate) fn as_shown(state: &State, derived: &Derived) -> (Comparison, Vec<Column>) {
    let mut comparison = derived.comparison.clone();
    let shown = order(state, derived)
        .into_iter()
        .filter(|entry| !entry.hidden);
    comparison.rows = shown
        .filter_map(|entry| derived.row(entry.id).cloned())
        .collect();
    let columns = columns(state, derived);
    let columns = std::iter::once(Column::Name).chain(columns).collect();
    (comparison, columns)
}

/// The columns that are shown, the name's left out.
fn columns(state: &State, derived: &Derived) -> Vec<Column> {
    let hidden = &state.settings.runs.hidden_columns;
    columns::all(derived.comparison.metrics.len())
        .into_iter()
        .filter(|column| !hidden.contains(column))
        .filter(|column| columns::is_filled(*column, &derived.comparison))
        .collect()
}

/// The headings: a click sorts, a second one turns the order, a third goes back to one's own.
fn head(ui: &mut egui::Ui, shown: &Shown<'_>, commands: &mut Vec<Command>) {
    let size = vec2(ui.available_width(), HEAD);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let view = &shown.state.settings.runs;
    let name = columns::heading(Column::Name, &shown.derived.comparison);
    let mut left = rect.left() + MARKS;
    let place = |left: f32, width: f32| {
        Rect::from_min_max(
            pos2(left, rect.top() + HEAD / 2.0 - 2.0),
            pos2(left + width, rect.bottom() - 2.0),
        )
    };
    heading(
        ui,
        view,
        &name,
        place(left, shown.name),
        false,
        shown.palette,
        commands,
    );
    left += shown.name;
    let mut group: Option<(&str, f32, f32)> = None;
    let mut groups = Vec::new();
    for column in &shown.headings {
        let text = column.column == Column::Method;
        heading(
            ui,
            view,
            column,
            place(left, column.width),
            !text,
            shown.palette,
            commands,
        );
        let right = left + column.width;
        match &mut group {
            Some((name, _, end)) if *name == column.group => *end = right,
            _ => {
                groups.extend(group.take());
                group = Some((column.group, left, right));
            }
        }
        left = right;
    }
    groups.extend(group);
    let small = FontId::proportional(11.0);
    for (name, left, right) in groups.into_iter().filter(|(name, ..)| !name.is_empty()) {
        let y = rect.top() + 2.0;
        let text = ui.painter().text(
            pos2(right - 6.0, y),
            Align2::RIGHT_TOP,
            name,
            small.clone(),
            shown.palette.weak,
        );
        let line = Stroke::new(1.0, shown.palette.hairline);
        if text.left() - 6.0 > left + 12.0 {
            let y = text.center().y.round() + 0.5;
            ui.painter().hline(left + 12.0..=text.left() - 6.0, y, line);
        }
    }
    let line = Stroke::new(1.0, shown.palette.hairline);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
}

fn heading(
    ui: &egui::Ui,
    view: &RunsView,
    heading: &Heading,
    rect: Rect,
    right: bool,
    palette: theme::Palette,
    commands: &mut Vec<Command>,
) {
    let id = ui.scope_id().with(("heading", &heading.column));
    let response = ui.interact(rect, id, Sense::click());
    let what = format!("{} {}", heading.group, heading.text);
    let label = format!("Sort by {}", what.trim());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    let sorted = view
        .sort
        .as_ref()
        .filter(|(column, _)| *column == heading.column);
    let arrow = match sorted {
        Some((_, true)) => "▼",
        Some((_, false)) => "▲",
        None => "",
    };
    let color = if response.hovered() || response.has_focus() {
        palette.accent
    } else {
        palette.text
    };
    let (at, anchor) = if right {
        (rect.right_center() - vec2(6.0, 0.0), Align2::RIGHT_CENTER)
    } else {
        (rect.left_center(), Align2::LEFT_CENTER)
    };
    let font = FontId::new(12.0, theme::semibold());
    let text = if right {
        format!("{arrow} {}", heading.text)
    } else {
        format!("{} {arrow}", heading.text)
    };
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.text(at, anchor, text.trim(), font, color);
    let response = response.on_hover_text(format!("{}\nClick to sort", heading.tooltip));
    if response.clicked() {
        let sort = match sorted {
            None => Some((heading.column, false)),
            Some((_, false)) => Some((heading.column, true)),
            Some((_, true)) => None,
        };
        let mut view = view.clone();
        view.sort = sort;
        commands.push(Command::Runs(RunsCommand::View(Box::new(view))));
    }
    if heading.column != Column::Name {
        let asked = focus::asks_for_menu(&response);
        focus::context_menu(&response, asked, response.rect.left_bottom(), |ui| {
            row_menu::column(ui, view, heading.column, commands);
        });
    }
}
