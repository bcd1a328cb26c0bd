//! From what lies on disk to runs: files and folders found, read, and put together.
//!
//! Enters: what somebody named or dropped: files, folders, `NAME=LOG`. Leaves: [`Gathered`]: runs with
//! names that tell them apart, tables whose columns somebody must name, what could not be read, and
//! questions that only the user can answer.
//!
//! A run is a folder: files of one folder are one run, files of different folders never are,
//! unless a name that was given says so. See [`assemble`].

mod folder;
mod identity;
mod paths;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::import::{self, Imported};
use super::mapping::{Mapping, TablePreview};
use super::model::Run;
use crate::error::{Error, Result};
use crate::progress::Progress;

pub use identity::{Assembled, Overlap, Part, assemble};

/// The most logs that are read at once: a table of so many runs shows nothing any more.
pub const MOST_LOGS: usize = 10_000;

/// A log or folder that somebody named, perhaps with the name of its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPath {
    /// The run's name, where it is given.
    pub name: Option<String>,
    /// The file or folder.
    pub path: PathBuf,
}

impl From<PathBuf> for LogPath {
    fn from(path: PathBuf) -> Self {
        Self { name: None, path }
    }
}

/// How logs are gathered.
#[derive(Debug, Clone, Default)]
pub struct GatherOptions {
    /// Mappings of tables of no known layout, by [`Mapping::header_key`].
    pub mappings: BTreeMap<String, Mapping>,
    /// Whether tables of no known layout are read by the guess at their columns; else they are left
    /// in [`Gathered::tables`].
    pub guess_tables: bool,
    /// Files that are runs of their own, though others lie in their folder.
    pub separate: Vec<PathBuf>,
    /// Whether a file that cannot be read stops all; else it is listed in [`Gathered::problems`].
    pub stop_at_problems: bool,
}

/// What was gathered.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The runs, in the order in which they were named.
    pub runs: Vec<Run>,
    /// Two files of one run that logged the same steps.
    pub overlaps: Vec<Overlap>,
    /// Tables whose columns somebody must name.
    pub tables: Vec<TablePreview>,
    /// Tables that were read by a mapping, or the guess at one.
    pub mapped: Vec<(PathBuf, Mapping)>,
    /// Files that could not be read.
    pub problems: Vec<Error>,
}

/// Reads logs and folders, and puts them together.
///
/// # Errors
/// [`Error::Problem`] where a folder holds no log or a name is given to several runs;
/// [`Error::Canceled`]; with [`GatherOptions::stop_at_problems`] also what [`super::import()`] says
/// of a file.
pub fn gather(logs: &[LogPath], options: &GatherOptions, progress: &Progress) -> Result<Gathered> {
    let mut gathered = Gathered::default();
    let mut parts: Vec<Part> = Vec::new();
    for log in logs {
        progress.check()?;
        let found = if log.path.is_dir() {
            folder::logs_below(&log.path, progress)?
        } else {
            vec![folder::Found::File(log.path.clone())]
        };
        let root = log.path.is_dir().then(|| log.path.clone());
        let before = parts.len();
        for log_file in found {
            let label = log_file
                .path()
                .file_name()
                .unwrap_or(log_file.path().as_os_str());
            progress.set_label(label.to_string_lossy());
            let read = read(&log_file, root.is_some(), options, &mut gathered, progress);
            let runs = match read {
                Ok(runs) => runs,
                Err(error) if error.is_canceled() => return Err(error),
                // Beside logs lie files that only look like some.
                Err(_) if root.is_some() => continue,
                Err(error) if options.stop_at_problems => return Err(error),
                Err(error) => {
                    gathered.problems.push(error);
                    continue;
                }
            };
            let separate = options.separate.iter().any(|path| path == log_file.path());
            parts.extend(runs.into_iter().map(|run| Part {
                run,
                name: log.name.clone(),
                root: root.clone(),
                separate,
            }));
        }
        let read = parts.get(before..).unwrap_or_default();
        if root.is_some() && read.is_empty() && gathered.tables.is_empty() {
            let error = import::fail(
                &log.path,
                "whole folder",
                "holds no run log",
                "give a folder with the logs of a trainer or a tracker in it",
            );
            if options.stop_at_problems || logs.len() == 1 {
                return Err(error);
            }
            gathered.problems.push(error);
        }
        one_run_per_name(log, read)?;
    }
    let Assembled { runs, overlaps } = assemble(parts);
    gathered.runs = runs;
    gathered.overlaps = overlaps;
    Ok(gathered)
}

/// A name that is given to a log of several runs names none of them.
fn one_run_per_name(log: &LogPath, parts: &[Part]) -> Result<()> {
    let Some(name) = &log.name else {
        return Ok(());
    };
    let mut runs: Vec<&str> = parts.iter().map(|part| part.run.name.as_str()).collect();
    runs.sort_unstable();
    runs.dedup();
    if runs.len() > 1 && !log.path.is_dir() {
        return Err(import::fail(
            &log.path,
            "whole file",
            format!("holds {} runs, which cannot all be {name}", runs.len()),
            "give it without a name",
        ));
    }
    Ok(())
}

fn read(
    found: &folder::Found,
    below_folder: bool,
    options: &GatherOptions,
    gathered: &mut Gathered,
    progress: &Progress,
) -> Result<Vec<Run>> {
    let path = match found {
        folder::Found::MlflowRun(path) => {
            return import::stores::read_folder(path, progress);
        }
        folder::Found::File(path) => path,
    };
    match import::import(path, progress)? {
        Imported::Runs(runs) => Ok(runs),
        Imported::Table(preview) => {
            let known = options.mappings.get(&preview.header_key());
            let guess = options.guess_tables.then_some(&preview.guess);
            let Some(mapping) = known.or(guess) else {
                if !below_folder || says_something(&preview) {
                    gathered.tables.push(preview);
                }
                return Ok(Vec::new());
            };
            if below_folder && known.is_none() && !says_something(&preview) {
                return Ok(Vec::new());
            }
            gathered.mapped.push((path.clone(), mapping.clone()));
            import::import_mapped(path, mapping, progress)
        }
    }
}

/// Whether the guess at a table's columns finds a loss or memory in it: a table of other numbers
/// that lies beside logs is none.
fn says_something(preview: &TablePreview) -> bool {
    use super::mapping::ColumnRole;
    use super::model::Metric;
    preview.guess.columns.iter().any(|role| match role {
        ColumnRole::Series { metric, .. } => *metric != Metric::Other,
        role => *role == ColumnRole::MetricName,
    })
}

/// Whether anything below a folder is a run log. Looks no further than the first.
///
/// # Errors
/// When the folder cannot be read.
pub fn holds_logs(path: &Path, progress: &Progress) -> Result<bool> {
    folder::has_logs(path, progress)
}
