//! A training run as plain columns: what every importer leaves and everything else reads.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// One training run: its series, from one log or several.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// Its name: from the log where it has one, else from the file's name.
    pub name: String,
    /// What was logged, one entry a metric, in the order of the log.
    pub series: Vec<Series>,
    /// Single numbers about the whole run, as the log names them: `train_runtime` (seconds),
    /// `trainable` and `total` (parameters).
    pub summary: BTreeMap<String, f64>,
    /// The files it came from.
    pub sources: Vec<Source>,
    /// Lines about what was left out or looks wrong.
    pub warnings: Vec<String>,
    /// Whether it goes on, as far as its log says.
    pub state: RunState,
    /// Whether its log names it; else the name is the file's or the folder's.
    pub is_named: bool,
    /// Whether its times of day name no zone: they are taken as UTC.
    pub local_times: bool,
}

/// Whether a run goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum RunState {
    /// The log does not say.
    #[default]
    Unknown,
    /// It goes on, or was cut off without a word.
    Running,
    /// It came to its end.
    Finished,
    /// It failed or was stopped.
    Stopped,
}

/// One metric over the course of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The metric's name as the log has it: `train/loss`.
    pub key: String,
    /// What it measures, as far as the name tells.
    pub metric: Metric,
    /// The unit of `values`.
    pub unit: Unit,
    /// Where each value was taken; shared by the series of one set of rows.
    pub axis: Arc<Axis>,
    /// The values; bytes for memory, whatever the log's unit. NaN and ±∞ stay as they were
    /// logged.
    pub values: Vec<f64>,
}

/// Where the values of a series were taken. A column is empty where the log has none of it, else
/// as long as the values; a single missing entry is NaN.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Axis {
    /// Optimizer steps.
    pub steps: Vec<f64>,
    /// Epochs.
    pub epochs: Vec<f64>,
    /// Seconds since the run began.
    pub relative: Vec<f64>,
    /// Seconds since 1970-01-01 UTC. Logs without a time zone are taken as UTC.
    pub wall: Vec<f64>,
}

/// What a series measures.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Metric {
    /// Loss on the batches that are trained on.
    TrainLoss,
    /// Loss on held-out data.
    EvalLoss,
    /// Memory in use on a GPU; its index, where the log has one.
    GpuMemory(Option<u32>),
    /// Main memory in use by the process or the machine.
    CpuMemory,
    /// Anything else.
    Other,
}

/// The unit of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A plain number.
    Plain,
    /// Bytes.
    Bytes,
    /// Percent, 0 to 100.
    Percent,
    /// Seconds.
    Seconds,
}

/// A file that a run, or a part of it, was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// Its layout in words: `TensorBoard CSV`.
    pub layout: String,
    /// Rows read from it, without headers.
    pub rows: u64,
    /// Rows that could not be read, all counted and the first few kept.
    pub bad_rows: u64,
    /// The first few of these.
    pub bad: Vec<BadRow>,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Why.
    pub problem: String,
}

impl Series {
    /// The number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing was logged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl Run {
    /// The series of that metric; of several losses the plainest, as `val_loss` beside
    /// `val_aux_head_loss` and `loss` beside `nll_loss`, of equals the first.
    #[must_use]
    pub fn series_of(&self, metric: Metric) -> Option<&Series> {
        let mut alike = self.series.iter().filter(|series| series.metric == metric);
        if matches!(metric, Metric::TrainLoss | Metric::EvalLoss) {
            // A mean over the whole run, as `train_loss` of the results, is no course.
            alike.min_by_key(|series| (super::names::plainness(&series.key), series.len() == 1))
        } else {
            alike.next()
        }
    }

    /// The series of that name.
    #[must_use]
    pub fn series_named(&self, key: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.key == key)
    }
}
