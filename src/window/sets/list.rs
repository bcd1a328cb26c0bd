//! The list of sets: which is A, which is B, what each costs, and what can be done with it.

use eframe::egui::{self, Role, WidgetInfo, vec2};

use crate::window::document::Document;
use crate::window::document::sets::{SetRef, Side};
use crate::window::document::work::SetId;
use crate::window::sets::columns::{
    ACTIONS, Columns, LEAST_MADE, PICK, SWATCH, cell, heading, numbers, swatch,
};
use crate::window::sets::state::{Command, Sets};
use crate::window::{focus, theme};

/// Height of a row, px.
const ROW: f32 = 26.0;
/// How many rows are shown before the list scrolls.
const SHOWN: usize = 6;

impl Sets {
    /// The list.
    pub(super) fn list(
        &mut self,
        ui: &mut egui::Ui,
        document: &Document,
        commands: &mut Vec<Command>,
    ) {
        heading(ui);
        let rows = document.sets().len() + 1;
        let height = ROW * rows.min(SHOWN) as f32;
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            egui::ScrollArea::vertical()
                .id_salt("sets")
                .auto_shrink([false, true])
                .min_scrolled_height(height)
                .max_height(height)
                .show_rows(ui, ROW, rows, |ui, shown| {
                    for side in document.sides().skip(shown.start).take(shown.len()) {
                        self.row(ui, document, side, commands);
                    }
                });
        });
    }

    fn row(
        &mut self,
        ui: &mut egui::Ui,
        document: &Document,
        side: Side<'_>,
        commands: &mut Vec<Command>,
    ) {
        let (row, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), ROW), egui::Sense::hover());
        if response.contains_pointer() {
            ui.painter()
                .rect_filled(row, 3.0, ui.visuals().faint_bg_color);
        }
        focus::around_row(ui, row);
        let columns = Columns { row };
        ui.push_id(side.of, |ui| {
            let picks = [
                ("A", self.a, Command::PickA as fn(SetRef) -> Command),
                ("B", self.b, Command::PickB),
            ];
            for (place, (letter, picked, command)) in picks.into_iter().enumerate() {
                let rect = columns.left(PICK * place as f32, PICK);
                let on = document.side(picked).of == side.of;
                let response = cell(ui, rect, |ui| ui.radio(on, ""));
                let name = format!("{letter}: {}", side.name);
                response.widget_info(|| {
                    WidgetInfo::selected(Role::RadioButton, true, on, name.clone())
                });
                if response
                    .on_hover_text(format!("Compare it as {letter}"))
                    .clicked()
                {
                    commands.push(command(side.of));
                }
            }
            swatch(ui, columns.left(2.0 * PICK, SWATCH), side, commands);
            self.words(ui, &columns, document, side, commands);
            let total = document.report.modules.len();
            numbers(
                ui,
                &columns,
                side,
                document.set.counts.parameters_total,
                total,
            );
            if let SetRef::Kept(id) = side.of {
                let rect = columns.right(0.0, ACTIONS);
                cell(ui, rect, |ui| self.actions(ui, id, side.name, commands));
            }
        });
    }

    fn words(
        &mut self,
        ui: &mut egui::Ui,
        columns: &Columns,
        document: &Document,
        side: Side<'_>,
        commands: &mut Vec<Command>,
    ) {
        let (name, made) = columns.words();
        let kept = match side.of {
            SetRef::Kept(id) => document.kept_set(id),
            SetRef::Current => None,
        };
        if let (Some((id, text)), Some(kept)) = (&mut self.drawn.renaming, kept)
            && *id == kept.id
        {
            let field = egui::TextEdit::singleline(text).desired_width(f32::INFINITY);
            let response = cell(ui, name, |ui| ui.add(field));
            response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Name of the set"));
            if response.lost_focus() {
                let escaped = ui.input(|input| input.key_pressed(egui::Key::Escape));
                if !escaped {
                    commands.push(Command::Rename(*id, text.clone()));
                }
                self.drawn.renaming = None;
            } else if !response.has_focus() {
                response.request_focus();
            }
        } else {
            let label = egui::Label::new(theme::strong(side.name)).truncate();
            let Some(kept) = kept else {
                cell(ui, name, |ui| ui.add(label));
                return made_by(ui, made, "the slider, pins and drops at the left");
            };
            let label = label.sense(egui::Sense::click());
            let response = cell(ui, name, |ui| ui.add(label));
            response.widget_info(|| {
                WidgetInfo::labeled(Role::Button, true, format!("Rename {}", side.name))
            });
            let key = egui::Key::F2;
            let pressed = || ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
            let by_key = response.has_focus() && (response.clicked() || pressed());
            if response.double_clicked() || by_key {
                self.drawn.renaming = Some((kept.id, side.name.to_owned()));
            }
        }
        if let Some(kept) = kept {
            made_by(ui, made, &kept.set.made);
        }
    }

    fn actions(
        &mut self,
        ui: &mut egui::Ui,
        id: SetId,
        name: &str,
        commands: &mut Vec<Command>,
    ) -> egui::Response {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let menu = ui.menu_button("…", |ui| {
                if ui.button("Rename").clicked() {
                    self.drawn.renaming = Some((id, name.to_owned()));
                    ui.close();
                }
                for (text, hover, command) in [
                    (
                        "Duplicate",
                        "Keep a copy under another name",
                        Command::Duplicate(id),
                    ),
                    (
                        "Select and export…",
                        "Make it the current selection and write it to a file; Undo brings the \
                         selection back",
                        Command::Export(id),
                    ),
                    ("Delete", "Undo brings it back", Command::Delete(id)),
                ] {
                    if ui.button(text).on_hover_text(hover).clicked() {
                        commands.push(command);
                        ui.close();
                    }
                }
            });
            let name = format!("Actions of {name}");
            (menu.response).widget_info(|| WidgetInfo::labeled(Role::Button, true, name.clone()));
            let select = ui.small_button("Select").on_hover_text(
                "Make it the current selection: what the slider, the heatmap and the export show",
            );
            if select.clicked() {
                commands.push(Command::MakeCurrent(id));
            }
        })
        .response
    }
}

/// How a set was made.
fn made_by(ui: &mut egui::Ui, place: egui::Rect, text: &str) {
    if place.width() < LEAST_MADE {
        return;
    }
    let text = egui::RichText::new(text).weak();
    cell(ui, place, |ui| ui.add(egui::Label::new(text).truncate()));
}
