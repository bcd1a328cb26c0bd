//! Several files of one run put together: loss from one, GPU memory from another.
//!
//! Enters: runs, of one file each. Leaves: one run a name, whose series say where they are in the
//! same terms as far as the logs tell.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::{Axis, Metric, Run, RunState, Series};
use super::ordered::Ordered;
use super::place;

/// Puts runs of the same name together, in the order of their first appearance.
///
/// Series of other names are added. Of the same name they are one series that goes on: by steps,
/// of which the last one given counts, or by time. GPUs logged under the same name at the same
/// time are those of another machine and kept apart. What then lacks steps, epochs or times gets
/// them from the other logs of the run, by the time or step they have in common, in between by
/// straight lines. Local times are brought to the others' by whole quarters of an hour, and that
/// is said.
#[must_use]
pub fn join(runs: Vec<Run>) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for run in runs {
        let place = places.get(&run.name).copied();
        if let Some(known) = place.and_then(|place| joined.get_mut(place)) {
            merge(known, run);
        } else {
            places.insert(run.name.clone(), joined.len());
            joined.push(run);
        }
    }
    for run in joined.iter_mut().filter(|run| run.sources.len() > 1) {
        place::fill(run);
        one_memory_a_gpu(run);
    }
    joined
}

/// Of several measures of one GPU's memory, leaves one to stand for it: what is reserved is what
/// other programs cannot have. Totals beside single GPUs count no second time.
pub(super) fn one_memory_a_gpu(run: &mut Run) {
    let of_one = |series: &Series| matches!(series.metric, Metric::GpuMemory(Some(_)));
    let single = run.series.iter().any(of_one);
    let mut taken: HashMap<Metric, usize> = HashMap::new();
    for at in 0..run.series.len() {
        let metric = run.series[at].metric;
        if !matches!(metric, Metric::GpuMemory(_)) {
            continue;
        }
        if single && metric == Metric::GpuMemory(None) {
            run.series[at].metric = Metric::Other;
            continue;
        }
        match taken.get_mut(&metric) {
            Some(first) => {
                let reserved = |at: usize| run.series[at].key.contains("reserved");
                let loser = if reserved(at) && !reserved(*first) {
                    std::mem::replace(first, at)
                } else {
                    at
                };
                run.series[loser].metric = Metric::Other;
            }
            None => {
                taken.insert(metric, at);
            }
        }
    }
}

fn merge(known: &mut Run, run: Run) {
    let file = run
        .sources
        .first()
        .and_then(|source| source.path.file_stem());
    let file = file.map_or_else(
        || "2".to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    );
    for warning in run.warnings {
        if !known.warnings.contains(&warning) {
            known.warnings.push(warning);
        }
    }
    known.local_times |= run.local_times;
    if known.state == RunState::Unknown {
        known.state = run.state;
    }
    known.summary.extend(run.summary);
    known.sources.extend(run.sources);
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, series) in known.series.iter().enumerate() {
        places.entry(series.key.clone()).or_insert(at);
    }
    for mut series in run.series {
        let Some(&at) = places.get(&series.key) else {
            places.insert(series.key.clone(), known.series.len());
            known.series.push(series);
            continue;
        };
        let first = &known.series[at];
        if first.unit == series.unit && !beside(first, &series) {
            if first.axis == series.axis && same_values(&first.values, &series.values) {
                continue;
            }
            if let Some((both, warning)) = appended(first, &series) {
                known.series[at] = both;
                known.warnings.extend(warning);
                continue;
            }
        }
        series.key = format!("{} ({file})", series.key);
        if let Metric::GpuMemory(Some(_)) = series.metric {
            let gpus = known
                .series
                .iter()
                .filter_map(|series| match series.metric {
                    Metric::GpuMemory(index) => index,
                    _ => None,
                });
            series.metric =
                Metric::GpuMemory(Some(gpus.max().map_or(0, |last| last.saturating_add(1))));
        }
        places
            .entry(series.key.clone())
            .or_insert(known.series.len());
        known.series.push(series);
    }
}

/// NaN is the same as NaN here.
fn same_values(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.total_cmp(b).is_eq())
}

/// Whether two series of one name were logged side by side, by time alone: two machines.
fn beside(a: &Series, b: &Series) -> bool {
    if !a.axis.steps.is_empty() || !b.axis.steps.is_empty() {
        return false;
    }
    let span = |column: &[f64]| {
        let first = column.iter().copied().fold(f64::INFINITY, f64::min);
        let last = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (first, last)
    };
    let (a, b) = if a.axis.wall.is_empty() || b.axis.wall.is_empty() {
        (span(&a.axis.relative), span(&b.axis.relative))
    } else {
        (span(&a.axis.wall), span(&b.axis.wall))
    };
    let common = a.1.min(b.1) - a.0.max(b.0);
    let shorter = (a.1 - a.0).min(b.1 - b.0);
    common > 0.5 * shorter
}

/// One series that goes on with another; none when nothing tells how they follow.
fn appended(first: &Series, next: &Series) -> Option<(Series, Vec<String>)> {
    let (a, b) = (&first.axis, &next.axis);
    let in_both = |column: fn(&Axis) -> &Vec<f64>| !column(a).is_empty() && !column(b).is_empty();
    if !in_both(|axis| &axis.steps) && (!a.steps.is_empty() || !b.steps.is_empty()) {
        return None;
    }
    if !(in_both(|axis| &axis.steps)
        || in_both(|axis| &axis.wall)
        || in_both(|axis| &axis.relative))
    {
        return None;
    }
    let column = |column: fn(&Axis) -> &Vec<f64>| {
        let (a, b) = (column(a), column(b));
        if a.is_empty() && b.is_empty() {
            return Vec::new();
        }
        let mut both = a.clone();
        both.resize(first.len(), f64::NAN);
        both.extend_from_slice(b);
        both.resize(first.len() + next.len(), f64::NAN);
        both
    };
    let axis = Arc::new(Axis {
        steps: column(|axis| &axis.steps),
        epochs: column(|axis| &axis.epochs),
        relative: column(|axis| &axis.relative),
        wall: column(|axis| &axis.wall),
    });
    let values = [first.values.as_slice(), &next.values].concat();
    let mut ordered = Ordered::of(&axis, None);
    ordered.keys.push(first.key.clone());
    let values = match &ordered.order {
        Some(order) => order.iter().map(|&at| values[at as usize]).collect(),
        None => values,
    };
    let warning = ordered.again.map(|_| ordered.warnings());
    let series = Series {
        axis: ordered.axis,
        values,
        ..first.clone()
    };
    Some((series, warning.unwrap_or_default()))
}
