//! What of A and B matches nothing in the open document: lines of the file, and names; and what
//! else is to be known of the file.

use eframe::egui;

use crate::window::document::Document;
use crate::window::sets::update::SetRef;
use crate::window::shell::command::Command;
use crate::window::{focus, theme};

/// One finding.
pub(crate) struct Line {
    /// The set's name.
    set: String,
    /// Where in the file; none for a module's name and a note.
    place: String,
    /// The pattern, the name, or the note.
    text: String,
}

/// What is told of two sets.
#[derive(Default)]
pub(crate) struct Findings {
    /// What matches nothing.
    pub(crate) unmatched: Vec<Line>,
    /// What else is to be known.
    notes: Vec<Line>,
}

/// What of `sets` matches nothing, and what their files' readers note.
pub(crate) fn findings(document: &Document, sets: [SetRef; 2]) -> Findings {
    let mut findings = Findings::default();
    let [a, b] = sets;
    let sets = std::iter::once(a).chain((a != b).then_some(b));
    for of in sets {
        let SetRef::Kept(id) = of else { continue };
        let Some(kept) = document.kept_set(id) else {
            continue;
        };
        let line = |place: String, text: &str| Line {
            set: kept.set.name.clone(),
            place,
            text: text.to_owned(),
        };
        let notes = kept.set.notes.iter();
        (findings.notes).extend(notes.map(|note| line("note".to_owned(), note)));
        let mut push = |place, text: &str| findings.unmatched.push(line(place, text));
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
    findings
}

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
                commands.push(Command::Copy {
                    text,
                    what: "what does not match".to_owned(),
                });
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
