//! Export: the very text that will be written, before it is.

use eframe::egui;

use crate::app::{Action, Command, Document, ExportDraft, Format, State};
use crate::ui::{number, theme};

pub(super) fn show(
    ui: &mut egui::Ui,
    state: &State,
    draft: &ExportDraft,
    commands: &mut Vec<Command>,
) {
    let screen = ui.ctx().content_rect();
    ui.set_width(720.0_f32.min(screen.width() - 80.0));
    ui.heading("Export");
    ui.horizontal(|ui| {
        let label = ui.label("Format");
        egui::ComboBox::from_id_salt("format")
            .selected_text(draft.format.text())
            .width(240.0)
            .show_ui(ui, |ui| {
                for format in Format::ALL {
                    let response = ui.selectable_label(format == draft.format, format.text());
                    if response.on_hover_text(format.tooltip()).clicked() {
                        commands.push(Command::Export(format));
                    }
                }
            })
            .response
            .labelled_by(label.id);
        if let Some(document) = &state.document {
            ui.weak(summary(document, draft));
        }
    });
    ui.add(egui::Label::new(egui::RichText::new(draft.format.tooltip()).small().weak()).wrap());
    ui.add_space(4.0);
    text(ui, draft, (screen.height() - 330.0).clamp(120.0, 420.0));
    ui.add_space(4.0);
    target(ui, draft, commands);
    if let Some(problem) = &draft.problem {
        let text = egui::RichText::new(problem).color(theme::palette(ui).error);
        ui.add(egui::Label::new(text).selectable(true).wrap());
    }
    ui.add_space(4.0);
    buttons(ui, state, draft, commands);
}

fn summary(document: &Document, draft: &ExportDraft) -> String {
    let lines = number::grouped(draft.lines.len() as u64);
    match draft.format {
        Format::SpectrumYaml | Format::Names => {
            let counts = document.set.counts;
            format!(
                "{} of {} modules train, {lines} lines",
                counts.modules, counts.modules_total
            )
        }
        Format::ResultsJson | Format::SortedJson => {
            format!("{} modules, {lines} lines", document.report.scanned())
        }
    }
}

/// The text with line numbers; only what is in sight is laid out.
fn text(ui: &mut egui::Ui, draft: &ExportDraft, height: f32) {
    let row = ui.text_style_height(&egui::TextStyle::Monospace) + 2.0;
    let palette = theme::palette(ui);
    egui::Frame::new()
        .fill(palette.base)
        .stroke((1.0, palette.hairline))
        .corner_radius(4)
        .inner_margin(8)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            // A line is as high as its text, not as a button.
            ui.spacing_mut().interact_size.y = 0.0;
            let digits = draft.lines.len().to_string().len();
            egui::ScrollArea::both()
                .auto_shrink([false, false])
                .max_height(height)
                // At once: growing over several frames, the dialog would slip from the pointer.
                .min_scrolled_height(height)
                .show_rows(ui, row - 2.0, draft.lines.len(), |ui, rows| {
                    for line in rows {
                        ui.horizontal(|ui| {
                            let number = egui::RichText::new(format!("{:>digits$}", line + 1));
                            ui.label(number.monospace().color(palette.weak.gamma_multiply(0.7)));
                            let text = egui::RichText::new(draft.line(line)).monospace();
                            ui.add(egui::Label::new(text).selectable(true).extend());
                        });
                    }
                });
        });
}

fn target(ui: &mut egui::Ui, draft: &ExportDraft, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let label = ui.label("File");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let browse = Action::PickExportPath;
            if ui
                .button(browse.text())
                .on_hover_text(browse.tooltip())
                .clicked()
            {
                commands.push(browse.into());
            }
            let mut path = draft.path.clone();
            let field = egui::TextEdit::singleline(&mut path).desired_width(f32::INFINITY);
            if ui.add(field).labelled_by(label.id).changed() {
                commands.push(Command::EditExportPath(path));
            }
        });
    });
}

fn buttons(ui: &mut egui::Ui, state: &State, draft: &ExportDraft, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let copy = Action::CopyExport;
        if ui
            .button(copy.text())
            .on_hover_text(copy.tooltip())
            .clicked()
        {
            commands.push(copy.into());
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let writing = state.jobs.write.is_some();
            let ready = !draft.path.trim().is_empty() && !writing;
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
                commands.push(Command::WriteExport {
                    replace: draft.conflict,
                });
            }
            if ui.button("Cancel").clicked() {
                commands.push(Action::CloseDialog.into());
            }
            if writing {
                ui.spinner();
            }
        });
    });
}
