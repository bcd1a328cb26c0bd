//! Which logs are of one run, and what the run is called.
//!
//! Enters: runs as single files hold them, with where they lie. Leaves: runs with distinct names. The
//! rules, in this order:
//!
//! 1. Logs that were given one name are one run.
//! 2. A run that its log names (W&B, MLflow, a table with a column of runs) is that run of that folder.
//! 3. Files of one folder are one run; a checkpoint's folder counts as the one above it. Where two
//!    files log the same loss and their own names tell runs apart (`full.csv`, `qlora.csv`), these
//!    are runs of their own.
//! 4. Below a folder that was opened, folders that a tracker made (`full/wandb/…`, `full/logs`) belong
//!    to the run they lie in, unless two of one kind do.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::paths::{checkpoint_number, folders_of, is_of_the_tool, own_name};
use crate::run::join::join;
use crate::run::model::{Metric, Run};

/// What one log holds of a run.
#[derive(Debug, Clone)]
pub struct Part {
    /// The run, as the log has it.
    pub run: Run,
    /// The name that somebody gave it.
    pub name: Option<String>,
    /// The folder that was opened, where the log was found below one.
    pub root: Option<PathBuf>,
    /// Whether it is a run of its own, whatever lies beside it.
    pub separate: bool,
}

impl From<Run> for Part {
    fn from(run: Run) -> Self {
        Self {
            run,
            name: None,
            root: None,
            separate: false,
        }
    }
}

/// Two logs of one run that hold the same steps: one run that was resumed, or two? Unless
/// somebody says that they are two ([`super::GatherOptions::separate`]), the later values count.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    /// The run's name.
    pub run: String,
    /// The log that is taken for the earlier.
    pub first: PathBuf,
    /// The log whose values count.
    pub second: PathBuf,
    /// The first and the last step that both hold.
    pub steps: (f64, f64),
}

/// Runs, put together and named.
#[derive(Debug, Default)]
pub struct Assembled {
    /// The runs, in the order of their first logs.
    pub runs: Vec<Run>,
    /// What only the user can know.
    pub overlaps: Vec<Overlap>,
}

/// What makes logs one run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Given(String),
    /// The run of that name in the folder.
    Named(PathBuf, String),
    /// The folder's only run, or the one that a file is called after.
    Folder(PathBuf, Option<String>),
    /// A file of its own.
    File(PathBuf),
}

/// Puts the logs of each run together and gives the runs names that tell them apart.
#[must_use]
pub fn assemble(parts: Vec<Part>) -> Assembled {
    let mut keys: Vec<Key> = parts.iter().map(key).collect();
    split_by_own_names(&parts, &mut keys);
    into_tools_parents(&parts, &mut keys);
    onto_the_named(&mut keys);
    let mut order: Vec<Key> = Vec::new();
    let mut groups: HashMap<Key, Vec<Run>> = HashMap::new();
    for (part, key) in parts.into_iter().zip(keys) {
        if !groups.contains_key(&key) {
            order.push(key.clone());
        }
        groups.entry(key).or_default().push(part.run);
    }
    let names = names(&order, &groups);
    let mut assembled = Assembled::default();
    for (key, name) in order.iter().zip(names) {
        let Some(mut runs) = groups.remove(key) else {
            continue;
        };
        for run in &mut runs {
            run.name.clone_from(&name);
        }
        assembled.overlaps.extend(overlaps(&name, &runs));
        let is_named = matches!(key, Key::Given(_) | Key::Named(..));
        for mut run in join(runs) {
            run.is_named = is_named;
            assembled.runs.push(run);
        }
    }
    assembled
}

fn path_of(part: &Part) -> &Path {
    part.run
        .sources
        .first()
        .map_or(Path::new(""), |source| source.path.as_path())
}

/// The folder that a log belongs to.
fn folder_of(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut folder = whole.parent().map(Path::to_path_buf).unwrap_or_default();
    while folder
        .file_name()
        .is_some_and(|name| checkpoint_number(&name.to_string_lossy()).is_some())
        && folder.pop()
    {}
    folder
}

fn key(part: &Part) -> Key {
    let path = path_of(part);
    if let Some(name) = &part.name {
        return Key::Given(name.clone());
    }
    if part.run.is_named {
        return Key::Named(folder_of(path), part.run.name.clone());
    }
    if part.separate {
        return Key::File(path.to_path_buf());
    }
    Key::Folder(folder_of(path), None)
}

/// The losses of a run, by their names.
fn losses(run: &Run) -> impl Iterator<Item = &str> {
    let is_loss = |metric| matches!(metric, Metric::TrainLoss | Metric::EvalLoss);
    let losses = run
        .series
        .iter()
        .filter(move |series| is_loss(series.metric));
    losses.map(|series| series.key.as_str())
}

/// Where files of one folder log the same loss under names of their own, each is a run.
fn split_by_own_names(parts: &[Part], keys: &mut [Key]) {
    let mut by_loss: HashMap<(&Path, &str), BTreeSet<Option<String>>> = HashMap::new();
    for (part, key) in parts.iter().zip(&*keys) {
        let Key::Folder(folder, _) = key else {
            continue;
        };
        for loss in losses(&part.run) {
            let names = by_loss.entry((folder, loss)).or_default();
            names.insert(own_name(path_of(part)));
        }
    }
    let several = by_loss
        .into_iter()
        .filter(|(_, names)| names.iter().flatten().count() > 1);
    let several: BTreeSet<PathBuf> = several
        .map(|((folder, _), _)| folder.to_path_buf())
        .collect();
    for (part, key) in parts.iter().zip(keys.iter_mut()) {
        if let Key::Folder(folder, own) = key
            && several.contains(folder)
        {
            *own = own_name(path_of(part));
        }
    }
}

/// Folders that a tracker made belong to the run they lie in, where only one of that kind does.
fn into_tools_parents(parts: &[Part], keys: &mut [Key]) {
    let parent = |folder: &Path, root: &Path| {
        let root = std::path::absolute(root).ok()?;
        let mut above = folder.to_path_buf();
        while above != root
            && above
                .file_name()
                .is_some_and(|name| is_of_the_tool(&name.to_string_lossy()))
        {
            above.pop();
        }
        (above != *folder).then_some(above)
    };
    let above: Vec<Option<PathBuf>> = parts
        .iter()
        .zip(&*keys)
        .map(|(part, key)| match (key, &part.root) {
            (Key::Folder(folder, None) | Key::Named(folder, _), Some(root)) => parent(folder, root),
            _ => None,
        })
        .collect();
    // By the folder above: which of the keys would come to it, and with which layouts.
    let mut comers: HashMap<&Path, Vec<(&Key, &str)>> = HashMap::new();
    for ((part, key), above) in parts.iter().zip(&*keys).zip(&above) {
        let folder = match (above, key) {
            (Some(above), _) => above.as_path(),
            (None, Key::Folder(folder, None)) => folder.as_path(),
            _ => continue,
        };
        let layout = part
            .run
            .sources
            .first()
            .map_or("", |source| source.layout.as_str());
        comers.entry(folder).or_default().push((key, layout));
    }
    let mut moves: Vec<(usize, Key)> = Vec::new();
    for (at, above) in above.iter().enumerate() {
        let Some(above) = above else { continue };
        let Some(comers) = comers.get(above.as_path()) else {
            continue;
        };
        let clash = comers.iter().any(|(key, layout)| {
            comers
                .iter()
                .any(|(other, other_layout)| key != other && layout == other_layout)
        });
        let named: BTreeSet<&str> = comers
            .iter()
            .filter_map(|(key, _)| match key {
                Key::Named(_, name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let alone = comers.iter().all(|(key, _)| *key == comers[0].0);
        if clash || alone || named.len() > 1 {
            continue;
        }
        moves.push((at, Key::Folder(above.clone(), None)));
    }
    for (at, key) in moves {
        keys[at] = key;
    }
}

/// What a folder's logs that name no run hold belongs to the one run that another log names there.
fn onto_the_named(keys: &mut [Key]) {
    let mut named: HashMap<PathBuf, BTreeSet<String>> = HashMap::new();
    for key in &*keys {
        if let Key::Named(folder, name) = key {
            named
                .entry(folder.clone())
                .or_default()
                .insert(name.clone());
        }
    }
    for key in keys.iter_mut() {
        if let Key::Folder(folder, None) = key
            && let Some(names) = named.get(folder)
            && names.len() == 1
            && let Some(name) = names.first()
        {
            *key = Key::Named(folder.clone(), name.clone());
        }
    }
}

/// A name for each key, all distinct.
fn names(keys: &[Key], groups: &HashMap<Key, Vec<Run>>) -> Vec<String> {
    let folders: Vec<Vec<String>> = keys
        .iter()
        .map(|key| match key {
            Key::Given(_) => Vec::new(),
            Key::Named(folder, _) | Key::Folder(folder, _) => folders_of(folder),
            Key::File(path) => folders_of(path.parent().unwrap_or(Path::new(""))),
        })
        .collect();
    let unnamed = |key: &Key| matches!(key, Key::Folder(..));
    let places: BTreeSet<&Vec<String>> = keys
        .iter()
        .zip(&folders)
        .filter(|(key, _)| unnamed(key))
        .map(|(_, folders)| folders)
        .collect();
    let mut names: Vec<String> = Vec::with_capacity(keys.len());
    for (key, own) in keys.iter().zip(&folders) {
        let name = match key {
            Key::Given(name) | Key::Named(_, name) => name.clone(),
            Key::Folder(_, Some(own)) => own.clone(),
            Key::File(path) => own_name(path).unwrap_or_else(|| stem(path)),
            Key::Folder(_, None) => {
                let file = if places.len() == 1 {
                    only_own_name(groups.get(key))
                } else {
                    None
                };
                file.unwrap_or_else(|| telling(own, &folders))
            }
        };
        names.push(name);
    }
    tell_apart(&mut names, keys, &folders);
    names
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The name that all files of a run have in common.
fn only_own_name(runs: Option<&Vec<Run>>) -> Option<String> {
    let paths = runs?
        .iter()
        .flat_map(|run| &run.sources)
        .map(|source| &source.path);
    let names: BTreeSet<String> = paths.filter_map(|path| own_name(path)).collect();
    let mut names = names.into_iter();
    names.next().filter(|_| names.next().is_none())
}

/// The nearest folder that tells a run apart from the others; one that a tool made only where no
/// other does.
fn telling(own: &[String], all: &[Vec<String>]) -> String {
    let others: Vec<&Vec<String>> = all
        .iter()
        .filter(|other| *other != own && !other.is_empty())
        .collect();
    let unique = |name: &&String| !others.iter().any(|other| other.contains(name));
    let of_run = |name: &&String| !is_of_the_tool(name);
    let nearest = own.iter().find(|name| of_run(name) && unique(name));
    let nearest = nearest.or_else(|| own.iter().find(unique));
    if let Some(name) = nearest {
        return name.clone();
    }
    // No single folder does: the path from the first folder on that differs.
    let common = others
        .iter()
        .map(|other| {
            own.iter()
                .rev()
                .zip(other.iter().rev())
                .take_while(|(a, b)| a == b)
                .count()
        })
        .min()
        .unwrap_or(0);
    let mut rest: Vec<&str> = own.iter().rev().skip(common).map(String::as_str).collect();
    if rest.is_empty() {
        rest.extend(own.first().map(String::as_str));
    }
    if rest.is_empty() {
        "run".to_owned()
    } else {
        rest.join("/")
    }
}

/// Equal names get their folder in front, and where that is the same a number behind.
fn tell_apart(names: &mut [String], keys: &[Key], folders: &[Vec<String>]) {
    let before = names.to_vec();
    for (at, name) in names.iter_mut().enumerate() {
        let same: Vec<usize> = (0..before.len())
            .filter(|&other| before[other] == before[at])
            .collect();
        if same.len() < 2 || matches!(keys[at], Key::Given(_)) {
            continue;
        }
        let alike: Vec<Vec<String>> = same.iter().map(|&other| folders[other].clone()).collect();
        let folder = telling(&folders[at], &alike);
        if folder != *name && !folder.is_empty() {
            *name = format!("{folder}/{name}");
        }
    }
    for at in 0..names.len() {
        let mut number = 2;
        let plain = names[at].clone();
        while names[..at].contains(&names[at]) {
            names[at] = format!("{plain} ({number})");
            number += 1;
        }
    }
}

/// Logs of one run whose losses have steps in common, and differ there.
fn overlaps(name: &str, runs: &[Run]) -> Vec<Overlap> {
    let mut found = Vec::new();
    for (at, second) in runs.iter().enumerate() {
        for first in &runs[..at] {
            let both = first.series.iter().filter(|series| {
                series.metric == Metric::TrainLoss || series.metric == Metric::EvalLoss
            });
            let overlap = both.filter_map(|series| {
                let other = second.series_named(&series.key)?;
                common_steps(series, other)
            });
            let Some(steps) = overlap.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else {
                continue;
            };
            let path = |run: &Run| run.sources.first().map(|source| source.path.clone());
            if let (Some(first), Some(second)) = (path(first), path(second)) {
                found.push(Overlap {
                    run: name.to_owned(),
                    first,
                    second,
                    steps,
                });
            }
        }
    }
    found
}

/// The first and last step that both have with other values.
fn common_steps(a: &crate::run::Series, b: &crate::run::Series) -> Option<(f64, f64)> {
    let rows = |series: &crate::run::Series| -> HashMap<u64, f64> {
        let rows = series.axis.steps.iter().zip(&series.values);
        rows.map(|(step, value)| (step.to_bits(), *value)).collect()
    };
    let known = rows(a);
    let both = b.axis.steps.iter().zip(&b.values).filter(|(step, value)| {
        let other = known.get(&step.to_bits());
        other.is_some_and(|other| other.total_cmp(value).is_ne())
    });
    both.map(|(step, _)| (*step, *step))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}
