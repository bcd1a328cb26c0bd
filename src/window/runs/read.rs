//! Reading logs, off the interface thread: their runs, tables whose columns are to be named, and
//! what was wrong.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::error::Result;
use crate::open;
use crate::progress::Progress;
use crate::run::{self, GatherOptions, LogPath, Mapping, Run, TablePreview};
use crate::window::runs::entry::RunId;

/// Where runs go that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    /// Into the list, and on screen.
    List,
    /// Into that run.
    Run(RunId),
    /// Into the list as they were the last time, behind whatever is on screen.
    Again,
}

/// What came of reading logs.
pub(crate) struct Read {
    pub(crate) to: To,
    pub(crate) runs: Vec<Run>,
    pub(crate) tables: Vec<TablePreview>,
    /// Files that are not logs.
    pub(crate) others: Vec<PathBuf>,
    pub(crate) problems: Vec<String>,
    /// How tables of an unknown layout were read.
    pub(crate) mapped: Vec<(PathBuf, Mapping)>,
}

impl Read {
    fn new(to: To) -> Self {
        Self {
            to,
            runs: Vec::new(),
            tables: Vec::new(),
            others: Vec::new(),
            problems: Vec::new(),
            mapped: Vec::new(),
        }
    }
}

/// Reads a table with its columns named.
pub(crate) fn read_mapped(path: PathBuf, mapping: Mapping, progress: &Progress) -> Result<Read> {
    let runs = run::import_mapped(&path, &mapping, progress)?;
    Ok(Read {
        runs,
        mapped: vec![(path, mapping)],
        ..Read::new(To::List)
    })
}

/// Reads the logs at `paths`; a table whose header was met before is read as it was then.
pub(crate) fn read(
    paths: &[PathBuf],
    mappings: &BTreeMap<String, Mapping>,
    to: To,
    progress: &Progress,
) -> Result<Read> {
    let mut read = Read::new(to);
    let mut logs: Vec<LogPath> = Vec::new();
    for path in paths {
        progress.check()?;
        // What cannot be looked at is reported by the importer.
        if paths.len() > 1 && !open::is_run_log(path).unwrap_or(true) {
            read.others.push(path.clone());
        } else {
            logs.push(path.clone().into());
        }
    }
    let options = GatherOptions {
        mappings: mappings.clone(),
        ..GatherOptions::default()
    };
    let gathered = run::gather(&logs, &options, progress)?;
    read.runs = gathered.runs;
    read.tables = gathered.tables;
    read.mapped = gathered.mapped;
    let problems = gathered.problems.iter();
    read.problems = problems.map(ToString::to_string).collect();
    Ok(read)
}
