//! The values at the reading line: a list beside the plot, or one that floats over it.

use std::sync::Arc;

use eframe::egui::{self, Align2, Color32, FontId, Galley, Painter, Pos2, Rect, pos2, vec2};

use crate::figure::Chart;
use crate::figure::reading::{self, Along, Reading, Value, along};
use crate::window::plot::paint::{self, rgb, text_size};
use crate::window::theme;

/// Height of a line.
const LINE: f32 = 17.0;
/// Width of a layer's sign, with the space beside it.
const KEY: f32 = 20.0;
/// Between a name and its value.
const GAP: f32 = 12.0;
/// Around the values of a floating list.
const MARGIN: f32 = 8.0;

fn font() -> FontId {
    FontId::proportional(11.0)
}

/// The width that the list beside `chart` wants: that of all names and of the last values. Where the
/// reading line stands must not change it, or the plot would change its width under the pointer.
pub(crate) fn width(ui: &egui::Ui, chart: &Chart) -> f32 {
    let last = reading::last(chart);
    let values = last.values.iter().map(|value| value.text.as_str());
    widest(ui, chart, values)
}

fn widest<'a>(ui: &egui::Ui, chart: &Chart, values: impl Iterator<Item = &'a str>) -> f32 {
    let wide = |text: &str| text_size(ui, text, &font()).x;
    let names = chart.layers.iter().map(|layer| wide(&layer.name));
    KEY + names.fold(48.0, f32::max) + GAP + values.map(wide).fold(42.0, f32::max)
}

/// The list in `rect`: place, then sign, name and value, one line per layer.
pub(crate) fn list(
    ui: &egui::Ui,
    rect: Rect,
    chart: &Chart,
    reading: &Reading,
    lit: &dyn Fn(&str) -> bool,
) {
    let palette = theme::palette(ui);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let top = rect.min + vec2(0.0, 2.0);
    painter.text(top, Align2::LEFT_TOP, &reading.place, font(), palette.weak);
    let room = ((rect.height() / LINE) as usize).saturating_sub(1);
    let count = reading.values.len();
    let shown = if count > room {
        room.saturating_sub(1)
    } else {
        count
    };
    for (index, value) in reading.values.iter().take(shown).enumerate() {
        let middle = pos2(rect.left(), top.y + LINE * (index as f32 + 1.5));
        let color = if lit(&value.name) {
            palette.text
        } else {
            palette.weak
        };
        row(ui, &painter, (middle, rect.right()), (chart, value), color);
    }
    if shown < count {
        let at = pos2(rect.left(), top.y + LINE * (shown as f32 + 1.5));
        let text = format!("and {} more", count - shown);
        painter.text(at, Align2::LEFT_CENTER, text, font(), palette.weak);
    }
}

fn row(
    ui: &egui::Ui,
    painter: &Painter,
    (left, right): (Pos2, f32),
    (chart, value): (&Chart, &Value),
    color: Color32,
) {
    if let Some(layer) = chart.layers.get(value.layer) {
        let key = Rect::from_center_size(left + vec2(7.0, 0.0), vec2(14.0, 8.0));
        let ink = rgb(theme::paper(ui).color(layer.ink));
        paint::key(ui, key, layer, ink);
    }
    let number = painter.layout_no_wrap(value.text.clone(), font(), color);
    let at = pos2(right - number.size().x, left.y - number.size().y / 2.0);
    let name = elided(painter, &value.name, color, at.x - left.x - KEY - GAP / 2.0);
    painter.galley(left + vec2(KEY, -name.size().y / 2.0), name, color);
    painter.galley(at, number, color);
}

/// `text` cut to `wide`, with an ellipsis.
fn elided(painter: &Painter, text: &str, color: Color32, wide: f32) -> Arc<Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font(), color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(wide.max(0.0));
    painter.layout_job(job)
}

/// The same list over the plot, beside the reading line.
pub(crate) fn floating(
    ui: &egui::Ui,
    plot: Rect,
    chart: &Chart,
    reading: &Reading,
    cursor: Option<f64>,
) {
    let palette = theme::palette(ui);
    let most = (plot.width() * 0.6).max(120.0);
    let place = text_size(ui, &reading.place, &font()).x;
    let values = reading.values.iter().map(|value| value.text.as_str());
    let wide = widest(ui, chart, values).max(place).min(most) + 2.0 * MARGIN;
    let size = vec2(
        wide,
        LINE * (reading.values.len() as f32 + 1.0) + 2.0 * MARGIN - 2.0,
    );
    let cursor = cursor.unwrap_or_default();
    let line = paint::at(chart, plot, [cursor, cursor]);
    let pointer = ui.input(|input| input.pointer.hover_pos());
    let pointer = pointer.filter(|at| plot.contains(*at));
    let (x, middle) = match along(chart) {
        Along::X => (
            line.x,
            pointer.map_or(plot.top() + size.y / 2.0 + 8.0, |at| at.y),
        ),
        Along::Rows => (pointer.map_or(plot.center().x, |at| at.x), line.y),
    };
    let x = if x.is_finite() { x } else { plot.left() };
    let right = x + 14.0 + size.x <= plot.right();
    let left = if right { x + 14.0 } else { x - 14.0 - size.x };
    let highest = (plot.bottom() - size.y).max(plot.top());
    let top = (middle - size.y / 2.0).clamp(plot.top(), highest);
    let rect = Rect::from_min_size(pos2(left.max(plot.left()), top), size);
    let edge = egui::Stroke::new(1.0, palette.hairline);
    let fill = palette.panel.gamma_multiply(0.95);
    ui.painter()
        .rect(rect, 4.0, fill, edge, egui::StrokeKind::Inside);
    list(
        ui,
        rect.shrink(MARGIN).expand2(vec2(0.0, 4.0)),
        chart,
        reading,
        &|_| true,
    );
}
