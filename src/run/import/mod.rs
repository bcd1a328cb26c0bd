//! Run logs in every layout met in the wild, recognized by what they hold.
//!
//! Enters: a file. Leaves: its runs, or the preview of a table whose columns a person must name.
//!
//! A file is recognized by its first part (`recognize`), then read once, row by row, into columns
//! (`collect`) from which runs are made (`order`). Tables of all layouts are read by one reader
//! (`table`) that is told what the columns mean (`plan`); JSON by another (`json_rows`).
//!
//! What a file may cost is bounded: rows of 16 MiB, 100,000 columns, 100,000 runs and metrics, JSON
//! documents of 1 GiB.

mod cell;
mod collect;
mod documents;
mod failed;
pub(super) mod file_name;
mod guess;
mod headed;
mod json_document;
mod json_lines;
mod json_rows;
mod layouts;
mod lines;
mod monitors;
mod order;
mod plain_gpus;
mod plan;
mod python_json;
mod reader;
mod recognize;
mod row;
mod sniff;
pub(in crate::run) mod stores;
mod table;
mod table_header;
mod text;
mod watched;

use std::io;
use std::path::Path;

use super::mapping::{Mapping, TablePreview};
use super::model::Run;
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::source::open_regular;
pub(super) use failed::fail;
use plan::Plan;
use reader::LogReader;
use recognize::Layout;
use text::Head;
pub(super) use watched::Watched;

/// What a log turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Imported {
    /// Runs of a known layout.
    Runs(Vec<Run>),
    /// A table of no known layout: somebody has to say what its columns mean, or take the guess.
    Table(TablePreview),
}

/// Reads a run log of any layout. Progress is in bytes.
///
/// # Errors
/// [`Error::Io`] when it cannot be read, [`Error::Problem`] when it is no run log or broken,
/// [`Error::Canceled`].
pub fn import(path: &Path, progress: &Progress) -> Result<Imported> {
    if let Some(store) = store_at(path)? {
        let runs = stores::read(path, store, progress)?;
        return nothing_lost(path, runs).map(Imported::Runs);
    }
    let (head, text) = text::open(path, progress)?;
    read(path, &head, text)
}

/// Which store of a logger a file is.
fn store_at(path: &Path) -> Result<Option<stores::Store>> {
    use std::io::Read as _;
    if !path.is_file() {
        return Ok(None);
    }
    let mut head = Vec::new();
    open_regular(path)
        .map_err(Error::io(path, "open the file"))?
        .take(64)
        .read_to_end(&mut head)
        .map_err(Error::io(path, "read the file"))?;
    Ok(stores::of(&head, &name_of(path)))
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Reads a run log that is in memory: as [`import`], or as [`import_mapped`] where a mapping is
/// given. `path` is for messages and the names it holds; nothing is opened.
///
/// # Errors
/// As [`import`].
pub fn import_bytes(
    path: &Path,
    log: &[u8],
    mapping: Option<&Mapping>,
    progress: &Progress,
) -> Result<Imported> {
    if let Some(store) = stores::of(log, &name_of(path)) {
        let runs = stores::read_bytes(path, store, log, progress)?;
        return nothing_lost(path, runs).map(Imported::Runs);
    }
    let (head, text) = text::of_bytes(log, progress);
    let Some(mapping) = mapping else {
        return read(path, &head, text);
    };
    let mut reader = LogReader::table(path, mapped(&head, path, mapping)?)?;
    reader.read(text)?;
    nothing_lost(path, reader.finish()).map(Imported::Runs)
}

fn read<R: io::Read>(path: &Path, head: &Head, text: text::Text<'_, R>) -> Result<Imported> {
    let mut reader = match recognize::recognize(head, path).map_err(|no| no.error(path))? {
        Layout::Document(json_document::JsonDocument::Whole) => {
            let runs = documents::read(path, text)?
                .finish(path, json_document::JsonDocument::Whole.layout());
            return nothing_lost(path, runs).map(Imported::Runs);
        }
        Layout::Document(document) => {
            let rows = json_document::read(path, document, text)?;
            let runs = rows.collector.finish(path, document.layout());
            return nothing_lost(path, runs).map(Imported::Runs);
        }
        Layout::Unknown(table) => return Ok(Imported::Table(guess::preview(*table, path))),
        Layout::Table(plan) => LogReader::table(path, *plan)?,
        Layout::JsonLines => LogReader::json_lines(path, file_name::run_of(path)),
        Layout::Lines => LogReader::lines(path, file_name::run_of(path)),
    };
    reader.read(text)?;
    reader.check()?;
    nothing_lost(path, reader.finish()).map(Imported::Runs)
}

/// Reads a delimited table as `mapping` says. Progress is in bytes.
///
/// # Errors
/// As [`import`].
pub fn import_mapped(path: &Path, mapping: &Mapping, progress: &Progress) -> Result<Vec<Run>> {
    let (head, text) = text::open(path, progress)?;
    let mut reader = LogReader::table(path, mapped(&head, path, mapping)?)?;
    reader.read(text)?;
    nothing_lost(path, reader.finish())
}

/// The first rows of a table; with `delimiter` or `decimal_comma` as a person chose them instead
/// of as they seem.
///
/// # Errors
/// As [`import`].
pub fn preview(
    path: &Path,
    delimiter: Option<char>,
    decimal_comma: Option<bool>,
) -> Result<TablePreview> {
    let progress = Progress::default();
    let (head, _) = text::open(path, &progress)?;
    let table = sniff::sniff(&head, delimiter, decimal_comma);
    let table = table.ok_or_else(|| no_table(path))?;
    Ok(guess::preview(table, path))
}

/// Reads JSON lines that are in memory, as the run of that name. `path` is for messages.
///
/// # Errors
/// As [`import`].
pub fn json_lines(name: &str, path: &Path, log: &[u8]) -> Result<Vec<Run>> {
    let progress = Progress::default();
    let mut reader = LogReader::json_lines(path, name.to_owned());
    let encoding = text::Encoding::Utf8 { mark: false };
    reader.read(text::Text::new(log, encoding, &progress))?;
    nothing_lost(path, reader.finish())
}

/// Whether a file that starts with `head` is a run log, as far as that tells. A table of numbers
/// of no known layout is one too; results JSON and freeze sets are not. `name` is the file's name.
#[must_use]
pub fn is_log(head: &[u8], name: &str) -> bool {
    if stores::of(head, name).is_some() {
        return true;
    }
    // Whole or cut: a last line that is cut must not be taken for a bad one.
    let head = Head::of(head, false);
    match recognize::recognize(&head, Path::new(name)) {
        Ok(Layout::Lines) => lines::look(head.whole_lines()).is_log(),
        layout => layout.is_ok(),
    }
}

/// The plan by which a table is read as `mapping` says.
fn mapped(head: &Head, path: &Path, mapping: &Mapping) -> Result<Plan> {
    if !mapping.delimiter.is_ascii() {
        return Err(fail(
            path,
            "whole file",
            format!("cannot be split at “{}”", mapping.delimiter),
            "choose a comma, semicolon, tab, bar or space",
        ));
    }
    let table = sniff::sniff(head, Some(mapping.delimiter), Some(mapping.decimal_comma));
    let table = table.ok_or_else(|| no_table(path))?;
    let run = file_name::run_of(path);
    Ok(Plan::of_mapping(mapping, &table.header, &run))
}

/// The runs, unless there are none.
fn nothing_lost(path: &Path, runs: Vec<Run>) -> Result<Vec<Run>> {
    if runs.is_empty() {
        return Err(fail(
            path,
            "whole file",
            "has no row with a value in it",
            "wait until something is logged, or choose what the columns mean",
        ));
    }
    Ok(runs)
}

fn no_table(path: &Path) -> Error {
    fail(
        path,
        "whole file",
        "is no table",
        "give a delimited table of numbers",
    )
}
