//! A chart as SVG: title, caption, legend, the labels of vertical lines, plot and axes, from top to
//! bottom.

use crate::figure::fonts::{Weight, width};
use crate::figure::svg::Style;
use crate::figure::svg::canvas::{Anchor, Pen, Rect};
use crate::figure::svg::frame::{Frame, LINE, MARGIN, MIDDLE};
use crate::figure::svg::marks::marks;
use crate::figure::svg::pen::{BAND_OPACITY, pen};
use crate::figure::svg::{breaks, dots, legend};
use crate::figure::{Axis, Chart, Form, Layer, Legend, Rgb, Shape, Stroke, Tick};

/// How much of an area covers what lies below it.
const AREA_OPACITY: f64 = 0.12;
/// How many columns of pixels a line is reduced to: more than any page shows.
const COLUMNS: usize = 1200;
/// Length of a tick, px.
const TICK: f64 = 3.0;
/// Length of a rug's tick, px.
const RUG: f64 = 5.0;
/// Radius of a dot, px.
const DOT: f64 = 1.4;
/// The most ticks from bottom to top, but for named rows.
const MOST_TICKS: usize = 8;
/// The least height of a plot, px.
const LEAST_PLOT: f64 = 60.0;

/// Where the plot lies, and where values lie in it.
struct Plot<'a> {
    area: Rect,
    x: &'a Axis,
    y: &'a Axis,
}

impl Plot<'_> {
    fn at(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.x(x), self.y(y)]
    }

    fn x(&self, value: f64) -> f64 {
        self.area.x + self.area.width * self.x.position(value)
    }

    fn y(&self, value: f64) -> f64 {
        self.area.bottom() - self.area.height * self.y.position(value)
    }

    /// As [`Plot::y`]; what has no place on the axis lies at its lower end.
    fn y_or_bottom(&self, value: f64) -> f64 {
        self.y(value).min(self.area.bottom() + 10.0)
    }
}

/// The chart as an SVG document.
#[must_use]
pub fn svg(chart: &Chart, style: &Style) -> String {
    let mut frame = Frame::new(style, &chart.title, &chart.caption);
    let side = match chart.legend {
        Legend::Above => {
            legend::above(&mut frame, &chart.layers);
            None
        }
        Legend::Right => legend::Side::new(&frame, &chart.layers),
    };
    let size = frame.weak.size;
    // Room on the left depends on the ticks, whose number depends on the height: that is
    // guessed, for the width of the texts hardly depends on it.
    let guess = (2..=MOST_TICKS).map(|most| widest(&chart.y.ticks(most), size));
    let tick_width = guess.fold(0.0, f64::max);
    let left = MARGIN + frame.size * LINE + tick_width + TICK + 3.0;
    let beside = side
        .as_ref()
        .map_or(0.0, |side| side.width + legend::BESIDE);
    let right = frame.width
        - MARGIN
        - last_overhang(&chart.x, frame.width - MARGIN - beside - left, size).max(beside);
    let wide = (right - left).max(40.0);
    let marks = marks(chart, &frame, (left, wide));
    let lanes = marks.iter().map(|mark| mark.place.lane + 1).max();
    let above = lanes.map_or(4.0, |lanes| lanes as f64 * size * LINE + 3.0);
    let below = TICK + 3.0 + size + 3.0 + frame.size * LINE + MARGIN;
    let top = frame.top + above + 2.0;
    let wished = style.height.map_or_else(
        || (wide * chart.aspect).round(),
        |height| height - top - below,
    );
    let area = Rect {
        x: left,
        y: top,
        width: wide,
        height: wished
            .max(LEAST_PLOT)
            .max(side.as_ref().map_or(0.0, |side| side.height)),
    };
    let plot = Plot {
        area,
        x: &chart.x,
        y: &chart.y,
    };
    axes(&mut frame, &plot);
    frame.canvas.clip(area);
    for layer in &chart.layers {
        behind(&mut frame, &plot, layer);
    }
    for layer in &chart.layers {
        draw(&mut frame, &plot, layer);
    }
    frame.canvas.unclip();
    baseline(&mut frame, &plot);
    breaks::draw(&mut frame, area, (chart.x.broken, chart.y.broken));
    let places: Vec<([f64; 2], &Layer, &str)> = chart
        .layers
        .iter()
        .filter_map(|layer| match &layer.shape {
            Shape::Dot { at, label } => Some((plot.at(*at), layer, label.as_str())),
            _ => None,
        })
        .filter(|(at, ..)| at.iter().all(|value| value.is_finite()))
        .collect();
    dots::draw(&mut frame, area, &places);
    if let Some(side) = &side {
        side.draw(&mut frame, [area.right() + legend::BESIDE, area.y]);
    }
    for mark in &marks {
        mark.draw(&mut frame, area);
    }
    frame.finish(area.bottom() + below, &chart.title, &chart.caption)
}

/// Half a tick's text may reach past the right end of a plot at most `room` wide.
fn last_overhang(axis: &Axis, room: f64, size: f64) -> f64 {
    let ticks = x_ticks(axis, room, size);
    let last = ticks.last().filter(|tick| tick.position > 0.9);
    last.map_or(4.0, |tick| {
        (width(&tick.text, size, Weight::Regular) / 2.0).max(4.0)
    })
}

/// Ticks with their texts, labels, and hairlines at the ticks of y.
fn axes(frame: &mut Frame, plot: &Plot<'_>) {
    let (area, weak, label) = (plot.area, frame.weak, frame.label);
    let hairline = Pen {
        color: frame.paper.hairline,
        width: 0.5,
        dash: "",
    };
    let inside = |tick: &&Tick| (-1e-9..=1.0 + 1e-9).contains(&tick.position);
    let named = !plot.y.names.is_empty();
    let line = weak.size * if named { 1.05 } else { 2.4 };
    let most = (area.height / line) as usize;
    let ticks = plot
        .y
        .ticks(if named { most } else { most.min(MOST_TICKS) });
    for tick in ticks.iter().filter(inside) {
        let y = area.bottom() - area.height * tick.position;
        let start = if named { area.x } else { area.x - TICK };
        if !named {
            frame.canvas.line([start, y], [area.right(), y], &hairline);
        }
        let at = [area.x - TICK - 3.0, y + weak.size * MIDDLE];
        frame.canvas.text(at, Anchor::End, &weak, &tick.text);
    }
    let ticks = x_ticks(plot.x, area.width, weak.size);
    for tick in ticks.iter().filter(inside) {
        let x = area.x + area.width * tick.position;
        let ends = [[x, area.bottom()], [x, area.bottom() + TICK]];
        frame.canvas.polyline(&ends, &hairline);
        let at = [x, area.bottom() + TICK + 2.0 + weak.size];
        frame.canvas.text(at, Anchor::Middle, &weak, &tick.text);
    }
    for position in plot.x.minor() {
        let x = area.x + area.width * position;
        let ends = [[x, area.bottom()], [x, area.bottom() + TICK * 0.6]];
        frame.canvas.polyline(&ends, &hairline);
    }
    let bottom = area.bottom() + TICK + 3.0 + weak.size + 3.0 + label.size;
    let middle = area.x + area.width / 2.0;
    frame
        .canvas
        .text([middle, bottom], Anchor::Middle, &label, &plot.x.label);
    let at = [MARGIN + label.size * 0.8, area.y + area.height / 2.0];
    frame.canvas.upright(at, &label, &plot.y.label);
}

/// As many ticks as fit beside each other.
fn x_ticks(axis: &Axis, room: f64, size: f64) -> Vec<Tick> {
    let most = (room / (size * 3.0)) as usize;
    let wide = |text: &str| width(text, size, Weight::Regular);
    axis.fitting((room, size * 0.6), most, wide)
}

/// The axis that bars stand on, over them.
fn baseline(frame: &mut Frame, plot: &Plot<'_>) {
    let area = plot.area;
    let pen = Pen {
        color: frame.paper.weak,
        width: 0.75,
        dash: "",
    };
    let (left, right) = ([area.x, area.bottom()], [area.right(), area.bottom()]);
    frame.canvas.line(left, right, &pen);
}

/// What lies behind the lines of all runs: areas, and values as logged.
fn behind(frame: &mut Frame, plot: &Plot<'_>, layer: &Layer) {
    let Shape::Curve(series) = &layer.shape else {
        return;
    };
    let color = frame.paper.color(layer.ink);
    if series.form == Form::Area {
        area(frame, plot, &series.seen(plot.x, COLUMNS), color);
    }
    let logged = series.logged_seen(plot.x, COLUMNS);
    let logged: Vec<[f64; 2]> = logged.into_iter().map(|point| plot.at(point)).collect();
    let pen = pen(frame.paper.faded(color), Stroke::Fine, frame.thick);
    frame.canvas.polyline(&logged, &pen);
}

fn area(frame: &mut Frame, plot: &Plot<'_>, points: &[[f64; 2]], color: Rgb) {
    for part in parts(points) {
        let bottom = plot.area.bottom();
        let line = part.iter().map(|&[x, y]| [plot.x(x), plot.y_or_bottom(y)]);
        let mut outline: Vec<[f64; 2]> = line.collect();
        if let (Some(&[first, _]), Some(&[last, _])) = (outline.first(), outline.last()) {
            outline.extend([[last, bottom], [first, bottom]]);
        }
        frame.canvas.polygon(&outline, color, AREA_OPACITY);
    }
}

fn draw(frame: &mut Frame, plot: &Plot<'_>, layer: &Layer) {
    let color = frame.paper.color(layer.ink);
    let thick = frame.thick;
    let canvas = &mut frame.canvas;
    match &layer.shape {
        Shape::Bars { edges, heights } => {
            let bars = edges.windows(2).zip(heights);
            let bars = bars
                .filter(|&(_, &height)| height > 0.0)
                .map(|(edge, &height)| {
                    let (left, right) = (plot.x(edge[0]), plot.x(edge[1]));
                    let left = left.max(plot.area.x - 10.0);
                    let top = plot.y_or_bottom(height);
                    // A hairline of page between bars that can spare it.
                    let gap = if right - left > 3.0 { 0.4 } else { 0.0 };
                    Rect {
                        x: left,
                        y: top,
                        width: right - left - gap,
                        height: (plot.area.bottom() - top).max(0.0),
                    }
                });
            canvas.rects(bars, color);
        }
        Shape::Line { points, stroke } => {
            let points: Vec<[f64; 2]> = points.iter().map(|&point| plot.at(point)).collect();
            canvas.polyline(&points, &pen(color, *stroke, thick));
        }
        Shape::Points(points) => {
            let points: Vec<[f64; 2]> = points.iter().map(|&point| plot.at(point)).collect();
            canvas.dots(&points, DOT * thick, color);
        }
        Shape::Band(points) => {
            let high = points.iter().map(|&[x, _, high]| [plot.x(x), plot.y(high)]);
            let low = points.iter().rev();
            let low = low.map(|&[x, low, _]| [plot.x(x), plot.y_or_bottom(low)]);
            let outline: Vec<[f64; 2]> = high.chain(low).collect();
            canvas.polygon(&outline, color, BAND_OPACITY);
        }
        Shape::Rug(values) => {
            let bottom = plot.area.bottom();
            let line = |&value: &f64| {
                let x = plot.x(value);
                [[x, bottom], [x, bottom - RUG]]
            };
            let lines: Vec<[[f64; 2]; 2]> = values.iter().map(line).collect();
            canvas.lines(&lines, &pen(color, Stroke::Fine, thick));
        }
        Shape::Area(points) => area(frame, plot, points, color),
        Shape::Curve(series) => {
            let dots: Vec<[f64; 2]> = series.dots(plot.x).iter().map(|&at| plot.at(at)).collect();
            canvas.dots(&dots, DOT * thick, color);
            let line = series.seen(plot.x, COLUMNS);
            let line: Vec<[f64; 2]> = line.into_iter().map(|point| plot.at(point)).collect();
            canvas.polyline(&line, &pen(color, series.stroke, thick));
        }
        // Drawn over the plot, with their labels.
        Shape::VLine { .. } | Shape::Dot { .. } => {}
    }
}

/// The stretches of points without a gap.
fn parts(points: &[[f64; 2]]) -> impl Iterator<Item = &[[f64; 2]]> {
    points
        .split(|point| !point.iter().all(|value| value.is_finite()))
        .filter(|part| part.len() > 1)
}

fn widest(ticks: &[Tick], size: f64) -> f64 {
    let widths = ticks
        .iter()
        .map(|tick| width(&tick.text, size, Weight::Regular));
    widths.fold(0.0, f64::max)
}
