//! What trainers print: text that was meant for people, read by one reader for all of them.
//!
//! Enters: text. Leaves: rows of a run. A line is taken apart into pairs of a name and a number
//! (`pairs`), a time or progress bar (`stamp`); what the names mean is in one table (`idioms`).

mod gpu_line;
mod idioms;
mod pairs;
mod reader;
mod said;
mod shapes;
mod stamp;
mod strip;
mod text_table;

use std::path::Path;

pub(super) use reader::LinesReader;

use super::text::{Encoding, Text};
use crate::progress::Progress;

/// What the start of a text shows of a trainer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Printed {
    /// Lines with a loss or memory, and a step, an epoch or a time.
    pub(super) placed: u64,
    /// Lines with a loss or memory.
    measures: u64,
    lines: u64,
}

impl Printed {
    /// Whether it is the log of a trainer: prose may name a loss, too, but not in half of its lines.
    pub(super) fn is_log(self) -> bool {
        self.placed > 0 || self.measures > 1 && self.measures * 2 >= self.lines
    }
}

/// Looks at the start of a text.
pub(super) fn look(start: &str) -> Printed {
    let progress = Progress::default();
    let mut reader = LinesReader::new(Path::new(""), String::new());
    let text = Text::new(start.as_bytes(), Encoding::Utf8 { mark: false }, &progress);
    let (placed, measures) = match reader.read(text) {
        Ok(()) => reader.measures(),
        Err(_) => (0, 0),
    };
    Printed {
        placed,
        measures,
        lines: start.lines().filter(|line| !line.trim().is_empty()).count() as u64,
    }
}
