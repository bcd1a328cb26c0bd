//! The dialogs over the window: open, compare, hub, export, command palette, help.
//!
//! Each takes the keyboard when it opens, keeps it and gives it back ([`crate::window::focus`]).

use crate::window::change::view as compare;
use crate::window::hub::view as hub;
use crate::window::open::view as open;
use crate::window::runs::mapping;
use crate::window::shell::{palette, shortcuts};
use eframe::egui::{self, accesskit};

use crate::window::action::Action;
use crate::window::focus;
use crate::window::scene;
use crate::window::shell::command::Command;
use crate::window::shell::state::scene_of;
use crate::window::shell::state::{Dialog, State};

/// Room that is left around a dialog, above and below it together, and its own margins.
const AROUND: f32 = 56.0;

pub(crate) fn show(ui: &egui::Ui, state: &State, commands: &mut Vec<Command>) {
    let Some(dialog) = &state.dialog else { return };
    let frame = egui::Frame::popup(&ui.ctx().style_of(ui.theme())).inner_margin(16.0);
    let room = ui.ctx().content_rect().size() - egui::Vec2::splat(AROUND);
    let response = egui::Modal::new(egui::Id::unique("dialog"))
        .frame(frame)
        .show(ui.ctx(), |ui| {
            describe(ui, dialog);
            // In a small window, or with large text, all of it scrolls.
            egui::ScrollArea::both()
                .id_salt("dialog")
                .max_height(room.y)
                .min_scrolled_height(room.y)
                .max_width(room.x)
                .min_scrolled_width(room.x)
                .show(ui, |ui| {
                    focus::enter(ui);
                    content(ui, state, dialog, commands);
                    focus::around_all(ui);
                });
        });
    if response.should_close() {
        commands.push(Action::CloseDialog.into());
    }
}

fn content(ui: &mut egui::Ui, state: &State, dialog: &Dialog, commands: &mut Vec<Command>) {
    match dialog {
        Dialog::Open { path, problem } => {
            open::show(ui, state, path, problem.as_deref(), commands);
        }
        Dialog::Compare { path, problem } => {
            compare::show(ui, state, path, problem.as_deref(), commands);
        }
        Dialog::Hub(dialog) => hub::show(ui, dialog, commands),
        Dialog::Room(scene::Dialog::Export) => {
            let mut asked = Vec::new();
            state.export.view(ui, &scene_of!(state), &mut asked);
            commands.extend(asked.into_iter().map(Command::Export));
        }
        Dialog::Mapping => mapping::show(ui, state, commands),
        Dialog::Palette { search } => palette::show(ui, search, commands),
        Dialog::Room(scene::Dialog::Help) => {
            let mut asked = Vec::new();
            state.help.view(ui, &mut asked);
            commands.extend(asked.into_iter().map(Command::Help));
        }
        Dialog::Shortcuts => shortcuts::show(ui, commands),
    }
}

/// Names the dialog for a screen reader, and says that the window waits for it.
fn describe(ui: &egui::Ui, dialog: &Dialog) {
    let mut stack = ui.stack().iter();
    if let Some(modal) = stack.find(|stack| stack.kind() == Some(egui::UiKind::Modal)) {
        ui.ctx().accesskit_node_builder(modal.unique_id, |node| {
            node.set_role(accesskit::Role::Dialog);
            node.set_label(name(dialog));
            node.set_modal();
        });
    }
}

/// What a screen reader calls it.
fn name(dialog: &Dialog) -> String {
    match dialog {
        Dialog::Open { .. } => "Open".to_owned(),
        Dialog::Compare { .. } => "Compare with other results".to_owned(),
        Dialog::Hub(dialog) => dialog.id.to_string(),
        Dialog::Room(scene::Dialog::Export) => "Export".to_owned(),
        Dialog::Mapping => "What do the columns mean?".to_owned(),
        Dialog::Palette { .. } => Action::ShowPalette.text().to_owned(),
        Dialog::Room(scene::Dialog::Help) => Action::ShowHelp.text().to_owned(),
        Dialog::Shortcuts => Action::ShowShortcuts.text().to_owned(),
    }
}
