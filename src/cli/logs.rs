//! The run logs that arguments name: `LOG`, `NAME=LOG` or `sample`.
//!
//! Enters: arguments. Leaves: the runs in their order, the sample's first.

use std::path::Path;
use std::str::FromStr;

use crate::cli::Common;
use crate::cli::meter::watch;
use crate::cli::open::SAMPLE;
use crate::error::Result;
use crate::progress::Progress;
use crate::run::{GatherOptions, LogPath, Run, gather};
use crate::sample;

/// An argument that names a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Log {
    /// The run's name, where it is given.
    name: Option<String>,
    /// The file or folder, or `sample`.
    path: String,
}

impl FromStr for Log {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A file may have a = in its name.
        if !Path::new(text).exists()
            && let Some((name, path)) = text.split_once('=')
        {
            if name.is_empty() || path.is_empty() {
                return Err("give NAME=LOG, such as full=full.jsonl".to_owned());
            }
            return Ok(Self {
                name: Some(name.to_owned()),
                path: path.to_owned(),
            });
        }
        Ok(Self {
            name: None,
            path: text.to_owned(),
        })
    }
}

/// The runs of `logs`. What their importers warn of is left in the runs.
///
/// # Errors
/// When a log cannot be read or is none, a folder holds none, or a log holds several runs where it
/// is given one name.
pub(super) fn open_runs(logs: &[Log], common: Common) -> Result<Vec<Run>> {
    let mut runs: Vec<Run> = Vec::new();
    let mut paths: Vec<LogPath> = Vec::new();
    for log in logs {
        if log.path == SAMPLE {
            runs.extend(sample::runs()?);
        } else {
            paths.push(LogPath {
                name: log.name.clone(),
                path: log.path.clone().into(),
            });
        }
    }
    if paths.is_empty() {
        return Ok(runs);
    }
    let options = GatherOptions {
        guess_tables: true,
        stop_at_problems: true,
        ..GatherOptions::default()
    };
    let progress = Progress::default();
    let gathered = watch(&progress, common, || gather(&paths, &options, &progress))?;
    for (path, _) in &gathered.mapped {
        common.warn(&format!(
            "{}: is a table of no known layout; its columns are taken for what their names say. To choose, open it \
             in the window",
            path.display()
        ));
    }
    for overlap in &gathered.overlaps {
        let (from, to) = overlap.steps;
        common.warn(&format!(
            "{}: {} and {} both hold steps {from} to {to}: taken as one run that was resumed, the later values \
             count. Give each a name, such as A={}, where they are two runs",
            overlap.run,
            overlap.first.display(),
            overlap.second.display(),
            overlap.first.display(),
        ));
    }
    runs.extend(gathered.runs);
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::Log;

    #[test]
    fn names_come_before_the_first_equals_sign() {
        let log = |text: &str| text.parse::<Log>();
        let named = log("full=no/such=file.csv").unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(
            (named.name.as_deref(), named.path.as_str()),
            (Some("full"), "no/such=file.csv")
        );
        assert_eq!(log("sample").map(|log| log.name), Ok(None));
        assert!(log("=x").is_err() && log("x=").is_err());
    }
}
