//! The tables of the sets tab as text, to be copied as CSV and Markdown.

use crate::selection::{Part, Parts, SetDifference};
use crate::table::Table;
use crate::window::document::sets::SetsView;

/// The difference as the view shows it, numbers in full.
pub(crate) fn table(view: SetsView, difference: &SetDifference) -> Table {
    let (first, rows): (_, Vec<(String, Parts)>) = if view == SetsView::Blocks {
        let rows = difference.blocks.iter();
        (
            "Block",
            rows.map(|(block, row)| (block_name(*block), *row))
                .collect(),
        )
    } else {
        ("Layer type", difference.types.clone())
    };
    let mut header = vec![first.to_owned()];
    header.extend(Part::ALL.map(|part| format!("{} (modules)", part.text())));
    if difference.shapes {
        header.extend(Part::ALL.map(|part| format!("{} (parameters)", part.text())));
    }
    let total = ("Total".to_owned(), difference.total);
    let cells = |(name, row): (String, Parts)| {
        let mut cells = vec![name];
        cells.extend(Part::ALL.map(|part| row.get(part).modules.to_string()));
        if difference.shapes {
            cells.extend(Part::ALL.map(|part| row.get(part).parameters.to_string()));
        }
        cells
    };
    Table::of_numbers(header).with_rows(rows.into_iter().chain([total]).map(cells))
}

pub(super) fn block_name(block: Option<u32>) -> String {
    block.map_or_else(|| "no block".to_owned(), |block| block.to_string())
}
