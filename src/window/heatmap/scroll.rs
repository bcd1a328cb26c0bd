//! Thin scroll bars on the picture's own edges, for when it is zoomed in or has many rows.

use eframe::egui::{Id, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use crate::window::heatmap::layout::{Geometry, View};
use crate::window::heatmap::look::Look;

/// Width of the space beside the cells that a bar takes, px.
pub(crate) const BAR: f32 = 9.0;
const LEAST_HANDLE: f32 = 24.0;

/// Draws the bars that are needed and moves `view` as they are dragged.
pub(crate) fn bars(ui: &Ui, id: Id, geometry: &Geometry, look: &Look, view: &mut View) {
    let body = geometry.body;
    let (across, down) = geometry.scrolls();
    if down {
        let track = Rect::from_min_max(
            pos2(body.right() + 3.0, body.top()),
            pos2(body.right() + BAR, body.bottom()),
        );
        bar(ui, id, "Scroll rows", (track, 1), geometry, look, view);
    }
    if across {
        let track = Rect::from_min_max(
            pos2(body.left(), body.bottom() + 3.0),
            pos2(body.right(), body.bottom() + BAR),
        );
        bar(ui, id, "Scroll blocks", (track, 0), geometry, look, view);
    }
}

/// One bar along `axis` (0 across, 1 down).
fn bar(
    ui: &Ui,
    id: Id,
    name: &str,
    (track, axis): (Rect, usize),
    geometry: &Geometry,
    look: &Look,
    view: &mut View,
) {
    let (content, space) = (geometry.content[axis], track.size()[axis]);
    let handle = (space * space / content).clamp(LEAST_HANDLE.min(space), space);
    let (room, hidden) = ((space - handle).max(1.0), (content - space).max(1.0));
    let start = track.min[axis] + room * (view.offset[axis] / hidden).clamp(0.0, 1.0);
    let mut rect = track;
    rect.min[axis] = start;
    rect.max[axis] = start + handle;
    let response = ui.interact(track, id.with(name), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, name));
    if response.dragged() {
        view.offset[axis] += response.drag_delta()[axis] * hidden / room;
    } else if response.clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        // The handle comes to where the track was clicked.
        view.offset[axis] = (at[axis] - track.min[axis] - handle / 2.0) * hidden / room;
    }
    let color = if response.hovered() || response.dragged() {
        look.weak
    } else {
        look.hairline
    };
    ui.painter().rect_filled(rect, 3.0, color);
}
