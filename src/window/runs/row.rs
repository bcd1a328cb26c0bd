//! One row of the table: shown or not, color, name, warnings, numbers.
//! A row is dragged by its name.

use eframe::egui::{self, Align2, Color32, FontId, Key, Rect, Role, Sense, WidgetInfo, pos2, vec2};

use crate::figure::table::Column;
use crate::figure::{self, OKABE_ITO};
use crate::window::plot::stroked;
use crate::window::runs::columns;
use crate::window::runs::command::Command;
use crate::window::runs::derive::Derived;
use crate::window::runs::entry::{RunEntry, RunId};
use crate::window::runs::row_menu;
use crate::window::runs::rows::{MARKS, ROW, Shown};
use crate::window::runs::screen::Table;
use crate::window::{focus, theme};

/// Colors offered for a run: the series colors, then the same dashed.
const COLORS: usize = OKABE_ITO.len() * 2;

pub(crate) fn show(
    ui: &mut egui::Ui,
    table: &mut Table,
    shown: &Shown<'_>,
    order: &[&RunEntry],
    entry: &RunEntry,
    rect: Rect,
    commands: &mut Vec<Command>,
) {
    let name = &entry.run.name;
    let cell =
        |left: f32, width: f32| Rect::from_min_size(rect.min + vec2(left, 0.0), vec2(width, ROW));
    let mut on = !entry.hidden;
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(cell(2.0, 22.0)));
    let response = child.add(egui::Checkbox::without_text(&mut on));
    let response = response.on_hover_text("Show in the plots");
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, format!("Show {name}")));
    if response.clicked() {
        commands.push(Command::Hide(entry.id, !on));
    }
    swatch(ui, entry, cell(24.0, 22.0), commands);
    let place = cell(MARKS, shown.name);
    let renaming = table
        .renaming
        .as_ref()
        .is_some_and(|(run, _)| *run == entry.id);
    if renaming {
        rename(ui, table, entry, place, commands);
    } else {
        title(ui, table, shown, order, entry, place, commands);
    }
    numbers(ui, shown, entry, rect);
}

/// The run's color; a click offers others.
fn swatch(ui: &mut egui::Ui, entry: &RunEntry, rect: Rect, commands: &mut Vec<Command>) {
    let (color, dashes) = look(ui, entry.color);
    let id = ui.scope_id().with(("color", entry.id));
    let response = ui.interact(rect, id, Sense::click());
    let response = response.on_hover_text("Its color in every plot and figure");
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Button, true, format!("Color of {}", entry.run.name))
    });
    let strength = if entry.hidden { 0.35 } else { 1.0 };
    draw_swatch(ui, rect, color.gamma_multiply(strength), dashes);
    egui::Popup::menu(&response).show(|ui| {
        ui.weak("Color");
        for row in 0..COLORS / OKABE_ITO.len() {
            ui.horizontal(|ui| {
                for index in 0..OKABE_ITO.len() {
                    let index = row * OKABE_ITO.len() + index;
                    let (color, dashes) = look(ui, index);
                    let (rect, response) = ui.allocate_exact_size(vec2(24.0, 20.0), Sense::click());
                    response.widget_info(|| {
                        WidgetInfo::labeled(Role::Button, true, format!("Color {}", index + 1))
                    });
                    if response.hovered() || index == entry.color {
                        let fill = theme::palette(ui).raised;
                        ui.painter().rect_filled(rect, 3.0, fill);
                    }
                    draw_swatch(ui, rect, color, dashes);
                    if response.clicked() {
                        commands.push(Command::Color(entry.id, index));
                        ui.close();
                    }
                }
            });
        }
    });
}

/// The color of that place among the series colors, and how its lines are stroked.
pub(crate) fn look(ui: &egui::Ui, place: usize) -> (Color32, figure::Stroke) {
    let (color, stroke) = figure::run_look(place, None);
    (theme::seen(ui, color), stroke)
}

fn draw_swatch(ui: &egui::Ui, rect: Rect, color: Color32, dashes: figure::Stroke) {
    let middle = rect.center();
    let ends = vec![middle - vec2(7.0, 0.0), middle + vec2(8.0, 0.0)];
    let stroke = egui::Stroke::new(4.0, color);
    ui.painter().extend(stroked(ends, stroke, dashes));
}

/// The name: a click lights the run's layers, a double click changes it, a drag moves the row.
fn title(
    ui: &mut egui::Ui,
    table: &mut Table,
    shown: &Shown<'_>,
    order: &[&RunEntry],
    entry: &RunEntry,
    rect: Rect,
    commands: &mut Vec<Command>,
) {
    let palette = shown.palette;
    let runs = shown.runs;
    let row = shown.derived.row(entry.id);
    let selected = runs.selected == Some(entry.id);
    let warned = row.is_some_and(|row| !row.warnings.is_empty()) || entry.bad_rows() > 0;
    let sign = if warned { 20.0 } else { 0.0 };
    let rect_of_name = rect.with_max_x(rect.right() - sign);
    let id = name_id(ui, entry);
    let response = ui.interact(rect_of_name, id, Sense::click_and_drag());
    let name = &entry.run.name;
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, name));
    let baseline = runs.baseline() == Some(entry.id);
    let color = match (entry.hidden, response.hovered()) {
        (true, _) => palette.weak,
        (false, true) => palette.accent,
        (false, false) => palette.text,
    };
    let font = if selected {
        FontId::new(13.0, theme::semibold())
    } else {
        FontId::proportional(13.0)
    };
    let painter = ui
        .painter()
        .with_clip_rect(rect_of_name.intersect(ui.clip_rect()));
    let at = rect.left_center() + vec2(0.0, 0.0);
    let text = painter.text(at, Align2::LEFT_CENTER, name, font, color);
    if baseline {
        let at = text.right_center() + vec2(8.0, 0.5);
        let small = FontId::proportional(11.0);
        painter.text(at, Align2::LEFT_CENTER, "baseline", small, palette.weak);
    }
    if warned {
        let sign = rect.with_min_x(rect.right() - sign);
        warning(ui, entry, shown, sign);
    }
    drag(ui, table, order, entry, &response, commands);
    if response.double_clicked() {
        table.renaming = Some((entry.id, name.clone()));
    } else if response.clicked() {
        let select = (!selected).then_some(entry.id);
        commands.push(Command::Select(select));
    }
    let response = response.on_hover_ui(|ui| sources(ui, entry));
    if response.has_focus() {
        step(ui, order, entry, commands);
        if ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::F2)) {
            table.renaming = Some((entry.id, name.clone()));
        }
    }
    focus::main_widget(ui, response.id);
    let asked = focus::asks_for_menu(&response);
    let at = response.rect.left_bottom();
    focus::context_menu(&response, asked, at, |ui| {
        row_menu::show(ui, table, shown.runs, entry, commands);
    });
}

fn name_id(ui: &egui::Ui, entry: &RunEntry) -> egui::Id {
    ui.scope_id().with(("run", entry.id))
}

/// Where the run came from.
fn sources(ui: &mut egui::Ui, entry: &RunEntry) {
    ui.label(theme::strong(&entry.run.name));
    for source in &entry.run.sources {
        ui.label(format!("{}: {}", source.path.display(), source.layout));
    }
    if let Some(link) = &entry.link {
        ui.label(format!("Trained with: {}", link.name));
    }
    ui.weak("Double click to rename, drag to move, right click for more");
    ui.weak("By keyboard: F2, Alt + arrow keys, Shift + F10");
}

fn warning(ui: &egui::Ui, entry: &RunEntry, shown: &Shown<'_>, rect: Rect) {
    let id = ui.scope_id().with(("warnings", entry.id));
    let response = ui.interact(rect, id, Sense::hover());
    let lines = lines(entry, shown.derived);
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Label, true, format!("Warnings: {}", lines.join("; ")))
    });
    let font = FontId::proportional(13.0);
    let center = rect.center();
    ui.painter().text(
        center,
        Align2::CENTER_CENTER,
        "⚠",
        font,
        shown.palette.warning,
    );
    response.on_hover_ui(|ui| {
        for line in &lines {
            ui.label(line);
        }
    });
}

/// The warnings about a run, one per line.
pub(crate) fn lines(entry: &RunEntry, derived: &Derived) -> Vec<String> {
    let row = derived.row(entry.id);
    let mut lines = row.map_or_else(Vec::new, |row| row.warnings.clone());
    for source in entry
        .run
        .sources
        .iter()
        .filter(|source| source.bad_rows > 0)
    {
        let name = source
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        lines.push(format!(
            "{name}: {} rows could not be read",
            source.bad_rows
        ));
        let some = source.bad.iter();
        lines.extend(some.map(|bad| format!("{name} line {}: {}", bad.line, bad.problem)));
    }
    lines
}

fn numbers(ui: &mut egui::Ui, shown: &Shown<'_>, entry: &RunEntry, rect: Rect) {
    let Some(row) = shown.derived.row(entry.id) else {
        return;
    };
    let mut left = rect.left() + MARKS + shown.name;
    for heading in &shown.headings {
        let cell = columns::cell(heading.column, row);
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(heading.width, ROW));
        left += heading.width;
        let color = if entry.hidden || cell.text == "–" {
            shown.palette.weak
        } else {
            shown.palette.text
        };
        let layout = if heading.column == Column::Method {
            egui::Layout::left_to_right(egui::Align::Center)
        } else {
            egui::Layout::right_to_left(egui::Align::Center)
        };
        let inner = place.with_max_x(place.right() - 6.0);
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout));
        let text = egui::RichText::new(&cell.text).color(color);
        let response = child.add(egui::Label::new(text).truncate());
        if !cell.full.is_empty() {
            response.on_hover_text(&cell.full);
        }
    }
}

/// The name as a field: Enter or a click elsewhere takes it, Escape leaves it.
fn rename(
    ui: &mut egui::Ui,
    table: &mut Table,
    entry: &RunEntry,
    rect: Rect,
    commands: &mut Vec<Command>,
) {
    let Some((_, text)) = &mut table.renaming else {
        return;
    };
    let field = egui::TextEdit::singleline(text).id_salt("name of the run");
    let response = ui.put(rect.shrink2(vec2(0.0, 1.0)), field);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Name of the run"));
    let (escape, enter) = ui.input(|input| {
        (
            input.key_pressed(Key::Escape),
            input.key_pressed(Key::Enter),
        )
    });
    if response.lost_focus() || escape {
        if !escape {
            commands.push(Command::Rename(entry.id, text.clone()));
        }
        if escape || enter {
            // Back to the name that takes the field's place.
            ui.memory_mut(|memory| memory.request_focus(name_id(ui, entry)));
        }
        table.renaming = None;
    } else if !response.has_focus() {
        response.request_focus();
    }
}

/// Moving the row: while it is dragged a line shows where it would go.
fn drag(
    ui: &egui::Ui,
    table: &mut Table,
    order: &[&RunEntry],
    entry: &RunEntry,
    response: &egui::Response,
    commands: &mut Vec<Command>,
) {
    if response.drag_started() {
        table.dragged = Some(entry.id);
    }
    if table.dragged != Some(entry.id) {
        return;
    }
    let (Some(at), Some(from)) = (
        ui.input(|input| input.pointer.latest_pos()),
        order.iter().position(|other| other.id == entry.id),
    ) else {
        return;
    };
    let moved = ((at.y - response.rect.top()) / ROW).floor() as i64;
    let to = (from as i64 + moved).clamp(0, order.len() as i64 - 1) as usize;
    let palette = theme::palette(ui);
    let below = f32::from(u8::from(to > from));
    let y = response.rect.top() + (to as f32 - from as f32 + below) * ROW;
    let line = egui::Stroke::new(2.0, palette.accent);
    ui.painter().hline(ui.clip_rect().x_range(), y, line);
    ui.set_cursor_icon(egui::CursorIcon::Grabbing);
    if response.drag_stopped() {
        table.dragged = None;
        reorder(order, from, to, commands);
    }
}

/// Alt with an arrow moves the row by one.
fn step(ui: &egui::Ui, order: &[&RunEntry], entry: &RunEntry, commands: &mut Vec<Command>) {
    let pressed = |key| ui.input_mut(|input| input.consume_key(egui::Modifiers::ALT, key));
    let up = pressed(Key::ArrowUp);
    if up || pressed(Key::ArrowDown) {
        let from = order.iter().position(|other| other.id == entry.id);
        if let Some(from) = from {
            let to = if up { from.saturating_sub(1) } else { from + 1 };
            reorder(order, from, to.min(order.len() - 1), commands);
        }
    }
}

/// The rows with the one at `from` moved to `to`: as shown, so that nothing else moves.
pub(crate) fn reorder(order: &[&RunEntry], from: usize, to: usize, commands: &mut Vec<Command>) {
    if from == to {
        return;
    }
    let mut ids: Vec<RunId> = order.iter().map(|entry| entry.id).collect();
    let moved = ids.remove(from);
    ids.insert(to, moved);
    commands.push(Command::Order(ids));
}
