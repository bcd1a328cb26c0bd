//! Menus of a right click, by keyboard too: with the Menu key or Shift + F10.

use eframe::egui::{self, Key, Modifiers, Popup, Pos2, SetOpenCommand};

/// Whether the widget has the focus and is asked for its menu.
pub(crate) fn asks(response: &egui::Response) -> bool {
    response.has_focus()
        && response.ctx.input_mut(|input| {
            input.consume_key(Modifiers::SHIFT, Key::F10)
                || input.consume_key(Modifiers::NONE, Key::Menu)
        })
}

/// The menu of `response`. It opens where a right click was, or at `at` for the keyboard.
pub(crate) fn context_menu(
    response: &egui::Response,
    asked: bool,
    at: Pos2,
    content: impl FnOnce(&mut egui::Ui),
) {
    let ctx = &response.ctx;
    // Where it was asked for by key, and whether the focus is still to go into it.
    let memory = response.id.with("menu by key");
    if asked {
        ctx.data_mut(|data| data.insert_temp(memory, (at, true)));
    } else if response.secondary_clicked() {
        ctx.data_mut(|data| data.remove::<(Pos2, bool)>(memory));
    }
    let by_key: Option<(Pos2, bool)> = ctx.data(|data| data.get_temp(memory));
    let mut popup = Popup::context_menu(response);
    if let Some((at, _)) = by_key {
        popup = popup.at_position(at);
    }
    if asked {
        popup = popup.open_memory(Some(SetOpenCommand::Bool(true)));
    }
    popup.show(|ui| {
        if let Some((at, true)) = by_key
            && !ui.is_sizing_pass()
        {
            ui.memory_mut(|memory| {
                if let Some(focused) = memory.focused() {
                    memory.surrender_focus(focused);
                }
                memory.move_focus(egui::FocusDirection::Next);
            });
            ui.data_mut(|data| data.insert_temp(memory, (at, false)));
        }
        content(ui);
    });
}
