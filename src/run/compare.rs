//! The numbers of a comparison of runs.
//!
//! Enters: runs and what is asked for. Leaves: [`Comparison`]. With base = the baseline's value:
//!
//! ```text
//! loss difference  = (loss − base) / base
//! time improvement = (base − minutes) / base
//! ```

use crate::run::align::{duration, last_step};
use crate::run::average::{over_rows, over_time};
use crate::run::measure::series_like;
use crate::run::{
    CompareOptions, Comparison, ComparisonRow, LossKind, LossSummary, MemorySummary, Method,
    Metric, Run, Series, XAxis, cpu_memory, gpu_memory, points, smooth,
};

/// Bytes of a decimal gigabyte, in which GPU makers count.
const GB: f64 = 1e9;
/// Bytes of a binary gigabyte, in which operating systems count.
const GIB: f64 = 1_073_741_824.0;

/// How far two numbers of one thing may lie apart, as a share, before it is worth a warning.
const CLOSE: f64 = 0.05;
/// How far two runs' numbers of steps may lie apart, as a share.
const SAME_STEPS: f64 = 0.01;

impl Comparison {
    /// Compares `runs`. What is missing or does not fit leaves an empty cell and a warning.
    #[must_use]
    pub fn new(runs: &[&Run], options: &CompareOptions) -> Self {
        let mut comparison = Self {
            metrics: options.metrics.clone(),
            ..Self::default()
        };
        let kinds = comparison.choose_losses(runs, options);
        let rows = runs.iter().zip(&kinds);
        comparison.rows = rows.map(|(run, kind)| row(run, *kind, options)).collect();
        comparison.baseline = baseline(&comparison.rows, options);
        if let Some(wanted) = &options.baseline
            && !runs.iter().any(|run| run.name == *wanted)
            && let Some(base) = comparison.baseline_row()
        {
            let line = format!("there is no run {wanted}; the baseline is {}", base.name);
            comparison.warnings.push(line);
        }
        let first = kinds.first().copied().flatten();
        comparison.loss_kind = first.filter(|_| kinds.iter().all(|kind| *kind == first));
        comparison.relate(runs);
        comparison
    }

    /// Which loss of each run is compared.
    fn choose_losses(&mut self, runs: &[&Run], options: &CompareOptions) -> Vec<Option<LossKind>> {
        if options.loss_key.is_some() {
            return vec![Some(LossKind::Named); runs.len()];
        }
        let has = |run: &Run, metric| summary(run.series_of(metric), 0.0).is_some();
        let every = |metric| runs.iter().all(|run| has(run, metric));
        if every(Metric::EvalLoss) {
            return vec![Some(LossKind::Eval); runs.len()];
        }
        if every(Metric::TrainLoss) {
            if runs.iter().any(|run| has(run, Metric::EvalLoss)) {
                let lacking = runs.iter().filter(|run| !has(run, Metric::EvalLoss));
                let names: Vec<&str> = lacking.map(|run| run.name.as_str()).collect();
                self.warnings.push(format!(
                    "training losses are compared: {} {} no evaluation loss",
                    names.join(", "),
                    if names.len() == 1 { "has" } else { "have" }
                ));
            }
            return vec![Some(LossKind::Train); runs.len()];
        }
        let kind = |run: &&Run| {
            if has(run, Metric::EvalLoss) {
                Some(LossKind::Eval)
            } else {
                has(run, Metric::TrainLoss).then_some(LossKind::Train)
            }
        };
        let kinds: Vec<Option<LossKind>> = runs.iter().map(kind).collect();
        let any = |wanted| kinds.contains(&Some(wanted));
        if any(LossKind::Train) && any(LossKind::Eval) {
            self.warnings.push(
                "some runs have a training loss only and some an evaluation loss only: the two \
                 are no measure of each other"
                    .to_owned(),
            );
        }
        kinds
    }

    /// Fills in what depends on the baseline.
    fn relate(&mut self, runs: &[&Run]) {
        let Some(at) = self.baseline else {
            return;
        };
        let base = self.rows[at].clone();
        let base_step = last_step(runs[at]);
        for (index, row) in self.rows.iter_mut().enumerate() {
            if index == at {
                continue;
            }
            if row.loss_kind == base.loss_kind {
                row.loss_difference_percent = percent(row.last_loss, base.last_loss);
            } else if let (Some(own), Some(other)) = (&row.loss_key, &base.loss_key) {
                row.warnings.push(format!(
                    "its loss is {own}, the baseline's is {other}: not compared"
                ));
            }
            row.time_improvement_percent = percent(row.minutes, base.minutes).map(|p| -p);
            if let (Some(own), Some(other)) = (last_step(runs[index]), base_step)
                && !close(own, other, SAME_STEPS)
            {
                row.warnings
                    .push(format!("ends at step {own}, the baseline at step {other}"));
            }
        }
    }
}

/// (value − base) / base in percent; none where it is no finite number.
fn percent(value: Option<f64>, base: Option<f64>) -> Option<f64> {
    let (value, base) = (value?, base?);
    let percent = (value - base) / base * 100.0;
    percent.is_finite().then_some(percent)
}

fn close(a: f64, b: f64, share: f64) -> bool {
    (a - b).abs() <= share * a.abs().max(b.abs())
}

fn baseline(rows: &[ComparisonRow], options: &CompareOptions) -> Option<usize> {
    let named = options.baseline.as_ref();
    let named = named.and_then(|name| rows.iter().position(|row| row.name == *name));
    let full = || rows.iter().position(|row| row.method == Method::Full);
    named.or_else(full).or((!rows.is_empty()).then_some(0))
}

/// A row without what depends on the baseline.
fn row(run: &Run, kind: Option<LossKind>, options: &CompareOptions) -> ComparisonRow {
    let mut row = ComparisonRow {
        name: run.name.clone(),
        method: Method::guess(&run.name),
        train: summary(run.series_of(Metric::TrainLoss), options.smoothing),
        eval: summary(run.series_of(Metric::EvalLoss), options.smoothing),
        minutes: minutes(run),
        warnings: run.warnings.clone(),
        ..ComparisonRow::default()
    };
    row.loss(run, kind, options);
    row.time(run);
    row.memory(run);
    row.trainable_percent = trainable(run, options);
    for key in &options.metrics {
        let last = series_like(run, key).and_then(|series| series.values.last().copied());
        if last.is_none() {
            row.warnings.push(format!("has no {key}"));
        }
        row.extra.push(last);
    }
    row
}

impl ComparisonRow {
    fn loss(&mut self, run: &Run, kind: Option<LossKind>, options: &CompareOptions) {
        let chosen = match kind {
            Some(LossKind::Eval) => self.eval.clone(),
            Some(LossKind::Train) => self.train.clone(),
            Some(LossKind::Named) => {
                let key = options.loss_key.as_deref().unwrap_or_default();
                let found = summary(series_like(run, key), options.smoothing);
                if found.is_none() {
                    self.warnings.push(format!("has no {key}"));
                }
                found
            }
            None => None,
        };
        let Some(chosen) = chosen else {
            if kind.is_none() {
                self.warnings.push("has no loss".to_owned());
            }
            return;
        };
        if !chosen.last.is_finite() {
            self.warnings.push(format!(
                "the last {} is {}: the run diverged, or went on without it",
                chosen.key, chosen.last
            ));
        }
        let metric = match kind {
            Some(LossKind::Eval) => Some(Metric::EvalLoss),
            Some(LossKind::Train) => Some(Metric::TrainLoss),
            _ => None,
        };
        let alike = run.series.iter().filter(|s| Some(s.metric) == metric);
        let keys: Vec<&str> = alike.map(|series| series.key.as_str()).collect();
        if keys.len() > 1 {
            self.warnings.push(format!(
                "has {} such losses ({}); {} is taken",
                keys.len(),
                keys.join(", "),
                chosen.key
            ));
        }
        self.loss_kind = kind;
        self.last_loss = Some(chosen.last);
        self.best_loss = chosen.best;
        self.smoothed_last = chosen.smoothed_last;
        self.loss_key = Some(chosen.key);
    }

    fn time(&mut self, run: &Run) {
        let (Some(minutes), Some(logged)) = (self.minutes, duration(run)) else {
            if self.minutes.is_none() {
                self.warnings.push("its logs have no times".to_owned());
            }
            return;
        };
        if !close(minutes * 60.0, logged, CLOSE) {
            self.warnings.push(format!(
                "train_runtime says {minutes:.1} min, the logged times span {:.1} min",
                logged / 60.0
            ));
        }
    }

    fn memory(&mut self, run: &Run) {
        let gpu = gpu_memory(run).and_then(|series| memory_over(run, &series));
        let cpu = cpu_memory(run).and_then(|series| memory_over(run, series));
        self.gpu_memory_avg_gb = gpu.map(|memory| memory.average / GB);
        self.gpu_memory_peak_gb = gpu.map(|memory| memory.peak / GB);
        self.cpu_memory_avg_gib = cpu.map(|memory| memory.average / GIB);
        self.cpu_memory_peak_gib = cpu.map(|memory| memory.peak / GIB);
        self.averages_by_time = [gpu, cpu].into_iter().flatten().all(|m| m.by_time);
        if !self.averages_by_time {
            self.warnings
                .push("its memory has no times: the mean is over rows".to_owned());
        }
    }
}

/// Minutes as the trainer states them (`train_runtime`), else from the beginning to the last
/// loss.
fn minutes(run: &Run) -> Option<f64> {
    let stated = run.summary.get("train_runtime").copied();
    let stated = stated.filter(|seconds| seconds.is_finite() && *seconds > 0.0);
    stated
        .or_else(|| duration(run))
        .map(|seconds| seconds / 60.0)
}

/// The share of the parameters that train, in percent: as asked, else as the log states it.
fn trainable(run: &Run, options: &CompareOptions) -> Option<f64> {
    let asked = options.trainable_percent.get(&run.name).copied();
    asked.or_else(|| {
        let of = |key: &str| run.summary.get(key).copied();
        let percent = of("trainable")? / of("total")? * 100.0;
        percent.is_finite().then_some(percent)
    })
}

fn summary(series: Option<&Series>, smoothing: f64) -> Option<LossSummary> {
    let series = series?;
    let last = *series.values.last()?;
    let finite = series.values.iter().copied().filter(|v| v.is_finite());
    let rows: Vec<[f64; 2]> = series.values.iter().map(|&value| [0.0, value]).collect();
    let smoothed = smooth(&rows, smoothing).last().map(|row| row[1]);
    Some(LossSummary {
        key: series.key.clone(),
        last,
        best: finite.reduce(f64::min),
        smoothed_last: smoothed.filter(|value| value.is_finite()),
    })
}

/// Memory over a run. The mean is over the rows from the run's beginning to its end where the
/// log tells which these are (another program's log goes on before and after); the peak over all.
/// `None` where no value is finite.
#[must_use]
pub fn memory_over(run: &Run, series: &Series) -> Option<MemorySummary> {
    let finite = series.values.iter().copied().filter(|v| v.is_finite());
    let peak = finite.reduce(f64::max)?;
    let timed = points(run, series, XAxis::Relative);
    let end = duration(run).unwrap_or(f64::INFINITY);
    let during: Vec<[f64; 2]> = timed
        .iter()
        .copied()
        .filter(|[time, _]| (0.0..=end).contains(time))
        .collect();
    let over_time = over_time(&during).or_else(|| over_time(&timed));
    let average = over_time.or_else(|| over_rows(series.values.iter().copied()))?;
    Some(MemorySummary {
        average,
        by_time: over_time.is_some(),
        peak,
    })
}
