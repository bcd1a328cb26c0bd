//! Beside an export's text: what it would train, what goes astray, where the file goes.
//!
//! Enters: the draft with its dry run. Leaves: commands to rewrite it for other names, to copy the
//! snippet, to agree to what would not train what is shown.

use eframe::egui::{self, RichText};

use crate::export::{Naming, Pattern, Severity};
use crate::window::effect::Effect;
use crate::window::export::check::{CheckedRun, ExportCheck};
use crate::window::export::state::{Command, Draft};
use crate::window::{focus, number, theme};

/// How many entries of a kind are listed.
const LISTED: usize = 8;

/// The column, `height` points high.
pub(crate) fn show(ui: &mut egui::Ui, draft: &Draft, height: f32, commands: &mut Vec<Command>) {
    theme::well_frame(ui).show(ui, |ui| {
        egui::ScrollArea::vertical()
            .id_salt("dry run")
            .auto_shrink([false, false])
            .max_height(height)
            .min_scrolled_height(height)
            .show(ui, |ui| {
                focus::scrolls(ui, "Dry run");
                match &draft.check {
                    None => {
                        ui.label(theme::strong("Dry run"));
                        // No spinner: it would redraw the window for what takes milliseconds.
                        ui.weak("Trying the set as its reader would…");
                    }
                    Some(check) => content(ui, draft, check, commands),
                }
            });
    });
}

/// The box to tick where what would train is not what is shown.
pub(crate) fn confirm(ui: &mut egui::Ui, draft: &Draft, commands: &mut Vec<Command>) {
    let run = draft.check.as_ref().and_then(|check| check.run.as_ref());
    let Some(run) = run.filter(|run| !run.is_exact()) else {
        return;
    };
    let mut confirmed = draft.confirmed;
    let text = RichText::new(format!("Export it all the same: {}", outcome(run)))
        .color(theme::palette(ui).warning);
    let hover = "What this file would train is not what the window shows. Without this tick it is \
                 neither written nor copied.";
    if ui
        .checkbox(&mut confirmed, text)
        .on_hover_text(hover)
        .changed()
    {
        commands.push(Command::Confirm(confirmed));
    }
}

/// How what trains differs from what is shown.
fn outcome(run: &CheckedRun) -> String {
    if run.modules == 0 {
        return "nothing trains".into();
    }
    let mut parts = Vec::new();
    if run.short_count > 0 {
        parts.push(format!("{} of the set would not train", run.short_count));
    }
    if run.beyond_count > 0 {
        parts.push(format!("{} outside it would", run.beyond_count));
    }
    parts.join(", ")
}

fn content(ui: &mut egui::Ui, draft: &Draft, check: &ExportCheck, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    ui.label(theme::strong("Dry run"));
    match &check.run {
        Some(run) => {
            verdict(ui, run);
            for warning in &run.warnings {
                let color = match warning.severity {
                    Severity::Alarm => palette.error,
                    Severity::Caution => palette.warning,
                    Severity::Note => palette.weak,
                };
                let line = warning.to_string();
                paragraph(ui, RichText::new(sentence(&line)).color(color));
            }
            entries(ui, run);
        }
        None => paragraph(
            ui,
            RichText::new("This text has no reader whose rule could be tried.").weak(),
        ),
    }
    for line in &check.exported.losses {
        paragraph(ui, RichText::new(sentence(line)).color(palette.warning));
    }
    usage(ui, check, commands);
    renames(ui, draft, check, commands);
}

fn verdict(ui: &mut egui::Ui, run: &CheckedRun) {
    let palette = theme::palette(ui);
    let parameters = match (run.parameters, run.total.filter(|&total| total > 0)) {
        (Some(parameters), Some(total)) => format!(
            ": {} parameters = {}",
            number::parameters(parameters),
            number::share(parameters as f64 / total as f64)
        ),
        (Some(parameters), None) => format!(": {} parameters", number::parameters(parameters)),
        _ => String::new(),
    };
    let modules = number::grouped(run.modules as u64);
    let line = format!("{modules} modules train{parameters}");
    ui.label(line);
    if run.is_exact() {
        let text = "Trains exactly the set shown.";
        paragraph(ui, RichText::new(text).color(palette.accent));
        return;
    }
    let text = format!("Not the set shown: {}.", outcome(run));
    paragraph(ui, RichText::new(text).color(palette.error));
    names(ui, "Would not train", &run.short, run.short_count);
    names(ui, "Would train too", &run.beyond, run.beyond_count);
}

/// What is wrong with single entries.
fn entries(ui: &mut egui::Ui, run: &CheckedRun) {
    let at = |pattern: &Pattern| match pattern.line {
        0 => pattern.text.clone(),
        line => format!("{line}: {}", pattern.text),
    };
    let unmatched: Vec<String> = run.unmatched.iter().map(at).collect();
    names(ui, "Lines that match nothing", &unmatched, unmatched.len());
    let accidental: Vec<String> = run
        .accidental
        .iter()
        .map(|(pattern, name, count)| {
            let more = match count {
                0 | 1 => String::new(),
                _ => format!(" and {} more", count - 1),
            };
            format!("{} also matches {name}{more}", at(pattern))
        })
        .collect();
    names(
        ui,
        "Lines that match too much",
        &accidental,
        accidental.len(),
    );
    let unreadable: Vec<String> = run
        .unreadable
        .iter()
        .map(|(pattern, reason)| format!("{}: {reason}", at(pattern)))
        .collect();
    names(
        ui,
        "Lines that cannot be followed",
        &unreadable,
        unreadable.len(),
    );
}

fn names(ui: &mut egui::Ui, title: &str, names: &[String], count: usize) {
    if count == 0 {
        return;
    }
    ui.add_space(theme::GRID);
    ui.weak(format!("{title}: {count}"));
    for name in names.iter().take(LISTED) {
        let text = RichText::new(name).monospace().size(11.0);
        ui.add(egui::Label::new(text).selectable(true).truncate())
            .on_hover_text(name);
    }
    if count > LISTED {
        ui.weak(format!("… and {} more", count - LISTED));
    }
}

/// Changes of names between checkpoint and trainer, one click each.
fn renames(ui: &mut egui::Ui, draft: &Draft, check: &ExportCheck, commands: &mut Vec<Command>) {
    if check.offers.is_empty() && draft.naming.rename.is_none() {
        return;
    }
    let renamed = |rename| Naming {
        rename,
        ..draft.naming
    };
    ui.add_space(2.0 * theme::GRID);
    ui.label(theme::strong("If the trainer's names differ"));
    if let Some(rename) = draft.naming.rename {
        paragraph(
            ui,
            RichText::new(format!("Written for other names: {}.", rename.about())),
        );
        if ui.button("Back to the names without it").clicked() {
            commands.push(Command::Names(renamed(None)));
        }
    }
    for offer in &check.offers {
        let about = offer.rename.about();
        let text = match offer.modules {
            Some(modules) => format!(
                "{about}: this text then trains {} modules.",
                number::grouped(modules as u64)
            ),
            None => format!("{about}."),
        };
        paragraph(ui, RichText::new(text).weak());
        let button = format!("Rewrite for {}", offer.rename.id());
        if ui.small_button(button).clicked() {
            commands.push(Command::Names(renamed(Some(offer.rename))));
        }
    }
}

/// Where the file goes, and what loads it.
fn usage(ui: &mut egui::Ui, check: &ExportCheck, commands: &mut Vec<Command>) {
    let exported = &check.exported;
    if exported.notes.is_empty() && exported.snippet.is_empty() {
        return;
    }
    ui.add_space(2.0 * theme::GRID);
    ui.label(theme::strong("Where it goes"));
    for note in &exported.notes {
        paragraph(ui, RichText::new(note));
    }
    if exported.snippet.is_empty() || exported.snippet == exported.text {
        return;
    }
    for line in exported.snippet.lines() {
        let text = RichText::new(line).monospace().size(11.0);
        ui.add(egui::Label::new(text).selectable(true).wrap());
    }
    if ui
        .button("Copy snippet")
        .on_hover_text("Put the lines that load the file on the clipboard")
        .clicked()
    {
        commands.push(Command::Ask(Effect::Copy {
            text: exported.snippet.clone(),
            what: "the snippet".into(),
        }));
    }
}

/// A line as a sentence of its own.
fn sentence(line: &str) -> String {
    let mut letters = line.chars();
    let first = letters.next().map(|first| {
        // A name stays as it is written.
        let word = line.split(' ').next().unwrap_or_default();
        let is_name = word.contains(['.', '_', '-', '(']);
        if is_name {
            first.to_string()
        } else {
            first.to_uppercase().to_string()
        }
    });
    let end = if line.ends_with('.') { "" } else { "." };
    format!("{}{}{end}", first.unwrap_or_default(), letters.as_str())
}

fn paragraph(ui: &mut egui::Ui, text: RichText) {
    ui.add(egui::Label::new(text).selectable(true).wrap());
}
