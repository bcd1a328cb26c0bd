//! The runs tab: a table of training runs above linked plots of them.
//!
//! Enters: the runs and what was derived from them. Leaves: commands. A run that is pointed at in
//! the table, in a plot or through the layers it trains stands out in all of these.

use crate::window::runs::{bar, controls, map, panels, table};
use eframe::egui;

use crate::window::runs::derive::Derived;
use crate::window::runs::state::RunId;
use crate::window::shell::command::Command;
use crate::window::shell::state::State;

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

/// What the tab keeps from frame to frame.
#[derive(Default)]
pub(crate) struct RunsTab {
    table: table::Table,
    panels: panels::Panels,
    map: map::Map,
    /// The runs that are pointed at.
    lit: Vec<RunId>,
}

impl RunsTab {
    pub(crate) fn show(&mut self, ui: &mut egui::Ui, state: &State, commands: &mut Vec<Command>) {
        let derived = state.runs.derived.clone();
        bar::show(ui, state, derived.as_deref(), commands);
        ui.add_space(2.0);
        let Some(derived) = derived else {
            ui.centered_and_justified(|ui| ui.weak("Comparing the runs…"));
            return;
        };
        if state.runs.list.is_empty() {
            empty(ui);
            return;
        }
        let mut lit = Vec::new();
        self.top(ui, state, &derived, &mut lit, commands);
        ui.add_space(6.0);
        controls::show(ui, state, commands);
        ui.add_space(4.0);
        self.plots(ui, state, &derived, &mut lit, commands);
        if lit != self.lit {
            self.lit = lit;
            ui.ctx().request_repaint();
        }
    }

    /// The plots alone: what a presentation shows.
    pub(crate) fn picture(
        &mut self,
        ui: &mut egui::Ui,
        state: &State,
        commands: &mut Vec<Command>,
    ) {
        let mut lit = Vec::new();
        if let Some(derived) = &state.runs.derived {
            self.plots(ui, state, derived, &mut lit, commands);
        }
        self.lit = lit;
    }

    fn plots(
        &mut self,
        ui: &mut egui::Ui,
        state: &State,
        derived: &Derived,
        lit: &mut Vec<RunId>,
        commands: &mut Vec<Command>,
    ) {
        let pointed = self.panels.show(ui, state, derived, &self.lit, commands);
        lit.extend(pointed);
    }

    /// The table, and where there is room the map of layers beside it.
    fn top(
        &mut self,
        ui: &mut egui::Ui,
        state: &State,
        derived: &Derived,
        lit: &mut Vec<RunId>,
        commands: &mut Vec<Command>,
    ) {
        let height = table::Table::height(state.runs.list.len(), ui.available_height() * TABLE);
        let space = egui::vec2(ui.available_width(), height);
        let (rect, _) = ui.allocate_exact_size(space, egui::Sense::hover());
        let with_map = rect.width() >= WITH_MAP && state.document.is_some();
        let split = if with_map {
            rect.right() - map::WIDTH
        } else {
            rect.right()
        };
        let left = rect.with_max_x(split);
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(left).id_salt("table"));
        let pointed = self
            .table
            .show(&mut child, state, derived, &self.lit, commands);
        lit.extend(pointed);
        if with_map {
            let right = rect.with_min_x(split + 20.0);
            self.map.show(ui, state, right, &self.lit, lit, commands);
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
