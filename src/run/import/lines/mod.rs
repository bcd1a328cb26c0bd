//! What trainers print: text that was meant for people, read by one reader for all of them.
//!
//! Enters: text. Leaves: rows of a run. A line is taken apart into pairs of a name and a number
//! (`pairs`), a time or progress bar (`stamp`); what the names mean is in one table (`idioms`).

mod gpu_line;
mod idioms;
mod pairs;
mod reader;
mod stamp;
mod strip;
mod text_table;

use std::path::Path;

pub(super) use reader::LinesReader;

use super::text::{Encoding, Text};
use crate::progress::Progress;

/// How many lines of the start show that a text is a trainer's: those that have a loss or memory
/// beside its name.
pub(super) fn rows_of(start: &str) -> u64 {
    let progress = Progress::default();
    let mut reader = LinesReader::new(Path::new(""), String::new());
    let text = Text::new(start.as_bytes(), Encoding::Utf8 { mark: false }, &progress);
    let read = reader.read(text);
    if read.is_ok() && reader.has_measure() {
        reader.collector.rows
    } else {
        0
    }
}
