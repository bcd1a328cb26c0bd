//! JSON lines: one object a line.
//!
//! Enters: text, which may be fed in parts that end at the end of a line. Leaves: a filled
//! collector.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::de::DeserializeSeed as _;

use super::collect::shown;
use super::failed::fail;
use super::json_rows::JsonRows;
use super::python_json::Strict;
use super::text::{self, Text};
use crate::error::Result;

/// Reads JSON lines.
#[derive(Debug, Clone)]
pub(super) struct JsonLinesReader {
    path: PathBuf,
    pub(super) rows: JsonRows,
    lines: u64,
}

impl JsonLinesReader {
    /// A reader of the file at `path`, of the run of that name.
    pub(super) fn new(path: &Path, run: String) -> Self {
        Self {
            path: path.to_path_buf(),
            rows: JsonRows::new(run),
            lines: 0,
        }
    }

    /// Reads lines up to the end of `text`.
    pub(super) fn read<R: Read>(&mut self, text: Text<'_, R>) -> Result<()> {
        let mut reader = BufReader::with_capacity(64 << 10, Strict::new(text));
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line);
            let read =
                read.map_err(|error| text::read_error(&self.path, self.lines + 1, &error))?;
            if read == 0 {
                return Ok(());
            }
            reader.get_mut().inner.row_read();
            self.lines += 1;
            if line.trim_ascii().is_empty() {
                continue;
            }
            self.line(&line)?;
        }
    }

    fn line(&mut self, line: &[u8]) -> Result<()> {
        let mut json = serde_json::Deserializer::from_slice(line);
        let read = self
            .rows
            .row()
            .deserialize(&mut json)
            .and_then(|()| json.end());
        let Err(error) = read else {
            return self.rows.end_row().map_err(|_too_many| {
                fail(
                    &self.path,
                    &format!("line {}", self.lines),
                    "names more than 100,000 runs and metrics",
                    "give a smaller log",
                )
            });
        };
        let text = error.to_string();
        let problem = text.split(" at line ").next().unwrap_or_default();
        let problem = if error.is_eof() {
            format!("is not finished: {}", shown(line))
        } else {
            format!("{problem} (column {}): {}", error.column(), shown(line))
        };
        self.rows.collector.rows += 1;
        self.rows.collector.bad(self.lines, problem);
        Ok(())
    }
}
