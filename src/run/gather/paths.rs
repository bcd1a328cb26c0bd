//! What folders and files are called, and which of their names tell runs apart.

use std::cmp::Ordering;
use std::path::{Component, Path};

use crate::run::import::file_name;

/// Folders that trainers and trackers make for themselves.
const OF_THE_TOOL: [&str; 19] = [
    "outputs",
    "output",
    "out",
    "runs",
    "logs",
    "log",
    "wandb",
    "files",
    "lightning_logs",
    "tb",
    "tensorboard",
    "tensorboard_logs",
    "tb_logs",
    "events",
    "results",
    "checkpoints",
    "mlruns",
    "metrics",
    "experiments",
];

/// The number of a trainer's checkpoint: 40 of `checkpoint-40`.
pub(super) fn checkpoint_number(folder: &str) -> Option<u64> {
    let number = [
        "checkpoint-",
        "checkpoint_",
        "global_step",
        "step_",
        "step-",
    ]
    .iter()
    .find_map(|prefix| folder.strip_prefix(prefix))?;
    number.parse().ok()
}

/// Whether a folder's name says what made it and not which run it is of.
pub(super) fn is_of_the_tool(folder: &str) -> bool {
    let lower = folder.to_lowercase();
    OF_THE_TOOL.contains(&lower.as_str())
        || checkpoint_number(&lower).is_some()
        || numbered(&lower, "version_")
        || lower.starts_with("offline-run-")
        || numbered(&lower, "run-")
        || is_date(&lower)
}

fn numbered(name: &str, prefix: &str) -> bool {
    let rest = name.strip_prefix(prefix);
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `20250206-0800`, `2025-02-06_08-00-00`, the transformers trainer's `Feb06_08-00-00_host`.
fn is_date(name: &str) -> bool {
    let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let of_month = months.iter().any(|month| {
        let rest = name.strip_prefix(month);
        rest.is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains('_')
        })
    });
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let signs = name
        .chars()
        .all(|c| c.is_ascii_digit() || "-_:.t ".contains(c));
    of_month || signs && digits >= 4
}

/// The names of the folders that a path lies in, the nearest first.
pub(super) fn folders_of(folder: &Path) -> Vec<String> {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let names = whole
        .components()
        .rev()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        });
    names.collect()
}

/// What a file's own name says of its run: `full` of `full_metrics.csv`; none of `trainer_state.json`,
/// `log-2.csv`, `gpu.csv`, whose words say what the file is.
pub(super) fn own_name(path: &Path) -> Option<String> {
    let name = file_name::without_words_of_logs(path)?;
    let is_name = name.chars().any(char::is_alphabetic);
    is_name.then_some(name)
}

/// The order of names in which numbers count as numbers: `checkpoint-900` comes before
/// `checkpoint-1000`.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (left, right) = (digits(a), digits(b));
        if left > 0 && right > 0 {
            let (x, y) = (a.split_at(left), b.split_at(right));
            let (m, n) = (x.0.trim_start_matches('0'), y.0.trim_start_matches('0'));
            let order = m.len().cmp(&n.len()).then_with(|| m.cmp(n));
            if order.is_ne() {
                return order;
            }
            (a, b) = (x.1, y.1);
            continue;
        }
        match (a.chars().next(), b.chars().next()) {
            (Some(x), Some(y)) if x == y => {
                a = &a[x.len_utf8()..];
                b = &b[y.len_utf8()..];
            }
            (x, y) => return x.cmp(&y),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tools_and_of_runs() {
        for tool in [
            "outputs",
            "checkpoint-40",
            "version_0",
            "wandb",
            "offline-run-20250105_100000-abcd",
            "run-20250105_1-x",
            "Feb06_08-00-00_node1",
            "20250206-0800",
            "2025-02-06_08-00",
        ] {
            assert!(is_of_the_tool(tool), "{tool}");
        }
        for run in [
            "full",
            "spectrum-25",
            "run1",
            "may",
            "seed0",
            "qlora_2",
            "version_b",
            "march",
        ] {
            assert!(!is_of_the_tool(run), "{run}");
        }
    }

    #[test]
    fn numbers_in_names_count() {
        assert!(natural("checkpoint-900", "checkpoint-1000").is_lt());
        assert!(natural("a1", "a01").is_eq());
        assert!(natural("a", "b").is_lt() && natural("a", "a1").is_lt());
        assert!(natural("é2", "é10").is_lt());
    }
}
