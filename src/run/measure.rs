//! What a run can be looked at for: losses, memory, or any metric by its name.
//!
//! Leaves: the series of a measure in a run.

use std::borrow::Cow;

use crate::run::{Metric, Run, Series, cpu_memory, gpu_memory};

/// What a run is looked at for.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Measure {
    /// Loss on the batches that are trained on.
    TrainLoss,
    /// Loss on held-out data.
    EvalLoss,
    /// GPU memory, summed over GPUs.
    GpuMemory,
    /// Main memory.
    CpuMemory,
    /// The metric of that name, as the log has it.
    Key(String),
}

impl Measure {
    /// The loss to draw: the evaluation loss where any of `runs` has one, else the training loss.
    pub fn loss<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Self {
        let mut runs = runs.into_iter();
        if runs.any(|run| run.series_of(Metric::EvalLoss).is_some()) {
            Self::EvalLoss
        } else {
            Self::TrainLoss
        }
    }

    /// Its name on screen, without the unit.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::TrainLoss => "Training loss",
            Self::EvalLoss => "Evaluation loss",
            Self::GpuMemory => "GPU memory",
            Self::CpuMemory => "CPU memory",
            Self::Key(key) => key,
        }
    }

    /// Its series in `run`.
    #[must_use]
    pub fn of<'a>(&self, run: &'a Run) -> Option<Cow<'a, Series>> {
        match self {
            Self::TrainLoss => run.series_of(Metric::TrainLoss).map(Cow::Borrowed),
            Self::EvalLoss => run.series_of(Metric::EvalLoss).map(Cow::Borrowed),
            Self::GpuMemory => gpu_memory(run).map(Cow::Owned),
            Self::CpuMemory => cpu_memory(run).map(Cow::Borrowed),
            Self::Key(key) => series_like(run, key).map(Cow::Borrowed),
        }
    }
}

/// The series of that name; loggers' ways to write one name count as the same: `eval/loss`,
/// `eval_loss`, `Eval Loss`.
#[must_use]
pub fn series_like<'a>(run: &'a Run, key: &str) -> Option<&'a Series> {
    let plain = |key: &str| -> String {
        let same = |c: char| if c.is_alphanumeric() { c } else { '_' };
        key.to_lowercase().chars().map(same).collect()
    };
    run.series_named(key).or_else(|| {
        let wanted = plain(key);
        run.series
            .iter()
            .find(|series| plain(&series.key) == wanted)
    })
}
