//! Runs side by side: what a table of them shows.
//!
//! Leaves: [`Comparison`], one row a run; [`CompareOptions`], what is asked for. The numbers are
//! made in `compare`.

use std::collections::BTreeMap;

use crate::run::Method;

/// What to compare, and with what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CompareOptions {
    /// The name of the run that the others are compared with. Where it is `None`, or no run has
    /// it: the first run whose name says full fine-tuning, else the first run.
    pub baseline: Option<String>,
    /// The loss to compare, by its name in the logs. `None`: the evaluation loss where every run
    /// has one, else the training loss.
    pub loss_key: Option<String>,
    /// The weight of TensorBoard's smoothing for the smoothed last loss, 0 to 1; 0 is none.
    pub smoothing: f64,
    /// Further metrics, by their names in the logs: a column each with the last value.
    pub metrics: Vec<String>,
    /// The share of parameters that a run trains, in percent, by the run's name. Of others it is
    /// taken from the log where that has it.
    pub trainable_percent: BTreeMap<String, f64>,
}

/// Which loss a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LossKind {
    /// On batches that are trained on.
    Train,
    /// On held-out data.
    Eval,
    /// The one that was named.
    Named,
}

/// A loss over a run.
#[derive(Debug, Clone, PartialEq)]
pub struct LossSummary {
    /// Its name in the log.
    pub key: String,
    /// The last value, NaN and ±∞ among them.
    pub last: f64,
    /// The lowest finite value; `None` where none is finite.
    pub best: Option<f64>,
    /// The last value after smoothing; `None` where it is no finite number.
    pub smoothed_last: Option<f64>,
}

/// Memory over a run, in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MemorySummary {
    /// The mean while the run went on.
    pub average: f64,
    /// Whether the mean is over time; else every row counts the same.
    pub by_time: bool,
    /// The highest value of all rows.
    pub peak: f64,
}

/// One run of a comparison.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ComparisonRow {
    /// The run's name.
    pub name: String,
    /// How it was trained, guessed from the name.
    pub method: Method,
    /// The name in the log of the loss that is compared.
    pub loss_key: Option<String>,
    /// Which loss that is.
    pub loss_kind: Option<LossKind>,
    /// Its last value, as it was logged: NaN where the run diverged.
    pub last_loss: Option<f64>,
    /// Its lowest finite value.
    pub best_loss: Option<f64>,
    /// Its last value after smoothing.
    pub smoothed_last: Option<f64>,
    /// The training loss, whichever is compared.
    pub train: Option<LossSummary>,
    /// The evaluation loss, whichever is compared.
    pub eval: Option<LossSummary>,
    /// (last loss − baseline's) / baseline's, in percent. `None` for the baseline, and where the
    /// two are not the same kind of loss.
    pub loss_difference_percent: Option<f64>,
    /// How long it ran.
    pub minutes: Option<f64>,
    /// (baseline's minutes − minutes) / baseline's, in percent. `None` for the baseline.
    pub time_improvement_percent: Option<f64>,
    /// GPU memory summed over GPUs, mean, in GB (10⁹ bytes).
    pub gpu_memory_avg_gb: Option<f64>,
    /// GPU memory summed over GPUs, highest, in GB (10⁹ bytes).
    pub gpu_memory_peak_gb: Option<f64>,
    /// Main memory, mean, in GiB (2³⁰ bytes).
    pub cpu_memory_avg_gib: Option<f64>,
    /// Main memory, highest, in GiB (2³⁰ bytes).
    pub cpu_memory_peak_gib: Option<f64>,
    /// Whether every mean is over time; else, in some log without times, every row counts the
    /// same.
    pub averages_by_time: bool,
    /// The share of the parameters that train, in percent.
    pub trainable_percent: Option<f64>,
    /// The last values of [`Comparison::metrics`].
    pub extra: Vec<Option<f64>>,
    /// What to know before the numbers are believed.
    pub warnings: Vec<String>,
}

/// Runs side by side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// The row that the others are compared with; `None` without runs.
    pub baseline: Option<usize>,
    /// The loss that is compared, where all rows have the same kind.
    pub loss_kind: Option<LossKind>,
    /// The further metrics, in the order of [`ComparisonRow::extra`].
    pub metrics: Vec<String>,
    /// One row a run, in the runs' order.
    pub rows: Vec<ComparisonRow>,
    /// What concerns the comparison as a whole.
    pub warnings: Vec<String>,
}

impl Comparison {
    /// The row that the others are compared with.
    #[must_use]
    pub fn baseline_row(&self) -> Option<&ComparisonRow> {
        self.rows.get(self.baseline?)
    }
}
