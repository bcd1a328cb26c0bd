//! The dialogs over the window: open, compare, hub, export, command palette, help.
//!
//! Each takes the keyboard when it opens, keeps it and gives it back ([`crate::window::focus`]).

use crate::window::shell::{palette, shortcuts};
use eframe::egui::{self, accesskit};

use crate::window::action::Action;
use crate::window::focus;
use crate::window::scene;
use crate::window::shell::command::{Command, gather};
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
            describe(ui, state, dialog);
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
        Dialog::Room(dialog) => room_content(ui, state, *dialog, commands),
        Dialog::Palette { search } => palette::show(ui, search, commands),
        Dialog::Shortcuts => shortcuts::show(ui, commands),
    }
}

/// Has the room draw the content of its dialog.
fn room_content(
    ui: &mut egui::Ui,
    state: &State,
    dialog: scene::Dialog,
    commands: &mut Vec<Command>,
) {
    let scene = scene_of!(state);
    match dialog {
        scene::Dialog::Open => gather(commands, |asked| state.open.view(ui, &scene, asked)),
        scene::Dialog::Compare => gather(commands, |asked| state.change.view(ui, &scene, asked)),
        scene::Dialog::Hub => gather(commands, |asked| state.hub.view(ui, asked)),
        scene::Dialog::Export => gather(commands, |asked| state.export.view(ui, &scene, asked)),
        scene::Dialog::Mapping => gather(commands, |asked| state.runs.mapping_view(ui, asked)),
        scene::Dialog::Help => gather(commands, |asked| state.help.view(ui, asked)),
    }
}

/// Names the dialog for a screen reader, and says that the window waits for it.
fn describe(ui: &egui::Ui, state: &State, dialog: &Dialog) {
    let mut stack = ui.stack().iter();
    if let Some(modal) = stack.find(|stack| stack.kind() == Some(egui::UiKind::Modal)) {
        ui.ctx().accesskit_node_builder(modal.unique_id, |node| {
            node.set_role(accesskit::Role::Dialog);
            node.set_label(name(state, dialog));
            node.set_modal();
        });
    }
}

/// What a screen reader calls it.
fn name(state: &State, dialog: &Dialog) -> String {
    match dialog {
        Dialog::Room(scene::Dialog::Open) => "Open".to_owned(),
        Dialog::Room(scene::Dialog::Compare) => "Compare with other results".to_owned(),
        Dialog::Room(scene::Dialog::Hub) => state.hub.title(),
        Dialog::Room(scene::Dialog::Export) => "Export".to_owned(),
        Dialog::Room(scene::Dialog::Mapping) => "What do the columns mean?".to_owned(),
        Dialog::Palette { .. } => Action::ShowPalette.text().to_owned(),
        Dialog::Room(scene::Dialog::Help) => Action::ShowHelp.text().to_owned(),
        Dialog::Shortcuts => Action::ShowShortcuts.text().to_owned(),
    }
}
