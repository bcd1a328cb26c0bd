//! A metric of several runs along one axis.
//!
//! Enters: runs with their looks, a measure, an axis and how to draw. Leaves: a [`Chart`] with its
//! legend at the right. What the picture does to the data (smoothing, values out of range, runs
//! left out) stands in its caption.

use crate::figure::run_caption::{LeftOut, caption, named, placeless};
use crate::figure::run_range;
use crate::figure::{Axis, Chart, Ink, Layer, Legend, RunLine, Shape, Stroke, time_ticks};
use crate::run::{Measure, Metric, Unit, XAxis, decimate, points, smooth};

/// How many columns of pixels a line is thinned to: more than any page shows.
const COLUMNS: usize = 1200;

/// Up to this many values a line has a dot at each.
const DOTTED: usize = 40;

/// Beyond this many bytes memory is told in GB: 100 000 MB would crowd the axis.
const MANY_MB: f64 = 1e11;

/// How a metric over a run is drawn.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    clap::ValueEnum,
)]
pub enum Form {
    /// Straight lines between the values.
    #[default]
    Line,
    /// Each value holds until the next.
    Step,
    /// As a line, with the area below it.
    Area,
}

/// What memory is counted in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, clap::ValueEnum,
)]
pub enum MemoryUnit {
    /// 10⁶ bytes.
    Mb,
    /// 10⁹ bytes.
    Gb,
    /// 2³⁰ bytes.
    Gib,
}

impl MemoryUnit {
    /// Its sign.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Mb => "MB",
            Self::Gb => "GB",
            Self::Gib => "GiB",
        }
    }

    /// Bytes in one.
    #[must_use]
    pub fn bytes(self) -> f64 {
        match self {
            Self::Mb => 1e6,
            Self::Gb => 1e9,
            Self::Gib => 1_073_741_824.0,
        }
    }
}

/// How runs are drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunsOptions {
    /// A line above the plot; none where it is empty, as in a paper.
    pub title: String,
    /// The weight of TensorBoard's smoothing, 0 to 1; the values as logged stay behind it.
    pub smoothing: f64,
    /// A logarithmic axis from left to right.
    pub log_x: bool,
    /// A logarithmic axis from bottom to top.
    pub log_y: bool,
    /// How values are joined.
    pub form: Form,
    /// Whether the range leaves out the lowest and the highest 5 % of the values. They are drawn
    /// all the same, as far as they lie in it.
    pub ignore_outliers: bool,
    /// Whether the axis from bottom to top starts at 0; `None`: that of memory does. An axis that
    /// does not has a break.
    pub zero: Option<bool>,
    /// What memory is counted in; `None`: MB, or GB where that makes shorter numbers.
    pub unit: Option<MemoryUnit>,
}

/// One run's points, in the units of the axes.
struct Drawn<'a> {
    line: &'a RunLine<'a>,
    /// As logged.
    raw: Vec<[f64; 2]>,
    /// What the line goes through.
    shown: Vec<[f64; 2]>,
}

/// The chart of `measure` of `runs` along `axis`.
#[must_use]
pub fn runs_chart(
    runs: &[RunLine<'_>],
    measure: &Measure,
    axis: XAxis,
    options: &RunsOptions,
) -> Chart {
    let mut drawn = Vec::new();
    let mut lacking = Vec::new();
    let mut unit = Unit::Plain;
    for line in runs {
        let series = measure.of(line.run);
        let raw = series
            .as_ref()
            .map_or_else(Vec::new, |series| points(line.run, series, axis));
        if raw.is_empty() {
            lacking.push(line.run.name.as_str());
            continue;
        }
        unit = series.map_or(unit, |series| series.unit);
        let shown = Vec::new();
        drawn.push(Drawn { line, raw, shown });
    }
    let (x_scale, x_label) = x_unit(axis, &drawn);
    let (y_scale, y_unit) = y_unit(unit, &drawn, options);
    for one in &mut drawn {
        for [x, y] in &mut one.raw {
            *x /= x_scale;
            *y /= y_scale;
        }
        one.shown = smooth(&one.raw, options.smoothing);
    }
    let x = x_axis(axis, x_label, &drawn, options);
    let memory = unit == Unit::Bytes;
    let y = run_range::value_axis(
        y_label(measure, y_unit, runs),
        drawn.iter().flat_map(|one| &one.shown).map(|p| p[1]),
        options,
        options.zero.unwrap_or(memory),
    );
    let logged = || drawn.iter().flat_map(|one| one.raw.iter().copied());
    let left_out = LeftOut {
        placeless: logged().filter(|point| placeless(point, &x, &y)).count(),
        outside: run_range::outside(&y, logged().map(|point| point[1])),
        of: logged().count(),
        runs: lacking,
    };
    let caption = caption(measure, options, &left_out);
    Chart {
        title: options.title.clone(),
        caption,
        layers: layers(&drawn, &x, options),
        x,
        y,
        aspect: 0.8,
        legend: Legend::Right,
    }
}

fn layers(drawn: &[Drawn<'_>], x: &Axis, options: &RunsOptions) -> Vec<Layer> {
    let smoothed = options.smoothing > 0.0;
    let mut areas = Vec::new();
    let mut raws = Vec::new();
    let mut lines = Vec::new();
    for one in drawn {
        let RunLine { run, color, stroke } = *one.line;
        let ink = Ink::Fixed(color);
        let points = formed(thinned(&one.shown, x), options.form);
        if options.form == Form::Area {
            areas.push(Layer::unnamed(ink, Shape::Area(points.clone())));
        }
        if smoothed {
            let points = formed(thinned(&one.raw, x), options.form);
            let stroke = Stroke::Fine;
            let shape = Shape::Line { points, stroke };
            raws.push(Layer::unnamed(Ink::Faint(color), shape));
        }
        if one.shown.len() <= DOTTED && !smoothed && options.form == Form::Line {
            let shape = Shape::Points(one.shown.clone());
            areas.push(Layer::unnamed(ink, shape));
        }
        lines.push(Layer::new(&run.name, ink, Shape::Line { points, stroke }));
    }
    areas.extend(raws);
    areas.extend(lines);
    areas
}

/// As many points as a page can show, no spike less.
fn thinned(points: &[[f64; 2]], x: &Axis) -> Vec<[f64; 2]> {
    if !x.log {
        return decimate(points, (x.low, x.high), COLUMNS);
    }
    // Columns are even on the page, that is, in the logarithm.
    let positive = points.iter().filter(|point| point[0] > 0.0);
    let logs: Vec<[f64; 2]> = positive.map(|&[x, y]| [x.ln(), y]).collect();
    let thin = decimate(&logs, (x.low.ln(), x.high.ln()), COLUMNS);
    thin.into_iter().map(|[x, y]| [x.exp(), y]).collect()
}

fn formed(points: Vec<[f64; 2]>, form: Form) -> Vec<[f64; 2]> {
    if form != Form::Step {
        return points;
    }
    let mut steps: Vec<[f64; 2]> = Vec::with_capacity(points.len() * 2);
    for [x, y] in points {
        if let Some(&[_, before]) = steps.last() {
            steps.push([x, before]);
        }
        steps.push([x, y]);
    }
    steps
}

/// What one unit of the axis is in the points' unit, and the axis's label.
fn x_unit(axis: XAxis, drawn: &[Drawn<'_>]) -> (f64, &'static str) {
    match axis {
        XAxis::Step => (1.0, "step"),
        XAxis::Epoch => (1.0, "epoch"),
        XAxis::Wall => (1.0, "time (UTC)"),
        XAxis::Completion => (1.0, "job completion (%)"),
        XAxis::Relative => {
            let ends = drawn.iter().filter_map(|one| one.raw.last());
            match ends.map(|end| end[0]).fold(0.0, f64::max) {
                longest if longest <= 120.0 => (1.0, "time (s)"),
                longest if longest <= 3.0 * 3600.0 => (60.0, "time (min)"),
                _ => (3600.0, "time (h)"),
            }
        }
    }
}

/// What one unit of the values' axis is in the values' unit, and its sign.
fn y_unit(unit: Unit, drawn: &[Drawn<'_>], options: &RunsOptions) -> (f64, &'static str) {
    match unit {
        Unit::Plain => (1.0, ""),
        Unit::Percent => (1.0, "%"),
        Unit::Seconds => (1.0, "s"),
        Unit::Bytes => {
            let values = drawn.iter().flat_map(|one| &one.raw).map(|point| point[1]);
            let most = values.filter(|v| v.is_finite()).fold(0.0, f64::max);
            let fitting = if most < MANY_MB {
                MemoryUnit::Mb
            } else {
                MemoryUnit::Gb
            };
            let unit = options.unit.unwrap_or(fitting);
            (unit.bytes(), unit.label())
        }
    }
}

fn y_label(measure: &Measure, unit: &str, runs: &[RunLine<'_>]) -> String {
    let mut label = named(measure);
    let gpus = |line: &RunLine<'_>| {
        let series = line.run.series.iter().map(|series| series.metric);
        let gpu = |metric: &Metric| matches!(metric, Metric::GpuMemory(Some(_)));
        series.filter(gpu).count()
    };
    if *measure == Measure::GpuMemory && runs.iter().any(|line| gpus(line) > 1) {
        label.push_str(", all GPUs");
    }
    if unit.is_empty() {
        label
    } else {
        format!("{label} ({unit})")
    }
}

fn x_axis(axis: XAxis, label: &str, drawn: &[Drawn<'_>], options: &RunsOptions) -> Axis {
    let log = options.log_x && !matches!(axis, XAxis::Wall | XAxis::Completion);
    if axis == XAxis::Completion {
        return Axis::new(label, false, 0.0, 100.0);
    }
    let values = drawn.iter().flat_map(|one| &one.raw).map(|point| point[0]);
    let values = values.filter(|x| !log || *x > 0.0);
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
        (low.min(x), high.max(x))
    });
    if axis == XAxis::Wall {
        let (names, day) = time_ticks(low, high, 5);
        let label = format!("{label}{day}");
        return Axis {
            names,
            ..Axis::new(label, false, low, high)
        };
    }
    let low = run_range::start(low, high, log);
    let mut axis = Axis::new(label, log, low, high);
    axis.broken = !log && axis.low > 0.0;
    axis
}
