//! What a chart of runs says of what it does to the data: smoothing, and what it leaves out.
//!
//! Enters: how the runs are drawn, and counts of what is not seen. Leaves: the lines of the caption.

use crate::figure::{Axis, RunsOptions};
use crate::run::Measure;
use crate::text;

/// What a chart does not show.
pub(super) struct LeftOut<'a> {
    /// Values at or below 0 on a logarithmic axis.
    pub(super) placeless: usize,
    /// Values beyond the range.
    pub(super) outside: usize,
    /// Values in all.
    pub(super) of: usize,
    /// Runs without the metric on the axis.
    pub(super) runs: Vec<&'a str>,
}

/// Whether a point has no place on a logarithmic axis.
pub(super) fn placeless([x, y]: &[f64; 2], x_axis: &Axis, y_axis: &Axis) -> bool {
    x_axis.log && *x <= 0.0 || y_axis.log && *y <= 0.0
}

/// The lines above the plot.
pub(super) fn caption(
    measure: &Measure,
    options: &RunsOptions,
    left_out: &LeftOut<'_>,
) -> Vec<String> {
    let LeftOut {
        placeless,
        outside,
        of,
        runs,
    } = left_out;
    let mut lines = Vec::new();
    if options.smoothing > 0.0 {
        lines.push(format!(
            "Smoothed as in TensorBoard, weight {}; thin: as logged.",
            text::tick(options.smoothing.min(1.0))
        ));
    }
    if options.ignore_outliers {
        lines.push(format!(
            "Outliers left out of the range; {outside} of {of} values lie outside."
        ));
    } else if *outside > 0 {
        lines.push(format!(
            "The range is that of the lines; {outside} of {of} logged values lie outside."
        ));
    }
    if *placeless > 0 {
        lines.push(format!(
            "{placeless} of {of} values have no place on a logarithmic axis."
        ));
    }
    if !runs.is_empty() {
        lines.push(format!(
            "Not shown: {}, without {} on this axis.",
            runs.join(", "),
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
