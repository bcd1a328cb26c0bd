//! The rows and columns of the table of runs: which, and in which order.

use crate::figure::table::Column;
use crate::run::Comparison;
use crate::window::runs::columns::{self, Heading};
use crate::window::runs::derive::Derived;
use crate::window::runs::entry::RunEntry;
use crate::window::runs::state::Runs;
use crate::window::theme;

/// Height of a row.
pub(crate) const ROW: f32 = 24.0;
/// Room for the checkbox and the color.
pub(crate) const MARKS: f32 = 48.0;

/// What the rows of a frame share.
pub(crate) struct Shown<'a> {
    pub(crate) runs: &'a Runs,
    pub(crate) derived: &'a Derived,
    pub(crate) headings: Vec<Heading>,
    pub(crate) name: f32,
    pub(crate) palette: theme::Palette,
}

/// The runs in the order they are shown in.
pub(crate) fn order<'a>(runs: &'a Runs, derived: &Derived) -> Vec<&'a RunEntry> {
    let mut order: Vec<&RunEntry> = runs.list.iter().collect();
    let Some((column, descending)) = &runs.view.sort else {
        return order;
    };
    let key = |entry: &RunEntry| {
        let cell = derived.row(entry.id).map(|row| columns::cell(*column, row));
        cell.map(|cell| (cell.value, cell.text))
    };
    order.sort_by(|a, b| {
        let (Some(a), Some(b)) = (key(a), key(b)) else {
            return std::cmp::Ordering::Equal;
        };
        match (a.0, b.0) {
            (Some(a), Some(b)) if *descending => b.total_cmp(&a),
            (Some(a), Some(b)) => a.total_cmp(&b),
            // What has no value comes last either way.
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) if *descending => b.1.cmp(&a.1),
            (None, None) => a.1.cmp(&b.1),
        }
    });
    order
}

/// The table as it is shown, without the runs that are hidden: what is copied.
pub(crate) fn as_shown(runs: &Runs, derived: &Derived) -> (Comparison, Vec<Column>) {
    let mut comparison = derived.comparison.clone();
    let shown = order(runs, derived)
        .into_iter()
        .filter(|entry| !entry.hidden);
    comparison.rows = shown
        .filter_map(|entry| derived.row(entry.id).cloned())
        .collect();
    let columns = columns(runs, derived);
    let columns = std::iter::once(Column::Name).chain(columns).collect();
    (comparison, columns)
}

/// The columns that are shown, the name's left out.
pub(crate) fn columns(runs: &Runs, derived: &Derived) -> Vec<Column> {
    let hidden = &runs.view.hidden_columns;
    columns::all(derived.comparison.metrics.len())
        .into_iter()
        .filter(|column| !hidden.contains(column))
        .filter(|column| columns::is_filled(*column, &derived.comparison))
        .collect()
}
