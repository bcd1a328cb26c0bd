//! The ranges of axes that runs are drawn on: where they start, and what they leave out. An axis
//! that does not start at 0 is marked as broken.

use crate::figure::{Axis, Levels, RunsOptions};

/// The share of values that ignoring outliers leaves out at either end, as TensorBoard does:
/// `computeDataSeriesExtent` in tensorflow/tensorboard,
/// `tensorboard/webapp/widgets/line_chart_v2/line_chart_internal_utils.ts`.
const OUTLIERS: f64 = 0.05;

/// Room between the outermost values and the ends of the axis, as a share of their distance.
const ROOM: f64 = 0.05;

/// A range that starts within this share of its length from 0 starts at 0.
const NEAR_ZERO: f64 = 0.15;

/// About how many round numbers the range is widened to.
const TICKS: usize = 8;

/// The axis from bottom to top, with that label and unit, for those of `lines` that are in sight.
/// It starts at 0 where `zero` asks for it, and ends with round numbers unless it leaves outliers
/// out.
pub(super) fn value_axis<'a>(
    (label, unit): (String, f64),
    lines: impl Iterator<Item = &'a Levels>,
    seen: (f64, f64),
    options: &RunsOptions,
    zero: bool,
) -> Axis {
    let outliers = options.ignore_outliers;
    let values = lines.flat_map(|line| {
        let points = if outliers {
            line.sample(seen)
        } else {
            line.extremes(seen).to_vec()
        };
        points.into_iter().map(move |point| point[1] / unit)
    });
    let mut axis = fitted(label, values.collect(), options, zero);
    axis.unit = unit;
    (axis.low, axis.high) = (axis.low * unit, axis.high * unit);
    axis.whole = (axis.low, axis.high);
    axis
}

/// The axis that fits `values`.
pub(super) fn fitted(
    label: String,
    mut values: Vec<f64>,
    options: &RunsOptions,
    zero: bool,
) -> Axis {
    let log = options.log_y;
    values.retain(|value| value.is_finite() && (!log || *value > 0.0));
    values.sort_by(f64::total_cmp);
    let (Some(&first), Some(&last)) = (values.first(), values.last()) else {
        return Axis::new(label, log, 0.0, 1.0);
    };
    let (mut low, mut high) = (first, last);
    // As in TensorBoard: of one or two values none is an outlier.
    if options.ignore_outliers && values.len() > 2 {
        let end = (values.len() - 1) as f64;
        low = values[(end * OUTLIERS).ceil() as usize];
        high = values[(end * (1.0 - OUTLIERS)).floor() as usize];
    }
    if log {
        let room = (high / low).powf(ROOM);
        (low, high) = (low / room, high * room);
    } else {
        // A flat line is drawn in the middle of something.
        let room = match (high - low) * ROOM {
            room if room > 0.0 => room,
            _ => high.abs().max(1.0) * ROOM,
        };
        high += room;
        low = if zero {
            low.min(0.0)
        } else {
            // Room must not take a range below 0 that has nothing there.
            let padded = low - room;
            if low >= 0.0 {
                start(padded, high, false)
            } else {
                padded
            }
        };
        if zero && high < 0.0 {
            high = 0.0;
        }
    }
    let mut axis = Axis::new(label, log, low, high);
    if !options.ignore_outliers {
        axis = axis.rounded(TICKS);
    }
    axis.broken = !log && (axis.low > 0.0 || axis.high < 0.0);
    axis
}

/// Where an axis over `low..=high` starts: at 0 where that is near.
pub(super) fn start(low: f64, high: f64, log: bool) -> f64 {
    if !log && high > 0.0 && low < NEAR_ZERO * high && low > -ROOM * high {
        0.0
    } else {
        low
    }
}
