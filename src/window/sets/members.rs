//! What all sets train, by layer type.

use crate::selection::Membership;
use crate::table::Table;
use crate::window::document::Document;

/// How many sets the table of all sets has room for.
pub(super) const SETS: usize = 8;

/// The table of all sets.
pub(crate) struct Members {
    pub(super) colors: Vec<usize>,
    pub(super) counts: Membership,
    pub(super) table: Table,
    /// Sets that there is no room for.
    pub(super) more: usize,
}

impl Members {
    pub(crate) fn of(document: &Document) -> Self {
        let sets: Vec<_> = document.sides().collect();
        let shown = &sets[..sets.len().min(SETS)];
        let chosen: Vec<&[bool]> = shown.iter().map(|side| side.chosen).collect();
        let counts = Membership::new(&document.report, &chosen);
        let mut header = vec!["Layer type".to_owned(), "modules".to_owned()];
        header.extend(shown.iter().map(|side| side.name.to_owned()));
        let rows = counts.rows.iter().map(|(name, modules, counts)| {
            let mut row = vec![name.clone(), modules.to_string()];
            row.extend(counts.iter().map(ToString::to_string));
            row
        });
        Self {
            colors: shown.iter().map(|side| side.color).collect(),
            table: Table::of_numbers(header).with_rows(rows),
            counts,
            more: sets.len() - shown.len(),
        }
    }
}
