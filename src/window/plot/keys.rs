//! A chart by keyboard: the reading line, zooming, moving, and pushing the line that can be
//! dragged.

use eframe::egui::{self, EventFilter, Id, Key, Modifiers, Response, vec2};

use crate::figure::reading::{self, Along};
use crate::figure::{Chart, View};
use crate::window::plot::{Cursor, gestures};

/// The keys of a chart, for the list of shortcuts.
pub(crate) const KEYS: [(&str, &str); 8] = [
    (
        "Arrow keys",
        "Move the reading line; the values are read out",
    ),
    (
        "Page up, Page down, Home, End",
        "Ten places further; to the first and the last one",
    ),
    (
        "Alt + Left, Right",
        "Push the edge of the noise (histogram)",
    ),
    ("+ and −", "Zoom"),
    ("Shift + arrow keys", "Move the picture"),
    ("0", "Show the whole picture"),
    ("Drag; Shift + drag", "Zoom into a box; move the picture"),
    (
        "Wheel, also over an axis",
        "Zoom; double click shows the whole picture",
    ),
];

/// Places that Page up and Page down leap.
const LEAP: i64 = 10;
/// The factor of one zoom step, and the share of the view that one move takes.
const ZOOM: f64 = 1.5;
const MOVE: f32 = 0.1;
/// How far a key pushes the line that can be dragged, as a share of its x.
const PUSH: f64 = 0.005;

/// How often the line that can be dragged was pushed to the right, less to the left.
pub(crate) struct Pushed(i32);

impl Pushed {
    pub(crate) fn any(&self) -> bool {
        self.0 != 0
    }

    /// Where a line at `x` is pushed to.
    pub(crate) fn apply(&self, x: f64) -> f64 {
        x * (1.0 + PUSH).powi(self.0)
    }
}

/// Reads the keys where the chart of `response` has the keyboard; the reading line is kept under
/// `link`.
pub(crate) fn read(
    ui: &egui::Ui,
    response: &Response,
    (chart, view): (&Chart, &mut View),
    link: Id,
) -> Pushed {
    if !response.has_focus() {
        return Pushed(0);
    }
    let before: Option<Cursor> = ui.data(|data| data.get_temp(link));
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        // Escape lets the reading line go first.
        escape: before.is_some(),
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let pressed =
        |modifiers, key| ui.input_mut(|input| input.count_and_consume_key(modifiers, key)) as i32;
    let both = |modifiers, more, less| pressed(modifiers, more) - pressed(modifiers, less);
    // Those with a modifier first: the plain key would take them, too.
    let moved = vec2(
        both(Modifiers::SHIFT, Key::ArrowRight, Key::ArrowLeft) as f32,
        both(Modifiers::SHIFT, Key::ArrowUp, Key::ArrowDown) as f32,
    );
    let pushed = both(Modifiers::ALT, Key::ArrowRight, Key::ArrowLeft);
    let zoom = both(Modifiers::NONE, Key::Plus, Key::Minus) + pressed(Modifiers::NONE, Key::Equals);
    if zoom != 0 {
        let factor = ZOOM.powi(zoom);
        let about = before.map_or(0.5, |cursor| chart.x.position(cursor.at));
        let rows = reading::along(chart) == Along::Rows;
        let seen = (0.0..=1.0).contains(&about) && !rows;
        view.x = gestures::scaled(&chart.x, if seen { about } else { 0.5 }, factor);
        if view.y.is_some() || rows {
            view.y = gestures::scaled(&chart.y, 0.5, factor);
        }
    }
    if moved != egui::Vec2::ZERO {
        gestures::shift_by(chart, view, vec2(-moved.x, moved.y) * MOVE);
    }
    if pressed(Modifiers::NONE, Key::Num0) > 0 {
        *view = View::default();
    }
    reading_line(ui, chart, before.map(|cursor| cursor.at), link, &pressed);
    Pushed(pushed)
}

fn reading_line(
    ui: &egui::Ui,
    chart: &Chart,
    before: Option<f64>,
    link: Id,
    pressed: &dyn Fn(Modifiers, Key) -> i32,
) {
    let plain = |more, less| pressed(Modifiers::NONE, more) - pressed(Modifiers::NONE, less);
    // Rows are named from the top; upwards is a higher place.
    let arrows = plain(Key::ArrowRight, Key::ArrowLeft) + plain(Key::ArrowUp, Key::ArrowDown);
    let pages = plain(Key::PageUp, Key::PageDown);
    let steps = i64::from(arrows) + LEAP * i64::from(pages);
    let at = match (
        pressed(Modifiers::NONE, Key::Home),
        pressed(Modifiers::NONE, Key::End),
    ) {
        (0, 0) if steps != 0 => reading::step(chart, before, steps),
        (0, 0) => None,
        (_, 0) => reading::step(chart, None, 1),
        _ => reading::step(chart, None, -1),
    };
    if let Some(at) = at {
        let pointer = None;
        ui.data_mut(|data| data.insert_temp(link, Cursor { at, pointer }));
    } else if before.is_some() && pressed(Modifiers::NONE, Key::Escape) > 0 {
        ui.data_mut(|data| data.remove::<Cursor>(link));
    }
}
