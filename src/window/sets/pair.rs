//! The two sets that are compared, and their colors.

use eframe::egui::{self, Color32};

use crate::figure::OKABE_ITO;
use crate::window::document::sets::Side;
use crate::window::heatmap::Inks;
use crate::window::theme;

/// The two sets that are compared.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) a: Side<'a>,
    pub(crate) b: Side<'a>,
}

impl Pair<'_> {
    /// The colors of A and B.
    pub(crate) fn colors(&self, ui: &egui::Ui) -> [Color32; 2] {
        [color(ui, self.a.color), color(ui, self.b.color)]
    }

    pub(crate) fn inks(&self, ui: &egui::Ui) -> Inks {
        Inks::new(self.colors(ui), &theme::heatmap(ui))
    }
}

/// A set's color.
pub(crate) fn color(ui: &egui::Ui, index: usize) -> Color32 {
    theme::seen(ui, OKABE_ITO[index % OKABE_ITO.len()])
}
