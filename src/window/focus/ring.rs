//! The ring around the widget that has the keyboard: the same for every widget, in both themes.
//!
//! It is drawn while the keyboard is in use. A click shows by itself where it went.

use eframe::egui::{self, Event, Id, Stroke, StrokeKind, accesskit};

use crate::window::theme;

/// How far outside the widget the ring runs, and how wide it is, in points.
const GAP: f32 = 1.0;
const WIDTH: f32 = 2.0;

fn memory() -> Id {
    Id::unique("the keyboard is in use")
}

/// Whether the keyboard, or a screen reader, was used last, and not the pointer.
pub(crate) fn is_keyboard(ctx: &egui::Context) -> bool {
    ctx.data(|data| data.get_temp(memory()).unwrap_or(false))
}

/// Takes note of what is used.
pub(crate) fn observe(ui: &egui::Ui) {
    let used = ui.input(|input| {
        let mut used = input.events.iter().rev().filter_map(|event| match event {
            Event::Key { pressed: true, .. } => Some(true),
            Event::AccessKitActionRequest(request) => {
                (request.action == accesskit::Action::Focus).then_some(true)
            }
            Event::PointerButton { pressed: true, .. } => Some(false),
            _ => None,
        });
        used.next()
    });
    if let Some(keyboard) = used {
        ui.data_mut(|data| data.insert_temp(memory(), keyboard));
    }
}

/// Draws the ring, above the widget's own layer.
pub(crate) fn paint(ui: &egui::Ui) {
    let ctx = ui.ctx();
    if !is_keyboard(ctx) {
        return;
    }
    let focused = ctx.memory(egui::Memory::focused);
    let Some(response) = focused.and_then(|id| ctx.read_response(id)) else {
        return;
    };
    let seen = response.interact_rect;
    if !seen.is_positive() {
        return;
    }
    let rect = seen.expand(GAP + WIDTH).intersect(ctx.content_rect());
    let stroke = Stroke::new(WIDTH, theme::palette(ui).accent);
    let painter = ctx.layer_painter(response.layer_id);
    painter.rect_stroke(rect, 5.0, stroke, StrokeKind::Inside);
}
