//! The columns of the list of sets: where they are, their headings, colors and numbers.

use eframe::egui::{self, Role, WidgetInfo, pos2, vec2};

use crate::figure::OKABE_ITO;
use crate::window::document::sets::{SetRef, Side};
use crate::window::sets::pair::color;
use crate::window::sets::state::Command;
use crate::window::{number, theme};

/// Widths of the columns, px, from the left: A, B, color; and from the right: actions, share,
/// parameters, modules. The name and how the set was made share what is between.
pub(crate) const PICK: f32 = 24.0;
pub(crate) const SWATCH: f32 = 26.0;
pub(crate) const ACTIONS: f32 = 96.0;
const SHARE: f32 = 62.0;
const PARAMETERS: f32 = 82.0;
const MODULES: f32 = 74.0;
/// How a set was made is not told in less than this.
pub(crate) const LEAST_MADE: f32 = 60.0;
const MADE: &str = "Made by";

/// Names of the seven colors, for those who cannot see them.
const COLORS: [&str; OKABE_ITO.len()] = [
    "Blue",
    "Vermillion",
    "Green",
    "Purple",
    "Orange",
    "Sky blue",
    "Yellow",
];

/// The places of a row's columns.
pub(crate) struct Columns {
    pub(crate) row: egui::Rect,
}

impl Columns {
    pub(crate) fn left(&self, start: f32, width: f32) -> egui::Rect {
        let left = self.row.left() + start;
        egui::Rect::from_x_y_ranges(left..=left + width, self.row.y_range())
    }

    pub(crate) fn right(&self, end: f32, width: f32) -> egui::Rect {
        let right = self.row.right() - end;
        egui::Rect::from_x_y_ranges(right - width..=right, self.row.y_range())
    }

    fn modules(&self) -> egui::Rect {
        self.right(ACTIONS + SHARE + PARAMETERS, MODULES)
    }

    fn parameters(&self) -> egui::Rect {
        self.right(ACTIONS + SHARE, PARAMETERS)
    }

    fn share(&self) -> egui::Rect {
        self.right(ACTIONS, SHARE)
    }

    /// The name's place, and that of how the set was made.
    pub(crate) fn words(&self) -> (egui::Rect, egui::Rect) {
        let left = self.row.left() + 2.0 * PICK + SWATCH;
        let right = self.modules().left();
        let name = ((right - left) * 0.55).max(120.0).min(right - left);
        let split = left + name;
        let rect = |from, to| egui::Rect::from_x_y_ranges(from..=to, self.row.y_range());
        (rect(left, split - 6.0), rect(split, right))
    }
}

pub(crate) fn heading(ui: &mut egui::Ui) {
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), egui::Sense::hover());
    let columns = Columns { row };
    let (name, made) = columns.words();
    let weak = theme::palette(ui).weak;
    let font = egui::FontId::proportional(11.0);
    let painter = ui.painter();
    for (rect, align, text) in [
        (columns.left(0.0, 16.0), egui::Align2::CENTER_CENTER, "A"),
        (columns.left(PICK, 16.0), egui::Align2::CENTER_CENTER, "B"),
        (name, egui::Align2::LEFT_CENTER, "Set"),
        (made, egui::Align2::LEFT_CENTER, MADE),
        (columns.modules(), egui::Align2::RIGHT_CENTER, "Modules"),
        (
            columns.parameters(),
            egui::Align2::RIGHT_CENTER,
            "Parameters",
        ),
        (columns.share(), egui::Align2::RIGHT_CENTER, "Share"),
    ] {
        if text == MADE && rect.width() < LEAST_MADE {
            continue;
        }
        let at = align.pos_in_rect(&rect);
        painter.text(at, align, text, font.clone(), weak);
    }
    painter.hline(
        row.x_range(),
        row.bottom(),
        (1.0, theme::palette(ui).hairline),
    );
}

/// Puts one widget, or a line of them, into its place in a row.
pub(crate) fn cell<R>(
    ui: &mut egui::Ui,
    rect: egui::Rect,
    add: impl FnOnce(&mut egui::Ui) -> R,
) -> R {
    let builder = egui::UiBuilder::new()
        .max_rect(rect)
        .layout(egui::Layout::left_to_right(egui::Align::Center));
    let mut child = ui.new_child(builder);
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    add(&mut child)
}

/// The set's color, a menu of the seven for a kept set.
pub(crate) fn swatch(
    ui: &mut egui::Ui,
    rect: egui::Rect,
    side: Side<'_>,
    commands: &mut Vec<Command>,
) {
    let paint = |ui: &egui::Ui, rect: egui::Rect, index: usize| {
        ui.painter().rect_filled(rect, 3.0, color(ui, index));
    };
    let square = egui::Rect::from_center_size(
        pos2(rect.left() + 8.0, rect.center().y),
        egui::Vec2::splat(14.0),
    );
    paint(ui, square, side.color);
    let SetRef::Kept(id) = side.of else { return };
    let response = ui.interact(
        square.expand(3.0),
        ui.scope_id().with("swatch"),
        egui::Sense::click(),
    );
    let name = format!("Color of {}: {}", side.name, COLORS[side.color]);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name.clone()));
    egui::Popup::menu(&response).show(|ui| {
        for (index, name) in COLORS.into_iter().enumerate() {
            let button = egui::Button::new(format!("      {name}")).selected(index == side.color);
            let item = ui.add(button);
            let left = item.rect.left_center() + vec2(14.0, 0.0);
            paint(
                ui,
                egui::Rect::from_center_size(left, vec2(12.0, 12.0)),
                index,
            );
            if item.clicked() {
                commands.push(Command::Recolor(id, index));
                ui.close();
            }
        }
    });
    response.on_hover_text("Give it another color");
}

/// Modules, parameters and share.
pub(crate) fn numbers(
    ui: &mut egui::Ui,
    columns: &Columns,
    side: Side<'_>,
    total: Option<u64>,
    modules_total: usize,
) {
    let share = side.parameters.zip(total.filter(|&total| total > 0));
    let share = share.map_or_else(
        || "–".to_owned(),
        |(part, total)| number::share(part as f64 / total as f64),
    );
    let unknown = "A results file holds no shapes: open the model's folder to see costs";
    for (rect, text, hover) in [
        (
            columns.modules(),
            number::grouped(side.modules as u64),
            format!("of {} modules", number::grouped(modules_total as u64)),
        ),
        (
            columns.parameters(),
            side.parameters
                .map_or_else(|| "–".to_owned(), number::parameters),
            side.parameters
                .map_or_else(|| unknown.to_owned(), number::grouped),
        ),
        (
            columns.share(),
            share,
            "of the model's parameters".to_owned(),
        ),
    ] {
        cell(ui, rect, |ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(text).on_hover_text(hover);
            });
        });
    }
}
