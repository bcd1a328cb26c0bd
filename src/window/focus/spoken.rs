//! What is said aloud of a picture: its name, the value at the keyboard's place, and that value
//! again in a live region, for screen readers that say names alone.

use eframe::egui::{self, Id, Rect, Response, Role, Sense, Vec2, WidgetInfo, accesskit};

fn memory() -> Id {
    Id::unique("what is said")
}

/// Names a picture painted by hand, and says its value; aloud while it has the keyboard.
pub(crate) fn say(response: &Response, name: &str, value: &str) {
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Canvas, true, name);
        info.current_text_value = Some(value.to_owned());
        info
    });
    if response.has_focus() {
        announce(&response.ctx, value);
    }
}

/// Says `text` in this frame; a screen reader reads it once.
pub(crate) fn announce(ctx: &egui::Context, text: &str) {
    ctx.data_mut(|data| data.insert_temp(memory(), text.to_owned()));
}

/// The live region, while there is something to say.
pub(crate) fn show(ui: &egui::Ui) {
    let said: Option<String> = ui.data_mut(|data| data.remove_temp(memory()));
    let Some(said) = said else { return };
    let place = Rect::from_min_size(ui.ctx().content_rect().left_bottom(), Vec2::ZERO);
    let response = ui.interact(place, memory().with("node"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_live(accesskit::Live::Polite);
    });
}
