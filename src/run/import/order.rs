//! Collected rows made into series: in order, each step once, with what was odd about them said.
//!
//! Enters: the columns of a file. Leaves: its runs.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::collect::{Collector, Rows, RunRows, SeriesRows};
use super::file_name;
use crate::run::join::one_memory_a_gpu;
use crate::run::model::{Axis, Metric, Run, Series, Source, Unit};
use crate::run::ordered::{Ordered, count_on};
use crate::run::place;

/// How many distinct places are compared with before an equal axis is no longer looked for.
const AXES_COMPARED: usize = 64;

impl Collector {
    /// The runs that were read. Runs without a value are left out.
    pub(super) fn finish(self, path: &Path, layout: &str) -> Vec<Run> {
        let source = Source {
            path: path.to_path_buf(),
            layout: layout.to_owned(),
            rows: self.rows,
            bad_rows: self.bad_rows,
            bad: self.bad,
        };
        let notes = self.notes;
        let local_times = self.local_times;
        // Where there are several, their names come from the log.
        let several = self.runs.len() > 1;
        let default = file_name::run_of(path);
        let finished = self.runs.into_iter().map(|rows| {
            let mut run = run(rows, &source, &notes);
            run.is_named |= several || run.name != default;
            run.local_times = local_times;
            run
        });
        finished
            .filter(|run| !run.series.is_empty() || !run.summary.is_empty())
            .collect()
    }
}

fn run(collected: RunRows, source: &Source, notes: &[String]) -> Run {
    let mut run = Run {
        name: collected.name,
        summary: collected.summary,
        state: collected.state,
        is_named: collected.is_named,
        sources: vec![source.clone()],
        warnings: notes.to_vec(),
        ..Run::default()
    };
    if source.bad_rows > 0 {
        run.warnings.push(format!(
            "{} of {} rows could not be read, or not in full",
            source.bad_rows,
            source.rows.max(source.bad_rows)
        ));
    }
    let mut axes: Vec<Arc<Axis>> = Vec::new();
    for rows in collected.tables {
        for mut series in series_of(rows, &mut run.warnings) {
            match axes.iter().find(|axis| **axis == series.axis) {
                Some(axis) => series.axis = Arc::clone(axis),
                None if axes.len() < AXES_COMPARED => axes.push(Arc::clone(&series.axis)),
                None => {}
            }
            run.series.push(series);
        }
    }
    place::system_steps(&mut run);
    one_memory_a_gpu(&mut run);
    run
}

/// The series of one table, each in order.
fn series_of(rows: Rows, warnings: &mut Vec<String>) -> Vec<Series> {
    let Rows {
        len, axis, series, ..
    } = rows;
    let [steps, epochs, relative, wall] = axis.map(|mut column| {
        if !column.is_empty() {
            column.resize(len, f64::NAN);
        }
        column
    });
    let mut axis = Axis {
        steps,
        epochs,
        relative,
        wall,
    };
    if series.iter().all(|series| series.values.is_empty()) {
        return Vec::new();
    }
    if axis == Axis::default() {
        axis.steps = (0..len).map(|row| row as f64).collect();
        warnings.push("the log says neither steps nor times: rows are counted as steps".to_owned());
    }
    count_on(&mut axis, warnings);
    let whole = Arc::new(axis);
    // Series with values in the same rows share their axis, and the work of ordering it.
    let mut done: HashMap<Option<Vec<u32>>, Ordered> = HashMap::new();
    let mut finished = Vec::with_capacity(series.len());
    for mut series in series {
        if series.values.is_empty() {
            continue;
        }
        let rows = match series.rows.take() {
            None if series.values.len() < len => Some((0..series.values.len() as u32).collect()),
            rows => rows,
        };
        let ordered = done
            .entry(rows)
            .or_insert_with_key(|rows| Ordered::of(&whole, rows.as_deref()));
        ordered.keys.push(series.key.clone());
        finished.push(finish(series, ordered, warnings));
    }
    let mut ordered: Vec<Ordered> = done.into_values().filter(Ordered::is_odd).collect();
    ordered.sort_by(|a, b| a.keys.cmp(&b.keys));
    warnings.extend(ordered.iter().flat_map(Ordered::warnings));
    finished
}

fn finish(series: SeriesRows, ordered: &Ordered, warnings: &mut Vec<String>) -> Series {
    let mut unit = series.base_unit();
    let SeriesRows {
        key,
        metric,
        unit_named,
        mut values,
        ..
    } = series;
    if let Some(order) = &ordered.order {
        values = order.iter().map(|&at| values[at as usize]).collect();
    }
    values.shrink_to_fit();
    if matches!(metric, Metric::GpuMemory(_) | Metric::CpuMemory) && !unit_named {
        let (name, factor) = unit_by_size(&values);
        for value in &mut values {
            *value *= factor;
        }
        unit = Unit::Bytes;
        if factor > 1.0 {
            warnings.push(format!("{key} names no unit: read as {name} by its size"));
        }
    }
    let odd = values.iter().filter(|value| !value.is_finite()).count();
    if odd > 0 {
        warnings.push(format!(
            "{key}: {odd} of {} values are NaN or infinite",
            values.len()
        ));
    }
    Series {
        key,
        metric,
        unit,
        axis: Arc::clone(&ordered.axis),
        values,
    }
}

/// The unit of memory whose header and cells name none: GiB where no value is over 1024, MiB up to
/// 64 Mi, else bytes. Few machines have more than 1024 GiB, and what trains a language model needs
/// more than 1024 MiB, and more than 64 Mi bytes.
fn unit_by_size(values: &[f64]) -> (&'static str, f64) {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    match finite.fold(0.0, f64::max) {
        largest if largest <= 1024.0 => ("GiB", 1_073_741_824.0),
        largest if largest <= 67_108_864.0 => ("MiB", 1_048_576.0),
        _ => ("bytes", 1.0),
    }
}
