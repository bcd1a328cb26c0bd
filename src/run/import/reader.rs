//! A log that is read row by row, at once or as it grows.
//!
//! Enters: text, in one or more parts. Leaves: the runs read so far.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::failed::fail;
use super::json_lines::JsonLinesReader;
use super::lines::LinesReader;
use super::plan::Plan;
use super::table::TableReader;
use super::text::Text;
use crate::error::Result;
use crate::run::model::Run;

/// Reads a log of rows.
#[derive(Debug, Clone)]
pub(super) struct LogReader {
    path: PathBuf,
    rows: Rows,
}

#[derive(Debug, Clone)]
enum Rows {
    Table(Box<TableReader>),
    JsonLines(Box<JsonLinesReader>),
    Lines(Box<LinesReader>),
}

impl LogReader {
    pub(super) fn table(path: &Path, plan: Plan) -> Result<Self> {
        Ok(Self {
            path: path.to_path_buf(),
            rows: Rows::Table(Box::new(TableReader::new(path, plan)?)),
        })
    }

    pub(super) fn json_lines(path: &Path, run: String) -> Self {
        let rows = JsonLinesReader::new(path, run);
        Self {
            path: path.to_path_buf(),
            rows: Rows::JsonLines(Box::new(rows)),
        }
    }

    pub(super) fn lines(path: &Path, run: String) -> Self {
        Self {
            path: path.to_path_buf(),
            rows: Rows::Lines(Box::new(LinesReader::new(path, run))),
        }
    }

    /// Whether a text that was read to its end holds anything of a training.
    pub(super) fn check(&self) -> Result<()> {
        match &self.rows {
            Rows::Lines(reader) if !reader.has_measure() => Err(fail(
                &self.path,
                "whole file",
                "is text with no loss and no memory in it",
                "give what the trainer printed, from the first step on",
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn read<R: Read>(&mut self, text: Text<'_, R>) -> Result<()> {
        match &mut self.rows {
            Rows::Table(reader) => reader.read(text),
            Rows::JsonLines(reader) => reader.read(text),
            Rows::Lines(reader) => reader.read(text),
        }
    }

    /// How many rows could not be read.
    pub(super) fn bad_rows(&self) -> u64 {
        match &self.rows {
            Rows::Table(reader) => reader.collector.bad_rows,
            Rows::JsonLines(reader) => reader.rows.collector.bad_rows,
            Rows::Lines(reader) => reader.collector.bad_rows,
        }
    }

    /// The runs read.
    pub(super) fn finish(self) -> Vec<Run> {
        match self.rows {
            Rows::Table(mut reader) => {
                reader.settle();
                let layout = reader.layout();
                reader.collector.finish(&self.path, layout)
            }
            Rows::JsonLines(reader) => reader.rows.collector.finish(&self.path, "JSON lines"),
            Rows::Lines(reader) => reader.collector.finish(&self.path, "text"),
        }
    }
}
