//! The run logs below a folder.
//!
//! Enters: a folder. Leaves: the logs in it and below it, in natural order, of a trainer's checkpoints
//! only the last. Links to folders are not followed, hidden folders are passed over.

use std::fs;
use std::path::{Path, PathBuf};

use super::paths::{checkpoint_number, natural};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::run::import::{self, stores};
use crate::source::open_regular;

/// How deep folders are looked into.
const DEEPEST: usize = 12;
/// The most files and folders that are looked at.
const MOST_ENTRIES: usize = 200_000;
/// The most logs of one folder and all below it.
const MOST_FOUND: usize = super::MOST_LOGS;
/// How much of a file tells what it is.
const START: u64 = 256 << 10;

/// Endings of files that are no logs, and that a training leaves in numbers.
const NO_LOGS: [&str; 30] = [
    "safetensors",
    "bin",
    "pt",
    "pth",
    "ckpt",
    "gguf",
    "npy",
    "npz",
    "pkl",
    "h5",
    "onnx",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "svg",
    "pdf",
    "py",
    "ipynb",
    "md",
    "html",
    "yaml",
    "yml",
    "toml",
    "zip",
    "gz",
    "parquet",
    "arrow",
    "db-wal",
    "db-shm",
];
/// Files that describe a model or a setup, and hold numbers for that.
const NO_LOG_NAMES: [&str; 9] = [
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "generation_config.json",
    "vocab.json",
    "adapter_config.json",
    "requirements.txt",
    "wandb-metadata.json",
];

/// A log that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    File(PathBuf),
    /// The folder of a run of MLflow's file store.
    MlflowRun(PathBuf),
}

impl Found {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::MlflowRun(path) => path,
        }
    }
}

/// Finds the logs of a folder.
pub(super) fn logs_below(root: &Path, progress: &Progress) -> Result<Vec<Found>> {
    find(root, MOST_FOUND, progress)
}

/// Whether a folder has a log: the first one ends the search.
pub(super) fn has_logs(root: &Path, progress: &Progress) -> Result<bool> {
    Ok(!find(root, 1, progress)?.is_empty())
}

fn find(root: &Path, most: usize, progress: &Progress) -> Result<Vec<Found>> {
    let mut search = Search {
        most,
        looked: 0,
        found: Vec::new(),
        progress,
    };
    search.look(root, 0)?;
    Ok(search.found)
}

/// A search through folders.
struct Search<'a> {
    /// How many logs end it.
    most: usize,
    /// How many files and folders were met.
    looked: usize,
    found: Vec<Found>,
    progress: &'a Progress,
}

impl Search<'_> {
    fn is_over(&self) -> bool {
        self.found.len() >= self.most || self.looked > MOST_ENTRIES
    }

    fn look(&mut self, folder: &Path, depth: usize) -> Result<()> {
        self.progress.check()?;
        if stores::mlflow_folder::is_run(folder) {
            if !stores::mlflow_folder::is_deleted(folder) {
                self.found.push(Found::MlflowRun(folder.to_path_buf()));
            }
            return Ok(());
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            // A folder below that is closed to us is not what was asked for.
            Err(_) if depth > 0 => return Ok(()),
            Err(error) => return Err(Error::io(folder, "read the folder")(error)),
        };
        let mut files = Vec::new();
        let mut folders = Vec::new();
        for entry in entries.flatten() {
            self.looked += 1;
            if self.looked > MOST_ENTRIES {
                break;
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if name.starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push((name, entry.path()));
            } else if entry.path().is_file() && may_be_log(&name) {
                // Also links to files, as W&B's `debug.log` is one: told by what they hold.
                files.push((name, entry.path()));
            }
        }
        files.sort_by(|a, b| natural(&a.0, &b.0));
        folders.sort_by(|a, b| natural(&a.0, &b.0));
        for (name, path) in files {
            if self.found.len() >= self.most {
                return Ok(());
            }
            self.progress.check()?;
            if is_log(&path, &name) {
                self.found.push(Found::File(path));
            }
        }
        if depth >= DEEPEST {
            return Ok(());
        }
        // A checkpoint's state has the whole history: the last one is enough.
        let last = folders
            .iter()
            .filter_map(|(name, _)| checkpoint_number(name))
            .max();
        for (name, path) in folders {
            if self.is_over() {
                return Ok(());
            }
            let number = checkpoint_number(&name);
            if number.is_some() && number != last {
                continue;
            }
            self.look(&path, depth + 1)?;
        }
        Ok(())
    }
}

fn may_be_log(name: &str) -> bool {
    let lower = name.to_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    !(NO_LOGS.contains(&ending) || NO_LOG_NAMES.contains(&lower.as_str()))
}

fn is_log(path: &Path, name: &str) -> bool {
    use std::io::Read as _;
    let mut start = Vec::new();
    let Ok(file) = open_regular(path) else {
        return false;
    };
    if file.take(START).read_to_end(&mut start).is_err() || start.is_empty() {
        return false;
    }
    import::is_log(&start, name)
}
