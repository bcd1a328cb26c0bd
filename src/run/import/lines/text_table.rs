//! A table in the midst of text: the one that a notebook shows of a transformers training.
//!
//! Enters: lines. Leaves: the names of the columns, then the numbers of a row.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use crate::run::import::cell::{self, Cell};
use crate::run::model::Metric;
use crate::run::names;

/// The columns of a table, set apart by tabs.
#[derive(Debug, Clone)]
pub(super) struct TextTable {
    names: Vec<String>,
}

impl TextTable {
    /// The table that this line is the header of: a place and a loss, set apart by tabs.
    pub(super) fn of_header(line: &str) -> Option<Self> {
        if !line.contains('\t') {
            return None;
        }
        let names: Vec<String> = line
            .split('\t')
            .map(|name| name.trim().to_owned())
            .collect();
        let is_place = |name: &String| names::axis(name).is_some();
        let is_loss = |name: &String| {
            matches!(
                names::describe(name).metric,
                Metric::TrainLoss | Metric::EvalLoss
            )
        };
        (names.iter().any(is_place) && names.iter().any(is_loss)).then_some(Self { names })
    }

    /// The numbers of a row; none where the line is no row of this table. `No log` is no number.
    pub(super) fn row(&self, line: &str) -> Option<Vec<(String, f64)>> {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() != self.names.len() {
            return None;
        }
        let numbers = self.names.iter().zip(cells).filter_map(|(name, text)| {
            match cell::read(text.as_bytes(), false) {
                Cell::Number(number, _) => Some((name.clone(), number)),
                _ => None,
            }
        });
        let numbers: Vec<(String, f64)> = numbers.collect();
        (!numbers.is_empty()).then_some(numbers)
    }
}
