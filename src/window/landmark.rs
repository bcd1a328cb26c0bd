//! Where parts of the window are, told by who draws them: the tour frames them.

use eframe::egui::{Id, Rect, Ui};

/// A part of the window that the tour is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Landmark {
    /// The tab in the middle.
    Picture,
    /// Where layers are chosen.
    Choosing,
    /// The export menu.
    Export,
}

impl Landmark {
    /// Tells that it is at `rect` in this frame.
    pub(crate) fn is_at(self, ui: &Ui, rect: Rect) {
        ui.data_mut(|data| data.insert_temp(self.id(), rect));
    }

    /// Where it was drawn last.
    pub(crate) fn rect(self, ui: &Ui) -> Option<Rect> {
        ui.data(|data| data.get_temp(self.id()))
    }

    fn id(self) -> Id {
        Id::unique("landmark").with(self)
    }
}
