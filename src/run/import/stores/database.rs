//! The databases of MLflow and trackio, opened so that nothing in them or beside them changes.
//!
//! Enters: a SQLite file, perhaps with a write-ahead log beside it, perhaps being written. Leaves:
//! a filled collector.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};

use super::mlflow::{infinite, state_of};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::run::import::cell;
use crate::run::import::collect::{At, Collector, TooMany};
use crate::run::import::failed::fail;
use crate::run::import::json_rows::JsonRows;
use crate::run::import::python_json::Strict;
use crate::run::model::Metric;
use crate::run::names::{self, Described};
use crate::run::units::CellUnit;
use crate::source::open_regular;

/// How a SQLite file begins.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// The longest database with a write-ahead log that is copied to be read.
const LONGEST_COPY: u64 = 8 << 30;
/// How often rows look whether they are still wanted.
const ROWS_A_LOOK: u64 = 4096;
/// The longest text of a row of metrics.
const LONGEST_TEXT: usize = 16 << 20;

/// Whether a file starts as SQLite's do.
pub(in crate::run::import) fn starts(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// What made a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Store {
    Mlflow,
    Trackio,
}

/// Reads the runs of a database.
pub(super) fn read(path: &Path, run: &str, progress: &Progress) -> Result<(Collector, Store)> {
    let (connection, _copy) = open(path)?;
    let sql = |error: rusqlite::Error| sql_error(path, &error);
    let has = |table: &str| -> Result<bool> {
        let found = connection.query_row(
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?1",
            [table],
            |row| row.get::<_, i64>(0),
        );
        found.map(|count| count > 0).map_err(sql)
    };
    if has("runs")? && has("metrics")? {
        return Ok((mlflow(path, &connection, progress)?, Store::Mlflow));
    }
    if has("metrics")? && has("configs")? {
        return Ok((trackio(path, &connection, run, progress)?, Store::Trackio));
    }
    Err(fail(
        path,
        "whole file",
        "is an SQLite database with no run logs in it: it has no tables of MLflow or trackio",
        "give the mlflow.db of MLflow or a project's .db of trackio",
    ))
}

/// Opens a database to read it. A write-ahead log whose index is missing would be recovered in
/// place, which writes beside the user's file: then a copy is opened.
fn open(path: &Path) -> Result<(Connection, Option<tempfile::TempDir>)> {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let (wal, shm) = (beside("-wal"), beside("-shm"));
    let has_log = length(&wal) > 0;
    let (file, copy, immutable) = if has_log && !shm.exists() {
        if length(path) + length(&wal) > LONGEST_COPY {
            return Err(fail(
                path,
                "whole file",
                "is larger than 8 GiB and has a write-ahead log without its index",
                "close the program that writes it, or run `PRAGMA wal_checkpoint` on it",
            ));
        }
        let folder = tempfile::tempdir().map_err(Error::io(path, "make a temporary copy of"))?;
        let file = folder.path().join("runs.db");
        let mut log = file.clone().into_os_string();
        log.push("-wal");
        std::fs::copy(path, &file).map_err(Error::io(path, "make a temporary copy of"))?;
        std::fs::copy(&wal, &log).map_err(Error::io(&wal, "make a temporary copy of"))?;
        (file, Some(folder), false)
    } else {
        // In the mode of a write-ahead log, but nothing in it and nobody there.
        (
            path.to_path_buf(),
            None,
            !has_log && !shm.exists() && is_in_log_mode(path),
        )
    };
    let flags = if copy.is_some() {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    } else {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    };
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let name = uri(&file, immutable);
    let connection =
        Connection::open_with_flags(name, flags).map_err(|error| sql_error(path, &error))?;
    let wait = std::time::Duration::from_secs(2);
    connection
        .busy_timeout(wait)
        .map_err(|error| sql_error(path, &error))?;
    Ok((connection, copy))
}

/// The file as SQLite's address; every byte but the plainest is written as `%20`.
fn uri(path: &Path, immutable: bool) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut text = String::from("file:");
    let shown = path.to_string_lossy();
    let shown = if cfg!(windows) {
        format!("/{}", shown.replace('\\', "/"))
    } else {
        shown.into_owned()
    };
    for byte in shown.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b':') {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    if immutable {
        text.push_str("?immutable=1");
    }
    text
}

/// Bytes 18 and 19 of the header are 2 in the mode of a write-ahead log.
fn is_in_log_mode(path: &Path) -> bool {
    use std::io::Read as _;
    let mut head = Vec::new();
    let read = open_regular(path).and_then(|file| file.take(20).read_to_end(&mut head));
    read.is_ok() && head.get(18) == Some(&2)
}

fn sql_error(path: &Path, error: &rusqlite::Error) -> Error {
    fail(
        path,
        "whole file",
        format!("cannot be read as an SQLite database: {error}"),
        "close the program that writes it, or copy it with its -wal file",
    )
}

fn too_many(path: &Path) -> Error {
    fail(
        path,
        "whole file",
        "names more than 100,000 runs and metrics",
        "give a smaller database",
    )
}

/// Text of a column, of whatever kind.
fn text(row: &Row<'_>, at: usize) -> String {
    match row.get_ref(at) {
        Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        Ok(ValueRef::Integer(number)) => number.to_string(),
        Ok(ValueRef::Real(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// A number of a column, of whatever kind.
fn number(row: &Row<'_>, at: usize) -> f64 {
    match row.get_ref(at) {
        Ok(ValueRef::Integer(number)) => number as f64,
        Ok(ValueRef::Real(number)) => number,
        Ok(ValueRef::Text(bytes)) => std::str::from_utf8(bytes)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

/// Distinct names for runs: of equal ones the identifier's start is added.
fn distinct(mut runs: Vec<(String, String)>) -> Vec<(String, String)> {
    let names: Vec<String> = runs.iter().map(|(_, name)| name.clone()).collect();
    for (id, name) in &mut runs {
        if names.iter().filter(|other| *other == name).count() > 1 || name.is_empty() {
            let short: String = id.chars().take(8).collect();
            format!("{name} {short}").trim().clone_into(name);
        }
    }
    runs
}

/// MLflow's tables `runs` and `metrics`; runs that were deleted are left out.
fn mlflow(path: &Path, connection: &Connection, progress: &Progress) -> Result<Collector> {
    let sql = |error: rusqlite::Error| sql_error(path, &error);
    let full = |TooMany: TooMany| too_many(path);
    let mut collector = Collector::default();
    let mut query = connection
        .prepare(
            "SELECT r.run_uuid, coalesce(r.name, ''), coalesce(r.status, ''), r.start_time, r.end_time \
             FROM runs r LEFT JOIN experiments e ON e.experiment_id = r.experiment_id \
             WHERE coalesce(r.lifecycle_stage, 'active') <> 'deleted' \
             AND coalesce(e.lifecycle_stage, 'active') <> 'deleted' ORDER BY r.start_time, r.rowid",
        )
        .map_err(sql)?;
    let mut rows = query.query([]).map_err(sql)?;
    let (mut runs, mut abouts) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next().map_err(sql)? {
        runs.push((text(row, 0), text(row, 1)));
        abouts.push((text(row, 2), (number(row, 4) - number(row, 3)) / 1e3));
        if runs.len() > crate::run::import::collect::MOST_SERIES {
            return Err(too_many(path));
        }
    }
    drop(rows);
    let mut metrics = connection
        .prepare("SELECT key, value, timestamp, step, is_nan FROM metrics WHERE run_uuid = ?1 ORDER BY rowid")
        .map_err(sql)?;
    for ((id, name), (status, seconds)) in distinct(runs).into_iter().zip(abouts) {
        let run = collector.run(&name).map_err(full)?;
        if let Some(state) = state_of(&status) {
            collector.set_state(run, state);
        }
        if seconds > 0.0 {
            collector.about(run, "run_seconds".to_owned(), seconds);
        }
        let mut rows = metrics.query([&id]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            if collector.rows % ROWS_A_LOOK == 0 {
                progress.check()?;
            }
            collector.rows += 1;
            let value = if number(row, 4) > 0.0 {
                f64::NAN
            } else {
                infinite(number(row, 1))
            };
            let key = match row.get_ref(0) {
                Ok(ValueRef::Text(bytes)) => String::from_utf8_lossy(bytes),
                _ => continue,
            };
            let place = collector.metric(run, &key, names::describe).map_err(full)?;
            let at = At {
                step: number(row, 3),
                wall: cell::unix_seconds(number(row, 2)),
                ..At::UNKNOWN
            };
            collector.begin(run, place.table, at);
            collector.put(place, value, None);
        }
    }
    Ok(collector)
}

/// trackio's tables `metrics` and `system_metrics`: a JSON object a row.
fn trackio(
    path: &Path,
    connection: &Connection,
    run: &str,
    progress: &Progress,
) -> Result<Collector> {
    let sql = |error: rusqlite::Error| sql_error(path, &error);
    let columns = |table: &str| -> Result<Vec<String>> {
        let query = connection
            .prepare(&format!("SELECT * FROM {table} LIMIT 0"))
            .map_err(sql)?;
        Ok(query.column_names().map(str::to_owned).collect())
    };
    // Older files know a run by its name alone.
    let id = if columns("metrics")?.iter().any(|name| name == "run_id") {
        "run_id"
    } else {
        "run_name"
    };
    let mut query = connection
        .prepare(&format!(
            "SELECT {id}, run_name FROM metrics GROUP BY {id} ORDER BY min(id)"
        ))
        .map_err(sql)?;
    let mut found = query.query([]).map_err(sql)?;
    let mut runs = Vec::new();
    while let Some(row) = found.next().map_err(sql)? {
        runs.push((text(row, 0), text(row, 1)));
        if runs.len() > crate::run::import::collect::MOST_SERIES {
            return Err(too_many(path));
        }
    }
    let mut rows = JsonRows::new(run.to_owned());
    let tables = ["metrics", "system_metrics"];
    for (id_of_run, name) in distinct(runs) {
        for table in tables {
            let names = columns(table).unwrap_or_default();
            if names.is_empty() {
                continue;
            }
            let step = if table == "metrics" { "step" } else { "NULL" };
            let own = if names.iter().any(|name| name == id) {
                id
            } else {
                "run_name"
            };
            let mut query = connection
                .prepare(&format!(
                    "SELECT timestamp, {step}, metrics FROM {table} WHERE {own} = ?1 ORDER BY id"
                ))
                .map_err(sql)?;
            let key = if own == "run_name" && id != own {
                &name
            } else {
                &id_of_run
            };
            let mut found = query.query([key]).map_err(sql)?;
            rows.set_table(
                &name,
                if table == "metrics" {
                    names::describe
                } else {
                    system
                },
            );
            while let Some(row) = found.next().map_err(sql)? {
                if rows.collector.rows.is_multiple_of(ROWS_A_LOOK) {
                    progress.check()?;
                }
                let mut dates = cell::Dates::default();
                let wall = dates.read(text(row, 0).as_bytes()).unwrap_or(f64::NAN);
                rows.collector.local_times |= dates.is_local();
                let at = At {
                    step: number(row, 1),
                    wall,
                    ..At::UNKNOWN
                };
                let object = text(row, 2);
                if object.len() > LONGEST_TEXT {
                    rows.collector
                        .bad(0, "a row is longer than 16 MiB".to_owned());
                    continue;
                }
                let strict = Strict::new(object.as_bytes());
                let mut json = serde_json::Deserializer::from_reader(strict);
                match serde::de::DeserializeSeed::deserialize(rows.row_at(at), &mut json) {
                    Ok(()) => rows.end_row().map_err(|TooMany| too_many(path))?,
                    Err(error) => {
                        rows.collector.rows += 1;
                        rows.collector.bad(0, error.to_string());
                    }
                }
            }
        }
    }
    Ok(rows.collector)
}

/// trackio's measurements of the machine, which count GiB (`trackio/gpu.py`: `mem.used / (1024**3)`).
fn system(name: &str) -> Described {
    let mut described = names::describe(name);
    if name == "memory/used" {
        described.metric = Metric::CpuMemory;
    }
    if described.unit.is_none()
        && matches!(described.metric, Metric::GpuMemory(_) | Metric::CpuMemory)
    {
        described.unit = Some(CellUnit::Gib);
    }
    described
}
