//! A run of MLflow's file store: the folder that holds `meta.yaml` and `metrics/`.
//!
//! Enters: a folder. Leaves: a filled collector. Each metric is a file of lines `timestamp value step`,
//! under a folder for each part of its name (`mlflow/store/tracking/file_store.py`).

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use super::mlflow::{infinite, state_of};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::run::import::cell;
use crate::run::import::collect::{At, Collector, TooMany};
use crate::run::import::text::LONGEST_ROW;
use crate::run::names;
use crate::source::open_regular;

/// How deep names of metrics are looked for.
const DEEPEST: usize = 8;
/// The longest `meta.yaml` or name that is read.
const LONGEST_META: u64 = 1 << 20;

/// What `meta.yaml` says of a run.
struct About {
    name: String,
    status: String,
    deleted: bool,
    seconds: Option<f64>,
}

/// Whether a folder is a run of MLflow's file store.
pub(in crate::run) fn is_run(folder: &Path) -> bool {
    folder.join("metrics").is_dir() && about(folder).is_some()
}

/// Whether the run, or its experiment, was deleted: it is still there until it is purged.
pub(in crate::run) fn is_deleted(folder: &Path) -> bool {
    let experiment = folder
        .parent()
        .and_then(|parent| small_text(&parent.join("meta.yaml")));
    about(folder).is_some_and(|about| about.deleted)
        || experiment.is_some_and(|meta| is_gone(&meta))
}

/// Reads the run.
pub(super) fn read(folder: &Path, collector: &mut Collector, progress: &Progress) -> Result<()> {
    let Some(about) = about(folder) else {
        return Err(crate::run::import::failed::fail(
            folder,
            "meta.yaml",
            "names no run",
            "give the folder of a run, or the folder mlruns",
        ));
    };
    let too_many = |TooMany: TooMany| {
        crate::run::import::failed::fail(
            folder,
            "metrics",
            "holds more than 100,000 metrics",
            "give a run with fewer",
        )
    };
    let run = collector.run(&about.name).map_err(too_many)?;
    if let Some(state) = state_of(&about.status) {
        collector.set_state(run, state);
    }
    if let Some(seconds) = about.seconds {
        collector.about(run, "run_seconds".to_owned(), seconds);
    }
    let metrics = folder.join("metrics");
    let mut folders = vec![(metrics, String::new(), 0)];
    let mut files = Vec::new();
    while let Some((folder, prefix, depth)) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(Error::io(&folder, "read the folder"))?;
        for entry in entries {
            let entry = entry.map_err(Error::io(&folder, "read the folder"))?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry
                .file_type()
                .map_err(Error::io(&folder, "read the folder"))?;
            if kind.is_dir() && depth < DEEPEST {
                folders.push((entry.path(), format!("{name}/"), depth + 1));
            } else if kind.is_file() {
                files.push((name, entry.path()));
            }
        }
    }
    files.sort();
    for (name, path) in files {
        progress.check()?;
        let place = collector
            .metric(run, &name, names::describe)
            .map_err(too_many)?;
        let file = open_regular(&path).map_err(Error::io(&path, "open the file"))?;
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        let mut number = 0;
        loop {
            line.clear();
            let mut part = reader.by_ref().take(LONGEST_ROW as u64);
            let read = part
                .read_until(b'\n', &mut line)
                .map_err(Error::io(&path, "read the file"))?;
            if read == 0 {
                break;
            }
            number += 1;
            collector.rows += 1;
            let text = String::from_utf8_lossy(&line);
            let mut words = text.split_whitespace().map(str::parse::<f64>);
            if let (Some(Ok(wall)), Some(Ok(value))) = (words.next(), words.next())
                && text.ends_with('\n')
            {
                let at = At {
                    step: words
                        .next()
                        .and_then(std::result::Result::ok)
                        .unwrap_or(f64::NAN),
                    wall: cell::unix_seconds(wall),
                    ..At::UNKNOWN
                };
                collector.begin(run, place.table, at);
                collector.put(place, infinite(value), None);
            } else if text.ends_with('\n') {
                collector.bad(number, format!("{name}: is not “time value step”"));
            }
        }
    }
    Ok(())
}

fn about(folder: &Path) -> Option<About> {
    let meta = small_text(&folder.join("meta.yaml"))?;
    let id = key(&meta, "run_id").or_else(|| key(&meta, "run_uuid"))?;
    let tag = small_text(&folder.join("tags/mlflow.runName"))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty());
    let name = tag.or_else(|| key(&meta, "run_name")).unwrap_or(id);
    let time = |name: &str| key(&meta, name)?.parse::<f64>().ok();
    let seconds = time("end_time")
        .zip(time("start_time"))
        .map(|(end, start)| (end - start) / 1e3);
    Some(About {
        name,
        status: key(&meta, "status").unwrap_or_default(),
        deleted: is_gone(&meta),
        seconds: seconds.filter(|seconds| *seconds > 0.0),
    })
}

fn is_gone(meta: &str) -> bool {
    key(meta, "lifecycle_stage").is_some_and(|stage| stage == "deleted")
}

/// The text of a small file; `None` where it cannot be read or is longer than such files are.
fn small_text(path: &Path) -> Option<String> {
    let file = open_regular(path).ok()?;
    if file.metadata().ok()?.len() > LONGEST_META {
        return None;
    }
    let mut text = String::new();
    file.take(LONGEST_META).read_to_string(&mut text).ok()?;
    Some(text)
}

/// A scalar of `meta.yaml`, in which MLflow writes one key per line.
fn key(meta: &str, name: &str) -> Option<String> {
    let line = meta
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let value = line.trim().trim_matches(['\'', '"']).to_owned();
    (!value.is_empty() && value != "null").then_some(value)
}
