//! Reading a freeze set: whose it is, told by the content and not by the name.
//!
//! Enters: a file. Leaves: [`FreezeFile`].
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

mod arguments;
mod bounded;
mod document;
mod kinds;
mod lines;

use std::path::Path;

use crate::error::{Error, Problem, Result};
use crate::export::FreezeFile;
use crate::source::whole_file;

/// The largest file that is taken for a set: the largest model's whole set has some megabytes.
/// What is read of it takes some twenty times as much memory.
const LARGEST: u64 = 16 << 20;

/// Reads the freeze set at `path`: Spectrum's YAML, axolotl's configuration, ms-swift's command
/// line or arguments, LLaMA-Factory's YAML, PEFT's `adapter_config.json`, or plain names.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read; [`Error::Problem`] when it holds no freeze set, with
/// what it holds instead where that can be told.
pub fn read_freeze_file(path: &Path) -> Result<FreezeFile> {
    let read = Error::io(path, "read the file");
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return Err(read(error)),
    };
    if metadata.is_dir() {
        return Err(refuse(
            path,
            "the path",
            "is a folder",
            "name the file that holds the set",
        ));
    }
    let bytes = match whole_file(path, LARGEST) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            return Err(refuse(
                path,
                "the file",
                "is larger than any freeze set",
                "name the YAML, JSON or text file of the set",
            ));
        }
        Err(error) => return Err(read(error)),
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(error.as_bytes().get(..at).unwrap_or_default());
        let line = before.matches('\n').count() + 1;
        refuse(
            path,
            &format!("line {line}"),
            "is no UTF-8 text",
            "save the file as UTF-8, or name the set's YAML, JSON or text file",
        )
    })?;
    let mut file = of_text(path, &text)?;
    file.path = Some(path.to_path_buf());
    file.text = Some(text);
    Ok(file)
}

/// Reads a freeze set that came from elsewhere than a file, such as the text of an export.
///
/// # Errors
/// As [`read_freeze_file`]; `path` is what messages call it.
pub fn read_freeze_text(path: &Path, text: &str) -> Result<FreezeFile> {
    let mut file = of_text(path, text)?;
    file.text = Some(text.to_owned());
    Ok(file)
}

fn of_text(path: &Path, text: &str) -> Result<FreezeFile> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    if body.trim().is_empty() {
        return Err(refuse(
            path,
            "line 1",
            "holds nothing",
            "a set lists the parameters to train",
        ));
    }
    if arguments::is_command(body) {
        return arguments::read(path, body);
    }
    match body.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => document::read_json(path, body),
        _ => document::read_yaml(path, body),
    }
}

/// An error about a set's file.
fn refuse(path: &Path, place: &str, problem: &str, advice: &str) -> Error {
    Problem::input(path, problem)
        .at(place)
        .advice(advice)
        .into()
}
