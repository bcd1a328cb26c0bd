//! The dialogs over the window: open, export, command palette.

mod export;
mod mapping;
mod open;
mod palette;

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
            Dialog::Export(draft) => export::show(ui, state, draft, commands),
            Dialog::Mapping => mapping::show(ui, state, commands),
            Dialog::Palette { search } => palette::show(ui, search, commands),
        });
    if response.should_close() {
        commands.push(Action::CloseDialog.into());
    }
}
