//! What stands around the layers of a chart: heading, legend, axes, the labels of vertical lines,
//! the reading line.

use std::sync::Arc;

use eframe::egui::{self, Align2, FontId, Id, Pos2, Rect, Sense, Stroke, pos2, vec2};
use egui_plot::{AxisHints, GridMark, PlotBounds};

use crate::figure::labels::{self, Place};
use crate::figure::reading::{Along, Reading, along};
use crate::figure::{Chart, Layer, Legend, Shape, Tick};
use crate::window::plot::paint::{self, Painted, rgb, stroked, text_size};
use crate::window::theme;

/// The size of ticks, labels and the legend.
const SMALL: f32 = 11.0;
/// Height of a line of small text.
const LINE: f32 = 16.0;
/// Room between ticks of the vertical axis.
const TICK_ROOM: f32 = 36.0;
/// Most ticks of the vertical axis: more would be noise on a large screen.
const MOST_TICKS: usize = 10;
/// Space between two ticks' texts.
const GAP: f64 = 14.0;
/// Room for ticks and label below the plot.
const BELOW: f32 = 34.0;

/// How near to a line the pointer picks it out.
const NEAR: f32 = 14.0;
/// A margin right of the plot, where half of the last tick's text may stand.
const RIGHT: f32 = 14.0;

/// A vertical line with the place of its label.
struct Mark {
    x: f32,
    place: Place,
    layer: usize,
}

/// Where the parts of a chart lie.
pub(crate) struct Frame {
    /// The plot itself.
    pub(crate) plot: Rect,
    /// The plot with its axes.
    outer: Rect,
    x: Vec<Tick>,
    y: Vec<Tick>,
    y_width: f32,
    marks: Vec<Mark>,
}

impl Frame {
    /// Lays `chart` out in `rect`, and writes its heading and legend.
    pub(crate) fn new(ui: &mut egui::Ui, chart: &Chart, rect: Rect, name: &str) -> Self {
        let top = rect.top() + heading(ui, chart, rect, name);
        let font = FontId::proportional(SMALL);
        let lanes = chart.layers.iter().filter(|layer| vline(layer).is_some());
        // Two lanes for several lines: the plot must not jump while one of them is dragged.
        let mut lanes = lanes.count().min(2);
        let mut frame = Self {
            plot: rect,
            outer: rect,
            x: Vec::new(),
            y: Vec::new(),
            y_width: 0.0,
            marks: Vec::new(),
        };
        // Labels that need more lanes than were guessed get them.
        for _ in 0..2 {
            let above = if lanes == 0 {
                6.0
            } else {
                lanes as f32 * LINE + 2.0
            };
            frame.outer = rect
                .with_min_y(top + above)
                .with_max_x(rect.right() - RIGHT);
            let area = frame.outer.with_max_y(frame.outer.bottom() - BELOW);
            frame.ticks(ui, chart, area, &font);
            frame.plot = area.with_min_x(area.left() + frame.y_width);
            frame.marks = marks(ui, chart, rect, frame.plot, &font);
            let needed = frame.marks.iter().map(|mark| mark.place.lane + 1).max();
            if needed.unwrap_or(0) <= lanes {
                break;
            }
            lanes = needed.unwrap_or(0);
        }
        frame
    }

    fn ticks(&mut self, ui: &egui::Ui, chart: &Chart, area: Rect, font: &FontId) {
        let named = !chart.y.names.is_empty();
        let most = (area.height() / if named { LINE } else { TICK_ROOM }) as usize;
        let most = if named { most } else { most.min(MOST_TICKS) };
        let seen = |tick: &Tick| (-1e-9..=1.0 + 1e-9).contains(&tick.position);
        self.y = chart.y.ticks(most);
        self.y.retain(seen);
        let wide = self.y.iter().map(|tick| text_size(ui, &tick.text, font).x);
        self.y_width = wide.fold(20.0, f32::max).ceil() + 8.0;
        let room = f64::from((area.width() - self.y_width).max(1.0));
        let width = |text: &str| f64::from(text_size(ui, text, font).x);
        self.x = chart.x.fitting((room, GAP), (room / 40.0) as usize, width);
        self.x.retain(seen);
    }

    /// Draws axes and layers.
    pub(crate) fn show(
        &self,
        ui: &mut egui::Ui,
        id: Id,
        chart: &Arc<Chart>,
        lit: &dyn Fn(&str) -> bool,
    ) {
        let palette = theme::palette(ui);
        let font = FontId::proportional(SMALL);
        let builder = egui::UiBuilder::new().max_rect(self.outer).id_salt(id);
        let mut child = ui.new_child(builder);
        let hints = |hints: AxisHints<'static>, ticks: &[Tick]| {
            let ticks = ticks.to_vec();
            hints
                .tick_label_color(palette.weak)
                .tick_label_font(font.clone())
                .formatter(move |mark, _| text_at(&ticks, mark.value))
        };
        let label = egui::RichText::new(&chart.x.label).size(SMALL);
        let x = hints(AxisHints::new_x(), &self.x).label(label.color(palette.weak));
        let x = x.min_thickness(BELOW);
        let y = hints(AxisHints::new_y(), &self.y).min_thickness(self.y_width);
        let named = !chart.y.names.is_empty();
        let picture = Painted::new(Arc::clone(chart), theme::paper(ui), id, lit);
        egui_plot::Plot::new("chart")
            .id(id)
            .width(self.outer.width())
            .height(self.outer.height())
            .sense(Sense::hover())
            .show_background(false)
            .show_x(false)
            .show_y(false)
            .allow_drag(false)
            .allow_zoom(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_double_click_reset(false)
            .set_margin_fraction(egui::Vec2::ZERO)
            .show_grid([false, !named])
            .grid_color(palette.hairline.gamma_multiply(0.6))
            .x_grid_spacer(|_| grid(&self.x))
            .y_grid_spacer(|_| grid(&self.y))
            .custom_x_axes(vec![x])
            .custom_y_axes(vec![y])
            .default_x_bounds(0.0, 1.0)
            .default_y_bounds(0.0, 1.0)
            .show(&mut child, |plot| {
                plot.set_plot_bounds(PlotBounds::from_min_max([0.0, 0.0], [1.0, 1.0]));
                plot.add(picture);
            });
        self.axes(ui, chart);
        self.vertical_lines(ui, chart);
        let curves = |layer: &Layer| matches!(layer.shape, Shape::Curve(_));
        if chart.legend == Legend::Right && !chart.layers.iter().any(curves) {
            let text = "No values on this axis";
            let (at, anchor) = (self.plot.center(), Align2::CENTER_CENTER);
            ui.painter().text(at, anchor, text, font, palette.weak);
        }
    }

    /// The lower edge with its ticks, and the sign of an axis that does not start at 0.
    fn axes(&self, ui: &egui::Ui, chart: &Chart) {
        let palette = theme::palette(ui);
        let (painter, plot) = (ui.painter(), self.plot);
        let line = Stroke::new(1.0, palette.hairline);
        painter.hline(plot.x_range(), plot.bottom(), line);
        for tick in &self.x {
            let x = plot.left() + tick.position as f32 * plot.width();
            painter.vline(x, plot.bottom()..=plot.bottom() + 3.0, line);
        }
        if chart.y.broken {
            let foot = plot.left_bottom();
            let steps = [
                (0.0, 0.0),
                (0.0, -4.0),
                (-2.5, -5.5),
                (2.5, -8.5),
                (0.0, -10.0),
                (0.0, -16.0),
            ];
            let zigzag = steps.map(|(x, y)| foot + vec2(x, y)).to_vec();
            painter.add(egui::Shape::line(zigzag, Stroke::new(1.0, palette.weak)));
        }
    }

    /// Vertical lines rise above the plot to their labels.
    fn vertical_lines(&self, ui: &egui::Ui, chart: &Chart) {
        let paper = theme::paper(ui);
        let font = FontId::new(SMALL, theme::semibold());
        for mark in &self.marks {
            let Some(layer) = chart.layers.get(mark.layer) else {
                continue;
            };
            let Some((_, label, stroke)) = vline(layer) else {
                continue;
            };
            let bottom = self.plot.top() - 2.0 - mark.place.lane as f32 * LINE;
            let ends = vec![
                pos2(mark.x, self.plot.bottom()),
                pos2(mark.x, bottom - LINE + 4.0),
            ];
            let color = rgb(paper.color(layer.ink));
            ui.painter()
                .extend(stroked(ends, Stroke::new(1.5, color), stroke));
            let at = pos2(mark.place.left as f32, bottom);
            let color = rgb(paper.read(paper.color(layer.ink)));
            ui.painter()
                .text(at, Align2::LEFT_BOTTOM, label, font.clone(), color);
        }
    }

    /// The reading line, and dots where it reads a value.
    pub(crate) fn reading_line(&self, ui: &egui::Ui, chart: &Chart, at: f64, values: &Reading) {
        let palette = theme::palette(ui);
        let painter = ui.painter().with_clip_rect(self.plot.expand(4.0));
        let line = Stroke::new(1.0, palette.weak.gamma_multiply(0.8));
        let on_screen = paint::at(chart, self.plot, [at, at]);
        match along(chart) {
            Along::X if on_screen.x.is_finite() => {
                ui.painter().with_clip_rect(self.plot).vline(
                    on_screen.x,
                    self.plot.y_range(),
                    line,
                );
            }
            Along::Rows if on_screen.y.is_finite() => {
                painter.hline(self.plot.x_range(), on_screen.y, line);
            }
            _ => {}
        }
        let paper = theme::paper(ui);
        for value in &values.values {
            let point = value.at.map(|at| paint::at(chart, self.plot, at));
            let layer = chart.layers.get(value.layer);
            if let (Some(point), Some(layer)) = (point, layer)
                && point.x.is_finite()
                && point.y.is_finite()
            {
                let color = rgb(paper.color(layer.ink));
                painter.circle(point, 3.5, color, (1.5, palette.base));
            }
        }
    }

    /// The layer whose value at the reading line is nearest to the pointer, where it is near.
    pub(crate) fn nearest(&self, chart: &Chart, values: &Reading, pointer: Pos2) -> Option<usize> {
        let curves = values.values.iter().filter(|value| {
            let layer = chart.layers.get(value.layer);
            layer.is_some_and(|layer| matches!(layer.shape, Shape::Curve(_)))
        });
        let distances = curves.filter_map(|value| {
            let at = paint::at(chart, self.plot, value.at?);
            Some((value.layer, (at.y - pointer.y).abs()))
        });
        let nearest = distances.min_by(|a, b| a.1.total_cmp(&b.1));
        nearest
            .filter(|(_, distance)| *distance < NEAR)
            .map(|(layer, _)| layer)
    }
}

/// egui_plot's grid lines at `ticks`; as far apart as the plot is wide, or they would fade.
fn grid(ticks: &[Tick]) -> Vec<GridMark> {
    let mark = |tick: &Tick| GridMark {
        value: tick.position,
        step_size: 1.0,
    };
    ticks.iter().map(mark).collect()
}

fn text_at(ticks: &[Tick], position: f64) -> String {
    let mut ticks = ticks.iter();
    let here = ticks.find(|tick| (tick.position - position).abs() < 1e-9);
    here.map_or_else(String::new, |tick| tick.text.clone())
}

fn vline(layer: &Layer) -> Option<(f64, &str, crate::figure::Stroke)> {
    match &layer.shape {
        Shape::VLine { x, label, stroke } => Some((*x, label, *stroke)),
        _ => None,
    }
}

fn marks(ui: &egui::Ui, chart: &Chart, room: Rect, plot: Rect, font: &FontId) -> Vec<Mark> {
    let lines = chart.layers.iter().enumerate().filter_map(|(layer, of)| {
        let (x, label, _) = vline(of)?;
        let position = chart.x.position(x);
        (0.0..=1.0).contains(&position).then(|| {
            let x = plot.left() + plot.width() * position as f32;
            (layer, x, text_size(ui, label, font).x * 1.06)
        })
    });
    let lines: Vec<(usize, f32, f32)> = lines.collect();
    let boxes: Vec<(f64, f64)> = lines
        .iter()
        .map(|&(_, x, wide)| (f64::from(x), f64::from(wide)))
        .collect();
    let ends = (f64::from(room.left()), f64::from(room.right()));
    let places = labels::places(&boxes, ends);
    let placed = lines.into_iter().zip(places);
    placed
        .map(|((layer, x, _), place)| Mark { x, place, layer })
        .collect()
}

/// Writes what the vertical axis measures and, where it stands above the plot, the legend. Returns
/// the height of both.
fn heading(ui: &mut egui::Ui, chart: &Chart, rect: Rect, name: &str) -> f32 {
    let palette = theme::palette(ui);
    let builder = egui::UiBuilder::new().max_rect(rect).id_salt("heading");
    let mut child = ui.new_child(builder);
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    let row = child.horizontal_wrapped(|ui| {
        ui.spacing_mut().interact_size.y = LINE;
        let text = if name.is_empty() {
            egui::RichText::new(&chart.y.label)
                .size(SMALL)
                .color(palette.weak)
        } else {
            let font = FontId::new(13.0, theme::semibold());
            egui::RichText::new(name).font(font)
        };
        let heading = ui.label(text);
        if !chart.caption.is_empty() && chart.legend == Legend::Right {
            heading.on_hover_text(chart.caption.join("\n"));
        }
        if !name.is_empty()
            && let Some((_, unit)) = chart
                .y
                .label
                .strip_suffix(')')
                .and_then(|l| l.rsplit_once(" ("))
        {
            ui.label(egui::RichText::new(unit).size(SMALL).color(palette.weak));
        }
        if chart.legend == Legend::Above {
            ui.add_space(12.0);
            legend(ui, chart);
        }
    });
    row.response.rect.height() + 4.0
}

fn legend(ui: &mut egui::Ui, chart: &Chart) {
    let paper = theme::paper(ui);
    for layer in chart.layers.iter().filter(|layer| !layer.name.is_empty()) {
        let (key, _) = ui.allocate_exact_size(vec2(18.0, LINE), Sense::hover());
        paint::key(ui, key, layer, rgb(paper.color(layer.ink)));
        ui.label(egui::RichText::new(&layer.name).size(SMALL));
    }
}
