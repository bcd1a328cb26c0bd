//! Collected rows made into series: in order, each step once, with what was odd about them said.
//!
//! Enters: the columns of a file. Leaves: its runs.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::collect::{Collector, Rows, RunRows, SeriesRows};
use crate::run::join::one_memory_a_gpu;
use crate::run::model::{Axis, Metric, Run, Series, Source, Unit};
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
        let finished = self.runs.into_iter().map(|rows| run(rows, &source, &notes));
        finished
            .filter(|run| !run.series.is_empty() || !run.summary.is_empty())
            .collect()
    }
}

fn run(collected: RunRows, source: &Source, notes: &[String]) -> Run {
    let mut run = Run {
        name: collected.name,
        summary: collected.summary,
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
    warnings.extend(ordered.iter().filter_map(Ordered::warning));
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

/// Counts on what starts again: steps in every epoch, and the relative time of a resumed process.
fn count_on(axis: &mut Axis, warnings: &mut Vec<String>) {
    let falls = |column: &[f64]| column.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let restarts = falls(&axis.steps);
    if restarts > 0 && axis.epochs.len() == axis.steps.len() {
        // A resumed run goes back in epochs as well; a new epoch does not.
        let in_every_epoch = axis.steps.windows(2).zip(axis.epochs.windows(2));
        let per_epoch = in_every_epoch
            .filter(|(steps, epochs)| steps[1] < steps[0] && epochs[1] > epochs[0])
            .count();
        if per_epoch == restarts && falls(&axis.epochs) == 0 {
            offset_falls(&mut axis.steps);
            warnings.push(format!(
                "steps start again {restarts} times, with each epoch: they are counted on"
            ));
        }
    }
    let drops = axis
        .relative
        .windows(2)
        .filter(|pair| pair[1] < 0.5 * pair[0]);
    let drops = drops.count();
    if drops > 0 && drops == falls(&axis.relative) {
        offset_falls(&mut axis.relative);
        warnings.push(format!(
            "the time since the start begins again {drops} times, as after a resumed run: it is counted on"
        ));
    }
}

/// Adds to all that follows a fall what was before it.
fn offset_falls(column: &mut [f64]) {
    let (mut offset, mut last) = (0.0, f64::NEG_INFINITY);
    for value in column {
        if *value < last {
            offset += last;
        }
        if !value.is_nan() {
            last = *value;
        }
        *value += offset;
    }
}

/// An axis in order, and how it came to be.
pub(in crate::run) struct Ordered {
    pub(in crate::run) axis: Arc<Axis>,
    /// Which value comes where; none where all stay.
    pub(in crate::run) order: Option<Vec<u32>>,
    /// Values dropped since their step was logged again: how many, from which step to which.
    pub(in crate::run) again: Option<(usize, f64, f64)>,
    /// How often the steps, or times, went back.
    back: usize,
    /// Of which series.
    pub(in crate::run) keys: Vec<String>,
}

impl Ordered {
    pub(in crate::run) fn of(whole: &Arc<Axis>, rows: Option<&[u32]>) -> Self {
        let axis = match rows {
            None => Arc::clone(whole),
            Some(rows) => Arc::new(whole.pick(rows)),
        };
        let by_step = !axis.steps.is_empty();
        let column = [&axis.steps, &axis.wall, &axis.relative, &axis.epochs];
        let column = column.into_iter().find(|column| !column.is_empty());
        let column = column.map_or(&[][..], Vec::as_slice);
        let mut ordered = Self {
            axis: Arc::clone(&axis),
            order: None,
            again: None,
            back: 0,
            keys: Vec::new(),
        };
        let sound = |pair: &[f64]| {
            if by_step {
                pair[0] < pair[1]
            } else {
                pair[0] <= pair[1]
            }
        };
        if column.windows(2).all(sound) {
            return ordered;
        }
        // What has no step stays behind what came before it.
        let mut last = f64::NEG_INFINITY;
        let keys: Vec<f64> = column
            .iter()
            .map(|&key| {
                if !key.is_nan() {
                    last = key;
                }
                last
            })
            .collect();
        ordered.back = keys.windows(2).filter(|pair| pair[1] < pair[0]).count();
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        // Stable: of equal steps the last one logged stays last.
        order.sort_by(|&a, &b| keys[a as usize].total_cmp(&keys[b as usize]));
        if by_step {
            let (mut dropped, mut from, mut to) = (0, f64::INFINITY, f64::NEG_INFINITY);
            let mut kept: Vec<u32> = Vec::with_capacity(order.len());
            for &at in &order {
                let step = column[at as usize];
                if let Some(last) = kept.last_mut()
                    && column[*last as usize].total_cmp(&step).is_eq()
                {
                    *last = at;
                    dropped += 1;
                    (from, to) = (step.min(from), step.max(to));
                } else {
                    kept.push(at);
                }
            }
            order = kept;
            ordered.again = (dropped > 0).then_some((dropped, from, to));
        }
        if !order
            .iter()
            .enumerate()
            .all(|(to, &from)| to == from as usize)
            || ordered.again.is_some()
        {
            ordered.axis = Arc::new(axis.pick(&order));
            ordered.order = Some(order);
        }
        ordered
    }

    fn is_odd(&self) -> bool {
        self.again.is_some() || self.back > 0
    }

    pub(in crate::run) fn warning(&self) -> Option<String> {
        let of = match self.keys.as_slice() {
            [key] => key.clone(),
            [key, rest @ ..] => format!("{key} and {} more", rest.len()),
            [] => return None,
        };
        Some(match self.again {
            Some((1, step, _)) => {
                format!("{of}: step {step} was logged twice: the last value counts")
            }
            Some((count, from, to)) => format!(
                "{of}: {count} values of steps {from} to {to} were logged again, as after a resumed run: the last \
                 ones count"
            ),
            None => format!("{of}: not in order {} times: sorted", self.back),
        })
    }
}

impl Axis {
    /// The places of these rows.
    fn pick(&self, rows: &[u32]) -> Self {
        let pick = |column: &Vec<f64>| {
            let picked = rows.iter().filter_map(|&row| column.get(row as usize));
            let picked: Vec<f64> = picked.copied().collect();
            // A column that says nothing of these rows is none.
            if picked.iter().all(|value| value.is_nan()) {
                Vec::new()
            } else {
                picked
            }
        };
        Self {
            steps: pick(&self.steps),
            epochs: pick(&self.epochs),
            relative: pick(&self.relative),
            wall: pick(&self.wall),
        }
    }
}
