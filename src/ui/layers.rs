//! The layers tab: the heatmap and what it asks for. (placeholder)
use crate::app::{Command, State};
use eframe::egui;
/// x
#[derive(Default)]
pub(super) struct Layers {}
impl Layers {
    pub(super) fn show(&mut self, ui: &mut egui::Ui, _state: &State, _commands: &mut Vec<Command>) {
        egui::CentralPanel::default().show(ui, |ui| {
            ui.label("heatmap");
        });
    }
}
