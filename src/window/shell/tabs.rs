//! The middle of the window: the tabs, and the one that is shown.

use eframe::egui;

use crate::window::document::Document;
use crate::window::landmark::Landmark;
use crate::window::layers::view as layers;
use crate::window::scene::Tab;
use crate::window::sets::view as sets;
use crate::window::shell::command::Command;
use crate::window::shell::state::{State, scene_of};
use crate::window::theme;
use crate::window::theme::icon;
use crate::window::theme::icon::Icon;

/// What the tabs keep from frame to frame.
#[derive(Default)]
pub(crate) struct Tabs {
    layers: layers::Layers,
    sets: sets::SetsTab,
}

impl Tabs {
    pub(crate) fn show(
        &mut self,
        ui: &mut egui::Ui,
        state: &mut State,
        commands: &mut Vec<Command>,
    ) {
        let palette = theme::palette(ui);
        let frame = egui::Frame::new().fill(palette.base).inner_margin(12.0);
        egui::CentralPanel::default().frame(frame).show(ui, |ui| {
            Landmark::Picture.is_at(ui, ui.max_rect());
            let Some(document) = &state.document else {
                ui.centered_and_justified(|ui| {
                    ui.weak("Open a model or a results file, or drop one here.");
                });
                return;
            };
            bar(ui, state, document, commands);
            match state.tab {
                Tab::Layers => self.layers.show(ui, state, document, commands),
                Tab::Spectrum => spectrum(ui, state, commands),
                Tab::Runs => runs(ui, state, false, commands),
                Tab::Sets => self.sets.show(ui, state, document, commands),
            }
        });
    }
}

impl Tabs {
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
    pub(crate) fn picture(
        &mut self,
        ui: &mut egui::Ui,
        state: &mut State,
        commands: &mut Vec<Command>,
    ) {
        let Some(document) = &state.document else {
            return;
        };
        match state.tab {
            Tab::Layers => self.layers.picture(ui, state, document, commands),
            Tab::Spectrum => spectrum(ui, state, commands),
            Tab::Runs => runs(ui, state, true, commands),
            Tab::Sets => self.sets.show(ui, state, document, commands),
        }
    }
}

fn runs(ui: &mut egui::Ui, state: &mut State, alone: bool, commands: &mut Vec<Command>) {
    let mut asked = Vec::new();
    if alone {
        state.runs.picture(ui, &mut asked);
    } else {
        state.runs.view(ui, &scene_of!(state), &mut asked);
    }
    commands.extend(asked.into_iter().map(Command::Runs));
}

fn spectrum(ui: &mut egui::Ui, state: &mut State, commands: &mut Vec<Command>) {
    let mut asked = Vec::new();
    state.spectrum.view(ui, &scene_of!(state), &mut asked);
    commands.extend(asked.into_iter().map(Command::Spectrum));
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
fn bar(ui: &mut egui::Ui, state: &State, document: &Document, commands: &mut Vec<Command>) {
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
            layers::region_bar(ui, document.region.as_ref(), commands);
        }
    });
    ui.add_space(2.0);
}
