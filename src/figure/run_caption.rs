//! What a chart of runs says about what it does to the data: smoothing, and what it leaves out.

use crate::figure::{Axis, Levels, RunsOptions, Trace};
use crate::run::Measure;
use crate::text;

/// What a chart does not show of the values that lie in its range from left to right.
#[derive(Default)]
struct LeftOut {
    /// Values at or below 0 on a logarithmic axis.
    placeless: usize,
    /// Values beyond the range from bottom to top.
    outside: usize,
    /// Values in all.
    of: usize,
}

impl LeftOut {
    fn add(&mut self, logged: &Levels, (x, y): (&Axis, &Axis)) {
        let range = if x.log && !x.is_zoomed() {
            // Counted also where they have no place on the axis.
            (f64::NEG_INFINITY, x.high)
        } else {
            (x.low, x.high)
        };
        let inside = |point: &&[f64; 2]| point[0] >= range.0 && point[0] <= range.1;
        let points = || logged.within(range).iter().filter(inside);
        self.of += points().count();
        let placeless = |[at, value]: &[f64; 2]| x.log && *at <= 0.0 || y.log && *value <= 0.0;
        if x.log || y.log {
            self.placeless += points().filter(|point| placeless(point)).count();
        }
        // A hair of slack at ends that were rounded.
        let slack = 1e-9 * (y.high - y.low);
        let outside = |[_, value]: &[f64; 2]| {
            value.is_finite()
                && (!y.log || *value > 0.0)
                && (*value < y.low - slack || *value > y.high + slack)
        };
        // A million values are looked at only where some lie outside.
        if logged.extremes(range).iter().any(outside) {
            self.outside += points().filter(|point| outside(point)).count();
        }
    }
}

/// The lines of the caption. `lacking` names the runs without the measure on this axis.
pub(super) fn caption(
    measure: &Measure,
    options: &RunsOptions,
    (x, y): (&Axis, &Axis),
    traces: &[&Trace],
    lacking: &[&str],
) -> Vec<String> {
    let mut left_out = LeftOut::default();
    for trace in traces {
        left_out.add(&trace.logged, (x, y));
    }
    let LeftOut {
        placeless,
        outside,
        of,
    } = left_out;
    let mut lines = Vec::new();
    if options.smoothing > 0.0 {
        lines.push(format!(
            "Smoothed as in TensorBoard, weight {}; thin: as logged.",
            text::tick(options.smoothing.min(1.0))
        ));
    }
    if y.is_zoomed() {
        if outside > 0 {
            lines.push(format!("Zoomed in; {outside} of {of} values lie outside."));
        }
    } else if options.ignore_outliers {
        lines.push(format!(
            "Outliers left out of the range; {outside} of {of} values lie outside."
        ));
    } else if outside > 0 {
        lines.push(format!(
            "The range is that of the lines; {outside} of {of} logged values lie outside."
        ));
    }
    if placeless > 0 {
        lines.push(format!(
            "{placeless} of {of} values have no place on a logarithmic axis."
        ));
    }
    if !lacking.is_empty() {
        lines.push(format!(
            "Not shown: {}, without {} on this axis.",
            lacking.join(", "),
            named(measure)
        ));
    }
    lines
}

/// The measure as it stands in a sentence: `training loss`; abbreviations and keys stay.
pub(super) fn named(measure: &Measure) -> String {
    match measure {
        Measure::TrainLoss | Measure::EvalLoss => measure.label().to_lowercase(),
        other => other.label().to_owned(),
    }
}
