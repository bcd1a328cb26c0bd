//! What the columns of an unknown table mean: guessed, chosen by a person, remembered by header.
//!
//! Enters: a header and the first rows. Leaves: a [`Mapping`].

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::model::Metric;
use super::units::CellUnit;

/// The first rows of a table of no known layout, and what its columns seem to mean.
#[derive(Debug, Clone, PartialEq)]
pub struct TablePreview {
    /// The file.
    pub path: PathBuf,
    /// What separates its cells; a space stands for any run of spaces and tabs.
    pub delimiter: char,
    /// Whether numbers are written `1,5`.
    pub decimal_comma: bool,
    /// The names of the columns; `column 1` and so on where the file has none.
    pub header: Vec<String>,
    /// The first rows, at most [`PREVIEW_ROWS`], each as wide as the header.
    pub rows: Vec<Vec<String>>,
    /// What the columns seem to mean.
    pub guess: Mapping,
}

/// How many rows a preview has.
pub const PREVIEW_ROWS: usize = 20;

/// How to read a table: by which characters, and what each column means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// One role a column, in the order of the file; columns beyond are ignored.
    pub columns: Vec<ColumnRole>,
    /// What separates cells; a space stands for any run of spaces and tabs.
    pub delimiter: char,
    /// Whether numbers are written `1,5`.
    pub decimal_comma: bool,
    /// Whether the first row names the columns.
    pub header: bool,
}

/// What a column means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ColumnRole {
    /// Nothing.
    #[default]
    Ignore,
    /// Optimizer steps.
    Step,
    /// Epochs.
    Epoch,
    /// Time since the run began.
    Relative {
        /// The unit it is counted in.
        unit: CellUnit,
    },
    /// Time of day and date.
    Wall {
        /// How it is written.
        format: WallFormat,
    },
    /// The name of the run that the row belongs to.
    RunName,
    /// The name of the metric that the row's [`ColumnRole::Value`] is of.
    MetricName,
    /// The value of the metric that the row names.
    Value,
    /// The values of the metric that the column is named after.
    Series {
        /// What it measures.
        metric: Metric,
        /// The unit it is written in, unless a cell says otherwise.
        unit: CellUnit,
    },
}

/// How a wall time is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WallFormat {
    /// Seconds since 1970; milli-, micro- or nanoseconds where the number is too large for that.
    #[default]
    Unix,
    /// A date and time: `2025-05-22T09:42:33Z`, `2025/05/22 09:42:33.587`. UTC where it names no
    /// zone.
    Date,
}

impl ColumnRole {
    /// Whether it says where in a run a row is.
    #[must_use]
    pub fn is_place(self) -> bool {
        matches!(
            self,
            Self::Step | Self::Epoch | Self::Relative { .. } | Self::Wall { .. }
        )
    }
}

impl Mapping {
    /// What a mapping for a table with this header is remembered by: tables that name the same
    /// columns in the same order are read alike.
    #[must_use]
    pub fn header_key(header: &[String]) -> String {
        header.join("\u{1f}")
    }
}

impl TablePreview {
    /// What its mapping is remembered by: see [`Mapping::header_key`].
    #[must_use]
    pub fn header_key(&self) -> String {
        Mapping::header_key(&self.header)
    }
}
