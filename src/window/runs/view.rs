//! The runs tab: a table of training runs above linked plots of them.
//!
//! Enters: the runs and what was derived from them. Leaves: commands. A run that is pointed at in
//! the table, in a plot or through the layers it trains stands out in all of these.

use crate::window::runs::state::Runs;
use crate::window::runs::{bar, controls, map};
use eframe::egui;

use crate::window::runs::command::Command;
use crate::window::runs::derive::Derived;
use crate::window::runs::entry::RunId;
use crate::window::runs::screen::{Screen, Table};
use crate::window::scene::Scene;

/// The keys of the table and the map, for the list of shortcuts.
pub(crate) const KEYS: [(&str, &str); 5] = [
    ("Enter on a run", "Light the layers it trains"),
    ("F2 on a run", "Another name"),
    ("Alt + Up, Down on a run", "Move it in the table"),
    (
        "Shift + F10, or Menu, on a run or a heading",
        "Baseline, freeze set, remove; hide the column",
    ),
    (
        "Arrow keys in the map of layers",
        "From cell to cell; Enter inspects",
    ),
];

/// Share of the tab's height that the table takes at most.
const TABLE: f32 = 0.42;
/// The width from which on the map of layers lies beside the table.
const WITH_MAP: f32 = 1150.0;

impl Runs {
    /// The tab's content.
    pub(crate) fn view(
        &mut self,
        ui: &mut egui::Ui,
        scene: &Scene<'_>,
        commands: &mut Vec<Command>,
    ) {
        let mut screen = std::mem::take(&mut self.screen);
        screen.show(ui, self, scene, commands);
        self.screen = screen;
    }

    /// The plots alone: what a presentation shows.
    pub(crate) fn picture(&mut self, ui: &mut egui::Ui, commands: &mut Vec<Command>) {
        let mut screen = std::mem::take(&mut self.screen);
        let mut lit = Vec::new();
        if let Some(derived) = &self.derived {
            screen.plots(ui, self, derived, &mut lit, commands);
        }
        screen.lit = lit;
        self.screen = screen;
    }
}

impl Screen {
    fn show(
        &mut self,
        ui: &mut egui::Ui,
        runs: &Runs,
        scene: &Scene<'_>,
        commands: &mut Vec<Command>,
    ) {
        let derived = runs.derived.clone();
        bar::show(ui, runs, derived.as_deref(), commands);
        ui.add_space(2.0);
        let Some(derived) = derived else {
            ui.centered_and_justified(|ui| ui.weak("Comparing the runs…"));
            return;
        };
        if runs.list.is_empty() {
            empty(ui);
            return;
        }
        let mut lit = Vec::new();
        self.top(ui, (runs, scene), &derived, &mut lit, commands);
        ui.add_space(6.0);
        controls::show(ui, runs, commands);
        ui.add_space(4.0);
        self.plots(ui, runs, &derived, &mut lit, commands);
        if lit != self.lit {
            self.lit = lit;
            ui.ctx().request_repaint();
        }
    }

    fn plots(
        &mut self,
        ui: &mut egui::Ui,
        runs: &Runs,
        derived: &Derived,
        lit: &mut Vec<RunId>,
        commands: &mut Vec<Command>,
    ) {
        let pointed = self.panels.show(ui, runs, derived, &self.lit, commands);
        lit.extend(pointed);
    }

    /// The table, and where there is room the map of layers beside it.
    fn top(
        &mut self,
        ui: &mut egui::Ui,
        (runs, scene): (&Runs, &Scene<'_>),
        derived: &Derived,
        lit: &mut Vec<RunId>,
        commands: &mut Vec<Command>,
    ) {
        let height = Table::height(runs.list.len(), ui.available_height() * TABLE);
        let space = egui::vec2(ui.available_width(), height);
        let (rect, _) = ui.allocate_exact_size(space, egui::Sense::hover());
        let document = scene.document.filter(|_| rect.width() >= WITH_MAP);
        let split = if document.is_some() {
            rect.right() - map::WIDTH
        } else {
            rect.right()
        };
        let left = rect.with_max_x(split);
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(left).id_salt("table"));
        let pointed = (self.table).show(&mut child, runs, derived, &self.lit, commands);
        lit.extend(pointed);
        if let Some(document) = document {
            let right = rect.with_min_x(split + 20.0);
            let place = (right, &*self.lit);
            self.map.show(ui, (runs, document), place, lit, commands);
        }
    }
}

fn empty(ui: &mut egui::Ui) {
    ui.add_space(ui.available_height() * 0.3);
    ui.vertical_centered(|ui| {
        ui.label("No runs yet. Drop training logs on the window, or import them.");
        ui.weak("TensorBoard CSV, W&B, MLflow, trainer_state.json, JSON lines, nvidia-smi, psrecord, dstat, any table");
    });
}
