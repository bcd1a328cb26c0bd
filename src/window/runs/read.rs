//! Reading logs, off the interface thread: their runs, tables whose columns are to be named, and
//! what was wrong.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::open;
use crate::progress::Progress;
use crate::run::{self, Imported, Mapping, Run, TablePreview};
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

/// Reads the logs at `paths`.
pub(crate) fn read(
    paths: &[PathBuf],
    mappings: &BTreeMap<String, Mapping>,
    to: To,
    progress: &Progress,
) -> Result<Read> {
    let mut read = Read::new(to);
    for path in paths {
        progress.check()?;
        let name = path.file_name().unwrap_or(path.as_os_str());
        progress.set_label(name.to_string_lossy());
        // What cannot be looked at is reported by the importer.
        if paths.len() > 1 && !open::is_run_log(path).unwrap_or(true) {
            read.others.push(path.clone());
            continue;
        }
        match one(path, mappings, &mut read.mapped, progress) {
            Ok(Imported::Runs(runs)) => read.runs.extend(runs),
            Ok(Imported::Table(preview)) => read.tables.push(preview),
            Err(error) if error.is_cancelled() => return Err(error),
            // The other files may be sound.
            Err(error) => read.problems.push(error.to_string()),
        }
    }
    read.runs = run::join(read.runs);
    Ok(read)
}

/// One file; a table whose header was met before is read as it was then.
fn one(
    path: &Path,
    mappings: &BTreeMap<String, Mapping>,
    mapped: &mut Vec<(PathBuf, Mapping)>,
    progress: &Progress,
) -> Result<Imported> {
    let imported = run::import(path, progress)?;
    if let Imported::Table(preview) = &imported
        && let Some(mapping) = mappings.get(&preview.header_key())
    {
        mapped.push((path.to_path_buf(), mapping.clone()));
        return Ok(Imported::Runs(run::import_mapped(path, mapping, progress)?));
    }
    Ok(imported)
}
