//! What of A and B matches nothing in the open document: lines of the file, and names.

use eframe::egui;

use crate::app::{Command, Document, SetRef};
use crate::ui::theme;

/// One finding.
pub(super) struct Line {
    /// The set's name.
    set: String,
    /// Where in the file; none for a module's name and a note.
    place: String,
    /// The pattern, the name, or the note.
    text: String,
}

/// What of `sets` matches nothing.
pub(super) fn lines(document: &Document, sets: [SetRef; 2]) -> Vec<Line> {
    let mut lines = Vec::new();
    let [a, b] = sets;
    let sets = std::iter::once(a).chain((a != b).then_some(b));
    for of in sets {
        let SetRef::Kept(id) = of else { continue };
        let Some(kept) = document.kept_set(id) else {
            continue;
        };
        let mut push = |place: String, text: &str| {
            lines.push(Line {
                set: kept.set.name.clone(),
                place,
                text: text.to_owned(),
            });
        };
        for note in &kept.set.notes {
            push("note".to_owned(), note);
        }
        for unmatched in &kept.set.unmatched {
            let place = match unmatched.line {
                0 => "pattern".to_owned(),
                line => format!("line {line}"),
            };
            push(place, &unmatched.pattern);
        }
        for name in &kept.resolved.missing {
            push("not in this document".to_owned(), name);
        }
    }
    lines
}

pub(super) fn show(ui: &mut egui::Ui, lines: &[Line], commands: &mut Vec<Command>) {
    if lines.is_empty() {
        ui.weak("Every line and every name of A and B matches a layer of the open document.");
        return;
    }
    ui.horizontal(|ui| {
        ui.label("These match no layer of the open document, and would train nothing:");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.small_button("Copy").clicked() {
                let text: String = lines
                    .iter()
                    .map(|line| format!("{}\t{}\t{}\n", line.set, line.place, line.text))
                    .collect();
                commands.push(Command::Copy {
                    text,
                    what: "what does not match".to_owned(),
                });
            }
        });
    });
    let row = ui.text_style_height(&egui::TextStyle::Body);
    ui.spacing_mut().interact_size.y = row;
    let weak = theme::palette(ui).weak;
    egui::ScrollArea::vertical()
        .id_salt("unmatched")
        .auto_shrink([false, false])
        .show_rows(ui, row, lines.len(), |ui, shown| {
            for line in &lines[shown] {
                ui.horizontal(|ui| {
                    ui.colored_label(weak, format!("{}, {}", line.set, line.place));
                    let text = egui::RichText::new(&line.text).monospace();
                    ui.add(egui::Label::new(text).selectable(true).truncate());
                });
            }
        });
}
