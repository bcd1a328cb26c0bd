//! A table whose header changes in mid-file, as where a metric is logged that was not before.
//!
//! Enters: a row of names. Leaves: the reader, which reads by them from there on.

use super::cell::Cell;
use super::plan::Column;
use super::row::Row;
use super::table::{MOST_COLUMNS, TableReader};
use crate::run::names;

impl TableReader {
    /// The names of a row that is a header again, with other columns than before.
    pub(super) fn other_header(&self, row: Row<'_>) -> Option<Vec<String>> {
        let header = &self.plan.header;
        let first = header.first().filter(|name| !name.is_empty())?;
        if self.long.is_some() || row.cell(0) != first.as_bytes() || row.cells.len() > MOST_COLUMNS
        {
            return None;
        }
        let names: Vec<String> = (0..row.cells.len())
            .map(|at| row.text(at).into_owned())
            .collect();
        let is_name = |name: &String| {
            matches!(self.writing.number(name.as_bytes()), Cell::Text) && !name.is_empty()
        };
        let known = names.iter().filter(|name| header.contains(name)).count();
        (names.len() > 1 && names.iter().all(is_name) && known * 2 >= header.len().min(names.len()))
            .then_some(names)
    }

    /// Reads further rows by other columns; what is called as before goes on as before.
    pub(super) fn adopt(&mut self, header: Vec<String>) {
        let old = std::mem::take(&mut self.plan.header);
        let columns = header.iter().map(|name| {
            let known = old.iter().position(|old| old == name);
            let known = known.and_then(|at| self.plan.columns.get(at)).cloned();
            known.unwrap_or_else(|| match names::axis(name) {
                Some(role) => Column::of_role(role, name),
                None => Column::series(0, name),
            })
        });
        let columns: Vec<Column> = columns.collect();
        let mut before: Vec<_> = self.places.drain().collect();
        before.sort_by(|a, b| a.0.cmp(&b.0));
        for (key, places) in before {
            for (&column, place) in self.values.iter().zip(&places.columns) {
                if let (Some(name), Some(place)) = (old.get(column), place) {
                    self.series_before
                        .insert((key.clone(), name.clone()), *place);
                }
            }
            self.tables_before.insert(key, places.tables);
        }
        let find = |wanted: &Column| columns.iter().position(|column| column == wanted);
        let all = |wanted: fn(&Column) -> bool| -> Vec<usize> {
            (0..columns.len())
                .filter(|&at| columns.get(at).is_some_and(wanted))
                .collect()
        };
        self.axis = all(|column| matches!(column, Column::Axis { .. }));
        self.values = all(|column| matches!(column, Column::Series { .. } | Column::Constant(_)));
        (self.run_name, self.gpu) = (find(&Column::RunName), find(&Column::Gpu));
        (self.subset, self.state) = (find(&Column::Subset), find(&Column::State));
        self.texts.clear();
        self.plan.columns = columns;
        self.plan.header = header;
    }
}
