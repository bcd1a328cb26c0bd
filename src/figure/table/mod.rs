//! A comparison of runs as a table: CSV, Markdown, LaTeX. Units stand in the header. Numbers have 4
//! significant digits; in CSV they have all their digits.

mod column;

pub use column::{Cell, Column};

use crate::run::Comparison;
use crate::table::{Align, Table};

fn table(comparison: &Comparison, columns: &[Column], cell: fn(&Cell) -> String) -> Table {
    let header = columns.iter().map(|column| {
        let align = if column.is_text() {
            Align::Left
        } else {
            Align::Right
        };
        (column.header(comparison), align)
    });
    let rows = comparison.rows.iter();
    Table::new(header)
        .with_rows(rows.map(|row| columns.iter().map(|c| cell(&c.cell(row))).collect()))
}

/// The comparison with numbers as a person reads them.
#[must_use]
pub fn shown(comparison: &Comparison, columns: &[Column]) -> Table {
    table(comparison, columns, Cell::shown)
}

/// The comparison as CSV, numbers with all their digits.
#[must_use]
pub fn csv(comparison: &Comparison, columns: &[Column]) -> String {
    table(comparison, columns, Cell::exact).csv()
}

/// The comparison in GitHub's Markdown.
#[must_use]
pub fn markdown(comparison: &Comparison, columns: &[Column]) -> String {
    shown(comparison, columns).markdown()
}

/// The comparison in LaTeX.
#[must_use]
pub fn latex(comparison: &Comparison, columns: &[Column]) -> String {
    shown(comparison, columns).latex()
}
