//! The stores of the loggers themselves, read without their libraries.
//!
//! Enters: a file or folder of TensorBoard, W&B, MLflow or trackio. Leaves: its runs.

mod crc;
mod database;
pub(super) mod event_file;
pub(super) mod mlflow;
pub(in crate::run) mod mlflow_folder;
mod protobuf;
mod records;
mod wandb_file;

use std::io::{BufReader, Read};
use std::path::Path;

use super::collect::Collector;
use super::failed::fail;
use super::file_name;
use super::text::read_error;
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::run::model::Run;
use crate::source::open_regular;
use event_file::Stop;

/// A kind of store, told by how its file begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Store {
    EventFile,
    Wandb,
    Database,
}

/// Which store a file is, by its first bytes; an event file without a record is known by its name.
pub(super) fn of(head: &[u8], name: &str) -> Option<Store> {
    if wandb_file::starts(head) {
        Some(Store::Wandb)
    } else if database::starts(head) {
        Some(Store::Database)
    } else if name.contains("tfevents") && !is_text(name) || event_file::starts(head) {
        Some(Store::EventFile)
    } else {
        None
    }
}

/// Whether a name ends as those of downloads do.
fn is_text(name: &str) -> bool {
    let ending = Path::new(name).extension().unwrap_or_default();
    ending == "csv" || ending == "json"
}

/// Reads the runs of a store.
pub(super) fn read(path: &Path, store: Store, progress: &Progress) -> Result<Vec<Run>> {
    let name = file_name::run_of(path);
    if store == Store::Database {
        let (collector, store) = database::read(path, &name, progress)?;
        let layout = match store {
            database::Store::Mlflow => "MLflow database",
            database::Store::Trackio => "trackio database",
        };
        return Ok(collector.finish(path, layout));
    }
    let file = open_regular(path).map_err(Error::io(path, "open the file"))?;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    progress.set_total(1, length);
    let file = BufReader::with_capacity(256 << 10, file);
    read_records(path, store, &name, file, progress)
}

/// Reads the runs of a store of records that is in memory.
pub(super) fn read_bytes(
    path: &Path,
    store: Store,
    bytes: &[u8],
    progress: &Progress,
) -> Result<Vec<Run>> {
    if store == Store::Database {
        return Err(fail(
            path,
            "whole file",
            "is an SQLite database, which is read from a file",
            "give the file itself",
        ));
    }
    read_records(path, store, &file_name::run_of(path), bytes, progress)
}

fn read_records<R: Read>(
    path: &Path,
    store: Store,
    name: &str,
    file: R,
    progress: &Progress,
) -> Result<Vec<Run>> {
    let mut collector = Collector::default();
    let (read, layout) = match store {
        Store::Wandb => (
            wandb_file::read(file, name, &mut collector, progress),
            "W&B run",
        ),
        _ => (
            event_file::read(file, name, &mut collector, progress),
            "TensorBoard events",
        ),
    };
    match read {
        Ok(()) => Ok(collector.finish(path, layout)),
        Err(Stop::Io(error)) => Err(read_error(path, 0, &error)),
        Err(Stop::Damaged) => Err(fail(
            path,
            "byte 0",
            "is not an event file of TensorBoard, or its first record is damaged",
            "copy the file again from where it was written",
        )),
        Err(Stop::TooMany) => Err(fail(
            path,
            "whole file",
            "names more than 100,000 runs and metrics",
            "give a smaller log",
        )),
    }
}

/// Reads a run of MLflow's file store.
pub(in crate::run) fn read_folder(folder: &Path, progress: &Progress) -> Result<Vec<Run>> {
    let mut collector = Collector::default();
    mlflow_folder::read(folder, &mut collector, progress)?;
    Ok(collector.finish(folder, "MLflow run"))
}
