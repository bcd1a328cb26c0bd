//! A run's memory: the sum over its GPUs, and main memory.
//!
//! Enters: a run. Leaves: one series in bytes. The GPUs' own series stay in the run.

use std::collections::BTreeMap;

use crate::run::{Axis, Metric, Run, Series, Unit};

/// GPU memory summed over the run's GPUs at each time. Loggers ask one GPU after the other, so
/// rows that lie less than half an interval apart count as one time. Where one of the GPUs has
/// no value there is no sum: NaN. Of a GPU that is logged more than once the first series counts;
/// one without an index counts only where none has one. `None` for a run without GPU memory.
#[must_use]
pub fn gpu_memory(run: &Run) -> Option<Series> {
    let mut gpus: BTreeMap<u32, &Series> = BTreeMap::new();
    let mut whole = None;
    for series in run.series.iter().filter(|s| s.unit == Unit::Bytes) {
        match series.metric {
            Metric::GpuMemory(Some(index)) => {
                gpus.entry(index).or_insert(series);
            }
            Metric::GpuMemory(None) => whole = whole.or(Some(series)),
            _ => {}
        }
    }
    // The times of the GPU that was asked most often.
    let base = gpus.values().copied().max_by_key(|series| series.len());
    let Some(base) = base else {
        return whole.cloned();
    };
    let mut sum = Series {
        key: base.key.clone(),
        metric: Metric::GpuMemory(None),
        unit: Unit::Bytes,
        axis: base.axis.clone(),
        values: base.values.clone(),
    };
    if gpus.len() > 1 {
        sum.key = format!("GPU memory, sum of {} GPUs", gpus.len());
    }
    for series in gpus.values().filter(|series| !std::ptr::eq(**series, base)) {
        for (value, more) in sum.values.iter_mut().zip(beside(base, series)) {
            *value += more;
        }
    }
    Some(sum)
}

/// Main memory in bytes: the first such series.
#[must_use]
pub fn cpu_memory(run: &Run) -> Option<&Series> {
    let memory = |s: &&Series| s.metric == Metric::CpuMemory && s.unit == Unit::Bytes;
    run.series.iter().find(memory)
}

/// The values of `other` at the rows of `base`; NaN where it has none near.
fn beside(base: &Series, other: &Series) -> Vec<f64> {
    if base.axis == other.axis {
        return other.values.clone();
    }
    let columns: [fn(&Axis) -> &[f64]; 3] = [|a| &a.wall, |a| &a.relative, |a| &a.steps];
    let both = columns.into_iter().find(|column| {
        let known = |series: &Series| column(&series.axis).iter().any(|x| x.is_finite());
        known(base) && known(other)
    });
    let Some(column) = both else {
        // Rows that are known only by their order.
        let mut values = other.values.clone();
        values.resize(base.len(), f64::NAN);
        return values;
    };
    let times = column(&base.axis);
    let rows = column(&other.axis).iter().zip(&other.values);
    let mut rows: Vec<(f64, f64)> = rows.map(|(&x, &value)| (x, value)).collect();
    rows.retain(|(x, _)| x.is_finite());
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let reach = interval(times).max(interval(column(&other.axis))) * 0.5;
    let value = |&time: &f64| {
        let after = rows.partition_point(|row| row.0 < time);
        let near = [after.checked_sub(1), Some(after)].into_iter().flatten();
        let near = near.filter_map(|index| rows.get(index));
        let distance = |row: &&(f64, f64)| (row.0 - time).abs();
        near.min_by(|a, b| distance(a).total_cmp(&distance(b)))
            .filter(|row| distance(row) <= reach)
            .map_or(f64::NAN, |row| row.1)
    };
    times.iter().map(value).collect()
}

/// The median distance of neighboring rows.
fn interval(times: &[f64]) -> f64 {
    let mut apart: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    apart.retain(|distance| distance.is_finite() && *distance > 0.0);
    apart.sort_by(f64::total_cmp);
    apart.get(apart.len() / 2).copied().unwrap_or(0.0)
}
