//! The tables of the sets tab on screen: differences by type and by block, all sets by type.

use eframe::egui::{self, Color32, vec2};

use crate::selection::{Part, Parts, SetDifference};
use crate::table::Table;
use crate::window::effect::Effect;
use crate::window::sets::members::{Members, SETS};
use crate::window::sets::pair::{Pair, color};
use crate::window::sets::state::Command;
use crate::window::sets::table::block_name;
use crate::window::{focus, number, theme};

/// Height of a row, px.
const ROW: f32 = 22.0;
/// Width of a count's column, px.
const COUNT: f32 = 72.0;
/// Where there is room, px.
const WIDE: f32 = 104.0;
/// Least and greatest width of the bar, px.
const BAR: std::ops::RangeInclusive<f32> = 60.0..=320.0;
/// Width of a count beside its bar, px.
const TALLY: f32 = 34.0;

/// Buttons that copy a table.
pub(crate) fn copy<T: std::borrow::Borrow<Table>>(
    ui: &mut egui::Ui,
    table: impl Fn() -> T,
    commands: &mut Vec<Command>,
) {
    for (text, form) in [
        ("Copy Markdown", Table::markdown as fn(&Table) -> String),
        ("Copy CSV", Table::csv),
    ] {
        if ui.small_button(text).clicked() {
            let text = form(table().borrow());
            let what = "the table".to_owned();
            commands.push(Command::Ask(Effect::Copy { text, what }));
        }
    }
}

/// The differences by layer type.
pub(crate) fn by_type(ui: &mut egui::Ui, pair: &Pair<'_>, difference: &SetDifference) {
    let rows = difference.types.iter();
    let rows: Vec<_> = rows
        .map(|(name, row)| (name.as_str().into(), row))
        .collect();
    parts_table(ui, "Layer type", pair, &rows, difference.shapes);
}

/// The differences by block.
pub(crate) fn by_block(ui: &mut egui::Ui, pair: &Pair<'_>, difference: &SetDifference) {
    let rows = difference.blocks.iter();
    let rows: Vec<_> = rows
        .map(|(block, row)| (block_name(*block).into(), row))
        .collect();
    parts_table(ui, "Block", pair, &rows, difference.shapes);
}

type Name<'a> = std::borrow::Cow<'a, str>;

fn parts_table(
    ui: &mut egui::Ui,
    first: &str,
    pair: &Pair<'_>,
    rows: &[(Name<'_>, &Parts)],
    shapes: bool,
) {
    let width = ui.available_width() - 12.0;
    let columns = if shapes { 6 } else { 4 };
    let count = if width > 900.0 { WIDE } else { COUNT };
    let rest = width - count * columns as f32;
    let name = (rest * 0.5).clamp(90.0, 300.0);
    let bar = (rest - name).clamp(*BAR.start(), *BAR.end());
    let inks = pair.inks(ui);
    let line = |ui: &mut egui::Ui, texts: &[String], parts: Option<&Parts>, weak: bool| {
        let (row, response) = ui.allocate_exact_size(vec2(width, ROW), egui::Sense::hover());
        let palette = theme::palette(ui);
        let ink = if weak { palette.weak } else { palette.text };
        if response.contains_pointer() && parts.is_some() {
            ui.painter()
                .rect_filled(row, 2.0, ui.visuals().faint_bg_color);
        }
        let font = egui::FontId::proportional(if weak { 11.0 } else { 13.0 });
        let clipped = egui::Rect::from_min_size(row.min, vec2(name - 6.0, ROW));
        let painter = ui
            .painter()
            .with_clip_rect(clipped.intersect(ui.clip_rect()));
        let align = egui::Align2::LEFT_CENTER;
        painter.text(row.left_center(), align, &texts[0], font.clone(), ink);
        if let Some(parts) = parts {
            let rect =
                egui::Rect::from_min_size(row.min + vec2(name, 5.0), vec2(bar - 8.0, ROW - 10.0));
            stacked(
                ui,
                rect,
                parts,
                [inks.sets[0], inks.both, inks.sets[1], inks.ground],
            );
        }
        for (column, text) in texts[1..].iter().enumerate() {
            let right = row.left() + name + bar + count * (column + 1) as f32;
            let at = egui::pos2(right, row.center().y);
            let quiet = text == "0" || weak;
            let ink = if quiet { palette.weak } else { palette.text };
            ui.painter()
                .text(at, egui::Align2::RIGHT_CENTER, text, font.clone(), ink);
        }
        let said = texts.join(", ");
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, said.clone()));
    };
    let mut header = vec![first.to_owned()];
    header.extend(Part::ALL.map(|part| part.text().to_owned()));
    if shapes {
        header.extend(["A params", "B params"].map(str::to_owned));
    }
    line(ui, &header, None, true);
    ui.spacing_mut().item_spacing.y = 0.0;
    egui::ScrollArea::vertical()
        .id_salt(first)
        .auto_shrink([false, false])
        .show_rows(ui, ROW, rows.len(), |ui, shown| {
            focus::scrolls(ui, &format!("A and B by {}", first.to_lowercase()));
            for (name, parts) in &rows[shown] {
                let mut texts = vec![name.clone().into_owned()];
                let modules = |part| number::grouped(parts.get(part).modules as u64);
                texts.extend(Part::ALL.map(modules));
                if shapes {
                    texts.push(number::parameters(parts.only_a.parameters));
                    texts.push(number::parameters(parts.only_b.parameters));
                }
                line(ui, &texts, Some(parts), false);
            }
        });
}

/// The four parts as a bar: only A, both, only B, and the rest as its ground.
fn stacked(ui: &egui::Ui, rect: egui::Rect, parts: &Parts, inks: [Color32; 4]) {
    let total = parts.modules().max(1) as f32;
    let mut left = rect.left();
    for (part, ink) in Part::ALL.into_iter().zip(inks) {
        let width = rect.width() * parts.get(part).modules as f32 / total;
        let piece = egui::Rect::from_x_y_ranges(left..=left + width, rect.y_range());
        ui.painter().rect_filled(piece, 0.0, ink);
        left += width;
    }
}

/// What all sets train, by layer type.
pub(crate) fn of_all(ui: &mut egui::Ui, members: &Members, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let text = match members.more {
            0 => "Modules that each set trains, by layer type".to_owned(),
            more => format!("Modules that the first {SETS} sets train; {more} more not shown"),
        };
        ui.weak(text);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            copy(ui, || &members.table, commands);
        });
    });
    let width = ui.available_width() - 12.0;
    let sets = members.colors.len() as f32;
    let name = (width * 0.34).clamp(120.0, 260.0);
    let column = ((width - name - COUNT) / sets).clamp(44.0, 150.0);
    let line = |ui: &mut egui::Ui, texts: &[String], row: Option<(usize, &[usize])>| {
        let (rect, response) = ui.allocate_exact_size(vec2(width, ROW), egui::Sense::hover());
        let palette = theme::palette(ui);
        let (ink, size) = if row.is_some() {
            (palette.text, 13.0)
        } else {
            (palette.weak, 11.0)
        };
        let font = egui::FontId::proportional(size);
        let place = |left: f32, width: f32, text: &str, align: egui::Align2| {
            let place = egui::Rect::from_min_size(rect.min + vec2(left, 0.0), vec2(width, ROW));
            let painter = ui.painter().with_clip_rect(place.intersect(ui.clip_rect()));
            painter.text(align.pos_in_rect(&place), align, text, font.clone(), ink);
        };
        place(0.0, name - 6.0, &texts[0], egui::Align2::LEFT_CENTER);
        place(name, COUNT - 14.0, &texts[1], egui::Align2::RIGHT_CENTER);
        for (index, text) in texts[2..].iter().enumerate() {
            let left = name + COUNT + column * index as f32;
            match row {
                Some(_) => place(left, TALLY, text, egui::Align2::RIGHT_CENTER),
                None => place(left, column - 8.0, text, egui::Align2::LEFT_CENTER),
            }
        }
        if let Some((modules, counts)) = row {
            for (index, &count) in counts.iter().enumerate() {
                let left = name + COUNT + column * index as f32 + TALLY + 8.0;
                let space = (column - TALLY - 20.0).max(0.0);
                let share = count as f32 / modules.max(1) as f32;
                let bar =
                    egui::Rect::from_min_size(rect.min + vec2(left, 7.0), vec2(space, ROW - 14.0));
                let ground = theme::heatmap(ui).waiting;
                ui.painter().rect_filled(bar, 0.0, ground);
                let filled = egui::Rect::from_min_size(bar.min, vec2(space * share, bar.height()));
                let color = color(ui, members.colors[index]);
                ui.painter().rect_filled(filled, 0.0, color);
            }
        }
        let said = texts.join(", ");
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, said.clone()));
    };
    let table = &members.table;
    line(ui, &table.header, None);
    ui.spacing_mut().item_spacing.y = 0.0;
    egui::ScrollArea::vertical()
        .id_salt("members")
        .auto_shrink([false, false])
        .show_rows(ui, ROW, table.rows.len(), |ui, shown| {
            focus::scrolls(ui, "All sets by layer type");
            for place in shown {
                let (_, modules, counts) = &members.counts.rows[place];
                line(ui, &table.rows[place], Some((*modules, counts)));
            }
        });
}
