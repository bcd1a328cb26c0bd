//! From pointer and keyboard to events: clicks, rectangles, arrow keys, zoom and scrolling.

use eframe::egui::{EventFilter, Key, Modifiers, PointerButton, Pos2, Response, Ui, Vec2};

use crate::figure::Grid;
use crate::window::heatmap::event::{HeatmapEvent, Input, Target};
use crate::window::heatmap::layout::{Geometry, View};

/// How far the wheel turns for twice the size, px.
const DOUBLING: f32 = 150.0;
/// How far an arrow key with Alt moves the picture, px.
const STEP: f32 = 48.0;

/// What the widget remembers of the user's doings between frames.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hands {
    /// The keyboard's cell.
    pub(crate) focus: Option<(usize, usize)>,
    /// The other corner of the keyboard's rectangle.
    pub(crate) anchor: Option<(usize, usize)>,
    /// The corner where a rectangle was begun with the pointer.
    pub(crate) drag: Option<(usize, usize)>,
    /// The cell under the pointer.
    pub(crate) hover: Option<(usize, usize)>,
    /// What was right-clicked last.
    pub(crate) menu: Option<Target>,
    /// Where the menu is asked for by a key.
    pub(crate) menu_at: Option<Pos2>,
    /// The keyboard's column among the block numbers.
    pub(crate) block: usize,
}

/// What a frame's input is read against.
pub(crate) struct Reader<'a> {
    pub(crate) input: &'a Input<'a>,
    pub(crate) grid: &'a Grid,
    pub(crate) geometry: &'a Geometry,
    /// Whether everything fits without zooming: the wheel zooms then, and scrolls otherwise.
    pub(crate) fits: bool,
}

impl Reader<'_> {
    fn cell_at(&self, point: Pos2) -> Option<(usize, usize)> {
        let (row, column) = self.geometry.cell_at(point)?;
        (!self.grid.modules(row, column).is_empty()).then_some((row, column))
    }

    fn modules(&self, (row, column): (usize, usize)) -> Vec<usize> {
        let modules = self.grid.modules(row, column).iter();
        modules.map(|&module| module as usize).collect()
    }

    /// Of several modules the one with the highest ratio: it enters first.
    fn foremost(&self, cell: (usize, usize)) -> Option<usize> {
        let ratio = |module: usize| {
            let snr = self.input.report.modules[module].snr;
            snr.filter(|snr| !snr.is_nan()).unwrap_or(f64::NEG_INFINITY)
        };
        let modules = self.modules(cell).into_iter();
        modules.reduce(|best, next| {
            if ratio(next) > ratio(best) {
                next
            } else {
                best
            }
        })
    }

    /// Reads clicks and drags.
    pub(crate) fn pointer(
        &self,
        ui: &Ui,
        response: &Response,
        hands: &mut Hands,
        view: &mut View,
        events: &mut Vec<HeatmapEvent>,
    ) {
        let modifiers = ui.input(|input| input.modifiers);
        let at = response.interact_pointer_pos();
        let hover = response
            .hover_pos()
            .filter(|_| hands.drag.is_none())
            .and_then(|at| self.cell_at(at));
        if hover != hands.hover {
            hands.hover = hover;
            let modules = hover.map(|cell| self.modules(cell)).unwrap_or_default();
            events.push(HeatmapEvent::Hover(modules));
        }
        // A press of Space or Enter, or a screen reader, also counts as a click.
        let pointed = ui.input(|input| input.pointer.any_released());
        if response.clicked() && pointed {
            response.request_focus();
            hands.anchor = None;
            if let Some(cell) = at.and_then(|at| self.cell_at(at)) {
                hands.focus = Some(cell);
                if modifiers.command {
                    events.push(HeatmapEvent::Toggle(self.modules(cell)));
                } else {
                    events.extend(self.foremost(cell).map(HeatmapEvent::Inspect));
                }
            }
        } else if response.clicked()
            && !ui.input(|input| input.key_pressed(Key::Space) || input.key_pressed(Key::Enter))
            && let Some(module) = hands.focus.and_then(|cell| self.foremost(cell))
        {
            events.push(HeatmapEvent::Inspect(module));
        }
        if response.double_clicked() && !modifiers.command {
            match at.and_then(|at| self.cell_at(at)) {
                Some(cell) => {
                    events.extend(self.foremost(cell).map(HeatmapEvent::OpenSpectrum));
                }
                None => *view = View::default(),
            }
        }
        if response.secondary_clicked() {
            let cell = at.and_then(|at| self.cell_at(at));
            hands.menu = cell.map(|cell| Target::Cell(self.modules(cell)));
        }
        if response.dragged_by(PointerButton::Middle) {
            view.offset -= response.drag_delta();
        }
        self.rectangle(ui, response, modifiers, hands, events);
    }

    fn rectangle(
        &self,
        ui: &Ui,
        response: &Response,
        modifiers: Modifiers,
        hands: &mut Hands,
        events: &mut Vec<HeatmapEvent>,
    ) {
        if response.drag_started_by(PointerButton::Primary) {
            let origin = ui.input(|input| input.pointer.press_origin());
            hands.drag = origin.and_then(|origin| self.geometry.nearest(origin));
            hands.anchor = None;
        }
        if hands.drag.is_some() && ui.input(|input| input.key_pressed(Key::Escape)) {
            hands.drag = None;
        }
        if response.drag_stopped_by(PointerButton::Primary)
            && let Some(from) = hands.drag.take()
            && let Some(to) = response
                .interact_pointer_pos()
                .and_then(|at| self.geometry.nearest(at))
        {
            let modules = self.grid.rectangle(from, to);
            if !modules.is_empty() {
                response.request_focus();
                hands.focus = Some(to);
                events.push(HeatmapEvent::Rectangle(modules, modifiers));
            }
        }
    }

    /// Reads wheel, pinch and sideways scrolling while the pointer is over the cells.
    pub(crate) fn wheel(&self, ui: &Ui, response: &Response, view: &mut View) {
        let Some(at) = response.hover_pos() else {
            return;
        };
        let (zoom, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta()));
        let wheel = if self.fits { scroll.y } else { 0.0 };
        let factor = zoom * (wheel / DOUBLING).exp2();
        if (factor - 1.0).abs() > 1e-4 {
            self.geometry.zoom(factor, at, view);
        }
        let moved = Vec2::new(scroll.x, scroll.y - wheel);
        view.offset -= moved;
        if scroll != Vec2::ZERO {
            // Taken: a scroll area around the heatmap must not move as well.
            ui.input_mut(|input| input.smooth_scroll_delta = Vec2::ZERO);
        }
    }

    /// Reads the keys while the heatmap has the keyboard.
    pub(crate) fn keyboard(
        &self,
        ui: &Ui,
        response: &Response,
        hands: &mut Hands,
        view: &mut View,
        events: &mut Vec<HeatmapEvent>,
    ) {
        if !response.has_focus() || self.grid.is_empty() {
            return;
        }
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            // Escape gives up the rectangle, not the keyboard.
            escape: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        if ui.input(|input| input.key_pressed(Key::Escape)) {
            hands.anchor = None;
        }
        self.pan(ui, view);
        let open = ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
        let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        let shift = ui.input(|input| input.modifiers.shift);
        let before = hands.focus;
        let mut cell = hands
            .focus
            .filter(|&(row, column)| !self.grid.modules(row, column).is_empty());
        if cell.is_none() {
            cell = self.first();
        }
        for (key, step) in [
            (Key::ArrowLeft, (0, -1)),
            (Key::ArrowRight, (0, 1)),
            (Key::ArrowUp, (-1, 0)),
            (Key::ArrowDown, (1, 0)),
        ] {
            for _ in 0..pressed(key) {
                if shift && hands.anchor.is_none() {
                    hands.anchor = cell;
                } else if !shift {
                    hands.anchor = None;
                }
                cell = cell.and_then(|from| self.next(from, step)).or(cell);
            }
        }
        if pressed(Key::Home) > 0 {
            cell = cell
                .and_then(|(row, _)| self.next((row, usize::MAX), (0, 1)))
                .or(cell);
        }
        if pressed(Key::End) > 0 {
            let end = self.grid.columns.len();
            cell = cell
                .and_then(|(row, _)| self.next((row, end), (0, -1)))
                .or(cell);
        }
        hands.focus = cell;
        if let Some(cell) = cell.filter(|_| cell != before) {
            self.geometry.reveal(cell.0, cell.1, view);
            let modules = self.modules(cell);
            hands.menu = Some(Target::Cell(modules.clone()));
            events.push(HeatmapEvent::Focus(modules));
        }
        if let Some(cell) = cell {
            if pressed(Key::Space) > 0 {
                match hands.anchor.take() {
                    Some(anchor) => {
                        let modules = self.grid.rectangle(anchor, cell);
                        events.push(HeatmapEvent::Rectangle(modules, Modifiers::NONE));
                    }
                    None => events.push(HeatmapEvent::Toggle(self.modules(cell))),
                }
            }
            if open {
                events.extend(self.foremost(cell).map(HeatmapEvent::OpenSpectrum));
            } else if pressed(Key::Enter) > 0 {
                events.extend(self.foremost(cell).map(HeatmapEvent::Inspect));
            }
        }
        let center = self.geometry.body.center();
        let zoom_at = cell.map_or(center, |(row, column)| {
            self.geometry.cell(row, column).center()
        });
        if pressed(Key::Plus) + pressed(Key::Equals) > 0 {
            self.geometry.zoom(1.5, zoom_at, view);
        }
        if pressed(Key::Minus) > 0 {
            self.geometry.zoom(1.0 / 1.5, zoom_at, view);
        }
        if pressed(Key::Num0) > 0 {
            *view = View::default();
        }
    }

    /// Moves the picture: by a few cells, or by its height.
    fn pan(&self, ui: &Ui, view: &mut View) {
        let body = self.geometry.body.size();
        for (modifiers, key, by) in [
            (Modifiers::ALT, Key::ArrowLeft, Vec2::new(-STEP, 0.0)),
            (Modifiers::ALT, Key::ArrowRight, Vec2::new(STEP, 0.0)),
            (Modifiers::ALT, Key::ArrowUp, Vec2::new(0.0, -STEP)),
            (Modifiers::ALT, Key::ArrowDown, Vec2::new(0.0, STEP)),
            (Modifiers::NONE, Key::PageUp, Vec2::new(0.0, -body.y)),
            (Modifiers::NONE, Key::PageDown, Vec2::new(0.0, body.y)),
        ] {
            let times = ui.input_mut(|input| input.count_and_consume_key(modifiers, key));
            view.offset += by * times as f32;
        }
    }

    fn first(&self) -> Option<(usize, usize)> {
        (0..self.grid.rows.len()).find_map(|row| {
            let columns = 0..self.grid.columns.len();
            let column = columns
                .into_iter()
                .find(|&c| !self.grid.modules(row, c).is_empty())?;
            Some((row, column))
        })
    }

    /// The next cell with modules in that direction.
    fn next(&self, from: (usize, usize), step: (isize, isize)) -> Option<(usize, usize)> {
        let (mut row, mut column) = from;
        loop {
            // Wrapping: the place before the first column is its own neighbor to the left.
            row = row.wrapping_add_signed(step.0);
            column = column.wrapping_add_signed(step.1);
            if row >= self.grid.rows.len() || column >= self.grid.columns.len() {
                return None;
            }
            if !self.grid.modules(row, column).is_empty() {
                return Some((row, column));
            }
        }
    }
}
