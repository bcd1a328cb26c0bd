//! What trainers call things in the text they print.
//!
//! Enters: a name as `pairs` found it. Leaves: what its number means. One table for all trainers:
//! nanoGPT, llm.c, modded-nanogpt, Megatron-LM, DeepSpeed, torchtune, NeMo, torchtitan, fairseq,
//! verl, Keras, MLX and those that print dictionaries as the transformers trainer does.

use crate::run::mapping::ColumnRole;
use crate::run::model::{Metric, Unit};
use crate::run::names::{self, Described};
use crate::run::units::CellUnit;

/// What a number in a line means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    /// The step, by how surely it counts the whole run: the highest counts.
    Step(u8),
    Epoch,
    /// Time since the run began, in that unit where the number names none.
    Elapsed(CellUnit),
    /// A number about the whole run, under that name.
    AboutTheRun(String),
    Metric(Described),
    Nothing,
}

/// A [`Meaning`] as a constant.
#[derive(Debug, Clone, Copy)]
enum Idiom {
    Step(u8),
    Epoch,
    Elapsed(CellUnit),
    AboutTheRun(&'static str),
    Nothing,
}

/// Names that mean something else in text than in a table, or that only text has; in lower case.
const IDIOMS: [(&str, Idiom); 29] = [
    // llm.c's main.log: `s:0 tel:11.0092`, `s:1 trl:11.2293`.
    ("s", Idiom::Step(1)),
    ("step", Idiom::Step(2)),
    ("iter", Idiom::Step(1)),
    ("iteration", Idiom::Step(1)),
    ("global step", Idiom::Step(3)),
    ("global_step", Idiom::Step(3)),
    ("num_updates", Idiom::Step(3)),
    ("training/global_step", Idiom::Step(3)),
    ("epoch", Idiom::Epoch),
    // modded-nanogpt's `train_time:22200ms`, fairseq's `wall=20`.
    ("train_time", Idiom::Elapsed(CellUnit::Milliseconds)),
    ("wall", Idiom::Elapsed(CellUnit::Seconds)),
    ("elapsed", Idiom::Elapsed(CellUnit::Seconds)),
    ("elapsed_time", Idiom::Elapsed(CellUnit::Seconds)),
    ("total optimization steps", Idiom::AboutTheRun("max_steps")),
    ("total steps", Idiom::AboutTheRun("max_steps")),
    ("total_steps", Idiom::AboutTheRun("max_steps")),
    ("max_steps", Idiom::AboutTheRun("max_steps")),
    ("train_iters", Idiom::AboutTheRun("max_steps")),
    ("num epochs", Idiom::AboutTheRun("num_train_epochs")),
    ("trainable params", Idiom::AboutTheRun("trainable")),
    ("trainable parameters", Idiom::AboutTheRun("trainable")),
    ("all params", Idiom::AboutTheRun("total")),
    // How long one step or one log took.
    ("time", Idiom::Nothing),
    ("update", Idiom::Nothing),
    ("seconds", Idiom::Nothing),
    ("minutes", Idiom::Nothing),
    ("hours", Idiom::Nothing),
    ("t", Idiom::Nothing),
    ("date", Idiom::Nothing),
];

/// Words before a sign that leave a step a step: `training step:`, but not `warmup steps:`.
const OF_A_PLACE: [&str; 19] = [
    "step",
    "steps",
    "iter",
    "iteration",
    "iterations",
    "epoch",
    "update",
    "updates",
    "num",
    "global",
    "train",
    "training",
    "trainer",
    "optimizer",
    "current",
    "validation",
    "validate",
    "val",
    "eval",
];

/// Words that name a metric also where no sign stands before its number: `loss 3.1`.
const SPOKEN: [&str; 12] = [
    "lr",
    "norm",
    "gnorm",
    "grad_norm",
    "ppl",
    "perplexity",
    "mem",
    "memory",
    "mfu",
    "acc",
    "accuracy",
    "hella",
];

/// What a name with a sign behind it means, `loss:` or `loss =`.
pub(super) fn of_signed(name: &str) -> Meaning {
    let lower = name.to_lowercase();
    if let Some(meaning) = idiom(&lower) {
        return meaning;
    }
    // `Training epoch 0, iteration 3`: the words in front only say what goes on.
    if let Some(meaning) = spoken_place(&lower)
        && lower
            .split([' ', '/', '_', ','])
            .all(|word| OF_A_PLACE.contains(&word))
    {
        return meaning;
    }
    Meaning::Metric(described(name, &lower))
}

/// What a name without a sign means; nothing unless its last words are known.
pub(super) fn of_spoken(words: &str) -> Meaning {
    let lower = words.to_lowercase();
    if lower.len() != words.len() {
        return Meaning::Nothing;
    }
    if let Some(meaning) = idiom(&lower).or_else(|| spoken_place(&lower)) {
        return meaning;
    }
    // The longest of the last words that names a loss; `INFO train loss` is `train loss`.
    let mut starts: Vec<usize> = lower.match_indices(' ').map(|(at, _)| at + 1).collect();
    starts.insert(0, 0);
    let few = starts.len().saturating_sub(3);
    for &start in starts.iter().skip(few) {
        let (Some(tail), Some(written)) = (lower.get(start..), words.get(start..)) else {
            continue;
        };
        let described = described(written, tail);
        let is_loss = matches!(described.metric, Metric::TrainLoss | Metric::EvalLoss);
        let last = tail.rsplit(' ').next().unwrap_or(tail);
        if is_loss || tail == last && SPOKEN.contains(&last) {
            return Meaning::Metric(described);
        }
    }
    Meaning::Nothing
}

fn idiom(lower: &str) -> Option<Meaning> {
    let found = IDIOMS.iter().find(|(name, _)| *name == lower);
    found.map(|(_, idiom)| match *idiom {
        Idiom::Step(rank) => Meaning::Step(rank),
        Idiom::Epoch => Meaning::Epoch,
        Idiom::Elapsed(unit) => Meaning::Elapsed(unit),
        Idiom::AboutTheRun(key) => Meaning::AboutTheRun(key.to_owned()),
        Idiom::Nothing => Meaning::Nothing,
    })
}

/// The step, where the last word says so: `Global step`, `validation loss at iteration`.
fn spoken_place(lower: &str) -> Option<Meaning> {
    let last = lower.rsplit([' ', '/']).next()?;
    match idiom(last).filter(|meaning| matches!(meaning, Meaning::Step(_) | Meaning::Epoch)) {
        Some(Meaning::Step(rank)) if lower.len() > last.len() => {
            let whole = lower.starts_with("global") || lower.starts_with("train");
            Some(Meaning::Step(if whole { 3 } else { rank }))
        }
        None => match names::axis(last) {
            Some(ColumnRole::Step) if last.len() > 1 && !last.ends_with('s') => {
                Some(Meaning::Step(1))
            }
            _ => None,
        },
        found => found,
    }
}

fn described(name: &str, lower: &str) -> Described {
    let of = |key: &str, metric, unit| Described {
        key: key.to_owned(),
        metric,
        unit,
    };
    match lower {
        "tel" => of(name, Metric::EvalLoss, None),
        "trl" => of(name, Metric::TrainLoss, None),
        _ => names::describe(name),
    }
}

/// What a metric of a line measures. Memory that the line gives in bytes and calls no more than that
/// is the GPU's: torchtitan's `memory: 32.19GiB(40.69%)`.
pub(super) fn metric(described: &Described, unit: Option<CellUnit>) -> Metric {
    let bytes = unit.is_some_and(|unit| unit.unit() == Unit::Bytes);
    let plain = ["memory", "mem", "peak mem", "peak memory"];
    if bytes && plain.contains(&described.key.to_lowercase().as_str()) {
        Metric::GpuMemory(None)
    } else {
        described.metric
    }
}

/// Words that say a line is about data held out, or set its losses apart otherwise, as they stand
/// in front of the line's numbers.
const CONTEXTS: [&str; 9] = [
    "valid",
    "validation",
    "validate",
    "val",
    "eval",
    "evaluation",
    "test",
    "dev",
    "train_inner",
];

/// What a line is about, told by the words before its first number; the last such word counts:
/// `validation loss at iteration 40 on test set` is about the test set.
pub(super) fn context(words: &str) -> Option<&'static str> {
    let signs = |c: char| c.is_whitespace() || "|[]():,'\"*=".contains(c);
    let words = words.split(signs).filter(|word| !word.is_empty());
    words.rev().find_map(|word| {
        let known = CONTEXTS.iter();
        known
            .copied()
            .find(|known| word.eq_ignore_ascii_case(known))
    })
}
