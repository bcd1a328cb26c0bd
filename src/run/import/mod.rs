//! Run logs in every layout met in the wild, recognised by what they hold.
//!
//! Enters: a file. Leaves: its runs, or the preview of a table whose columns a person must name.

use std::path::Path;

use super::mapping::{Mapping, TablePreview};
use super::model::Run;
use crate::error::{Error, Result};
use crate::progress::Progress;

/// What a log turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Imported {
    /// Runs of a known layout.
    Runs(Vec<Run>),
    /// A table of no known layout: somebody has to say what its columns mean, or take the guess.
    Table(TablePreview),
}

/// Reads a run log of any layout.
///
/// # Errors
/// [`Error::Io`] when it cannot be read, [`Error::Run`] when it is no run log or broken,
/// [`Error::Cancelled`].
pub fn import(path: &Path, progress: &Progress) -> Result<Imported> {
    let _ = progress;
    Err(unfinished(path))
}

/// Reads a delimited table as `mapping` says.
///
/// # Errors
/// As [`import`].
pub fn import_mapped(path: &Path, mapping: &Mapping, progress: &Progress) -> Result<Vec<Run>> {
    let _ = (mapping, progress);
    Err(unfinished(path))
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
    let _ = (delimiter, decimal_comma);
    Err(unfinished(path))
}

/// Whether a file that starts with `head` is a run log, as far as that tells. A table of numbers
/// of no known layout is one too; results JSON and freeze sets are not. `name` is the file's name.
#[must_use]
pub fn is_log(head: &[u8], name: &str) -> bool {
    let _ = (head, name);
    false
}

fn unfinished(path: &Path) -> Error {
    Error::Run {
        path: path.to_path_buf(),
        place: "whole file".to_owned(),
        problem: "cannot be read yet".to_owned(),
        advice: "wait".to_owned(),
    }
}
