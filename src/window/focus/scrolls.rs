//! Text that scrolls, by keyboard: nothing in it could have the focus, so the area has it.

use eframe::egui::{self, EventFilter, Key, Modifiers, Role, Sense, WidgetInfo, vec2};

/// How far an arrow key scrolls, in points.
const LINE: f32 = 36.0;

/// The keys, for the list of shortcuts.
pub(crate) const KEYS: [(&str, &str); 3] = [
    ("Up, Down", "Scroll a little"),
    ("Page up, Page down", "Scroll by what is in sight"),
    ("Home, End", "Scroll to the beginning and to the end"),
];

/// Makes the scroll area that `ui` is the content of a stop of the keyboard, called `name`. To be
/// called first in it.
pub(crate) fn scrolls(ui: &egui::Ui, name: &str) {
    // What does not scroll sideways is not cut off sideways, either.
    let clip = ui.clip_rect();
    let across = clip.x_range().intersection(ui.max_rect().x_range());
    let area = egui::Rect::from_x_y_ranges(across, clip.y_range());
    let id = ui.scope_id().with("scrolls by key");
    let response = ui.interact(area, id, Sense::focusable_noninteractive());
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollView, true, name));
    if !response.has_focus() {
        return;
    }
    let filter = EventFilter {
        vertical_arrows: true,
        horizontal_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    let page = (area.height() - LINE).max(LINE);
    let end = 1e6;
    let mut moved = egui::Vec2::ZERO;
    for (key, step) in [
        (Key::ArrowUp, vec2(0.0, LINE)),
        (Key::ArrowDown, vec2(0.0, -LINE)),
        (Key::ArrowLeft, vec2(LINE, 0.0)),
        (Key::ArrowRight, vec2(-LINE, 0.0)),
        (Key::PageUp, vec2(0.0, page)),
        (Key::PageDown, vec2(0.0, -page)),
        (Key::Home, vec2(0.0, end)),
        (Key::End, vec2(0.0, -end)),
    ] {
        let times = ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        moved += step * times as f32;
    }
    if moved != egui::Vec2::ZERO {
        ui.scroll_with_delta(moved);
    }
}
