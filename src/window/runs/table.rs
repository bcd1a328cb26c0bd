//! The table of runs: one row per run, sorted by any column; names, colors and order by hand.

use eframe::egui::{self, Align2, FontId, Rect, Role, Sense, Stroke, WidgetInfo, pos2, vec2};

use crate::figure::table::Column;
use crate::window::runs::columns::{self, Heading};
use crate::window::runs::command::Command;
use crate::window::runs::derive::Derived;
use crate::window::runs::entry::{RunEntry, RunId};
use crate::window::runs::rows::{self, MARKS, ROW, Shown};
use crate::window::runs::screen::Table;
use crate::window::runs::shown::RunsView;
use crate::window::runs::state::Runs;
use crate::window::runs::{row, row_menu};
use crate::window::{focus, theme};

/// Height of the headings: a line for the group, one for the column.
const HEAD: f32 = 34.0;
/// The name's column takes what is left between these.
const NAME: (f32, f32) = (150.0, 300.0);

impl Table {
    /// The height of the table, at most `most`.
    pub(crate) fn height(runs: usize, most: f32) -> f32 {
        (HEAD + ROW * runs as f32 + 4.0).min(most.max(HEAD + ROW * 2.0))
    }

    /// Draws the table. Returns the run that is pointed at.
    pub(crate) fn show(
        &mut self,
        ui: &mut egui::Ui,
        runs: &Runs,
        derived: &Derived,
        lit: &[RunId],
        commands: &mut Vec<Command>,
    ) -> Option<RunId> {
        let headings: Vec<Heading> = rows::columns(runs, derived)
            .into_iter()
            .map(|column| columns::heading(column, &derived.comparison))
            .collect();
        let fixed: f32 = headings.iter().map(|heading| heading.width).sum();
        let name = (ui.available_width() - MARKS - fixed).clamp(NAME.0, NAME.1);
        let shown = Shown {
            runs,
            derived,
            headings,
            name,
            palette: theme::palette(ui),
        };
        let order = rows::order(runs, derived);
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
        if lit.contains(&entry.id) || shown.runs.selected == Some(entry.id) {
            let fill = shown.palette.raised.gamma_multiply(0.55);
            ui.painter().rect_filled(rect, 3.0, fill);
        }
        row::show(ui, self, shown, order, entry, rect, commands);
        hovered
    }
}

/// The headings: a click sorts, a second one turns the order, a third goes back to one's own.
fn head(ui: &mut egui::Ui, shown: &Shown<'_>, commands: &mut Vec<Command>) {
    let size = vec2(ui.available_width(), HEAD);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let view = &shown.runs.view;
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
        commands.push(Command::View(Box::new(view)));
    }
    if heading.column != Column::Name {
        let asked = focus::asks_for_menu(&response);
        focus::context_menu(&response, asked, response.rect.left_bottom(), |ui| {
            row_menu::column(ui, view, heading.column, commands);
        });
    }
}
