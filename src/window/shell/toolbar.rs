//! The bar at the top: open, scan, export, undo, what is open, and how it looks.

use eframe::egui;

use crate::export::Format;
use crate::window::action::Action;
use crate::window::document::{Document, Origin};
use crate::window::export::state as export;
use crate::window::landmark::Landmark;
use crate::window::shell::command::Command;
use crate::window::shell::state::State;
use crate::window::theme::icon;
use crate::window::theme::icon::Icon;
use crate::window::{number, theme};

pub(crate) fn show(ui: &mut egui::Ui, state: &State, commands: &mut Vec<Command>) {
    let frame = theme::panel_frame(ui);
    egui::Panel::top("toolbar").frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            open_menu(ui, state, commands);
            let scanning = state.jobs.scan.is_some();
            let model = state
                .document
                .as_ref()
                .is_some_and(|document| document.model().is_some());
            if scanning {
                button(ui, true, (Icon::CircleStop, Action::CancelScan), commands);
            } else {
                button(ui, model, (Icon::ScanLine, Action::Scan), commands);
            }
            export_menu(ui, state, commands);
            ui.separator();
            let document = state.document.as_ref();
            button(
                ui,
                document.is_some_and(Document::can_undo),
                (Icon::Undo2, Action::Undo),
                commands,
            );
            button(
                ui,
                document.is_some_and(Document::can_redo),
                (Icon::Redo2, Action::Redo),
                commands,
            );
            ui.separator();
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let help = (Icon::CircleQuestionMark, Action::ShowHelp);
                button(ui, true, help, commands);
                panel_switches(ui, state, commands);
                view_menu(ui, state, commands);
                let palette = Action::ShowPalette;
                let keys = shortcut_text(ui, palette).unwrap_or_default();
                let response = icon::button(ui, true, Icon::Search, &format!("Commands  {keys}"));
                if described(response, ui, palette).clicked() {
                    commands.push(palette.into());
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    title(ui, state);
                });
            });
        });
    });
}

/// What is open: its name, then its size.
fn title(ui: &mut egui::Ui, state: &State) {
    let Some(document) = &state.document else {
        return;
    };
    let report = &document.report;
    let mut facts = format!("{} modules", number::grouped(report.modules.len() as u64));
    if let Some(parameters) = report.total_parameters {
        facts = format!("{facts}, {} parameters", number::parameters(parameters));
    }
    let kind = match document.origin {
        Origin::Sample => "sample",
        Origin::Results => "results",
        Origin::Model(_) => "model",
    };
    let path = report.path.as_ref().map_or_else(
        || "Compiled into the program".to_owned(),
        |path| path.display().to_string(),
    );
    ui.add(egui::Label::new(theme::strong(&report.slug)).truncate())
        .on_hover_text(path);
    ui.add(egui::Label::new(egui::RichText::new(format!("{kind}, {facts}")).weak()).truncate());
}

fn open_menu(ui: &mut egui::Ui, state: &State, commands: &mut Vec<Command>) {
    let menu = ui.menu_button(icon::beside(Icon::FolderOpen, "Open"), |ui| {
        for action in [
            Action::ShowOpen,
            Action::PickFile,
            Action::PickFolder,
            Action::OpenSample,
        ] {
            item(ui, true, action, commands);
        }
        ui.separator();
        item(ui, state.document.is_some(), Action::CompareWith, commands);
        ui.separator();
        for action in [Action::SaveSession, Action::SaveSessionAs] {
            item(ui, state.document.is_some(), action, commands);
        }
        if !state.preferences.recent.is_empty() {
            ui.separator();
            ui.weak("Recent");
            for path in &state.preferences.recent {
                let name = path
                    .file_name()
                    .unwrap_or(path.as_os_str())
                    .to_string_lossy();
                let response = ui.button(name).on_hover_text(path.display().to_string());
                if response.clicked() {
                    commands.push(Command::Open(path.clone()));
                    ui.close();
                }
            }
            ui.separator();
            item(ui, true, Action::ForgetRecent, commands);
        }
    });
    icon::named(menu.response, "Open")
        .on_hover_text("Open a model, results, a freeze set or a session; save the session");
}

fn export_menu(ui: &mut egui::Ui, state: &State, commands: &mut Vec<Command>) {
    ui.add_enabled_ui(state.document.is_some(), |ui| {
        let menu = ui.menu_button(icon::beside(Icon::FileOutput, "Export"), |ui| {
            for format in Format::ALL {
                let response = ui.button(format!("{}…", format.text()));
                if response.on_hover_text(format.tooltip()).clicked() {
                    commands.push(Command::Export(export::Command::Show(format)));
                    ui.close();
                }
            }
            ui.separator();
            item(ui, true, Action::SavePicture, commands);
        });
        Landmark::Export.is_at(ui, menu.response.rect);
        icon::named(menu.response, "Export")
            .on_hover_text("Write the freeze set or the results to a file");
    });
}

fn view_menu(ui: &mut egui::Ui, state: &State, commands: &mut Vec<Command>) {
    let menu = ui.menu_button(icon::beside(Icon::SlidersHorizontal, "View"), |ui| {
        let mut panel = |ui: &mut egui::Ui, mut on: bool, action: Action| {
            let response = ui.checkbox(&mut on, action.text());
            if described(response, ui, action).clicked() {
                commands.push(action.into());
            }
        };
        panel(ui, state.preferences.types_panel, Action::ToggleTypesPanel);
        panel(
            ui,
            state.preferences.inspector_panel,
            Action::ToggleInspector,
        );
        ui.separator();
        ui.weak("Theme");
        let mut theme = state.preferences.theme;
        for (preference, text) in [
            (egui::ThemePreference::System, "As the system"),
            (egui::ThemePreference::Dark, "Dark"),
            (egui::ThemePreference::Light, "Light"),
        ] {
            if ui.radio_value(&mut theme, preference, text).clicked() {
                commands.push(Command::SetTheme(preference));
            }
        }
        ui.separator();
        egui::gui_zoom::zoom_menu_buttons(ui);
    });
    icon::named(menu.response, "View").on_hover_text("Panels, theme and size of text");
}

/// The side panels, on and off: where they are, seen from the right.
fn panel_switches(ui: &mut egui::Ui, state: &State, commands: &mut Vec<Command>) {
    let settings = &state.settings;
    for (icon, on, action) in [
        (
            Icon::PanelRight,
            settings.inspector_panel,
            Action::ToggleInspector,
        ),
        (
            Icon::PanelLeft,
            settings.types_panel,
            Action::ToggleTypesPanel,
        ),
    ] {
        let response = icon::switch(ui, icon, on, action.text());
        if described(response, ui, action).clicked() {
            commands.push(action.into());
        }
    }
}

fn item(ui: &mut egui::Ui, enabled: bool, action: Action, commands: &mut Vec<Command>) {
    let mut button = egui::Button::new(action.text());
    if let Some(keys) = shortcut_text(ui, action) {
        button = button.shortcut_text(keys);
    }
    let response = ui.add_enabled(enabled, button);
    if described(response, ui, action).clicked() {
        commands.push(action.into());
        ui.close();
    }
}

fn button(
    ui: &mut egui::Ui,
    enabled: bool,
    (icon, action): (Icon, Action),
    commands: &mut Vec<Command>,
) {
    let response = icon::button(ui, enabled, icon, action.text());
    if described(response, ui, action).clicked() {
        commands.push(action.into());
    }
}

/// Adds an action's tooltip and shortcut to its widget.
fn described(response: egui::Response, ui: &egui::Ui, action: Action) -> egui::Response {
    let keys = shortcut_text(ui, action).map_or_else(String::new, |keys| format!("  ({keys})"));
    let text = format!("{}{keys}", action.tooltip());
    response.on_hover_text(&text).on_disabled_hover_text(text)
}

fn shortcut_text(ui: &egui::Ui, action: Action) -> Option<String> {
    Some(ui.ctx().format_shortcut(&action.shortcut()?))
}
