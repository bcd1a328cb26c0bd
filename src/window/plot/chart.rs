//! A figure's [`Chart`] on screen: the same value that SVG and PNG are drawn from.
//!
//! Enters: a chart, and perhaps the place of a line that can be dragged. Leaves: where it was
//! dragged to. Logarithmic axes are drawn in powers of ten, as egui_plot knows linear ones only.

use eframe::egui::{self, Align2, Color32, CursorIcon};
use egui_plot::{
    Bar, BarChart, FilledArea, GridInput, GridMark, Line, LineStyle, MarkerShape, Plot, PlotPoint,
    PlotPoints, PlotUi, Points, Text, VLine,
};

use crate::figure::{Axis, Chart, Ink, Layer, Paper, Shape, Stroke};
use crate::window::plot::chart_keys::Hands;
use crate::window::theme;

/// How near to the draggable line the pointer takes hold of it, in points.
const NEAR: f32 = 7.0;
/// How far a key pushes it, as a share of its x.
const PUSH: f64 = 0.005;

/// Draws `chart` in `size`. Its view (zoom and pan) belongs to `key`: another key starts anew.
/// `handle` is the x of a line that can be dragged; the x it is dragged to comes back.
pub(crate) fn show(
    ui: &mut egui::Ui,
    key: impl std::fmt::Debug,
    chart: &Chart,
    handle: Option<f64>,
    size: egui::Vec2,
) -> Option<f64> {
    let id = ui.scope_id().with(format!("{key:?}"));
    let hold = id.with("hold");
    let held: bool = ui.data(|data| data.get_temp(hold).unwrap_or(false));
    let height = size.y - legend(ui, chart);
    let painter = Painter {
        chart,
        paper: theme::paper(ui),
    };
    let (x, y) = (&chart.x, &chart.y);
    let plot = Plot::new("chart")
        .id(id)
        .width(size.x)
        .height(height)
        .show_background(false)
        .allow_drag(!held)
        .allow_boxed_zoom(true)
        .default_x_bounds(place(x, x.low), place(x, x.high))
        .default_y_bounds(place(y, y.low), place(y, y.high))
        .x_axis_label(egui::RichText::new(&x.label).small())
        .y_axis_label(egui::RichText::new(&y.label).small())
        .x_grid_spacer(|input| marks(x, input))
        .y_grid_spacer(|input| marks(y, input))
        .x_axis_formatter(|mark, _| text(x, mark.value))
        .y_axis_formatter(|mark, _| text(y, mark.value))
        .label_formatter(|hover| {
            let (name, at) = match hover {
                egui_plot::HoverPosition::NearDataPoint {
                    plot_name,
                    position,
                    ..
                } => (*plot_name, position),
                egui_plot::HoverPosition::Elsewhere { position } => ("", position),
            };
            let line = if name.is_empty() {
                String::new()
            } else {
                format!("{name}\n")
            };
            let read = |axis: &Axis, value: f64| Axis::read(value_at(axis, value));
            Some(format!(
                "{line}{}: {}\n{}: {}",
                x.label,
                read(x, at.x),
                y.label,
                read(y, at.y)
            ))
        })
        .grid_color(theme::palette(ui).hairline);
    let shown = plot.show(ui, |plot| {
        let hands = Hands::read(plot.response(), id, chart);
        painter.layers(plot);
        let whole = [(x, x.low, x.high), (y, y.low, y.high)];
        hands.view(
            plot,
            whole.map(|(axis, low, high)| (place(axis, low), place(axis, high))),
        );
        let ink = painter.color(Ink::Text);
        hands.line(plot, |at| [place(x, at), place(y, at)], ink);
        let dragged = handle.and_then(|handle| drag(plot, place(x, handle), held));
        (hands, dragged)
    });
    let (hands, dragged) = shown.inner;
    hands.say(ui, &shown.response, chart);
    if let Some(handle) = handle.filter(|_| hands.pushed != 0) {
        return Some(handle * (1.0 + PUSH).powi(hands.pushed));
    }
    let (near, to) = dragged.unwrap_or((false, None));
    if near {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    if near != held {
        ui.data_mut(|data| data.insert_temp(hold, near));
    }
    to.map(|to| value_at(x, to))
}

/// The names of the layers in a row above the picture, where they hide nothing. Its height.
fn legend(ui: &mut egui::Ui, chart: &Chart) -> f32 {
    let paper = theme::paper(ui);
    let row = ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().interact_size.y = 16.0;
        for layer in chart.layers.iter().filter(|layer| !layer.name.is_empty()) {
            let (key, _) = ui.allocate_exact_size(egui::vec2(20.0, 16.0), egui::Sense::hover());
            let [r, g, b] = paper.color(layer.ink);
            self::key(ui, key, layer, Color32::from_rgb(r, g, b));
            ui.label(egui::RichText::new(&layer.name).small());
        }
    });
    row.response.rect.height() + ui.spacing().item_spacing.y
}

/// The sign of a layer in the legend: its line, dashed as it is drawn, or a dot.
fn key(ui: &egui::Ui, rect: egui::Rect, layer: &Layer, color: Color32) {
    let dashes = match &layer.shape {
        Shape::Line { stroke, .. } | Shape::VLine { stroke, .. } => match stroke {
            Stroke::Solid | Stroke::Fine => (vec![20.0], vec![1.0]),
            Stroke::Dashed => (vec![6.0], vec![4.0]),
            Stroke::DashDot => (vec![6.0, 1.5], vec![3.0, 3.0]),
            Stroke::Dotted => (vec![1.5], vec![3.0]),
        },
        _ => {
            ui.painter().circle_filled(rect.center(), 4.0, color);
            return;
        }
    };
    let ends = [rect.left_center(), rect.right_center()];
    let stroke = egui::Stroke::new(2.0, color);
    let line = egui::Shape::dashed_line_with_offset(&ends, stroke, &dashes.0, &dashes.1, 0.0);
    ui.painter().extend(line);
}

/// Whether the pointer has hold of the line at `at`, and where it is dragged to.
fn drag(plot: &PlotUi<'_>, at: f64, held: bool) -> Option<(bool, Option<f64>)> {
    let response = plot.response();
    let pointer = plot.pointer_coordinate()?;
    if held && response.dragged() {
        return Some((true, Some(pointer.x)));
    }
    let line = plot.screen_from_plot(PlotPoint::new(at, pointer.y));
    let there = plot.screen_from_plot(pointer);
    Some((response.hovered() && (line.x - there.x).abs() < NEAR, None))
}

struct Painter<'a> {
    chart: &'a Chart,
    paper: Paper,
}

impl Painter<'_> {
    fn color(&self, ink: Ink) -> Color32 {
        let [r, g, b] = self.paper.color(ink);
        Color32::from_rgb(r, g, b)
    }

    fn layers(&self, plot: &mut PlotUi<'_>) {
        let mut lines = 0;
        for layer in &self.chart.layers {
            self.layer(plot, layer, &mut lines);
        }
    }

    fn layer(&self, plot: &mut PlotUi<'_>, layer: &Layer, lines: &mut usize) {
        let color = self.color(layer.ink);
        match &layer.shape {
            Shape::Bars { edges, heights } => self.bars(plot, layer, edges, heights),
            Shape::Line { points, stroke } => {
                plot.line(
                    Line::new(layer.name.as_str(), self.points(points))
                        .color(color)
                        .width(if *stroke == Stroke::Fine { 1.0 } else { 2.0 })
                        .style(style(*stroke)),
                );
            }
            Shape::Points(points) => {
                let points = Points::new(layer.name.as_str(), self.points(points));
                plot.points(points.color(color).radius(2.0));
            }
            Shape::VLine { x, label, stroke } => {
                let at = place(&self.chart.x, *x);
                plot.vline(
                    VLine::new(layer.name.as_str(), at)
                        .color(color)
                        .width(1.5)
                        .style(style(*stroke)),
                );
                let [r, g, b] = self.paper.read(self.paper.color(layer.ink));
                let ground = self.color(Ink::Page).gamma_multiply(0.85);
                let colors = (Color32::from_rgb(r, g, b), ground);
                Self::label(plot, at, label, colors, *lines);
                *lines += 1;
            }
            Shape::Band(points) => {
                let (x, y) = (&self.chart.x, &self.chart.y);
                let column = |index: usize, axis: &Axis| -> Vec<f64> {
                    points
                        .iter()
                        .map(|point| place(axis, point[index]))
                        .collect()
                };
                let area = FilledArea::new(
                    layer.name.as_str(),
                    &column(0, x),
                    &column(1, y),
                    &column(2, y),
                );
                plot.add(
                    area.fill_color(color.gamma_multiply(0.5))
                        .allow_hover(false),
                );
            }
            Shape::Area(points) => {
                let floor = place(&self.chart.y, self.chart.y.low);
                let line = Line::new(layer.name.as_str(), self.points(points));
                let line = line.color(color).width(0.0).fill(floor as f32);
                plot.line(line.fill_alpha(0.16).allow_hover(false));
            }
            Shape::Dot { at, label } => {
                let dot = Points::new(label.as_str(), self.points(&[*at]));
                plot.points(dot.color(color).radius(4.0));
                let [x, y] = [place(&self.chart.x, at[0]), place(&self.chart.y, at[1])];
                plot.text(
                    Text::new("", PlotPoint::new(x, y), format!("  {label}"))
                        .anchor(Align2::LEFT_CENTER)
                        .allow_hover(false),
                );
            }
            Shape::Rug(values) => {
                let low = self.chart.y.low;
                let points: Vec<[f64; 2]> = values.iter().map(|&x| [x, low]).collect();
                plot.points(
                    Points::new(layer.name.as_str(), self.points(&points))
                        .shape(MarkerShape::Up)
                        .color(color)
                        .radius(3.0),
                );
            }
        }
    }

    fn bars(&self, plot: &mut PlotUi<'_>, layer: &Layer, edges: &[f64], heights: &[f64]) {
        let color = self.color(layer.ink);
        let (x, y) = (&self.chart.x, &self.chart.y);
        let base = place(y, y.low);
        let bars = edges
            .windows(2)
            .zip(heights)
            .filter(|(_, height)| **height > 0.0);
        let bars = bars
            .map(|(edges, &height)| {
                let (left, right) = (place(x, edges[0].max(x.low * 1e-3)), place(x, edges[1]));
                // A bar stands on the axis, wherever a logarithmic one begins.
                Bar::new(f64::midpoint(left, right), place(y, height) - base)
                    .base_offset(base)
                    .width(right - left)
                    .fill(color)
                    .stroke(egui::Stroke::NONE)
            })
            .collect();
        plot.bar_chart(
            BarChart::new(layer.name.as_str(), bars)
                .color(color)
                .allow_hover(false),
        );
    }

    /// A line's label beside its upper end; each further line's a step lower, so that labels of
    /// lines close together do not meet.
    fn label(
        plot: &mut PlotUi<'_>,
        at: f64,
        label: &str,
        (color, ground): (Color32, Color32),
        line: usize,
    ) {
        let bounds = plot.plot_bounds();
        // A line out of view has no label in it.
        if at < bounds.min()[0] || at > bounds.max()[0] {
            return;
        }
        let step =
            (bounds.max()[1] - bounds.min()[1]) / f64::from(plot.response().rect.height().max(1.0));
        let y = bounds.max()[1] - step * (6.0 + 17.0 * line as f64);
        let right = (at - bounds.min()[0]) / (bounds.max()[0] - bounds.min()[0]) > 0.5;
        let (anchor, text) = if right {
            (Align2::RIGHT_TOP, format!("{label}  "))
        } else {
            (Align2::LEFT_TOP, format!("  {label}"))
        };
        // Bars may be behind it.
        let text = egui::RichText::new(text)
            .font(egui::FontId::new(12.0, theme::semibold()))
            .background_color(ground);
        plot.text(
            Text::new("", PlotPoint::new(at, y), text)
                .anchor(anchor)
                .color(color)
                .allow_hover(false),
        );
    }

    fn points(&self, points: &[[f64; 2]]) -> PlotPoints<'static> {
        let (x, y) = (&self.chart.x, &self.chart.y);
        let drawn = |point: &[f64; 2]| {
            let possible = |axis: &Axis, value: f64| !axis.log || value > 0.0;
            (possible(x, point[0]) && possible(y, point[1]))
                .then(|| [place(x, point[0]), place(y, point[1])])
        };
        PlotPoints::from(points.iter().filter_map(drawn).collect::<Vec<_>>())
    }
}

fn style(stroke: Stroke) -> LineStyle {
    match stroke {
        Stroke::Solid | Stroke::Fine => LineStyle::Solid,
        Stroke::Dashed => LineStyle::dashed_loose(),
        Stroke::DashDot => LineStyle::dashed_dense(),
        Stroke::Dotted => LineStyle::dotted_dense(),
    }
}

/// Where a value is drawn: its power of ten on a logarithmic axis.
fn place(axis: &Axis, value: f64) -> f64 {
    if axis.log {
        value.max(f64::MIN_POSITIVE).log10()
    } else {
        value
    }
}

fn value_at(axis: &Axis, place: f64) -> f64 {
    if axis.log { 10_f64.powf(place) } else { place }
}

fn text(axis: &Axis, place: f64) -> String {
    if axis.names.is_empty() {
        return crate::text::tick(value_at(axis, place));
    }
    let named = axis
        .names
        .iter()
        .find(|(value, _)| (value - place).abs() < 1e-6);
    named.map_or_else(String::new, |(_, name)| name.clone())
}

/// The grid lines of an axis: its names, powers of ten with what lies between them, or what
/// egui_plot would take itself.
fn marks(axis: &Axis, input: GridInput) -> Vec<GridMark> {
    if !axis.names.is_empty() {
        // A name wants three times the least room of a grid line.
        let least = input.base_step_size * 3.0;
        let strides = [1, 2, 5, 10, 20, 50];
        let stride = strides
            .into_iter()
            .find(|&stride| f64::from(stride) >= least);
        let stride = stride.unwrap_or(100) as usize;
        let seen = |value: f64| value >= input.bounds.0 && value <= input.bounds.1;
        let names = axis
            .names
            .iter()
            .step_by(stride)
            .filter(|(value, _)| seen(*value));
        return names
            .map(|(value, _)| GridMark {
                value: *value,
                step_size: stride as f64,
            })
            .collect();
    }
    if !axis.log {
        return (egui_plot::uniform_grid_spacer(|input| {
            let step = nice(input.base_step_size);
            [step, step * 5.0, step * 10.0]
        }))(input);
    }
    let (low, high) = (input.bounds.0.floor() as i32, input.bounds.1.ceil() as i32);
    let between: &[f64] = if high - low <= 4 {
        &[1.0, 2.0, 5.0]
    } else {
        &[1.0]
    };
    let stride = (((high - low) / 12).max(1)) as usize;
    (low..=high)
        .step_by(stride)
        .flat_map(|power| between.iter().map(move |&digit| (power, digit)))
        .map(|(power, digit)| {
            let whole: f64 = digit;
            GridMark {
                value: f64::from(power) + whole.log10(),
                step_size: if whole > 1.0 { 0.3 } else { stride as f64 },
            }
        })
        .filter(|mark| mark.value >= input.bounds.0 && mark.value <= input.bounds.1)
        .collect()
}

/// The least of 1, 2, 5 times a power of ten that is not below `step`.
fn nice(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let digit = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|digit| digit * power >= step);
    digit.unwrap_or(10.0) * power
}
