//! The values of all runs at one place, highest first: at the hover line, or at the runs' ends.
//!
//! Enters: a panel's traces and an x. Leaves: [`Value`]s, for the list beside the plot and for a
//! screen reader, to which a plot says nothing.

use std::sync::Arc;

use eframe::egui::{self, Align2, FontId, Pos2, Rect, pos2, vec2};

use crate::run::XAxis;
use crate::window::number;
use crate::window::runs::along;
use crate::window::runs::derive::{PanelData, Trace};
use crate::window::runs::panel::{Ink, Panel, stroked};
use crate::window::runs::state::{RunEntry, RunId};
use crate::window::theme::Palette;

/// Height of one line.
const LINE: f32 = 17.0;

/// One run's value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Value {
    pub(crate) ink: Ink,
    /// The point as logged, in the series' own unit.
    pub(crate) point: [f64; 2],
    /// The smoothed value there.
    pub(crate) smooth: Option<f64>,
}

/// The values at `x`, or each run's last, highest first.
pub(crate) fn values(data: &PanelData, inks: &[Ink], x: Option<f64>) -> Vec<Value> {
    let value = |ink: &Ink| {
        let trace = data.traces.iter().find(|trace| trace.run == ink.run)?;
        let point = at(trace, x)?;
        let smooth = trace
            .smooth
            .as_ref()
            .and_then(|smooth| smooth.nearest(point[0]));
        Some(Value {
            ink: *ink,
            point,
            smooth: smooth.map(|point| point[1]),
        })
    };
    let mut values: Vec<Value> = inks.iter().filter_map(value).collect();
    let height = |value: &Value| value.smooth.unwrap_or(value.point[1]);
    values.sort_by(|a, b| height(b).total_cmp(&height(a)));
    values
}

fn at(trace: &Trace, x: Option<f64>) -> Option<[f64; 2]> {
    match x {
        Some(x) => trace.raw.nearest(x),
        None => trace.raw.points().last().copied(),
    }
}

/// A value as it is read: in four digits, the smoothed one first.
fn text(value: &Value, scale: f64) -> String {
    let raw = number::ratio(value.point[1] / scale);
    match value.smooth {
        Some(smooth) => format!("{} ({raw})", number::ratio(smooth / scale)),
        None => raw,
    }
}

/// All values in a sentence: what a screen reader says of the plot.
pub(crate) fn spoken(
    name: impl Fn(RunId) -> String,
    values: &[Value],
    scale: f64,
    along_x: XAxis,
    x: Option<f64>,
) -> String {
    let place = x.map_or_else(|| "last values".to_owned(), |x| along::read(along_x, x));
    let all: Vec<String> = values
        .iter()
        .map(|value| format!("{} {}", name(value.ink.run), text(value, scale)))
        .collect();
    format!("{place}: {}", all.join(", "))
}

/// The list in `rect`: colour, name, value, a line a run.
pub(crate) fn list(
    ui: &egui::Ui,
    rect: Rect,
    entries: &[RunEntry],
    values: &[Value],
    scale: f64,
    heading: &str,
    palette: Palette,
) {
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let font = FontId::proportional(11.0);
    let top = rect.min;
    painter.text(top, Align2::LEFT_TOP, heading, font.clone(), palette.weak);
    let room = ((rect.height() / LINE) as usize).saturating_sub(1);
    for (index, value) in values.iter().enumerate().take(room) {
        let y = top.y + LINE * (index as f32 + 1.5);
        let left = pos2(rect.left(), y);
        let color = if value.ink.faded {
            palette.weak
        } else {
            palette.text
        };
        swatch(&painter, left, &value.ink);
        let text = text(value, scale);
        let number = painter.layout_no_wrap(text, font.clone(), color);
        let at = pos2(rect.right() - number.size().x, y - number.size().y / 2.0);
        let entry = entries.iter().find(|entry| entry.id == value.ink.run);
        let name = entry.map_or("", |entry| entry.run.name.as_str());
        let wide = at.x - left.x - 26.0;
        let name = elided(&painter, name, font.clone(), color, wide);
        painter.galley(left + vec2(18.0, -name.size().y / 2.0), name, color);
        painter.galley(at, number, color);
    }
}

/// `text` cut to `wide`, with an ellipsis.
fn elided(
    painter: &egui::Painter,
    text: &str,
    font: FontId,
    color: egui::Color32,
    wide: f32,
) -> Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(wide.max(0.0));
    painter.layout_job(job)
}

fn swatch(painter: &egui::Painter, left: Pos2, ink: &Ink) {
    let stroke = egui::Stroke::new(2.0, ink.color);
    let ends = vec![left, left + vec2(12.0, 0.0)];
    painter.extend(stroked(ends, stroke, ink.stroke));
}

/// The same list over the plot, beside the pointer: where there is no room beside the plot.
pub(crate) fn floating(
    ui: &egui::Ui,
    panel: &Panel,
    at: Option<Pos2>,
    entries: &[RunEntry],
    values: &[Value],
    heading: &str,
    palette: Palette,
) {
    let Some(at) = at.filter(|_| !values.is_empty()) else {
        return;
    };
    let size = vec2(184.0, LINE * (values.len() as f32 + 1.0) + 12.0);
    let rect = super::panels::beside(panel.plot, at, size);
    let fill = palette.panel.gamma_multiply(0.94);
    let edge = egui::Stroke::new(1.0, palette.hairline);
    let kind = egui::StrokeKind::Inside;
    ui.painter().rect(rect, 4.0, fill, edge, kind);
    let inside = rect.shrink(8.0);
    list(ui, inside, entries, values, panel.scale, heading, palette);
}

/// Dots where the values are, on the plot.
pub(crate) fn marks(ui: &egui::Ui, panel: &Panel, values: &[Value], palette: Palette) {
    let painter = ui.painter().with_clip_rect(panel.plot.expand(4.0));
    for value in values {
        let y = value.smooth.unwrap_or(value.point[1]);
        let at = panel.at([value.point[0], y]);
        if at.x.is_finite() && at.y.is_finite() {
            painter.circle(at, 3.5, value.ink.color, (1.5, palette.base));
        }
    }
}
