//! The dialogs over the window: open, compare, hub, export, command palette, help.

mod compare;
mod export;
mod export_check;
mod help;
mod hub;
mod mapping;
mod open;
mod palette;
mod shortcuts;

use eframe::egui;

use crate::app::{Action, Command, Dialog, State};

pub(super) fn show(ui: &egui::Ui, state: &State, commands: &mut Vec<Command>) {
    let Some(dialog) = &state.dialog else { return };
    let frame = egui::Frame::popup(&ui.ctx().style_of(ui.theme())).inner_margin(16.0);
    let response = egui::Modal::new(egui::Id::unique("dialog"))
        .frame(frame)
        .show(ui.ctx(), |ui| match dialog {
            Dialog::Open { path, problem } => {
                open::show(ui, state, path, problem.as_deref(), commands);
            }
            Dialog::Compare { path, problem } => {
                compare::show(ui, state, path, problem.as_deref(), commands);
            }
            Dialog::Hub(dialog) => hub::show(ui, dialog, commands),
            Dialog::Export(draft) => export::show(ui, state, draft, commands),
            Dialog::Mapping => mapping::show(ui, state, commands),
            Dialog::Palette { search } => palette::show(ui, search, commands),
            Dialog::Help(help) => help::show(ui, help, commands),
            Dialog::Shortcuts => shortcuts::show(ui),
        });
    if response.should_close() {
        commands.push(Action::CloseDialog.into());
    }
}
