//! Where a series lies along an axis that runs can be compared on.
//!
//! Enters: a run, one of its series, and an axis. Leaves: points (x, value) ascending in x. A log
//! that lacks the axis gets it from another of the run's logs, by the times or steps they share.

use std::borrow::Cow;

use crate::run::{Axis, Metric, Run, Series};

/// What runs are drawn and compared along.
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
pub enum XAxis {
    /// Optimizer steps.
    #[default]
    Step,
    /// Epochs.
    Epoch,
    /// Seconds since the run began.
    Relative,
    /// Seconds since 1970-01-01 UTC.
    Wall,
    /// Percent of the run's own length: by time where the log has times, else by steps, else by
    /// epochs. The run ends with its last loss.
    Completion,
}

impl XAxis {
    /// All axes in the order they are offered in.
    pub const ALL: [Self; 5] = [
        Self::Step,
        Self::Epoch,
        Self::Relative,
        Self::Wall,
        Self::Completion,
    ];

    /// Its name on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Step => "Step",
            Self::Epoch => "Epoch",
            Self::Relative => "Relative time",
            Self::Wall => "Wall time",
            Self::Completion => "Job completion",
        }
    }
}

/// The series along `axis`: points (x, value), ascending in x. Rows without an x are left out;
/// values stay as they were logged, NaN among them. Empty where the run has no such axis:
/// [`missing`] says why.
#[must_use]
pub fn points(run: &Run, series: &Series, axis: XAxis) -> Vec<[f64; 2]> {
    let Ok(column) = column(run, series, axis) else {
        return Vec::new();
    };
    let rows = column.iter().zip(&series.values);
    let mut points: Vec<[f64; 2]> = rows
        .filter(|(x, _)| x.is_finite())
        .map(|(&x, &value)| [x, value])
        .collect();
    if !points.is_sorted_by(|a, b| a[0] <= b[0]) {
        points.sort_by(|a, b| a[0].total_cmp(&b[0]));
    }
    points
}

/// Why [`points`] has none for this axis, and what to do; `None` where there are some.
#[must_use]
pub fn missing(run: &Run, series: &Series, axis: XAxis) -> Option<String> {
    if series.is_empty() {
        return Some(format!("{} has no values", series.key));
    }
    match column(run, series, axis) {
        Err(reason) => Some(reason),
        Ok(column) if column.iter().all(|x| !x.is_finite()) => Some(format!(
            "{} has no row within the run's other logs",
            series.key
        )),
        Ok(_) => None,
    }
}

/// Seconds from the run's beginning to its last loss, as logged; of a run without a loss to the
/// last row of whatever there is. `None` where the logs have no times.
#[must_use]
pub fn duration(run: &Run) -> Option<f64> {
    last(run, |series| relative(run, series))
}

/// The last optimizer step with a loss; of a run without a loss the last of whatever there is.
#[must_use]
pub fn last_step(run: &Run) -> Option<f64> {
    last(run, |series| own(&series.axis.steps))
}

/// What a run's rows can be found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Wall,
    Relative,
    Steps,
    Epochs,
}

impl Column {
    /// Those that tell rows of different logs apart best come first.
    const ALL: [Self; 4] = [Self::Wall, Self::Relative, Self::Steps, Self::Epochs];

    fn of(self, axis: &Axis) -> &[f64] {
        match self {
            Self::Wall => &axis.wall,
            Self::Relative => &axis.relative,
            Self::Steps => &axis.steps,
            Self::Epochs => &axis.epochs,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Wall => "wall times",
            Self::Relative => "times",
            Self::Steps => "steps",
            Self::Epochs => "epochs",
        }
    }
}

/// The x of each row of `series`; NaN where a row has none.
fn column<'a>(run: &Run, series: &'a Series, axis: XAxis) -> Result<Cow<'a, [f64]>, String> {
    let wanted = match axis {
        XAxis::Completion => return completion(run, series),
        XAxis::Step => Column::Steps,
        XAxis::Epoch => Column::Epochs,
        XAxis::Relative => Column::Relative,
        XAxis::Wall => Column::Wall,
    };
    let own = match wanted {
        Column::Relative => relative(run, series),
        Column::Wall => wall(run, series),
        other => own(other.of(&series.axis)),
    };
    if let Some(own) = own {
        return Ok(own);
    }
    derived(run, series, wanted).map(Cow::Owned).ok_or_else(|| {
        format!(
            "the log of {} has no {}, and shares no times or steps with one of the run's logs \
             that has; choose another axis",
            series.key,
            wanted.name()
        )
    })
}

fn own(column: &[f64]) -> Option<Cow<'_, [f64]>> {
    let any = column.iter().any(|x| x.is_finite());
    any.then_some(Cow::Borrowed(column))
}

/// Seconds since the run began, from the series' own log.
fn relative<'a>(run: &Run, series: &'a Series) -> Option<Cow<'a, [f64]>> {
    own(&series.axis.relative).or_else(|| {
        let wall = own(&series.axis.wall)?;
        let start = start(run)?;
        Some(wall.iter().map(|wall| wall - start).collect())
    })
}

/// Seconds since 1970, from the series' own log and the run's beginning.
fn wall<'a>(run: &Run, series: &'a Series) -> Option<Cow<'a, [f64]>> {
    own(&series.axis.wall).or_else(|| {
        let relative = own(&series.axis.relative)?;
        let start = start(run)?;
        Some(relative.iter().map(|time| time + start).collect())
    })
}

/// The wall time at which the run began: as a log with both times has it, else the first wall
/// time beside a loss, else the first of all.
fn start(run: &Run) -> Option<f64> {
    let both = run.series.iter().find_map(|series| {
        let rows = series.axis.wall.iter().zip(&series.axis.relative);
        let mut differences = rows.map(|(wall, relative)| wall - relative);
        differences.find(|start| start.is_finite())
    });
    both.or_else(|| {
        let first = |losses: bool| {
            let among = run.series.iter().filter(|s| !losses || is_loss(s));
            let walls = among.flat_map(|series| series.axis.wall.iter().copied());
            walls.filter(|wall| wall.is_finite()).reduce(f64::min)
        };
        first(true).or_else(|| first(false))
    })
}

fn is_loss(series: &Series) -> bool {
    matches!(series.metric, Metric::TrainLoss | Metric::EvalLoss)
}

fn is_memory(series: &Series) -> bool {
    matches!(series.metric, Metric::GpuMemory(_) | Metric::CpuMemory)
}

/// The largest x above 0 that a run's losses have; without one, other metrics' but memory, which
/// other programs log before and after the run; without one, whatever there is.
fn last<'a>(run: &'a Run, x: impl Fn(&'a Series) -> Option<Cow<'a, [f64]>>) -> Option<f64> {
    let among = |wanted: fn(&Series) -> bool| {
        let columns = run.series.iter().filter(|s| wanted(s)).filter_map(&x);
        let ends = columns.filter_map(|column| {
            let finite = column.iter().copied().filter(|x| x.is_finite());
            finite.reduce(f64::max)
        });
        ends.filter(|&end| end > 0.0).reduce(f64::max)
    };
    among(is_loss)
        .or_else(|| among(|series| !is_memory(series)))
        .or_else(|| among(|_| true))
}

/// Percent of the run's own length; what lies before its beginning or after its end has none.
fn completion<'a>(run: &Run, series: &Series) -> Result<Cow<'a, [f64]>, String> {
    let by = |axis: XAxis, length: Option<f64>| {
        let column = column(run, series, axis).ok()?;
        Some((column, length?))
    };
    let epochs = |series: &'_ Series| own(&series.axis.epochs).map(|e| Cow::Owned(e.into_owned()));
    let (column, length) = by(XAxis::Relative, duration(run))
        .or_else(|| by(XAxis::Step, last_step(run)))
        .or_else(|| by(XAxis::Epoch, last(run, epochs)))
        .ok_or_else(|| {
            format!(
                "the log of {} has neither times nor steps nor epochs, so how far the run was is \
                 not known",
                series.key
            )
        })?;
    let percent = |x: &f64| {
        let percent = x / length * 100.0;
        // A hair of slack for a time that was rounded on its way through a log.
        if (-1e-6..=100.0 + 1e-6).contains(&percent) {
            percent.clamp(0.0, 100.0)
        } else {
            f64::NAN
        }
    };
    Ok(column.iter().map(percent).collect())
}

/// The wanted column of `series`, by a column it shares with another series of the run that has
/// it; straight lines between that one's rows, nothing outside them.
fn derived(run: &Run, series: &Series, wanted: Column) -> Option<Vec<f64>> {
    Column::ALL.into_iter().find_map(|shared| {
        let own = match shared {
            Column::Wall => wall(run, series),
            Column::Relative => relative(run, series),
            other => own(other.of(&series.axis)),
        }?;
        let maps = run.series.iter().map(|other| {
            let from = match shared {
                Column::Wall => wall(run, other),
                Column::Relative => relative(run, other),
                column => self::own(column.of(&other.axis)),
            };
            let to = match wanted {
                Column::Wall => wall(run, other),
                Column::Relative => relative(run, other),
                column => self::own(column.of(&other.axis)),
            };
            map(from.as_deref()?, to.as_deref()?)
        });
        let longest = maps.flatten().max_by_key(Vec::len)?;
        Some(own.iter().map(|&x| interpolated(&longest, x)).collect())
    })
}

/// Pairs (from, to), ascending in `from`, each of these once.
fn map(from: &[f64], to: &[f64]) -> Option<Vec<[f64; 2]>> {
    let mut pairs: Vec<[f64; 2]> = from.iter().zip(to).map(|(&a, &b)| [a, b]).collect();
    pairs.retain(|pair| pair.iter().all(|x| x.is_finite()));
    pairs.sort_by(|a, b| a[0].total_cmp(&b[0]));
    pairs.dedup_by(|a, b| a[0].total_cmp(&b[0]).is_eq());
    (!pairs.is_empty()).then_some(pairs)
}

fn interpolated(map: &[[f64; 2]], x: f64) -> f64 {
    let after = map.partition_point(|pair| pair[0] < x);
    let Some(&[right, end]) = map.get(after) else {
        return f64::NAN;
    };
    if right.total_cmp(&x).is_eq() {
        return end;
    }
    let Some(&[left, begin]) = after.checked_sub(1).and_then(|before| map.get(before)) else {
        return f64::NAN;
    };
    begin + (end - begin) * (x - left) / (right - left)
}
