//! The run logs that arguments name: `LOG`, `NAME=LOG` or `sample`.
//!
//! Enters: arguments. Leaves: the runs in their order; several logs of one name are one run.

use std::path::Path;
use std::str::FromStr;

use crate::cli::Common;
use crate::cli::meter::watch;
use crate::cli::open::SAMPLE;
use crate::error::{Error, Problem, Result};
use crate::progress::Progress;
use crate::run::{Imported, Run, import, import_mapped, join};
use crate::sample;

/// An argument that names a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Log {
    /// The run's name, where it is given.
    name: Option<String>,
    /// The file, or `sample`.
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
/// When a log cannot be read or is none, or holds several runs where it is given one name.
pub(super) fn open_runs(logs: &[Log], common: Common) -> Result<Vec<Run>> {
    let mut runs: Vec<Run> = Vec::new();
    for log in logs {
        let mut found = open(log, common)?;
        if let Some(name) = &log.name {
            let [run] = found.as_mut_slice() else {
                return Err(refuse(
                    log,
                    format!("holds {} runs, which cannot all be {name}", found.len()),
                    "give it without a name",
                ));
            };
            run.name.clone_from(name);
        }
        runs.append(&mut found);
    }
    Ok(join(runs))
}

fn open(log: &Log, common: Common) -> Result<Vec<Run>> {
    if log.path == SAMPLE {
        return sample::runs();
    }
    let path = Path::new(&log.path);
    let progress = Progress::default();
    progress.set_label(&log.path);
    watch(&progress, common, || match import(path, &progress)? {
        Imported::Runs(runs) => Ok(runs),
        Imported::Table(preview) => {
            common.warn(&format!(
                "{}: is a table of no known layout; its columns are taken for what their \
                     names say. To choose, open it in the window",
                path.display()
            ));
            import_mapped(path, &preview.guess, &progress)
        }
    })
}

fn refuse(log: &Log, problem: String, advice: &str) -> Error {
    Problem::input(&log.path, problem)
        .at("whole file")
        .advice(advice)
        .into()
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
