//! One panel: the lines of one measure, drawn once and shown until something changes.
//!
//! Enters: traces at several levels of detail, the range in view, colours. Leaves: shapes; where
//! values lie on screen. Nothing of it depends on the pointer, so that hovering costs nothing.

use std::sync::Arc;

use eframe::egui::epaint::ClippedShape;
use eframe::egui::{
    self, Align2, Color32, FontId, Pos2, Rect, Shape, Stroke, epaint::Primitive, pos2, vec2,
};

use crate::figure::{Axis, Form, Stroke as Dashes};
use crate::run::Measure;
use crate::window::runs::along;
use crate::window::runs::derive::{PanelData, Trace};
use crate::window::runs::levels::Levels;
use crate::window::runs::shown::{RunsView, shown_in};
use crate::window::runs::state::RunId;
use crate::window::theme::Palette;

/// Room for the title above the plot.
const TITLE: f32 = 22.0;
/// Room for the ticks and the label below it.
const BELOW: f32 = 34.0;
/// Most ticks of the vertical axis: more would be noise on a large screen.
const MOST_TICKS: usize = 10;
/// Share of the vertical range left free above and below the lines.
const HEADROOM: f64 = 0.05;
/// The share of values at either end that may lie outside where outliers are ignored, as in
/// TensorBoard.
const OUTLIERS: f64 = 0.05;
/// Values at least this far apart, in points, get a dot each.
const APART: f32 = 7.0;

/// What a run looks like in a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ink {
    pub(crate) run: RunId,
    pub(crate) color: Color32,
    /// What sets runs of one colour apart.
    pub(crate) stroke: Dashes,
    /// Faded, while others are pointed at.
    pub(crate) faded: bool,
}

/// All that a drawn panel depends on.
#[derive(Debug, Clone)]
pub(crate) struct Look<'a> {
    pub(crate) data: &'a Arc<PanelData>,
    pub(crate) rect: Rect,
    pub(crate) range: (f64, f64),
    pub(crate) view: &'a RunsView,
    /// The runs that are shown, in their order.
    pub(crate) inks: &'a [Ink],
    pub(crate) palette: Palette,
    pub(crate) pixels: f32,
}

/// What a panel was drawn from: data, place, range, view, runs, colours, pixels a point.
type Key = (
    Arc<PanelData>,
    Rect,
    (f64, f64),
    RunsView,
    Vec<Ink>,
    Palette,
    f32,
);

/// A panel as it was last drawn.
pub(crate) struct Panel {
    key: Key,
    /// Where the lines are.
    pub(crate) plot: Rect,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    /// What a unit of the vertical axis is in units of the series.
    pub(crate) scale: f64,
    rules: Vec<Shape>,
    texts: Vec<Written>,
    lines: Vec<Shape>,
}

/// A text of a panel. Laid out anew every frame, which costs nothing: what is laid out keeps to a
/// texture that may change.
struct Written {
    at: Pos2,
    anchor: Align2,
    text: String,
    font: FontId,
    color: Color32,
}

impl Panel {
    /// The panel of `look`: `old` where nothing has changed.
    pub(crate) fn new(ui: &egui::Ui, look: &Look<'_>, old: Option<Self>) -> Self {
        if let Some(old) = old.filter(|old| old.is(look)) {
            return old;
        }
        Self::draw(ui, look)
    }

    fn is(&self, look: &Look<'_>) -> bool {
        let (data, rect, range, view, inks, palette, pixels) = &self.key;
        Arc::ptr_eq(data, look.data)
            && *rect == look.rect
            && *range == look.range
            && view == look.view
            && inks == look.inks
            && *palette == look.palette
            && pixels.to_bits() == look.pixels.to_bits()
    }

    fn draw(ui: &egui::Ui, look: &Look<'_>) -> Self {
        let Look { data, view, .. } = look;
        let (scale, unit) = shown_in(&data.measure, data.unit);
        let y = vertical(look, scale, unit);
        let font = FontId::proportional(11.0);
        let area = Rect::from_min_max(
            look.rect.min + vec2(0.0, TITLE),
            look.rect.max - vec2(0.0, BELOW),
        );
        let ticks = y.ticks(((area.height() / 36.0) as usize).min(MOST_TICKS));
        let painter = ui.painter();
        let text =
            |text: &str| painter.layout_no_wrap(text.to_owned(), font.clone(), look.palette.weak);
        let wide = ticks.iter().map(|tick| text(&tick.text).size().x);
        let labels = wide.fold(24.0, f32::max) + 8.0;
        let plot = Rect::from_min_max(area.min + vec2(labels, 0.0), area.max - vec2(8.0, 0.0));
        let most = (plot.width() / 72.0) as usize;
        let x = along::axis(view.axis, look.range, view.log_x, most);
        let mut panel = Self {
            key: (
                Arc::clone(data),
                look.rect,
                look.range,
                (*view).clone(),
                look.inks.to_vec(),
                look.palette,
                look.pixels,
            ),
            plot,
            x,
            y,
            scale,
            rules: Vec::new(),
            texts: Vec::new(),
            lines: Vec::new(),
        };
        panel.grid(ui, look, &ticks, most);
        panel.lines = meshes(ui, plot, panel.lines(look), look.pixels);
        panel
    }

    /// Shows the panel.
    pub(crate) fn show(&self, ui: &egui::Ui) {
        let painter = ui.painter();
        painter.extend(self.rules.iter().cloned());
        for Written {
            at,
            anchor,
            text,
            font,
            color,
        } in &self.texts
        {
            painter.text(*at, *anchor, text, font.clone(), *color);
        }
        let inside = painter.with_clip_rect(self.plot.expand(3.0).intersect(ui.clip_rect()));
        inside.extend(self.lines.iter().cloned());
    }

    /// Where a point of the series lies on screen.
    pub(crate) fn at(&self, [x, y]: [f64; 2]) -> Pos2 {
        let across = self.x.position(x) as f32;
        let up = self.y.position(y / self.scale) as f32;
        pos2(
            self.plot.left() + across * self.plot.width(),
            self.plot.bottom() - up * self.plot.height(),
        )
    }

    /// The x under that place on screen.
    pub(crate) fn x_at(&self, at: Pos2) -> f64 {
        let position = (at.x - self.plot.left()) / self.plot.width().max(1.0);
        self.x.value(f64::from(position.clamp(0.0, 1.0)))
    }

    /// Title, grid lines and ticks.
    fn grid(&mut self, ui: &egui::Ui, look: &Look<'_>, ticks: &[crate::figure::Tick], most: usize) {
        let palette = look.palette;
        let (plot, font) = (self.plot, FontId::proportional(11.0));
        let hairline = Stroke::new(1.0, palette.hairline.gamma_multiply(0.6));
        let mut texts = Vec::new();
        let mut write = |at: Pos2, anchor: Align2, text: &str, font: &FontId, color: Color32| {
            texts.push(Written {
                at,
                anchor,
                text: text.to_owned(),
                font: font.clone(),
                color,
            });
        };
        let (_, unit) = shown_in(&look.data.measure, look.data.unit);
        let title = FontId::new(13.0, crate::window::theme::semibold());
        let name = look.data.measure.label();
        let corner = look.rect.min + vec2(0.0, 2.0);
        write(corner, Align2::LEFT_TOP, name, &title, palette.text);
        if !unit.is_empty() {
            let painter = ui.painter();
            let wide = painter.layout_no_wrap(name.to_owned(), title, palette.text);
            let at = corner + vec2(wide.size().x + 6.0, 2.0);
            write(at, Align2::LEFT_TOP, unit, &font, palette.weak);
        }
        let mut rules = Vec::new();
        for tick in ticks {
            let y = plot.bottom() - tick.position as f32 * plot.height();
            let y = y.round() + 0.5;
            rules.push(Shape::line_segment(
                [pos2(plot.left(), y), pos2(plot.right(), y)],
                hairline,
            ));
            write(
                pos2(plot.left() - 6.0, y),
                Align2::RIGHT_CENTER,
                &tick.text,
                &font,
                palette.weak,
            );
        }
        for tick in self.x.ticks(most) {
            let x = plot.left() + tick.position as f32 * plot.width();
            let foot = [pos2(x, plot.bottom()), pos2(x, plot.bottom() + 3.0)];
            rules.push(Shape::line_segment(
                foot,
                Stroke::new(1.0, palette.hairline),
            ));
            write(
                pos2(x, plot.bottom() + 5.0),
                Align2::CENTER_TOP,
                &tick.text,
                &font,
                palette.weak,
            );
        }
        let middle = pos2(plot.center().x, plot.bottom() + 19.0);
        write(
            middle,
            Align2::CENTER_TOP,
            &self.x.label,
            &font,
            palette.weak,
        );
        let below = self.y.low > 0.0 || self.y.high < 0.0;
        if !self.y.log && below {
            // The axis does not start at 0: said by the same sign as in the figures.
            let foot = plot.left_bottom();
            let steps = [(0.0, -4.0), (-2.5, -5.5), (2.5, -8.5), (0.0, -10.0)];
            let zigzag = steps.map(|(x, y)| foot + vec2(x, y)).to_vec();
            let ink = Stroke::new(1.0, palette.weak);
            rules.push(Shape::line_segment([foot, foot - vec2(0.0, 4.0)], ink));
            rules.push(Shape::line(zigzag, ink));
            let up = [foot - vec2(0.0, 10.0), foot - vec2(0.0, 16.0)];
            rules.push(Shape::line_segment(up, ink));
        }
        let base = [plot.left_bottom(), plot.right_bottom()];
        rules.push(Shape::line_segment(
            base,
            Stroke::new(1.0, palette.hairline),
        ));
        if look
            .data
            .traces
            .iter()
            .all(|trace| trace.raw.points().is_empty())
        {
            write(
                plot.center(),
                Align2::CENTER_CENTER,
                "no values on this axis",
                &font,
                palette.weak,
            );
        }
        self.rules = rules;
        self.texts = texts;
    }

    /// The lines, faded ones below.
    fn lines(&self, look: &Look<'_>) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for faded in [true, false] {
            for ink in look.inks.iter().filter(|ink| ink.faded == faded) {
                let trace = look.data.traces.iter().find(|trace| trace.run == ink.run);
                if let Some(trace) = trace {
                    self.line(look, trace, *ink, &mut shapes);
                }
            }
        }
        shapes
    }

    fn line(&self, look: &Look<'_>, trace: &Trace, ink: Ink, shapes: &mut Vec<Shape>) {
        let color = if ink.faded {
            ink.color.gamma_multiply(0.25)
        } else {
            ink.color
        };
        if trace.smooth.is_some() {
            let faint = Stroke::new(1.0, color.gamma_multiply(0.3));
            for part in self.parts(look, &trace.raw) {
                shapes.push(Shape::line(part, faint));
            }
        }
        for part in self.parts(look, trace.main()) {
            if look.view.form == Form::Area {
                shapes.extend(area(&part, self.plot.bottom(), color.gamma_multiply(0.12)));
            }
            if trace.smooth.is_none() {
                shapes.extend(dots(&part, look.view.form, color));
            }
            let stroke = Stroke::new(1.6, color);
            shapes.extend(stroked(part, stroke, ink.stroke));
        }
    }

    /// The line on screen, in pieces: a value that is no number interrupts it.
    fn parts(&self, look: &Look<'_>, levels: &Levels) -> Vec<Vec<Pos2>> {
        let pixels = (self.plot.width() * look.pixels) as usize;
        let mut parts: Vec<Vec<Pos2>> = vec![Vec::new()];
        for point in levels.seen(look.range, pixels) {
            let at = self.at(point);
            if !at.x.is_finite() || !at.y.is_finite() {
                parts.push(Vec::new());
                continue;
            }
            let Some(part) = parts.last_mut() else { break };
            if look.view.form == Form::Step
                && let Some(last) = part.last().copied()
            {
                part.push(pos2(at.x, last.y));
            }
            part.push(at);
        }
        parts.retain(|part| !part.is_empty());
        parts
    }
}

/// The vertical axis: it holds every line in view.
fn vertical(look: &Look<'_>, scale: f64, unit: &str) -> Axis {
    let view = look.view;
    let shown = look.inks.iter().filter_map(|ink| {
        let mut traces = look.data.traces.iter();
        traces.find(|trace| trace.run == ink.run)
    });
    let mut values: Vec<f64> = Vec::new();
    for trace in shown {
        let points = if view.ignore_outliers {
            trace.raw.sample(look.range)
        } else {
            trace.raw.values(look.range).to_vec()
        };
        values.extend(points.iter().map(|point| point[1] / scale));
    }
    values.retain(|value| value.is_finite() && (!view.log_y || *value > 0.0));
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let last = values.len().saturating_sub(1) as f64;
        values.get((share * last).round() as usize).copied()
    };
    let share = if view.ignore_outliers { OUTLIERS } else { 0.0 };
    let low = at(share).unwrap_or(f64::NAN);
    let high = at(1.0 - share).unwrap_or(f64::NAN);
    let label = format!("{} {unit}", look.data.measure.label());
    if view.log_y {
        let margin = (high / low).powf(HEADROOM);
        return Axis::new(label, true, low / margin, high * margin);
    }
    let margin = (high - low).max(high.abs() * 1e-3) * HEADROOM;
    // Amounts of memory are compared from nought on; a loss has no such zero.
    let memory = matches!(look.data.measure, Measure::GpuMemory | Measure::CpuMemory);
    let low = if memory && !view.ignore_outliers && low >= 0.0 {
        0.0
    } else {
        low - margin
    };
    Axis::new(label, false, low, high + margin)
}

/// A line with its dashes.
pub(crate) fn stroked(part: Vec<Pos2>, stroke: Stroke, dashes: Dashes) -> Vec<Shape> {
    let (on, off): (&[f32], &[f32]) = match dashes {
        Dashes::Solid | Dashes::Fine => return vec![Shape::line(part, stroke)],
        Dashes::Dashed => (&[6.0], &[4.0]),
        Dashes::Dotted => (&[1.5], &[3.0]),
        Dashes::DashDot => (&[6.0, 1.5], &[3.0, 3.0]),
    };
    Shape::dashed_line_with_offset(&part, stroke, on, off, 0.0)
}

/// A dot for each value, where they lie far enough apart to be told apart.
fn dots(part: &[Pos2], form: Form, color: Color32) -> Vec<Shape> {
    let (Some(first), Some(last)) = (part.first(), part.last()) else {
        return Vec::new();
    };
    let step = if form == Form::Step { 2 } else { 1 };
    let count = part.len().div_ceil(step);
    if (last.x - first.x) / (count as f32) < APART && count > 1 {
        return Vec::new();
    }
    let places = part.iter().step_by(step);
    places.map(|at| dot(*at, 2.2, color)).collect()
}

/// A disc of its own triangles: egui's are cut from a texture that may change.
fn dot(at: Pos2, radius: f32, color: Color32) -> Shape {
    let corner = |index: u8| at + radius * egui::Vec2::angled(f32::from(index) * 0.524);
    Shape::convex_polygon((0..12).map(corner).collect(), color, Stroke::NONE)
}

/// The area under a line, as one mesh: it need not be convex.
fn area(part: &[Pos2], bottom: f32, color: Color32) -> Option<Shape> {
    let mut mesh = egui::Mesh::default();
    for at in part {
        mesh.colored_vertex(*at, color);
        mesh.colored_vertex(pos2(at.x, bottom), color);
    }
    for pair in 0..part.len().saturating_sub(1) as u32 {
        let left = pair * 2;
        mesh.add_triangle(left, left + 1, left + 2);
        mesh.add_triangle(left + 1, left + 2, left + 3);
    }
    (!mesh.is_empty()).then(|| Shape::mesh(mesh))
}

/// Lines as triangles, made once: making them anew every frame is what would cost.
fn meshes(ui: &egui::Ui, clip: Rect, shapes: Vec<Shape>, pixels: f32) -> Vec<Shape> {
    let clip_rect = clip.expand(3.0);
    let clipped = shapes
        .into_iter()
        .map(|shape| ClippedShape {
            clip_rect,
            shape,
            transform_after_tessellation: egui::emath::TSTransform::IDENTITY,
        })
        .collect();
    let primitives = ui.ctx().tessellate(clipped, pixels);
    let meshes = primitives
        .into_iter()
        .filter_map(|one| match one.primitive {
            Primitive::Mesh(mesh) => Some(Shape::mesh(mesh)),
            Primitive::Callback(_) => None,
        });
    meshes.collect()
}
