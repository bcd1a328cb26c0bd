//! What can be done with a run, or with a column, on a right click.

use eframe::egui;

use crate::figure::table::Column;
use crate::window::runs::command::{Command, Pick};
use crate::window::runs::entry::RunEntry;
use crate::window::runs::screen::Table;
use crate::window::runs::shown::RunsView;
use crate::window::runs::state::Runs;

pub(crate) fn show(
    ui: &mut egui::Ui,
    table: &mut Table,
    runs: &Runs,
    entry: &RunEntry,
    commands: &mut Vec<Command>,
) {
    let mut item = |ui: &mut egui::Ui, text: &str, hover: &str, command: Command| {
        if ui.button(text).on_hover_text(hover).clicked() {
            commands.push(command);
            ui.close();
        }
    };
    let run = entry.id;
    if ui
        .button("Rename")
        .on_hover_text("Or double click the name (F2)")
        .clicked()
    {
        table.renaming = Some((run, entry.run.name.clone()));
        ui.close();
    }
    item(
        ui,
        "Compare with this run",
        "Make it the baseline: differences are told against it",
        Command::Baseline(run),
    );
    item(
        ui,
        "Show only this run",
        "Leave all others out of the plots",
        Command::HideOthers(run),
    );
    item(
        ui,
        "Show all runs",
        "Leave none out of the plots",
        Command::ShowAll,
    );
    ui.separator();
    if entry.link.is_some() {
        item(
            ui,
            "Show its layers",
            "Light the layers that it trains in the heatmap",
            Command::ShowLayers(run),
        );
        item(
            ui,
            "Untie from its freeze set",
            "Forget which layers it trains",
            Command::Tie(run, None),
        );
    }
    item(
        ui,
        "Tie to the selection",
        "It was trained with the layers that are chosen now",
        Command::TieSelection(run),
    );
    item(
        ui,
        "Tie to a freeze set…",
        "It was trained with the freeze set in a file",
        Command::Pick(Pick::FreezeSet(run)),
    );
    ui.separator();
    item(
        ui,
        "Add a log…",
        "Read a further log of this run: its memory, say",
        Command::Pick(Pick::Into(run)),
    );
    if runs.list.len() > 1 {
        ui.menu_button("Merge into", |ui| {
            for other in runs.list.iter().filter(|other| other.id != run) {
                if ui.button(&other.run.name).clicked() {
                    commands.push(Command::Merge {
                        from: run,
                        into: other.id,
                    });
                    ui.close();
                }
            }
        })
        .response
        .on_hover_text("Its series become part of another run");
    }
    if ui
        .button("Remove")
        .on_hover_text("Take it out of the table")
        .clicked()
    {
        commands.push(Command::Remove(run));
        ui.close();
    }
}

/// What can be done with a column.
pub(crate) fn column(
    ui: &mut egui::Ui,
    view: &RunsView,
    column: Column,
    commands: &mut Vec<Command>,
) {
    if ui.button("Hide this column").clicked() {
        let mut view = view.clone();
        match column {
            Column::Extra(place) if place < view.extra.len() => {
                view.extra.remove(place);
            }
            _ => view.hidden_columns.push(column),
        }
        commands.push(Command::View(Box::new(view)));
        ui.close();
    }
}
