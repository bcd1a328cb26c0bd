//! The row above the table: importing, columns, copies, figures; where the runs came from.

use eframe::egui;

use crate::figure::table::{self, Column};
use crate::run::Comparison;
use crate::sample;
use crate::window::action::Action;
use crate::window::effect::Effect;
use crate::window::runs::command::Command;
use crate::window::runs::derive::Derived;
use crate::window::runs::figures::FiguresWanted;
use crate::window::runs::shown::RunsView;
use crate::window::runs::state::Runs;
use crate::window::runs::{columns, row, rows};
use crate::window::theme;

pub(crate) fn show(
    ui: &mut egui::Ui,
    runs: &Runs,
    derived: Option<&Derived>,
    commands: &mut Vec<Command>,
) {
    ui.horizontal(|ui| {
        let import = Action::PickLogs;
        if ui
            .button("Import logs…")
            .on_hover_text(import.tooltip())
            .clicked()
        {
            commands.push(import.into());
        }
        if let Some(derived) = derived {
            columns_menu(ui, runs, derived, commands);
            copy_menu(ui, runs, derived, commands);
            figures_menu(ui, runs, commands);
        }
        follow(ui, runs, commands);
        runs_menu(ui, runs, commands);
        if let Some(derived) = derived {
            notes(ui, runs, derived, commands);
        }
        ui.separator();
        provenance(ui, runs);
    });
}

/// Where the runs came from.
fn provenance(ui: &mut egui::Ui, runs: &Runs) {
    let text = if runs.sample {
        sample::RUNS_ABOUT.to_owned()
    } else {
        match runs.list.len() {
            0 => {
                "No runs. Drop logs here: TensorBoard, W&B, MLflow, Trainer state, CSV …".to_owned()
            }
            1 => "1 run".to_owned(),
            count => format!("{count} runs"),
        }
    };
    let label = egui::Label::new(egui::RichText::new(&text).weak()).truncate();
    ui.add(label).on_hover_text(text);
}

/// What is to be known before the numbers are believed: of the comparison, of each run, of logs
/// that could not be read.
fn notes(ui: &mut egui::Ui, runs: &Runs, derived: &Derived, commands: &mut Vec<Command>) {
    let of_runs: Vec<(&str, Vec<String>)> = runs
        .list
        .iter()
        .map(|entry| (entry.run.name.as_str(), row::lines(entry, derived)))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let general: Vec<&String> = derived
        .comparison
        .warnings
        .iter()
        .chain(&runs.problems)
        .collect();
    let count = general.len() + of_runs.iter().map(|(_, lines)| lines.len()).sum::<usize>();
    if count == 0 {
        return;
    }
    let color = theme::palette(ui).warning;
    let text = egui::RichText::new(format!("Notes ({count})")).color(color);
    ui.menu_button(text, |ui| {
        ui.set_max_width(520.0);
        egui::ScrollArea::vertical()
            .max_height(360.0)
            .show(ui, |ui| {
                let line = |ui: &mut egui::Ui, text: &str| {
                    ui.add(egui::Label::new(text).selectable(true).wrap());
                };
                for text in general {
                    line(ui, text);
                }
                for (name, lines) in &of_runs {
                    ui.label(theme::strong(*name));
                    for text in lines {
                        line(ui, text);
                    }
                }
            });
        if !runs.problems.is_empty() && ui.button("Clear").clicked() {
            commands.push(Command::DismissProblems);
            ui.close();
        }
    })
    .response
    .on_hover_text("What to know before the numbers are believed");
}

fn follow(ui: &mut egui::Ui, runs: &Runs, commands: &mut Vec<Command>) {
    let mut on = runs.following.is_on();
    let enabled = !runs.sample && !runs.list.is_empty();
    let response = ui.add_enabled(enabled, egui::Checkbox::new(&mut on, "Follow"));
    let hover = "Read on as the logs are written, every second";
    let response = response.on_hover_text(hover);
    let response = response.on_disabled_hover_text("There are no logs to follow: import some");
    if response.clicked() {
        commands.push(Command::Follow(on));
    }
}

fn runs_menu(ui: &mut egui::Ui, runs: &Runs, commands: &mut Vec<Command>) {
    ui.menu_button("List", |ui| {
        let mut item = |ui: &mut egui::Ui, enabled: bool, text: &str, command: Command| {
            if ui.add_enabled(enabled, egui::Button::new(text)).clicked() {
                commands.push(command);
                ui.close();
            }
        };
        item(ui, true, "Show all runs", Command::ShowAll);
        let removed = runs.removed.as_ref();
        let text = removed.map_or_else(
            || "Put the removed run back".to_owned(),
            |(_, entry)| format!("Put {} back", entry.run.name),
        );
        item(ui, removed.is_some(), &text, Command::Restore);
        item(
            ui,
            !runs.list.is_empty(),
            "Remove all runs",
            Command::RemoveAll,
        );
        item(
            ui,
            !runs.sample,
            "Show the sample runs",
            Command::ShowSamples,
        );
    })
    .response
    .on_hover_text("The list of runs as a whole");
}

/// Which columns the table has.
fn columns_menu(ui: &mut egui::Ui, runs: &Runs, derived: &Derived, commands: &mut Vec<Command>) {
    let before = &runs.view;
    let mut view = before.clone();
    ui.menu_button("Columns", |ui| {
        for column in columns::all(0) {
            let heading = columns::heading(column, &derived.comparison);
            let mut on = !view.hidden_columns.contains(&column);
            let text = match heading.group {
                "" => heading.text,
                group => format!("{group}, {}", heading.text),
            };
            if ui
                .checkbox(&mut on, text)
                .on_hover_text(heading.tooltip)
                .clicked()
            {
                if on {
                    view.hidden_columns.retain(|other| *other != column);
                } else {
                    view.hidden_columns.push(column);
                }
            }
        }
        ui.separator();
        ui.weak("Last value of another metric");
        metrics(ui, runs, &mut view);
    })
    .response
    .on_hover_text("Which columns the table has");
    if view != *before {
        commands.push(Command::View(Box::new(view)));
    }
}

fn metrics(ui: &mut egui::Ui, runs: &Runs, view: &mut RunsView) {
    let keys = runs.other_keys();
    if keys.is_empty() {
        ui.weak("There is none");
    }
    egui::ScrollArea::vertical()
        .max_height(200.0)
        .show(ui, |ui| {
            for key in keys {
                let mut on = view.extra.contains(&key);
                if ui.checkbox(&mut on, &key).clicked() {
                    if on {
                        view.extra.push(key);
                    } else {
                        view.extra.retain(|other| *other != key);
                    }
                }
            }
        });
}

/// The table as text, as it is shown.
fn copy_menu(ui: &mut egui::Ui, runs: &Runs, derived: &Derived, commands: &mut Vec<Command>) {
    type Writer = fn(&Comparison, &[Column]) -> String;
    let formats: [(&str, Writer, &str); 3] = [
        (
            "CSV",
            table::csv,
            "All digits, for a spreadsheet or a script",
        ),
        ("Markdown", table::markdown, "For an issue or a note"),
        (
            "LaTeX",
            table::latex,
            "For a paper: needs the package booktabs",
        ),
    ];
    ui.menu_button("Copy", |ui| {
        for (name, write, hover) in formats {
            let response = ui.button(format!("Copy as {name}"));
            if response.on_hover_text(hover).clicked() {
                let (comparison, columns) = rows::as_shown(runs, derived);
                commands.push(Command::Ask(Effect::Copy {
                    text: write(&comparison, &columns),
                    what: format!("the table as {name}"),
                }));
                ui.close();
            }
        }
    })
    .response
    .on_hover_text("Copy the table as it is shown, hidden runs left out");
}

fn figures_menu(ui: &mut egui::Ui, runs: &Runs, commands: &mut Vec<Command>) {
    let before = &runs.view;
    let mut view = before.clone();
    ui.menu_button("Figures", |ui| {
        let wanted = [
            (
                FiguresWanted::Published,
                "Save the published figures…",
                "GPU memory, CPU memory and loss against job completion, loss against memory and \
                 against minutes, with the table beside them",
            ),
            (
                FiguresWanted::Shown,
                "Save these plots…",
                "The plots with the axis and the smoothing they have here, with the table beside \
                 them",
            ),
        ];
        for (wanted, text, hover) in wanted {
            if ui.button(text).on_hover_text(hover).clicked() {
                commands.push(Command::SaveFigures(wanted));
                ui.close();
            }
        }
        ui.separator();
        let choose = |ui: &mut egui::Ui, value: &mut bool, no: &str, yes: &str| {
            ui.horizontal(|ui| {
                ui.selectable_value(value, false, no);
                ui.selectable_value(value, true, yes);
            });
        };
        choose(ui, &mut view.figures.png, "SVG", "PNG");
        choose(ui, &mut view.figures.dark, "Light", "Dark");
        choose(ui, &mut view.figures.talk, "Column of a page", "Talk");
    })
    .response
    .on_hover_text("Save figures and the table beside them");
    if view != *before {
        commands.push(Command::View(Box::new(view)));
    }
}
