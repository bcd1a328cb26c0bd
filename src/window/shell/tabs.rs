//! The middle of the window: the tabs, and the one that is shown.

use eframe::egui;

use crate::window::landmark::Landmark;
use crate::window::layers::Layers;
use crate::window::scene::Tab;
use crate::window::shell::command::{Command, gather};
use crate::window::shell::state::{State, scene_of};
use crate::window::theme;
use crate::window::theme::icon;
use crate::window::theme::icon::Icon;

pub(crate) fn show(ui: &mut egui::Ui, state: &mut State, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let frame = egui::Frame::new().fill(palette.base).inner_margin(12.0);
    egui::CentralPanel::default().frame(frame).show(ui, |ui| {
        Landmark::Picture.is_at(ui, ui.max_rect());
        if state.document.is_none() {
            ui.centered_and_justified(|ui| {
                ui.weak("Open a model or a results file, or drop one here.");
            });
            return;
        }
        bar(ui, state, commands);
        let scene = scene_of!(state);
        match state.tab {
            Tab::Layers => gather(commands, |asked| state.layers.view(ui, &scene, asked)),
            Tab::Spectrum => gather(commands, |asked| state.spectrum.view(ui, &scene, asked)),
            Tab::Runs => gather(commands, |asked| state.runs.view(ui, &scene, asked)),
            Tab::Sets => gather(commands, |asked| state.sets.view(ui, &scene, asked)),
        }
    });
}

/// What the shown tab's picture is of.
pub(crate) fn title(state: &State) -> String {
    let Some(document) = &state.document else {
        return String::new();
    };
    let slug = &document.report.slug;
    match (state.tab, state.inspected) {
        (Tab::Runs, _) => "Training runs".to_owned(),
        (Tab::Spectrum, Some(module)) => document.report.modules[module].name.clone(),
        _ => slug.clone(),
    }
}

/// The picture of the shown tab, without what changes it.
pub(crate) fn picture(ui: &mut egui::Ui, state: &mut State, commands: &mut Vec<Command>) {
    if state.document.is_none() {
        return;
    }
    let scene = scene_of!(state);
    match state.tab {
        Tab::Layers => gather(commands, |asked| {
            state.layers.picture_view(ui, &scene, asked);
        }),
        Tab::Spectrum => gather(commands, |asked| state.spectrum.view(ui, &scene, asked)),
        Tab::Runs => gather(commands, |asked| state.runs.picture(ui, asked)),
        Tab::Sets => gather(commands, |asked| state.sets.view(ui, &scene, asked)),
    }
}

const TABS: [(Tab, Icon, &str, &str); 4] = [
    (
        Tab::Layers,
        Icon::LayoutGrid,
        "Layers",
        "All layers as a heatmap (Ctrl+1)",
    ),
    (
        Tab::Spectrum,
        Icon::ChartColumn,
        "Spectrum",
        "The singular values of one layer (Ctrl+2)",
    ),
    (
        Tab::Runs,
        Icon::ChartLine,
        "Runs",
        "Training runs side by side (Ctrl+3)",
    ),
    (
        Tab::Sets,
        Icon::SquareStack,
        "Sets",
        "Freeze sets side by side (Ctrl+4)",
    ),
];

/// The tabs; beside them what the shown one has to say of a part of it.
fn bar(ui: &mut egui::Ui, state: &State, commands: &mut Vec<Command>) {
    let shown = state.tab;
    ui.horizontal(|ui| {
        for (tab, icon, text, hover) in TABS {
            let content = icon::beside(icon, theme::strong(text));
            let label = egui::Button::selectable(tab == shown, content);
            let response = icon::named(ui.add(label), text);
            if response.on_hover_text(hover).clicked() {
                commands.push(Command::ShowTab(tab));
            }
        }
        if shown == Tab::Layers {
            ui.separator();
            gather(commands, |asked| {
                Layers::region_view(ui, &scene_of!(state), asked);
            });
        }
    });
    ui.add_space(2.0);
}
