//! What is drawn: one file a panel, each a function from the state to commands.
//!
//! Enters: [`State`], read only. Leaves: pushed [`Command`]s. What only drawing needs (textures,
//! lists laid out, zoom) is kept in [`Screen`].

use crate::window::layers::inspector;
use crate::window::shell::{dialogs, notices, presentation, status, tabs, toolbar};
use crate::window::tour::view as tour;
use crate::window::{focus, theme};
use eframe::egui;

use crate::window::action::Action;
use crate::window::effect::Effect;
use crate::window::focus::order::Region;
use crate::window::focus::{Focus, Parts};
use crate::window::scene::Tab;
use crate::window::shell::command::{Command, gather};
use crate::window::shell::state::{Dialog, State, scene_of};

/// What drawing keeps from frame to frame.
#[derive(Default)]
pub(crate) struct Screen {
    focus: Focus,
}

impl Screen {
    /// Draws the window and collects what the user asks for.
    pub(crate) fn show(
        &mut self,
        ui: &mut egui::Ui,
        state: &mut State,
        commands: &mut Vec<Command>,
    ) {
        self.focus.begin(ui, state.dialog.as_ref().map(Dialog::id));
        keys(ui, state, commands);
        dropped(ui, commands);
        let mut parts = Parts::new(ui);
        if state.presenting() {
            room(ui, theme::LEAST_PRESENTED, |ui| {
                presentation::show(ui, state, commands);
            });
            parts.push(ui, Region::Picture);
        } else {
            room(ui, theme::LEAST, |ui| {
                self.panels(ui, state, &mut parts, commands);
            });
        }
        dialogs::show(ui, state, commands);
        notices::show(ui, state, commands);
        drop_hint(ui);
        self.focus.end(ui, parts.finish());
    }

    /// The bars, the side panels and the tabs. They are laid out from the edges inwards.
    fn panels(
        &mut self,
        ui: &mut egui::Ui,
        state: &mut State,
        parts: &mut Parts,
        commands: &mut Vec<Command>,
    ) {
        let wide = ui.available_width() >= theme::NARROW;
        self.focus.set_panels(ui);
        toolbar::show(ui, state, commands);
        parts.push(ui, Region::Toolbar);
        status::show(ui, state, commands);
        parts.push(ui, Region::Status);
        // Runs have no layers to list; they want the width.
        let layers = state.tab != Tab::Runs;
        if state.preferences.types_panel && layers {
            gather(commands, |asked| {
                state.layers.types_view(ui, &scene_of!(state), asked);
            });
            parts.push(ui, Region::Types);
        }
        let asked = state.inspected.is_some() && state.tab == Tab::Layers;
        if state.preferences.inspector_panel && layers && (wide || asked) {
            gather(commands, |asked| {
                let scene = scene_of!(state);
                state.layers.inspector_view(ui, &scene, wide, asked);
            });
            parts.push(ui, Region::Inspector);
            parts.push_layer(inspector::layer(), Region::Inspector);
        }
        tabs::show(ui, state, commands);
        parts.push(ui, Region::Picture);
        // A dialog is about something else.
        if state.dialog.is_none() {
            gather(commands, |asked| state.tour.view(ui, asked));
        }
        parts.push_layer(tour::layer(), Region::Tour);
    }
}

/// Draws `content` in the window where that has `least` of room, in points. With large text it may
/// not: then the content has that room and the window scrolls over it.
fn room(ui: &mut egui::Ui, least: egui::Vec2, content: impl FnOnce(&mut egui::Ui)) {
    let space = ui.available_size();
    if space.x >= least.x && space.y >= least.y {
        content(ui);
        return;
    }
    egui::ScrollArea::both()
        .id_salt("room")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let (rect, _) = ui.allocate_exact_size(space.max(least), egui::Sense::hover());
            let inside = egui::UiBuilder::new().max_rect(rect);
            content(&mut ui.new_child(inside));
            focus::around_all(ui);
        });
}

/// Shortcuts. A dialog keeps the keys to itself, but for the ones that close it.
fn keys(ui: &egui::Ui, state: &State, commands: &mut Vec<Command>) {
    // The longer shortcut first: Ctrl+Shift+Z must not be taken for Ctrl+Z.
    let mut actions = Action::PALETTE;
    let modifiers = |action: &Action| {
        action
            .shortcut()
            .map_or(0, |key| u8::from(key.modifiers.shift))
    };
    actions.sort_by_key(|action| std::cmp::Reverse(modifiers(action)));
    let typing = ui.ctx().text_edit_focused();
    for action in actions {
        let allowed = state.dialog.is_none() || action == Action::ShowPalette;
        let allowed = allowed && !(typing && edits_text(action));
        if let Some(shortcut) = action.shortcut().filter(|_| allowed)
            && ui.input_mut(|input| input.consume_shortcut(&shortcut))
        {
            commands.push(action.into());
        }
    }
}

/// Whether its keys mean something in a field of text, which then has them.
fn edits_text(action: Action) -> bool {
    matches!(
        action,
        Action::Undo | Action::Redo | Action::NextModule | Action::PreviousModule
    )
}

/// Files dropped on the window are opened.
fn dropped(ui: &egui::Ui, commands: &mut Vec<Command>) {
    let files = ui.input(|input| input.raw.dropped_files.clone());
    let paths = files.iter().map(|file| file.path().to_path_buf());
    commands.extend(Effect::open_all(paths.collect()).map(Command::Ask));
}

/// While a file hovers over the window: what dropping it will do.
fn drop_hint(ui: &egui::Ui) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let palette = theme::palette(ui);
    let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop hint"));
    let painter = ui.ctx().layer_painter(layer);
    let rect = ui.ctx().content_rect();
    painter.rect_filled(rect, 0.0, palette.base.gamma_multiply(0.85));
    painter.rect_stroke(
        rect.shrink(12.0),
        8.0,
        egui::Stroke::new(2.0, palette.accent),
        egui::StrokeKind::Inside,
    );
    painter.text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        "Drop a model, results, a freeze set, run logs or a session to open them",
        egui::FontId::proportional(18.0),
        palette.text,
    );
}
