//! The sets tab.

use eframe::egui;

use crate::app::{Command, Document, State};

/// What the tab keeps from frame to frame.
#[derive(Default)]
pub(super) struct SetsTab;

impl SetsTab {
    pub(super) fn show(
        &mut self,
        ui: &mut egui::Ui,
        _state: &State,
        _document: &Document,
        _commands: &mut Vec<Command>,
    ) {
        ui.label("Sets");
    }
}
