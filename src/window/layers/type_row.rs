//! One row of the types list: its tick, its sign, its sparkline, its counts, its own percentage.

use eframe::egui::{self, Color32, Sense, pos2, vec2};

use crate::selection::{Percent, Pool, PooledType, Share};
use crate::window::document::Document;
use crate::window::document::edit::Edit;
use crate::window::layers::state::Command;
use crate::window::layers::type_list::TypeRow;
use crate::window::{focus, number, theme};

/// Height of a row.
pub(crate) const HEIGHT: f32 = 24.0;
/// Widths of a row's columns, from the right.
const PERCENT: f32 = 48.0;
const COUNT: f32 = 72.0;
const SPARK: f32 = 42.0;
const SIGN: f32 = 14.0;

/// Draws `row`; a hairline above it where a group begins.
pub(crate) fn row(
    ui: &mut egui::Ui,
    document: &Document,
    row: &TypeRow,
    ruled: bool,
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let (rect, hover) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    if ruled {
        ui.painter()
            .hline(rect.x_range(), rect.top(), (1.0, palette.hairline));
    }
    let pooled = Pooled::of(document, row);
    let hover = hover.on_hover_ui(|ui| {
        ui.label(describe(document, row, pooled));
    });
    if hover.contains_pointer() {
        ui.painter()
            .rect_filled(rect, 3.0, palette.raised.gamma_multiply(0.5));
    }
    let column = |right: f32, width: f32| {
        egui::Rect::from_min_max(
            pos2(rect.right() - right - width, rect.top()),
            pos2(rect.right() - right, rect.bottom()),
        )
    };
    let choice = document.choice();
    let name = |index: usize| &document.report.types[index].name;
    let left_out = row
        .types
        .iter()
        .filter(|&&index| choice.excluded.contains(name(index)))
        .count();
    let mut listed = left_out < row.types.len();
    let label = egui::Rect::from_min_max(
        rect.min,
        pos2(rect.right() - PERCENT - COUNT - SPARK - SIGN, rect.bottom()),
    );
    let mut child = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(label)
            .layout(egui::Layout::left_to_right(egui::Align::Center)),
    );
    child.set_clip_rect(label.intersect(ui.clip_rect()));
    child.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
    let checkbox = egui::Checkbox::new(&mut listed, elided(&child, &row.label, label.width()))
        .indeterminate(left_out > 0 && left_out < row.types.len());
    let response = child.add(checkbox).on_hover_ui(|ui| {
        ui.label(describe(document, row, pooled));
    });
    response
        .widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, listed, &row.name));
    if response.clicked() {
        commands.push(
            Edit::ListTypes {
                types: row.types.clone(),
                listed,
            }
            .into(),
        );
    }
    sparkline(
        ui,
        column(PERCENT + COUNT, SPARK),
        row,
        if listed { palette.accent } else { palette.weak },
    );
    let sign = match (pooled, row.noise) {
        (Some(pooled), _) if pooled.one => Some(("⚠", palette.warning)),
        (_, Some(noise)) => Some((noise.sign(), palette.warning)),
        (Some(_), None) => Some(("‡", palette.weak)),
        (None, None) => None,
    };
    if let Some((sign, color)) = sign {
        ui.painter().text(
            column(PERCENT + COUNT + SPARK, SIGN).center(),
            egui::Align2::CENTER_CENTER,
            sign,
            egui::FontId::proportional(13.0),
            color,
        );
    }
    let chosen: usize = row
        .types
        .iter()
        .filter_map(|&index| document.set.types[index].as_ref())
        .map(Vec::len)
        .sum();
    let color = if listed { palette.text } else { palette.weak };
    ui.painter().text(
        column(PERCENT + 6.0, COUNT - 6.0).right_center(),
        egui::Align2::RIGHT_CENTER,
        format!("{chosen}/{}", row.modules),
        egui::FontId::proportional(12.0),
        color,
    );
    own_percent(
        ui,
        column(0.0, PERCENT).shrink2(vec2(2.0, 2.0)),
        document,
        row,
        commands,
    );
}

/// The type's own percentage: weak while it is the common one; a secondary click goes back to it.
fn own_percent(
    ui: &mut egui::Ui,
    rect: egui::Rect,
    document: &Document,
    row: &TypeRow,
    commands: &mut Vec<Command>,
) {
    let choice = document.choice();
    let Some(&first) = row.types.first() else {
        return;
    };
    let own = row.types.iter().any(|&index| {
        choice
            .type_percent
            .contains_key(&document.report.types[index].name)
    });
    // A budget sets the common percentage.
    let name = &document.report.types[first].name;
    let before = choice.type_percent.get(name).copied();
    let before = before.unwrap_or(document.set.top);
    let of_all = !own && choice.rules.pool == Pool::All;
    let mut value = before.value();
    let mut child = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(rect)
            .layout(egui::Layout::right_to_left(egui::Align::Center)),
    );
    let palette = theme::palette(ui);
    child.visuals_mut().override_text_color = Some(if own { palette.accent } else { palette.weak });
    if !own {
        child.visuals_mut().widgets.inactive.bg_stroke = egui::Stroke::NONE;
        child.visuals_mut().widgets.inactive.weak_bg_fill = Color32::TRANSPARENT;
    }
    child.spacing_mut().button_padding = vec2(3.0, 0.0);
    child.spacing_mut().interact_size.y = rect.height();
    child
        .style_mut()
        .text_styles
        .insert(egui::TextStyle::Button, egui::FontId::proportional(12.0));
    let field = egui::DragValue::new(&mut value)
        .range(0.0..=100.0)
        .max_decimals(2)
        .speed(0.2)
        .update_while_editing(false)
        .custom_formatter(|value, _| {
            if of_all {
                "of all".to_owned()
            } else {
                format!("{} %", Percent::from_slider(value))
            }
        });
    let response = child.add_sized(rect.size(), field).on_hover_text(
        "This type's own percentage: drag or click to set it, right-click or Shift+F10 to go back \
         to the common one",
    );
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(
            egui::Role::SpinButton,
            true,
            format!("Percent of {}", row.name),
        );
        info.value = Some(value);
        info
    });
    let percent = Percent::from_slider(value);
    if response.secondary_clicked() || focus::asks_for_menu(&response) {
        commands.push(
            Edit::TypePercent {
                types: row.types.clone(),
                percent: None,
                done: true,
            }
            .into(),
        );
    } else if (response.changed() && percent != before) || response.drag_stopped() {
        let done = !response.dragged();
        commands.push(
            Edit::TypePercent {
                types: row.types.clone(),
                percent: Some(percent),
                done,
            }
            .into(),
        );
    }
}

fn sparkline(ui: &egui::Ui, rect: egui::Rect, row: &TypeRow, color: Color32) {
    let rect = rect.shrink2(vec2(4.0, 6.0));
    let step = rect.width() / (row.sparkline.len().max(2) - 1) as f32;
    let mut run: Vec<egui::Pos2> = Vec::new();
    let stroke = egui::Stroke::new(1.0, color);
    let draw = |run: &mut Vec<egui::Pos2>| {
        if let [only] = run[..] {
            ui.painter().circle_filled(only, 1.5, color);
        } else if !run.is_empty() {
            ui.painter().line(run.clone(), stroke);
        }
        run.clear();
    };
    for (index, point) in row.sparkline.iter().enumerate() {
        match point {
            Some(value) => run.push(pos2(
                rect.left() + step * index as f32,
                egui::lerp(rect.bottom()..=rect.top(), *value),
            )),
            None => draw(&mut run),
        }
    }
    draw(&mut run);
}

/// What a row says of towers that are ranked together in it.
#[derive(Clone, Copy)]
struct Pooled<'a> {
    /// The first of its types that pools towers.
    towers: &'a PooledType,
    /// Whether the set takes one tower alone, and another is not left out on purpose.
    one: bool,
}

impl<'a> Pooled<'a> {
    fn of(document: &'a Document, row: &TypeRow) -> Option<Self> {
        let rules = &document.choice().rules;
        if rules.pool == Pool::TypeAndTower {
            return None;
        }
        let choosing = document.choosing();
        let towers = row.types.iter().find_map(|&index| choosing.pooled(index))?;
        let mut shares = towers.towers.iter();
        let is_left = |share: &Share| {
            share.taken == 0
                && !rules
                    .towers_out
                    .contains(&choosing.towers.names[share.tower])
        };
        let one = towers.only_tower().is_some() && shares.any(is_left);
        Some(Self { towers, one })
    }

    fn describe(self, document: &Document) -> String {
        let shares = self.towers.towers.iter().map(|share| {
            let name = &document.choosing().towers.names[share.tower];
            format!("{} of {} in {name}", share.taken, share.modules)
        });
        let shares: Vec<String> = shares.collect();
        let lead = if self.one {
            "⚠ All of its picks fall in one tower"
        } else {
            "‡ It ranks several towers together"
        };
        format!(
            "{lead}: {}. Ratios of towers differ in level; “each type and tower” ranks each by \
             itself.",
            shares.join(", ")
        )
    }
}

fn describe(document: &Document, row: &TypeRow, pooled: Option<Pooled<'_>>) -> String {
    let mut text = format!(
        "{}\n{} modules",
        row.name,
        number::grouped(row.modules as u64)
    );
    if row.types.len() > 1 {
        text = format!(
            "{text} in {} types, one an expert, each ranked by itself",
            row.types.len()
        );
    }
    match row.range {
        Some((low, high)) => {
            text = format!(
                "{text}\nSNR from {} to {}",
                number::ratio(low),
                number::ratio(high)
            );
        }
        None => text += "\nNo finite SNR",
    }
    if let Some(noise) = row.noise {
        text = format!("{text}\n{}", noise.explanation());
    }
    if let Some(pooled) = pooled {
        text = format!("{text}\n{}", pooled.describe(document));
    }
    text + "\nUntick to leave the type out of the freeze set and of a scan"
}

/// The label as it fits beside its checkbox: its end says more than its beginning.
fn elided(ui: &egui::Ui, label: &str, width: f32) -> String {
    let font = egui::TextStyle::Body.resolve(ui.style());
    let room = width - ui.spacing().icon_width - ui.spacing().icon_spacing;
    let fits = |text: &str| {
        let galley =
            ui.painter()
                .layout_no_wrap(text.to_owned(), font.clone(), Color32::PLACEHOLDER);
        galley.size().x <= room
    };
    if fits(label) {
        return label.to_owned();
    }
    let ends = label
        .char_indices()
        .skip(1)
        .map(|(at, _)| format!("…{}", &label[at..]));
    ends.into_iter().find(|end| fits(end)).unwrap_or_default()
}
