//! Draws the legend: the color bar with the histogram of values beside it, and the keys of the
//! cells' looks below the picture.

use eframe::egui::{
    Align2, Color32, Id, Mesh, Painter, Pos2, Rect, Role, Sense, Shape, Ui, WidgetInfo, pos2, vec2,
};

use crate::figure::{ColorMap, Value, Values};
use crate::text::significant;
use crate::window::heatmap::axes::small_font;
use crate::window::heatmap::cells::{Canvas, CellState};
use crate::window::heatmap::look::Look;

/// Width of the whole legend, px: histogram, bar, ticks.
pub(crate) const WIDTH: f32 = 96.0;
/// Height of the line of keys, px.
pub(crate) const KEYS: f32 = 22.0;
const HISTOGRAM: f32 = 40.0;
const BAR: f32 = 12.0;
const TITLE: f32 = 20.0;
const TALLEST: f32 = 280.0;

/// The color bar in `space`, at most as tall as reads well; a text says the same.
pub(crate) fn bar(ui: &Ui, id: Id, space: Rect, values: &Values, map: ColorMap, look: &Look) {
    let text = said(values);
    let response = ui.interact(space, id.with("legend"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("Legend: {text}")));
    paint_bar(ui.painter(), space, values, map, look);
    response.on_hover_text(text);
}

/// The scale in words.
fn said(values: &Values) -> String {
    let name = values.mode.label();
    let Some(scale) = values.scale else {
        return format!("{name}, no finite values yet");
    };
    let axis = if scale.log { ", logarithmic" } else { "" };
    let (low, high) = (significant(scale.low, 3), significant(scale.high, 3));
    let beyond = |count: usize, side: &str| match count {
        0 => String::new(),
        _ => format!("; {count} far {side}, in that end's color"),
    };
    format!(
        "{name} from {low} to {high}{axis}{}{}. The bars beside it say how many modules have such \
         values (square-root length).",
        beyond(scale.below, "below"),
        beyond(scale.above, "above"),
    )
}

fn paint_bar(painter: &Painter, space: Rect, values: &Values, map: ColorMap, look: &Look) {
    let left = space.left() + HISTOGRAM + 4.0;
    painter.text(
        pos2(left, space.top() + TITLE - 3.0),
        Align2::LEFT_BOTTOM,
        values.mode.unit(),
        small_font(),
        look.weak,
    );
    let bottom = space.bottom().min(space.top() + TITLE + TALLEST) - 8.0;
    let bar = Rect::from_min_max(
        pos2(left, space.top() + TITLE + 6.0),
        pos2(left + BAR, bottom),
    );
    if bar.height() < 40.0 {
        return;
    }
    let Some(scale) = values.scale else {
        painter.rect_filled(bar, 0.0, look.waiting);
        return;
    };
    let mut mesh = Mesh::default();
    for (place, &[r, g, b]) in map.table().iter().enumerate() {
        let slice = |at: usize| bar.bottom() - bar.height() * at as f32 / 256.0;
        let rect = Rect::from_x_y_ranges(bar.x_range(), slice(place + 1)..=slice(place));
        mesh.add_colored_rect(rect, Color32::from_rgb(r, g, b));
    }
    histogram(&mut mesh, bar, &values.histogram, look);
    painter.add(Shape::mesh(mesh));
    let most = ((bar.height() / 26.0) as usize).clamp(2, 9);
    for tick in scale.ticks(most) {
        let y = bar.bottom() - bar.height() * tick.position as f32;
        painter.hline(bar.right()..=bar.right() + 4.0, y, (1.0, look.weak));
        painter.text(
            pos2(bar.right() + 7.0, y),
            Align2::LEFT_CENTER,
            tick.text,
            small_font(),
            look.text,
        );
    }
    // An arrow where values lie beyond an end: they take its color.
    let arrow = |base: f32, tip: f32| {
        let points = vec![
            pos2(bar.left(), base),
            pos2(bar.right(), base),
            pos2(bar.center().x, tip),
        ];
        points
    };
    let table = map.table();
    let ends = [
        (scale.above, bar.top(), bar.top() - 6.0, table[255]),
        (scale.below, bar.bottom(), bar.bottom() + 6.0, table[0]),
    ];
    for (count, base, tip, [r, g, b]) in ends {
        if count > 0 {
            let color = Color32::from_rgb(r, g, b);
            painter.add(Shape::convex_polygon(
                arrow(base, tip),
                color,
                eframe::egui::Stroke::NONE,
            ));
        }
    }
}

/// Bars that grow leftwards from the color bar. Their length is the square root of the count:
/// a type with a few modules stays visible beside one with thousands.
fn histogram(mesh: &mut Mesh, bar: Rect, counts: &[u32], look: &Look) {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let height = bar.height() / counts.len().max(1) as f32;
    for (bin, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let bottom = bar.bottom() - height * bin as f32;
        let length = (f64::from(count) / f64::from(most)).sqrt() as f32 * (HISTOGRAM - 2.0);
        let right = bar.left() - 3.0;
        let gap = if height > 3.0 { 1.0 } else { 0.0 };
        let rect = Rect::from_min_max(
            pos2(right - length.max(1.0), bottom - height + gap),
            pos2(right, bottom),
        );
        mesh.add_colored_rect(rect, look.weak.gamma_multiply(0.6));
    }
}

/// The keys of the cells' looks, from `start` rightwards, as many as fit before `end`.
pub(crate) fn keys(
    ui: &Ui,
    (start, end): (Pos2, f32),
    values: &Values,
    map: ColorMap,
    (look, dim): (&Look, bool),
    near_ties: bool,
) {
    let [r, g, b] = map.at(0.62);
    let color = Color32::from_rgb(r, g, b);
    let number = Value::Number(1.0);
    let one = CellState {
        total: 1,
        ..CellState::default()
    };
    let chosen = CellState { chosen: 1, ..one };
    let pinned = CellState {
        pinned: 1,
        ..chosen
    };
    let dropped = CellState { dropped: 1, ..one };
    let near = CellState { near: 1, ..one };
    let keys = [
        (true, "chosen", number, chosen),
        (true, "frozen", number, one),
        (true, "pinned", number, pinned),
        (true, "dropped", number, dropped),
        (near_ties, "near-tie", number, near),
        (
            values.infinite > 0,
            "infinite: no noise part",
            Value::Infinite,
            one,
        ),
        (values.nan > 0, "no ratio: hover for why", Value::Nan, one),
        (values.waiting > 0, "not scanned yet", Value::Waiting, one),
        (
            values.unseparated > 0,
            "τ separates nothing for this shape",
            Value::Unseparated,
            one,
        ),
        (
            values.unknown > 0,
            "spectrum not at hand: scan the model",
            Value::Unknown,
            one,
        ),
    ];
    let painter = ui.painter();
    let mut canvas = Canvas::new(painter, look, dim);
    let mut x = start.x;
    for (_, text, value, state) in keys.into_iter().filter(|(shown, ..)| *shown) {
        let galley = painter.layout_no_wrap(text.to_owned(), small_font(), look.weak);
        let swatch = Rect::from_min_size(
            pos2(x, start.y + (KEYS - 14.0) / 2.0).round(),
            vec2(18.0, 14.0),
        );
        if swatch.right() + 6.0 + galley.size().x > end {
            break;
        }
        canvas.cell(swatch, value, color, state);
        let at = pos2(
            swatch.right() + 6.0,
            swatch.center().y - galley.size().y / 2.0,
        );
        x = at.x + galley.size().x + 16.0;
        painter.galley(at, galley, look.weak);
    }
    canvas.finish();
}
