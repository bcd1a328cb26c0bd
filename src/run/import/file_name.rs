//! What a log's file name says: the run, and for TensorBoard the tag.
//!
//! Enters: a path. Leaves: names.

use std::path::Path;

/// Words in a file's name that say what the file is and not which run it is of.
const OF_THE_LOG: [&str; 14] = [
    "trainer_state",
    "trainer_log",
    "history",
    "metrics",
    "log",
    "logs",
    "logging",
    "train",
    "training",
    "output",
    "psrecord",
    "nvidia-smi",
    "nvidia_smi",
    "dstat",
];

/// The run that a file is of, by its name: `full` for `full.trainer_state.json`,
/// `history-full.csv`, `full_metrics.csv`; the folder's name where the file's says nothing, as
/// of `full/checkpoint-150/trainer_state.json`.
pub(super) fn run_of(path: &Path) -> String {
    let stem = stem_of(path);
    let mut name = stem.as_str();
    // Words at either end, as long as something is left.
    while let Some(rest) = OF_THE_LOG.iter().find_map(|word| without(name, word)) {
        name = rest;
    }
    if !name.is_empty() && !OF_THE_LOG.contains(&name) {
        return name.to_owned();
    }
    let folders = path.parent().into_iter().flat_map(Path::ancestors);
    let named = folders
        .filter_map(|folder| folder.file_name())
        .map(|folder| folder.to_string_lossy())
        .find(|folder| !folder.starts_with("checkpoint-") && !OF_THE_LOG.contains(&&**folder));
    named.map_or(stem.clone(), std::borrow::Cow::into_owned)
}

/// Words that say what a log holds, beside those that say that it is a log.
const OF_ITS_NUMBERS: [&str; 44] = [
    "loss",
    "losses",
    "eval",
    "val",
    "valid",
    "validation",
    "test",
    "gpu",
    "gpus",
    "cpu",
    "mem",
    "memory",
    "lr",
    "smi",
    "dmon",
    "gpustat",
    "nvitop",
    "stats",
    "stat",
    "usage",
    "results",
    "result",
    "events",
    "event",
    "progress",
    "wandb",
    "wandb_history",
    "wandb_events",
    "scalars",
    "summary",
    "all",
    "tune",
    "slurm",
    "stdout",
    "stderr",
    "out",
    "run",
    "part",
    "console",
    "main",
    "monitor",
    "export",
    "state",
    "report",
];

/// A file's name without the words that say what it is and holds; none where nothing is left, or
/// only numbers.
pub(in crate::run) fn without_words_of_logs(path: &Path) -> Option<String> {
    let stem = stem_of(path);
    // `full.trainer_state`, `events.out.tfevents.1736071200.node1`.
    if stem.contains("tfevents") {
        return None;
    }
    let mut name = stem.as_str();
    loop {
        let lower = name.to_lowercase();
        let words = || OF_THE_LOG.iter().chain(&OF_ITS_NUMBERS);
        if words().any(|word| *word == lower) || name.chars().all(|c| !c.is_alphabetic()) {
            return None;
        }
        let digits = |c: char| c.is_ascii_digit();
        let without_number = name
            .trim_end_matches(digits)
            .strip_suffix(['-', '_', '.'])
            .filter(|rest| words().any(|word| rest.eq_ignore_ascii_case(word)));
        let rest = without_number.or_else(|| {
            let found = words().find_map(|word| without(&lower, word))?;
            let start = lower.find(found)?;
            name.get(start..start + found.len())
        });
        match rest {
            Some(rest) if !rest.is_empty() => name = rest,
            _ => return Some(name.to_owned()),
        }
    }
}

/// `name` without `word` at its start or end, where a sign sets it apart.
fn without<'a>(name: &'a str, word: &str) -> Option<&'a str> {
    let sign = ['-', '_', '.', ' '];
    let end = name
        .strip_suffix(word)
        .and_then(|rest| rest.strip_suffix(sign));
    let start = name
        .strip_prefix(word)
        .and_then(|rest| rest.strip_prefix(sign));
    end.or(start).filter(|rest| !rest.is_empty())
}

/// The name without its ending and without the `(1)` that browsers add to a second download.
fn stem_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let stem = stem.trim();
    if let Some((before, number)) = stem
        .strip_suffix(')')
        .and_then(|stem| stem.rsplit_once(" ("))
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return before.to_owned();
    }
    stem.to_owned()
}

/// The run and the tag in the name of a TensorBoard download: `run-full-tag-train_loss.csv`, with
/// or without `run-`. TensorBoard has written `_` for each `/`.
///
/// Keras and others log held-out data as a run of its own, `validation` beside `train`: then that
/// word belongs to the tag, and the run is what is left.
pub(super) fn tensorboard(path: &Path) -> (String, String) {
    let stem = stem_of(path);
    let Some((run, tag)) = stem.split_once("-tag-") else {
        return (run_of(path), stem);
    };
    let run = run.strip_prefix("run-").unwrap_or(run);
    let parts = ["train", "validation", "eval", "val", "test"];
    let part = parts
        .into_iter()
        .find(|part| run == *part || without(run, part).is_some());
    if let Some(part) = part
        && !tag.contains(part)
    {
        let run = without(run, part).unwrap_or_default();
        let run = if run.is_empty() {
            folder_of(path)
        } else {
            run.to_owned()
        };
        return (run, format!("{part}/{tag}"));
    }
    let run = if run.is_empty() || run == "." {
        folder_of(path)
    } else {
        run.to_owned()
    };
    (run, tag.to_owned())
}

fn folder_of(path: &Path) -> String {
    let folder = path.parent().and_then(Path::file_name);
    folder.map_or("run".to_owned(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_by_file_name() {
        for (path, run) in [
            ("a/full.jsonl", "full"),
            ("a/full.trainer_state.json", "full"),
            ("a/history-full.csv", "full"),
            ("a/spectrum-50_metrics.csv", "spectrum-50"),
            ("a/full/checkpoint-150/trainer_state.json", "full"),
            ("a/full/logs/log.jsonl", "full"),
            ("full (1).csv", "full"),
            ("log.csv", "log"),
            ("trainer.csv", "trainer"),
        ] {
            assert_eq!(run_of(Path::new(path)), run, "{path}");
        }
    }

    #[test]
    fn tensorboard_names() {
        for (path, run, tag) in [
            ("a/full-tag-train_loss.csv", "full", "train_loss"),
            ("a/run-full-tag-train_loss.csv", "full", "train_loss"),
            ("a/run-.-tag-loss.csv", "a", "loss"),
            (
                "a/run-validation-tag-epoch_loss.csv",
                "a",
                "validation/epoch_loss",
            ),
            ("a/run-x_train-tag-epoch_loss.csv", "x", "train/epoch_loss"),
            ("a/loss.csv", "loss", "loss"),
        ] {
            assert_eq!(
                tensorboard(Path::new(path)),
                (run.to_owned(), tag.to_owned()),
                "{path}"
            );
        }
    }
}
