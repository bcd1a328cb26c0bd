//! Export: the very text that will be written, beside what it would train, before it is.

use eframe::egui;

use crate::export::{Format, Naming};
use crate::names::Names;
use crate::window::document::Document;
use crate::window::export::check_view;
use crate::window::export::state::{Command, Draft, Export};
use crate::window::scene::Scene;
use crate::window::{focus, number, theme};

/// Width of the column with the dry run.
const CHECK_WIDTH: f32 = 320.0;

impl Export {
    /// The dialog's content.
    pub(crate) fn view(&self, ui: &mut egui::Ui, scene: &Scene<'_>, commands: &mut Vec<Command>) {
        if let Some(draft) = self.draft(scene.document_id()) {
            show(ui, self, scene, draft, commands);
        }
    }
}

fn show(
    ui: &mut egui::Ui,
    room: &Export,
    scene: &Scene<'_>,
    draft: &Draft,
    commands: &mut Vec<Command>,
) {
    let screen = ui.ctx().content_rect();
    ui.set_width(1040.0_f32.min(screen.width() - 80.0));
    ui.heading("Export");
    ui.horizontal(|ui| {
        let label = ui.label("Format");
        egui::ComboBox::from_id_salt("format")
            .selected_text(draft.format.text())
            .width(280.0)
            .height(440.0)
            .show_ui(ui, |ui| {
                for format in Format::ALL {
                    let response = ui.selectable_label(format == draft.format, format.text());
                    if response.on_hover_text(format.tooltip()).clicked() {
                        commands.push(Command::Show(format));
                        ui.close();
                    }
                }
            })
            .response
            .labelled_by(label.id);
        if draft.format.is_set() {
            names(ui, draft, commands);
        }
        if let Some(document) = scene.document {
            let summary = egui::RichText::new(summary(document, draft)).weak();
            ui.add(egui::Label::new(summary).truncate());
        }
    });
    about(ui, draft);
    ui.add_space(4.0);
    let height = (screen.height() - 330.0).clamp(120.0, 460.0);
    if ui.available_width() < 2.0 * CHECK_WIDTH {
        // One below the other: beside each other there would be room for neither.
        text(ui, draft, height);
        if draft.format.is_set() {
            ui.add_space(4.0);
            check_view::show(ui, draft, height, commands);
        }
    } else {
        beside(ui, draft, height, commands);
    }
    ui.add_space(4.0);
    target(ui, draft, commands);
    // Room for two lines, so that nothing jumps when one appears.
    ui.allocate_ui(egui::vec2(ui.available_width(), 36.0), |ui| {
        ui.set_min_height(36.0);
        if let Some(problem) = &draft.problem {
            let text = egui::RichText::new(problem).color(theme::palette(ui).error);
            ui.add(egui::Label::new(text).selectable(true).wrap());
        } else {
            check_view::confirm(ui, draft, commands);
        }
    });
    buttons(ui, room, draft, commands);
}

/// Whose names the set is written in.
fn names(ui: &mut egui::Ui, draft: &Draft, commands: &mut Vec<Command>) {
    let label = ui.label("Names");
    egui::ComboBox::from_id_salt("names")
        .selected_text(draft.naming.names.text())
        .width(230.0)
        .show_ui(ui, |ui| {
            for names in Names::ALL {
                let is_shown = names == draft.naming.names;
                if ui.selectable_label(is_shown, names.text()).clicked() {
                    let rename = draft.naming.rename;
                    commands.push(Command::Names(Naming { names, rename }));
                    ui.close();
                }
            }
        })
        .response
        .labelled_by(label.id)
        .on_hover_text("A set trains what it names only under the names that the trainer has");
}

/// The text, and the dry run at its right.
fn beside(ui: &mut egui::Ui, draft: &Draft, height: f32, commands: &mut Vec<Command>) {
    ui.horizontal_top(|ui| {
        let gap = ui.spacing().item_spacing.x;
        let side = if draft.format.is_set() {
            CHECK_WIDTH + gap
        } else {
            0.0
        };
        ui.vertical(|ui| {
            ui.set_width(ui.available_width() - side);
            text(ui, draft, height);
        });
        if draft.format.is_set() {
            ui.vertical(|ui| {
                ui.set_width(CHECK_WIDTH);
                check_view::show(ui, draft, height, commands);
            });
        }
    });
}

/// What reads the format, in two lines of room.
fn about(ui: &mut egui::Ui, draft: &Draft) {
    ui.allocate_ui(egui::vec2(ui.available_width(), 32.0), |ui| {
        ui.set_min_height(32.0);
        // The backticks of the command line's help are no marks here.
        let text = draft.format.tooltip().replace('`', "");
        let text = egui::RichText::new(text).small().weak();
        ui.add(egui::Label::new(text).wrap());
    });
}

fn summary(document: &Document, draft: &Draft) -> String {
    let lines = number::grouped(draft.lines.len() as u64);
    if draft.format.is_set() {
        let counts = document.set.counts;
        format!(
            "{} of {} modules shown train, {lines} lines",
            counts.modules, counts.modules_total
        )
    } else {
        format!("{} modules, {lines} lines", document.report.scanned())
    }
}

/// The text with line numbers; only what is in sight is laid out.
fn text(ui: &mut egui::Ui, draft: &Draft, height: f32) {
    let row = ui.text_style_height(&egui::TextStyle::Monospace) + 2.0;
    let palette = theme::palette(ui);
    theme::well_frame(ui).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        // A line is as high as its text, not as a button.
        ui.spacing_mut().interact_size.y = 0.0;
        let digits = draft.lines.len().to_string().len();
        egui::ScrollArea::both()
            .id_salt("text")
            .auto_shrink([false, false])
            .max_height(height)
            // At once: growing over several frames, the dialog would slip from the pointer.
            .min_scrolled_height(height)
            .show_rows(ui, row - 2.0, draft.lines.len(), |ui, rows| {
                focus::scrolls(ui, "Text of the file");
                for line in rows {
                    ui.horizontal(|ui| {
                        let number = egui::RichText::new(format!("{:>digits$}", line + 1));
                        ui.label(number.monospace().color(palette.weak));
                        let text = egui::RichText::new(draft.line(line)).monospace();
                        ui.add(egui::Label::new(text).selectable(true).extend());
                    });
                }
            });
    });
}

fn target(ui: &mut egui::Ui, draft: &Draft, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let label = ui.label("File");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui
                .button("Browse…")
                .on_hover_text("Choose where to write")
                .clicked()
            {
                commands.push(Command::PickPath);
            }
            let mut path = draft.path.clone();
            let field = egui::TextEdit::singleline(&mut path).desired_width(f32::INFINITY);
            if ui.add(field).labelled_by(label.id).changed() {
                commands.push(Command::EditPath(path));
            }
        });
    });
}

fn buttons(ui: &mut egui::Ui, room: &Export, draft: &Draft, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let allowed = draft.is_allowed();
        if ui
            .add_enabled(allowed, egui::Button::new("Copy text"))
            .on_hover_text("Put the text on the clipboard")
            .clicked()
        {
            commands.push(Command::CopyText);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let writing = room.write.is_busy();
            let ready = allowed && !draft.path.trim().is_empty() && !writing;
            let palette = theme::palette(ui);
            let (text, fill) = if draft.conflict {
                ("Replace file", palette.error.gamma_multiply(0.3))
            } else {
                ("Write file", palette.accent_fill)
            };
            if ui
                .add_enabled(ready, egui::Button::new(text).fill(fill))
                .clicked()
            {
                commands.push(Command::Write {
                    replace: draft.conflict,
                });
            }
            if ui.button("Cancel").clicked() {
                commands.push(Command::Close);
            }
            if writing {
                ui.spinner();
            }
        });
    });
}
