//! What of A and B matches nothing in the open document: lines of the file, and names; and what
//! else is to be known of the file.

use eframe::egui;

use crate::window::effect::Effect;
use crate::window::sets::findings::{Findings, Line};
use crate::window::sets::state::Command;
use crate::window::{focus, theme};

pub(crate) fn show(ui: &mut egui::Ui, findings: &Findings, commands: &mut Vec<Command>) {
    let Findings { unmatched, notes } = findings;
    ui.horizontal(|ui| {
        if unmatched.is_empty() {
            ui.weak("Every line and every name of A and B matches a layer of the open document.");
        } else {
            ui.label("These match no layer of the open document, and train nothing of it:");
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let any = !unmatched.is_empty() || !notes.is_empty();
            if any && ui.small_button("Copy").clicked() {
                let lines = unmatched.iter().chain(notes);
                let lines: Vec<String> = lines
                    .map(|line| format!("{}\t{}\t{}", line.set, line.place, line.text))
                    .collect();
                let text = lines.join("\n");
                let what = "what does not match".to_owned();
                commands.push(Command::Ask(Effect::Copy { text, what }));
            }
        });
    });
    let row = ui.text_style_height(&egui::TextStyle::Body);
    ui.spacing_mut().interact_size.y = row;
    // Notes are sentences and wrap; they are few. Patterns are many, and of one line each.
    let below = if notes.is_empty() { 0.0 } else { 0.5 };
    let height = (ui.available_height() * (1.0 - below)).max(row);
    let shown = height.min((row + ui.spacing().item_spacing.y) * unmatched.len() as f32 + 4.0);
    egui::ScrollArea::vertical()
        .id_salt("unmatched")
        .auto_shrink([false, true])
        .max_height(shown)
        .min_scrolled_height(shown)
        .show_rows(ui, row, unmatched.len(), |ui, shown| {
            focus::scrolls(ui, "What matches nothing");
            for line in &unmatched[shown] {
                ui.horizontal(|ui| {
                    place(ui, line);
                    let text = egui::RichText::new(&line.text).monospace();
                    ui.add(egui::Label::new(text).selectable(true).truncate());
                });
            }
        });
    if notes.is_empty() {
        return;
    }
    ui.add_space(4.0);
    egui::ScrollArea::vertical()
        .id_salt("notes")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            focus::scrolls(ui, "Notes on the files");
            for line in notes {
                place(ui, line);
                ui.add(egui::Label::new(&line.text).selectable(true).wrap());
                ui.add_space(4.0);
            }
        });
}

fn place(ui: &mut egui::Ui, line: &Line) {
    let weak = theme::palette(ui).weak;
    ui.colored_label(weak, format!("{}, {}", line.set, line.place));
}
