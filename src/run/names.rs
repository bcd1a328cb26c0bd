//! What a metric measures, told by its name.
//!
//! Enters: `train/loss`, `system.gpu.0.memoryAllocatedBytes`. Leaves: the metric, its unit where the
//! name says one, and whether the column is none but places the row in time.

use super::mapping::{ColumnRole, WallFormat};
use super::model::Metric;
use super::units::CellUnit;

/// What a name tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Described {
    /// The name without a unit in brackets: `Real` of `Real (MB)`.
    pub key: String,
    /// What it measures.
    pub metric: Metric,
    /// Its unit, where the name says one.
    pub unit: Option<CellUnit>,
}

/// Words for data that is held out.
const HELD_OUT: [&str; 9] = [
    "eval",
    "evaluation",
    "val",
    "valid",
    "validation",
    "test",
    "dev",
    "heldout",
    "holdout",
];
/// Words beside `loss` that leave it the loss of training.
const OF_TRAINING: [&str; 34] = [
    "loss",
    "losses",
    "train",
    "training",
    "trainer",
    "step",
    "epoch",
    "batch",
    "lm",
    "ce",
    "nll",
    "avg",
    "average",
    "mean",
    "running",
    "smoothed",
    "total",
    "per",
    "log",
    "cross",
    "entropy",
    "crossentropy",
    "inner",
    "reduced",
    "global",
    "metrics",
    "metric",
    "final",
    "last",
    "value",
    "token",
    "samples",
    "scalars",
    "at",
];
/// Words that make a number beside `loss` no loss: a scale, a rank, the best so far, its power of e.
const NOT_A_LOSS: [&str; 16] = [
    "scale",
    "scaler",
    "ppl",
    "perplexity",
    "best",
    "min",
    "minimum",
    "max",
    "maximum",
    "lowest",
    "weight",
    "coef",
    "every",
    "interval",
    "count",
    "delta",
];
/// Words that make a number about memory something else than memory in use.
const NOT_IN_USE: [&str; 22] = [
    "total",
    "free",
    "available",
    "avail",
    "limit",
    "clock",
    "temp",
    "temperature",
    "percent",
    "percentage",
    "pct",
    "util",
    "utilization",
    "access",
    "time",
    "accessing",
    "delta",
    "buff",
    "cach",
    "cached",
    "virtual",
    "writable",
];

/// Reads a metric's name.
///
/// - Loss: `loss` as a word, held out where a word of `eval`, `val`, `test`, `dev` is beside it,
///   of training where only words such as `train`, `step`, `avg` are. Parts of a loss
///   (`aux_loss`, `kl_loss`) and `loss_scale` are neither.
/// - GPU memory: a word of `gpu`, `cuda`, `vram` and one of memory, or `allocated`, `reserved`,
///   `active` memory of no named place, as PyTorch counts it (`torch.cuda.memory_allocated`).
///   The index is the number after `gpu` or `cuda`. W&B's `system.gpu.0.memoryAllocated` and
///   `.memory` are percentages, and its `gpu.process.*` are a part of the device's: neither counts.
/// - CPU memory: `rss`, or memory in use of a process, the host or the system.
#[must_use]
pub fn describe(name: &str) -> Described {
    let (key, bracketed) = CellUnit::of_header(name);
    let words = words(key);
    let unit = bracketed
        .or_else(|| unit_of_words(name, &words))
        .or_else(|| is_wandb_percentage(name, &words).then_some(CellUnit::Percent));
    Described {
        metric: metric_of(key, &words, unit),
        key: key.to_owned(),
        unit,
    }
}

fn metric_of(name: &str, words: &[String], unit: Option<CellUnit>) -> Metric {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(&["loss", "losses"]) && !has(&NOT_A_LOSS) {
        return if has(&HELD_OUT) {
            Metric::EvalLoss
        } else if words
            .iter()
            .all(|word| OF_TRAINING.contains(&word.as_str()))
        {
            Metric::TrainLoss
        } else {
            Metric::Other
        };
    }
    let in_bytes = unit.is_none_or(|unit| unit.unit() == super::model::Unit::Bytes);
    if !in_bytes || has(&NOT_IN_USE) {
        return Metric::Other;
    }
    let memory = has(&["memory", "mem", "vram", "ram", "rss"]);
    let of_torch = has(&["allocated", "reserved", "active"]);
    if has(&["gpu", "gpus", "cuda", "vram", "nvidia"]) {
        let part = name.contains("gpu.process.");
        return if (memory || of_torch) && !part {
            Metric::GpuMemory(index_of(words))
        } else {
            Metric::Other
        };
    }
    if has(&["rss"]) {
        return Metric::CpuMemory;
    }
    if memory {
        if has(&[
            "cpu", "process", "proc", "host", "system", "ram", "used", "usage", "real", "resident",
        ]) {
            return Metric::CpuMemory;
        }
        // ms-swift's `memory(GiB)` is torch.cuda.max_memory_reserved (swift/trainers/mixin.py);
        // axolotl's `memory/max_allocated (GiB)` is of the GPU too.
        if of_torch || (words.len() == 1 && unit == Some(CellUnit::Gib)) {
            return Metric::GpuMemory(None);
        }
    }
    Metric::Other
}

/// How far a loss's name is from a plain `loss` or `eval_loss`: the fewer other words the better, and
/// losses of a test come after those of validation.
pub(super) fn plainness(name: &str) -> usize {
    let plain = |word: &String| {
        let word = word.as_str();
        matches!(word, "loss" | "train" | "training") || HELD_OUT.contains(&word)
    };
    let words = words(CellUnit::of_header(name).0);
    let others = words.iter().filter(|word| !plain(word)).count();
    let of_test = words.iter().any(|word| word == "test");
    others + if of_test { 100 } else { 0 }
}

/// W&B logs shares of memory beside the same in bytes, under names that no word tells from a
/// size: `system.gpu.0.memory`, `system.gpu.0.memoryAllocated`, `system.memory`.
fn is_wandb_percentage(name: &str, words: &[String]) -> bool {
    let last = words
        .last()
        .is_some_and(|word| word == "memory" || word == "allocated");
    name.starts_with("system.") && last
}

/// The number behind `gpu` or `cuda`.
fn index_of(words: &[String]) -> Option<u32> {
    let at = words
        .iter()
        .rposition(|word| matches!(word.as_str(), "gpu" | "cuda" | "index"))?;
    words.get(at + 1)?.parse().ok()
}

/// The unit that a name ends in: `process_rss_bytes`, `rssMB`.
///
/// W&B divides its system metrics by 1024² and calls them MB (`wandb/core`, system monitor:
/// `rssMB` = RSS / 1024 / 1024). MLflow's `_megabytes` are 10⁶
/// (`mlflow/system_metrics/metrics/gpu_monitor.py`: `memory.used / 1e6`).
fn unit_of_words(name: &str, words: &[String]) -> Option<CellUnit> {
    let (last, before) = words.split_last()?;
    if before.last().is_some_and(|word| word == "per") {
        return None;
    }
    // One letter is no unit in a name, and `min` is the minimum.
    if last.len() < 2 || last == "min" || last == "ms" && before.is_empty() {
        return None;
    }
    let unit = CellUnit::parse(last)?;
    let wandb = name.starts_with("system.") || name.contains("proc.memory");
    Some(match unit {
        CellUnit::Mb if wandb => CellUnit::Mib,
        CellUnit::Gb if wandb => CellUnit::Gib,
        unit => unit,
    })
}

/// The words of a name in lower case, split at signs, between letters and digits, and where
/// a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    #[derive(Clone, Copy, PartialEq)]
    enum Kind {
        Sign,
        Lower,
        Upper,
        Digit,
    }
    // The only unit with a small letter between capitals.
    let units = ["KiB", "MiB", "GiB", "TiB"]
        .iter()
        .find(|unit| name.contains(*unit));
    let whole = units.map(|unit| name.replace(unit, &format!("_{}", unit.to_lowercase())));
    let name = whole.as_deref().unwrap_or(name);
    let mut words: Vec<String> = Vec::new();
    let mut last = Kind::Sign;
    for c in name.chars() {
        let kind = match c {
            c if c.is_numeric() => Kind::Digit,
            c if c.is_uppercase() => Kind::Upper,
            c if c.is_alphabetic() => Kind::Lower,
            _ => Kind::Sign,
        };
        let starts = match (last, kind) {
            (_, Kind::Sign) => false,
            (Kind::Sign, _) | (Kind::Lower, Kind::Upper) => true,
            // Between letters and digits, either way.
            (last, kind) => (last == Kind::Digit) != (kind == Kind::Digit),
        };
        if starts {
            words.push(String::new());
        }
        if kind != Kind::Sign
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        last = kind;
    }
    words
}

/// The role of a column that places rows in a run, by its name: the step, the epoch, a time.
///
/// W&B calls its steps, seconds since the start and time of day `_step`, `_runtime` and
/// `_timestamp`, in charts `Step`, `Relative Time (Process)`, `Relative Time (Wall)` and
/// `Wall Time`. LLaMA-Factory counts `current_steps` and writes `elapsed_time` as `0:01:03`,
/// ms-swift counts `global_step/max_steps` as `10/100`.
#[must_use]
pub fn axis(name: &str) -> Option<ColumnRole> {
    let (key, unit) = CellUnit::of_header(name);
    let seconds = unit
        .filter(|unit| unit.unit() == super::model::Unit::Seconds)
        .unwrap_or(CellUnit::Seconds);
    let relative = ColumnRole::Relative { unit: seconds };
    let wall = |format| ColumnRole::Wall { format };
    let key = key.trim().to_lowercase();
    Some(match key.as_str() {
        "step"
        | "steps"
        | "_step"
        | "global_step"
        | "global step"
        | "train/global_step"
        | "iteration"
        | "iterations"
        | "iter"
        | "current_steps"
        | "global_step/max_steps"
        | "trainer/global_step"
        | "update"
        | "num_updates"
        | "optimizer_step"
        | "training_step"
        | "train_step" => ColumnRole::Step,
        "epoch" | "epochs" | "train/epoch" => ColumnRole::Epoch,
        "_runtime"
        | "t"
        | "elapsed"
        | "elapsed time"
        | "elapsed_time"
        | "time_elapsed"
        | "elapsed_s"
        | "elapsed_sec"
        | "elapsed_seconds"
        | "relative time"
        | "relative time (process)"
        | "relative time (wall)"
        | "relative_time"
        | "relative"
        | "seconds"
        | "_absolute_runtime"
        | "time_s"
        | "time_sec" => relative,
        "minutes" => ColumnRole::Relative {
            unit: CellUnit::Minutes,
        },
        "hours" => ColumnRole::Relative {
            unit: CellUnit::Hours,
        },
        "_timestamp" | "wall time" | "wall_time" | "walltime" | "wall" | "timestamp"
        | "unix_time" | "time" | "date" | "datetime" | "created_at" => wall(WallFormat::Unix),
        _ => return None,
    })
}

/// Whether a number of that name is about the whole run and not of one moment of it:
/// `train_runtime` of the transformers trainer, the counts of parameters.
#[must_use]
pub fn is_about_the_run(name: &str) -> bool {
    matches!(
        name,
        "train_runtime"
            | "train_samples_per_second"
            | "train_steps_per_second"
            | "total_flos"
            | "trainable"
            | "total"
            | "trainable_params"
            | "trainable_parameters"
            | "total_params"
            | "total_parameters"
            | "all_params"
            | "max_steps"
            | "total_steps"
            | "num_train_epochs"
    )
}
