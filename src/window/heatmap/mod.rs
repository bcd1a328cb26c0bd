//! The heatmap: every module's ratio in one picture, and the selection on it.
//!
//! Enters: [`Input`], the report with its selection and how to show it. Leaves: the picture and
//! [`HeatmapEvent`]s, what the user asked for; the widget itself changes nothing but what it
//! shows (zoom, keyboard cell). Rows are layer types, columns blocks; chosen cells are outlined,
//! frozen ones fade.
//!
//! | | |
//! |---|---|
//! | click, Enter | inspect |
//! | Ctrl-click, Space | pin or drop |
//! | drag, Shift + arrows then Space | rectangle |
//! | double click | spectrum |
//! | wheel, Ctrl + wheel, pinch, + and − | zoom; the plain wheel scrolls where rows do not fit |
//! | middle drag, Shift + wheel | pan |
//! | 0, double click beside the cells | whole picture |

pub(crate) mod axes;
pub(crate) mod cache;
pub(crate) mod cells;
pub(crate) mod compare;
pub(crate) mod document;
pub(crate) mod event;
pub(crate) mod input;
pub(crate) mod layout;
pub(crate) mod legend;
pub(crate) mod look;
pub(crate) mod scroll;
pub(crate) mod toolbar;
pub(crate) mod tooltip;

use eframe::egui::{
    Align2, Color32, Id, Painter, Rect, Response, Sense, Stroke, StrokeKind, Tooltip, Ui, pos2,
    vec2,
};

pub use compare::Compare;
pub(crate) use compare::Inks;
pub use event::{HeatmapEvent, Input, Output, Target};
pub use look::Look;

use crate::figure::Grid;
use crate::window::focus;
use axes::Axes;
use cache::Cache;
use input::{Hands, Reader};
use layout::{Geometry, View};
use tooltip::Description;

/// What hands do in the picture, and what that does, for the list of shortcuts.
pub const KEYS: [(&str, &str); 12] = [
    ("Arrow keys", "Move from cell to cell; the cell is read out"),
    ("Home, End", "The first and the last cell of the row"),
    ("Enter, or click", "Inspect the layer"),
    ("Space, or Ctrl-click", "Pin or drop the layer by hand"),
    (
        "Shift + arrow keys, or drag",
        "Draw a rectangle; Space takes it: buttons above pin or drop it",
    ),
    ("Ctrl + Enter, or double click", "Open the layer's spectrum"),
    ("+ and −, or Ctrl + wheel", "Zoom"),
    (
        "Alt + arrow keys, Shift + wheel, or middle drag",
        "Move the picture",
    ),
    ("Page up, Page down", "Move the picture by its height"),
    (
        "0, or double click beside the cells",
        "Show the whole picture",
    ),
    (
        "Shift + F10, Menu, or right click",
        "What can be done with a cell, a row or a block",
    ),
    (
        "Left, Right on the block numbers",
        "Go through the blocks; Enter takes one",
    ),
];

/// The name a screen reader gives the picture.
pub const NAME: &str = "Layer heatmap";

/// The widget: what it remembers between frames.
#[derive(Debug, Default)]
pub struct Heatmap {
    view: View,
    hands: Hands,
    cache: Cache,
    /// Where things were in the last frame.
    shown: Option<Geometry>,
}

impl Heatmap {
    /// Makes grid, values and colors anew, as a frame after a change of the report does; what
    /// the benchmark measures.
    pub fn rebuild(&mut self, input: &Input<'_>) {
        self.cache = Cache::default();
        self.cache.update(input);
    }

    /// Shows the whole picture again.
    pub fn reset_zoom(&mut self) {
        self.view = View::default();
    }

    /// Where `module`'s cell was drawn in the last frame, in points on screen; `None` where it
    /// was out of sight. For what wants to point at a module, and for tests.
    #[must_use]
    pub fn cell_of(&self, module: usize) -> Option<Rect> {
        let (row, column) = self.cache.grid.value.place(module)?;
        let geometry = self.shown.as_ref()?;
        let seen =
            geometry.visible_rows().contains(&row) && geometry.visible_columns().contains(&column);
        seen.then(|| geometry.cell(row, column))
    }

    /// Draws the heatmap in all the space there is.
    pub fn show(&mut self, ui: &mut Ui, input: &Input<'_>) -> Output {
        self.show_as(ui, input, None)
    }

    /// Draws which of two sets trains each cell, in place of the ratios. What the colors mean is
    /// for the caller to say beside it.
    pub fn show_compared(
        &mut self,
        ui: &mut Ui,
        input: &Input<'_>,
        compare: &Compare<'_>,
    ) -> Output {
        self.show_as(ui, input, Some(compare))
    }

    fn show_as(&mut self, ui: &mut Ui, input: &Input<'_>, compare: Option<&Compare<'_>>) -> Output {
        let mut events = Vec::new();
        // A scan that fills the report keeps the grid; places in another one mean nothing.
        if self.cache.update(input) {
            self.hands = Hands::default();
        }
        if let Some(compare) = compare {
            self.cache.update_parts(compare);
        } else {
            let zoomed = self.view.zoom > 1.0;
            let shown = (&**input.report, input.settings);
            if toolbar::toolbar(ui, shown, zoomed, &mut events) {
                self.reset_zoom();
            }
        }
        self.show_picture(ui, (input, compare), events)
    }

    /// Draws the picture alone: a second one below the first, or one that is presented.
    pub fn show_alone(&mut self, ui: &mut Ui, input: &Input<'_>) -> Output {
        if self.cache.update(input) {
            self.hands = Hands::default();
        }
        self.show_picture(ui, (input, None), Vec::new())
    }

    fn show_picture(
        &mut self,
        ui: &mut Ui,
        (input, compare): (&Input<'_>, Option<&Compare<'_>>),
        mut events: Vec<HeatmapEvent>,
    ) -> Output {
        let (space, whole) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
        // A fixed name: the widgets above may come and go.
        let id = ui.make_persistent_id("heatmap");
        let response = if self.cache.grid.value.is_empty() {
            empty(ui, id, space, input.look)
        } else {
            self.picture(ui, id, space, (input, compare), &mut events)
        };
        Output {
            events,
            response: response.union(whole),
            menu: self.hands.menu.clone(),
            menu_at: self.hands.menu_at.take(),
        }
    }

    fn picture(
        &mut self,
        ui: &Ui,
        id: Id,
        space: Rect,
        (input, compare): (&Input<'_>, Option<&Compare<'_>>),
        events: &mut Vec<HeatmapEvent>,
    ) -> Response {
        let look = input.look;
        let Cache {
            grid,
            values,
            picture,
            states,
            parts,
        } = &self.cache;
        let (grid, values) = (&grid.value, &values.value);
        let label = axes::label_width(ui.painter(), grid, space.width());
        let mut beside = legend::WIDTH + scroll::BAR + 8.0;
        let mut below = legend::KEYS + scroll::BAR + 4.0;
        if compare.is_some() {
            beside = scroll::BAR + 8.0;
            below = scroll::BAR + 4.0;
        }
        let area = Rect::from_min_max(space.min, space.max - vec2(beside, below));
        let pixels = ui.pixels_per_point();
        let lay = |view: &mut View| Geometry::new(grid, area, label, pixels, view);
        let fits = lay(&mut View::default()).scrolls() == (false, false);

        // Input is read against what was last seen, then everything is laid out anew.
        let before = lay(&mut self.view);
        let cells = Rect::from_min_max(before.body.min, area.max.max(before.body.max));
        let response = ui.interact(cells, id.with("cells"), Sense::click_and_drag());
        let reader = Reader {
            input,
            grid,
            geometry: &before,
            fits,
        };
        let (hands, view) = (&mut self.hands, &mut self.view);
        reader.pointer(ui, &response, hands, view, events);
        reader.wheel(ui, &response, view);
        reader.keyboard(ui, &response, hands, view, events);
        scroll::bars(ui, id, &before, look, view);
        let geometry = lay(view);
        if focus::asks_for_menu(&response)
            && let Some((row, column)) = hands.focus
        {
            let modules = grid.modules(row, column).iter();
            hands.menu = Some(Target::Cell(modules.map(|&m| m as usize).collect()));
            hands.menu_at = Some(geometry.cell(row, column).right_bottom());
        }

        if let Some(compare) = compare {
            let inks = Inks::new(compare.colors, look);
            compare::paint(ui.painter(), &geometry, grid, &parts.value, &inks);
        } else {
            let shown = (values, &picture.value);
            cells::paint(
                ui.painter(),
                &geometry,
                shown,
                &states.value,
                (look, input.settings.dims()),
            );
        }
        let axes = Axes {
            grid,
            geometry: &geometry,
            look,
            hover: hands.hover.or(hands.focus.filter(|_| response.has_focus())),
        };
        let rows = axes.rows(ui, id, events, hands);
        let blocks = axes.blocks(ui, id, events, hands);
        overlay(ui, &response, input, grid, &geometry, hands);

        if compare.is_none() {
            let left = geometry.body.right() + scroll::BAR + 8.0;
            let bar = Rect::from_min_max(
                pos2(left, space.top()),
                pos2(left + legend::WIDTH, area.bottom()),
            );
            let map = values.mode.map(input.settings.map);
            legend::bar(ui, id, bar, values, map, look);
            let keys = pos2(
                geometry.body.left(),
                geometry.body.bottom() + scroll::BAR + 4.0,
            );
            let faces = (look, input.settings.dims());
            let near = input.near.contains(&true);
            legend::keys(ui, (keys, space.right()), values, map, faces, near);
        }

        let describe = |cell| {
            let mut description = Description::new(input, grid, values, cell)?;
            if let Some(compare) = compare {
                compare.describe(grid.modules(cell.0, cell.1), &mut description);
            }
            Some(description)
        };
        speak(&response, (input, compare), grid, hands, describe);
        focus::main_widget(ui, response.id);
        if let Some(cell) = hands.hover.filter(|_| !response.context_menu_opened())
            && let Some(description) = describe(cell)
        {
            tooltip(ui, &response, look, &description);
        }
        self.shown = Some(geometry);
        // Together, so that one context menu serves cells, labels and numbers.
        let axes = rows.into_iter().fold(blocks, |all, rows| all.union(rows));
        response.union(axes)
    }
}

/// A line in place of the picture where there is nothing to show.
fn empty(ui: &Ui, id: Id, space: Rect, look: &Look) -> Response {
    let response = ui.interact(space, id.with("cells"), Sense::click());
    let text = "No modules to show";
    focus::say(&response, NAME, text);
    ui.painter().text(
        space.center(),
        Align2::CENTER_CENTER,
        text,
        axes::label_font(),
        look.weak,
    );
    response
}

/// Outlines above the cells: the inspected one, the pointer's, the keyboard's, rectangles.
fn overlay(
    ui: &Ui,
    response: &Response,
    input: &Input<'_>,
    grid: &Grid,
    geometry: &Geometry,
    hands: &Hands,
) {
    let look = input.look;
    let clip = geometry.body.expand(3.0).intersect(ui.clip_rect());
    let painter = ui.painter().with_clip_rect(clip);
    let outline = |cell: (usize, usize), grow: f32, stroke: Stroke| {
        let rect = geometry.cell(cell.0, cell.1).expand(grow);
        painter.rect_stroke(rect, 1.0, stroke, StrokeKind::Outside);
    };
    let mut region: Vec<(usize, usize)> = input
        .region
        .iter()
        .filter_map(|&module| grid.place(module))
        .collect();
    region.dedup();
    for (row, column) in region {
        let rect = geometry.cell(row, column);
        painter.rect_filled(rect, 1.0, look.accent.gamma_multiply(0.35));
    }
    if let Some(cell) = input.inspected.and_then(|module| grid.place(module)) {
        outline(cell, 0.0, Stroke::new(2.0, look.accent));
    }
    if let Some(cell) = hands.hover {
        outline(cell, 0.0, Stroke::new(1.0, look.accent));
    }
    let focused = hands.focus.filter(|_| response.has_focus());
    if let Some(cell) = focused {
        // A rim on either side: it is seen on every color.
        outline(cell, 0.0, Stroke::new(4.0, look.background));
        outline(cell, 1.0, Stroke::new(2.0, look.accent));
    }
    let corner = response.interact_pointer_pos();
    let dragged = hands.drag.zip(corner.and_then(|at| geometry.nearest(at)));
    if let Some((from, to)) = dragged.or(hands.anchor.zip(focused)) {
        rectangle(&painter, geometry, look, from, to);
    }
}

fn rectangle(
    painter: &Painter,
    geometry: &Geometry,
    look: &Look,
    from: (usize, usize),
    to: (usize, usize),
) {
    let rect = geometry
        .cell(from.0, from.1)
        .union(geometry.cell(to.0, to.1));
    let fill: Color32 = look.accent.gamma_multiply(0.22);
    painter.rect(
        rect,
        1.0,
        fill,
        Stroke::new(1.5, look.accent),
        StrokeKind::Outside,
    );
}

/// Names the picture for a screen reader, and the keyboard's cell with it.
fn speak(
    response: &Response,
    (input, compare): (&Input<'_>, Option<&Compare<'_>>),
    grid: &Grid,
    hands: &Hands,
    describe: impl Fn((usize, usize)) -> Option<Description>,
) {
    // Told before the closure: it runs while egui's state is locked.
    let cell = hands.focus.filter(|_| response.has_focus());
    let what = cell.and_then(describe);
    let what = what.map_or_else(
        || {
            let what = format!(
                "{} modules in {} rows and {} columns",
                input.report.modules.len(),
                grid.rows.len(),
                grid.columns.len()
            );
            compare.map_or_else(
                || what.clone(),
                |compare| format!("{what}; {}", compare.spoken()),
            )
        },
        |description| description.spoken(),
    );
    focus::say(response, NAME, &what);
}

fn tooltip(ui: &Ui, response: &Response, look: &Look, description: &Description) {
    // At once, unlike a help text: reading values off the picture is what it is for.
    let anchor = eframe::egui::PopupAnchor::Pointer;
    Tooltip::always_open(ui.ctx().clone(), response.layer_id, response.id, anchor)
        .gap(14.0)
        .show(|ui| description.ui(ui, look));
}
