//! Where the values of one log are in the terms of another of the same run.
//!
//! Enters: a run whose series know different things of where they are: one steps and the time of
//! day, another the time alone. Leaves: each with what the others tell, in between by straight
//! lines, outside unknown.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::model::{Axis, Run};

/// Time zones are whole quarters of an hour from UTC, at most 14 hours.
const ZONE: f64 = 900.0;
const FARTHEST_ZONE: i32 = 56;
/// MLflow's own measurements of the machine.
const MLFLOW_SYSTEM: &str = "system/";

/// What is known of one number by another: pairs in order of the first.
struct Known(Vec<(f64, f64)>);

impl Known {
    fn of(axes: &[Arc<Axis>], from: fn(&Axis) -> &[f64], to: fn(&Axis) -> &[f64]) -> Self {
        let pairs = axes
            .iter()
            .flat_map(|axis| from(axis).iter().copied().zip(to(axis).iter().copied()));
        let mut pairs: Vec<(f64, f64)> = pairs
            .filter(|(a, b)| a.is_finite() && b.is_finite())
            .collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        pairs.dedup_by(|b, a| a.0.total_cmp(&b.0).is_eq());
        Self(pairs)
    }

    fn span(&self) -> Option<(f64, f64)> {
        Some((self.0.first()?.0, self.0.last()?.0))
    }

    fn at(&self, x: f64) -> f64 {
        let after = self.0.partition_point(|pair| pair.0 < x);
        match (after.checked_sub(1).map(|at| self.0[at]), self.0.get(after)) {
            (_, Some(&(known, y))) if known.total_cmp(&x).is_eq() => y,
            (Some((x0, y0)), Some(&(x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
            _ => f64::NAN,
        }
    }

    /// The column that belongs to `from`; empty where nothing is known of any of it.
    fn column(&self, from: &[f64]) -> Vec<f64> {
        let column: Vec<f64> = from.iter().map(|&x| self.at(x)).collect();
        if column.iter().all(|value| value.is_nan()) {
            Vec::new()
        } else {
            column
        }
    }
}

fn steps(axis: &Axis) -> &[f64] {
    &axis.steps
}
fn epochs(axis: &Axis) -> &[f64] {
    &axis.epochs
}
fn relative(axis: &Axis) -> &[f64] {
    &axis.relative
}
fn wall(axis: &Axis) -> &[f64] {
    &axis.wall
}

/// Gives series what other logs of the run tell of where they are.
///
/// - The time of day tells the time since the start and the other way round, where one log has
///   both.
/// - A time tells step and epoch, a step tells times.
/// - A log of times that lie wholly outside the others' is taken as local time of a zone, where a
///   whole number of quarters of an hour brings it to them; the run's warnings say so.
pub(super) fn fill(run: &mut Run) {
    let mut axes: Vec<Arc<Axis>> = Vec::new();
    let mut met: HashSet<*const Axis> = HashSet::new();
    for series in &run.series {
        if met.insert(Arc::as_ptr(&series.axis)) {
            axes.push(Arc::clone(&series.axis));
        }
    }
    let columns = |axis: &Arc<Axis>| {
        [steps(axis), epochs(axis), relative(axis), wall(axis)].map(<[f64]>::is_empty)
    };
    if axes
        .windows(2)
        .all(|pair| columns(&pair[0]) == columns(&pair[1]))
    {
        return;
    }
    let step_of_wall = Known::of(&axes, wall, steps);
    let epoch_of_wall = Known::of(&axes, wall, epochs);
    let relative_of_wall = Known::of(&axes, wall, relative);
    let step_of_relative = Known::of(&axes, relative, steps);
    let epoch_of_relative = Known::of(&axes, relative, epochs);
    let wall_of_step = Known::of(&axes, steps, wall);
    let relative_of_step = Known::of(&axes, steps, relative);
    // Both count seconds: they differ by the moment of the start.
    let start = relative_of_wall
        .0
        .first()
        .map(|(wall, relative)| wall - relative);
    let reference = step_of_wall.span().or_else(|| relative_of_wall.span());

    let mut filled: HashMap<*const Axis, Arc<Axis>> = HashMap::new();
    for axis in &axes {
        let mut own = Axis::clone(axis);
        if own.steps.is_empty()
            && let Some(zones) =
                reference.and_then(|reference| zone(&own.wall, reference, run.local_times))
        {
            own.wall.iter_mut().for_each(|time| *time += zones);
            run.warnings.push(format!(
                "times {:+.2} hours apart were taken as another time zone's",
                -zones / 3600.0
            ));
        }
        if own.wall.is_empty() {
            own.wall = match start {
                Some(start) if !own.relative.is_empty() => {
                    own.relative.iter().map(|time| time + start).collect()
                }
                _ => wall_of_step.column(&own.steps),
            };
        }
        if own.relative.is_empty() {
            own.relative = match start {
                Some(start) if !own.wall.is_empty() => {
                    own.wall.iter().map(|time| time - start).collect()
                }
                _ => relative_of_step.column(&own.steps),
            };
        }
        if own.steps.is_empty() {
            own.steps = step_of_wall.column(&own.wall);
        }
        if own.steps.is_empty() {
            own.steps = step_of_relative.column(&own.relative);
        }
        if own.epochs.is_empty() {
            own.epochs = epoch_of_wall.column(&own.wall);
        }
        if own.epochs.is_empty() {
            own.epochs = epoch_of_relative.column(&own.relative);
        }
        if own != **axis {
            filled.insert(Arc::as_ptr(axis), Arc::new(own));
        }
    }
    for series in &mut run.series {
        if let Some(axis) = filled.get(&Arc::as_ptr(&series.axis)) {
            series.axis = Arc::clone(axis);
        }
    }
}

/// How far the ends of a local log may lie from those of the run, once it is shifted, as a share of
/// the run's length and in seconds: monitors are started before and stopped after it.
const NEAR_ENDS: f64 = 0.1;
const NEAR_ENDS_SECONDS: f64 = 1200.0;

/// The shift in seconds that brings times of a zone to those of the reference; none where they
/// fit as they are, or nothing fits. Of a log that overlaps the run in part, both ends must come
/// near the run's: else it may as well have been started late.
fn zone(wall: &[f64], reference: (f64, f64), local: bool) -> Option<f64> {
    let first = wall.iter().copied().fold(f64::INFINITY, f64::min);
    let last = wall.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let common = |shift: f64| (last + shift).min(reference.1) - (first + shift).max(reference.0);
    if !first.is_finite() {
        return None;
    }
    let length = (reference.1 - reference.0).min(last - first);
    let overlap = common(0.0);
    if overlap > 0.0 && (!local || overlap >= 0.95 * length) {
        return None;
    }
    let ends = |shift: f64| {
        let begin = (first + shift - reference.0).abs();
        begin.max((last + shift - reference.1).abs())
    };
    let near = (NEAR_ENDS * (reference.1 - reference.0)).max(NEAR_ENDS_SECONDS);
    let zones = (-FARTHEST_ZONE..=FARTHEST_ZONE).map(|quarters| f64::from(quarters) * ZONE);
    let fits = zones.filter(|&zone| common(zone) > 0.0 && (overlap <= 0.0 || ends(zone) <= near));
    // The most in common; of equals, the one whose ends are closest to the reference's.
    fits.max_by(|&a, &b| {
        let begins = |shift: f64| (first + shift - reference.0).abs();
        common(a)
            .total_cmp(&common(b))
            .then(begins(b).total_cmp(&begins(a)))
    })
    .filter(|zone| zone.abs() > 0.0)
}

/// Places MLflow's measurements of the machine by their times: their steps count measurements,
/// unless they agree with the training's.
pub(super) fn system_steps(run: &mut Run) {
    let is_system = |key: &str| key.starts_with(MLFLOW_SYSTEM);
    let of_training = run.series.iter().filter(|series| !is_system(&series.key));
    let axes: Vec<Arc<Axis>> = of_training.map(|series| Arc::clone(&series.axis)).collect();
    let step_of_wall = Known::of(&axes, wall, steps);
    if step_of_wall.0.is_empty() {
        return;
    }
    for series in run
        .series
        .iter_mut()
        .filter(|series| is_system(&series.key))
    {
        let found = step_of_wall.column(&series.axis.wall);
        let mut both = found.iter().zip(&series.axis.steps);
        if found.is_empty() || both.all(|(found, own)| found.is_nan() || (found - own).abs() <= 1.0)
        {
            continue;
        }
        series.axis = Arc::new(Axis {
            steps: found,
            ..Axis::clone(&series.axis)
        });
    }
}
