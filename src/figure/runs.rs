//! A metric of several runs along one axis.
//!
//! The window and the figures take their charts from here, so that ranges, units, smoothing,
//! outliers and zoom follow one set of rules. What the chart does to the data (smoothing, values
//! out of range, runs left out) stands in its caption.

use crate::figure::run_caption::{caption, named};
use crate::figure::run_range;
use crate::figure::{
    Axis, Chart, Curve, Form, Ink, Layer, Legend, MemoryUnit, RunLine, RunsOptions, Shape, Trace,
};
use crate::run::{Measure, Metric, Unit, XAxis};

/// A run with what it logged of the measure.
type Drawn<'a> = (RunLine<'a>, &'a Trace);

/// The chart of `measure` of `runs` along `axis`.
#[must_use]
pub fn runs_chart(
    runs: &[RunLine<'_>],
    measure: &Measure,
    axis: XAxis,
    options: &RunsOptions,
) -> Chart {
    let trace = |line: &RunLine<'_>| Trace::new(line.run, measure, axis, options.smoothing);
    let traces: Vec<Trace> = runs.iter().map(trace).collect();
    let drawn: Vec<Drawn<'_>> = runs.iter().copied().zip(&traces).collect();
    traces_chart(&drawn, measure, axis, options)
}

/// The same from traces that are at hand, smoothed as `options` say.
#[must_use]
pub fn traces_chart(
    runs: &[(RunLine<'_>, &Trace)],
    measure: &Measure,
    axis: XAxis,
    options: &RunsOptions,
) -> Chart {
    let empty = |(_, trace): &&Drawn<'_>| trace.logged.points().is_empty();
    let lacking = runs.iter().filter(empty);
    let lacking: Vec<&str> = lacking.map(|(line, _)| line.run.name.as_str()).collect();
    let drawn: Vec<Drawn<'_>> = runs.iter().filter(|run| !empty(run)).copied().collect();
    let x = x_axis(axis, &drawn, options).zoomed(options.view.x);
    let seen = (x.low, x.high);
    let unit = drawn.last().map_or(Unit::Plain, |(_, trace)| trace.unit);
    let (bytes, unit_name) = y_unit(measure, unit, options);
    let label = y_label(measure, unit_name, runs);
    let lines = drawn.iter().map(|(_, trace)| &**trace.line());
    let zero = options.zero.unwrap_or(unit == Unit::Bytes);
    let y = run_range::value_axis((label, bytes), lines, seen, options, zero);
    let y = y.zoomed(options.view.y);
    let traces: Vec<&Trace> = drawn.iter().map(|(_, trace)| *trace).collect();
    Chart {
        title: options.title.clone(),
        caption: caption(measure, options, (&x, &y), &traces, &lacking),
        layers: drawn.iter().map(|run| layer(run, options.form)).collect(),
        x,
        y,
        aspect: 0.8,
        legend: Legend::Right,
    }
}

fn layer((line, trace): &Drawn<'_>, form: Form) -> Layer {
    let series = Curve {
        points: trace.line().clone(),
        logged: trace.smooth.is_some().then(|| trace.logged.clone()),
        form,
        stroke: line.stroke,
    };
    let ink = Ink::Fixed(line.color);
    Layer::new(&line.run.name, ink, Shape::Curve(series))
}

/// The unit of the axis from bottom to top: its size in the values' unit, and its sign.
fn y_unit(measure: &Measure, unit: Unit, options: &RunsOptions) -> (f64, &'static str) {
    match unit {
        Unit::Plain => (1.0, ""),
        Unit::Percent => (1.0, "%"),
        Unit::Seconds => (1.0, "s"),
        Unit::Bytes => {
            let usual = match measure {
                Measure::GpuMemory => MemoryUnit::Gb,
                _ => MemoryUnit::Gib,
            };
            let unit = options.unit.unwrap_or(usual);
            (unit.bytes(), unit.label())
        }
    }
}

fn y_label(measure: &Measure, unit: &str, runs: &[Drawn<'_>]) -> String {
    let mut label = named(measure);
    let gpus = |(line, _): &Drawn<'_>| {
        let series = line.run.series.iter().map(|series| series.metric);
        let gpu = |metric: &Metric| matches!(metric, Metric::GpuMemory(Some(_)));
        series.filter(gpu).count()
    };
    if *measure == Measure::GpuMemory && runs.iter().any(|run| gpus(run) > 1) {
        label.push_str(", all GPUs");
    }
    if unit.is_empty() {
        label
    } else {
        format!("{label} ({unit})")
    }
}

fn x_axis(axis: XAxis, drawn: &[Drawn<'_>], options: &RunsOptions) -> Axis {
    if axis == XAxis::Completion {
        return Axis::new("job completion (%)", false, 0.0, 100.0);
    }
    let log = options.log_x && axis != XAxis::Wall;
    let ends = drawn.iter().filter_map(|(_, trace)| {
        let points = trace.logged.points();
        let first = points.partition_point(|point| log && point[0] <= 0.0);
        Some((points.get(first)?[0], points.last()?[0]))
    });
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |range, ends| {
        (range.0.min(ends.0), range.1.max(ends.1))
    });
    if axis == XAxis::Wall {
        return Axis::times(low, high);
    }
    let (unit, label) = match axis {
        XAxis::Relative if high <= 120.0 => (1.0, "time (s)"),
        XAxis::Relative if high <= 3.0 * 3600.0 => (60.0, "time (min)"),
        XAxis::Relative => (3600.0, "time (h)"),
        XAxis::Epoch => (1.0, "epoch"),
        _ => (1.0, "step"),
    };
    let low = run_range::start(low, high, log);
    let mut axis = Axis::new(label, log, low, high);
    axis.unit = unit;
    axis.broken = !log && axis.low > 0.0;
    axis
}
