//! A row of buttons that comes up for what was marked by keyboard: the keyboard goes there, and
//! back when the row goes away.

use eframe::egui::{self, Id, Response};

use crate::window::focus::ring::is_keyboard;

/// The way to a row that came up, and back.
pub(crate) struct Detour {
    /// Whether the keyboard is still to go to the row's first button.
    going: bool,
}

impl Detour {
    /// Of the row `name`, which is `there` in this frame or not.
    pub(crate) fn new(ui: &egui::Ui, name: &str, there: bool) -> Self {
        let id = Id::unique("detour").with(name);
        let was_there: bool = ui.data(|data| data.get_temp(id).unwrap_or(false));
        ui.data_mut(|data| data.insert_temp(id, there));
        let back = id.with("back");
        if was_there
            && !there
            && let Some(to) = ui
                .data_mut(|data| data.remove_temp::<Option<Id>>(back))
                .flatten()
            && ui.memory(|memory| memory.focused().is_none_or(|now| now != to))
        {
            ui.memory_mut(|memory| memory.request_focus(to));
        }
        let focused = ui.memory(egui::Memory::focused);
        let going = there && !was_there && is_keyboard(ui.ctx());
        if going {
            ui.data_mut(|data| data.insert_temp(back, focused));
        }
        Self {
            going: going && focused.is_some(),
        }
    }

    /// The keyboard goes to the first button that this is called with.
    pub(crate) fn to(&mut self, button: &Response) {
        if std::mem::take(&mut self.going) {
            button.request_focus();
        }
    }
}
