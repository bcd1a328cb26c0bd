//! A chart by keyboard: a reading line that says what the layers show, zooming and moving, and
//! pushing the line that can be dragged.
//!
//! Enters: a chart and the keys pressed while it has the keyboard. Leaves: the reading line on the
//! plot, its sentence on screen and aloud, and how often the draggable line was pushed.

use eframe::egui::{
    self, Align2, Color32, EventFilter, FontId, Id, Key, Modifiers, Rect, Response, vec2,
};
use egui_plot::{HLine, PlotBounds, PlotUi, VLine};

use crate::figure::Chart;
use crate::figure::reading::{self, Along, Reading};
use crate::window::{focus, theme};

/// The keys of a chart, for the list of shortcuts.
pub(crate) const KEYS: [(&str, &str); 6] = [
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
];

/// Places that Page up and Page down leap.
const LEAP: i64 = 10;
/// What a zoom step multiplies by, and the share of the view that a move takes.
const ZOOM: f32 = 1.25;
const MOVE: f64 = 0.1;

/// What the keys asked for in this frame.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hands {
    along: Option<Along>,
    /// Where the reading line stands.
    at: Option<f64>,
    /// How often the draggable line was pushed to the right, less to the left.
    pub(crate) pushed: i32,
    zoom: i32,
    moved: [i32; 2],
    whole: bool,
}

impl Hands {
    /// Reads the keys where the plot of `response` has the keyboard; `id` is that of its view.
    pub(crate) fn read(response: &Response, id: Id, chart: &Chart) -> Self {
        let ui = &response.ctx;
        // egui_plot names its widget anew when something comes up above it: the keyboard stays.
        let (named, now) = (id.with("widget"), response.id);
        let before: Option<Id> = ui.data(|data| data.get_temp(named));
        ui.data_mut(|data| data.insert_temp(named, now));
        if before.is_some_and(|id| id != now && ui.memory(|memory| memory.has_focus(id))) {
            ui.memory_mut(|memory| memory.request_focus(now));
        }
        if !response.has_focus() {
            return Self::default();
        }
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(now, filter));
        let pressed = |modifiers, key| {
            ui.input_mut(|input| input.count_and_consume_key(modifiers, key)) as i32
        };
        let both = |modifiers, more, less| pressed(modifiers, more) - pressed(modifiers, less);
        // Those with a modifier first: the plain key would take them, too.
        let moved = [
            both(Modifiers::SHIFT, Key::ArrowRight, Key::ArrowLeft),
            both(Modifiers::SHIFT, Key::ArrowUp, Key::ArrowDown),
        ];
        let pushed = both(Modifiers::ALT, Key::ArrowRight, Key::ArrowLeft);
        let zoom =
            both(Modifiers::NONE, Key::Plus, Key::Minus) + pressed(Modifiers::NONE, Key::Equals);
        let reading = Reading::of(chart);
        // Rows are named from the top; upwards is a higher place.
        let arrows = both(Modifiers::NONE, Key::ArrowRight, Key::ArrowLeft)
            + both(Modifiers::NONE, Key::ArrowUp, Key::ArrowDown);
        let pages = both(Modifiers::NONE, Key::PageUp, Key::PageDown);
        let (home, end) = (
            pressed(Modifiers::NONE, Key::Home),
            pressed(Modifiers::NONE, Key::End),
        );
        let memory = id.with("reading");
        let before: Option<f64> = ui.data(|data| data.get_temp(memory));
        let steps = i64::from(arrows) + LEAP * i64::from(pages);
        let at = match (home > 0, end > 0) {
            (true, _) => reading.places.first().copied(),
            (_, true) => reading.places.last().copied(),
            _ if steps != 0 => reading.step(before, steps),
            _ => before,
        };
        if let Some(at) = at {
            ui.data_mut(|data| data.insert_temp(memory, at));
        }
        Self {
            along: Some(reading.along),
            at,
            pushed,
            zoom,
            moved,
            whole: pressed(Modifiers::NONE, Key::Num0) > 0,
        }
    }

    /// Zooms and moves; `whole` is the range of either axis.
    pub(crate) fn view(&self, plot: &mut PlotUi<'_>, whole: [(f64, f64); 2]) {
        let bounds = plot.plot_bounds();
        if self.zoom != 0 {
            plot.zoom_bounds(vec2(1.0, 1.0) * ZOOM.powi(self.zoom), bounds.center());
        }
        if self.moved != [0, 0] {
            let [x, y] = self.moved.map(|steps| f64::from(steps) * MOVE);
            let by = vec2((bounds.width() * x) as f32, (bounds.height() * y) as f32);
            plot.translate_bounds(by);
        }
        if self.whole {
            let [x, y] = whole;
            plot.set_plot_bounds(PlotBounds::from_min_max([x.0, y.0], [x.1, y.1]));
        }
    }

    /// The reading line; `place` says where a value is drawn, on either axis.
    pub(crate) fn line(
        &self,
        plot: &mut PlotUi<'_>,
        place: impl Fn(f64) -> [f64; 2],
        ink: Color32,
    ) {
        let (Some(along), Some(at)) = (self.along, self.at) else {
            return;
        };
        let [x, y] = place(at);
        match along {
            Along::X => plot.vline(VLine::new("", x).color(ink).width(1.5).allow_hover(false)),
            Along::Rows => plot.hline(HLine::new("", y).color(ink).width(1.5).allow_hover(false)),
        }
    }

    /// Names the plot, and says what it shows at the reading line.
    pub(crate) fn say(&self, ui: &egui::Ui, response: &Response, chart: &Chart) {
        let name = match chart.title.as_str() {
            "" => format!("Plot of {}", chart.y.label),
            title => format!("Plot of {title}"),
        };
        let read = self
            .along
            .zip(self.at)
            .map(|(along, at)| reading::read(chart, along, at));
        let value = read.clone().unwrap_or_else(|| reading::summary(chart));
        focus::say(response, &name, &value);
        focus::main_widget(ui, response.id);
        if let Some(read) = read {
            caption(ui, response.rect, &read);
        }
    }
}

/// The sentence, on the lower edge of the plot.
fn caption(ui: &egui::Ui, plot: Rect, text: &str) {
    let palette = theme::palette(ui);
    let painter = ui.painter().with_clip_rect(plot.intersect(ui.clip_rect()));
    let width = (plot.width() - 32.0).max(40.0);
    let font = FontId::proportional(12.0);
    let galley = painter.layout(text.to_owned(), font, palette.text, width);
    let place = Align2::CENTER_BOTTOM.anchor_size(
        plot.center_bottom() - vec2(0.0, 8.0),
        galley.size() + vec2(16.0, 8.0),
    );
    painter.rect_filled(place, 4.0, palette.panel.gamma_multiply(0.94));
    painter.galley(place.min + vec2(8.0, 4.0), galley, palette.text);
}
