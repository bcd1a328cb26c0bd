//! The tables of the sets tab as text, to be copied as CSV and Markdown.

use crate::selection::{Part, Parts, SetDifference};
use crate::window::document::sets::SetsView;

/// A table as text: the header, then the rows.
pub(crate) struct Table {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in std::iter::once(&self.header).chain(&self.rows) {
            // Writing to memory cannot fail.
            let _ = writer.write_record(row);
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub(super) fn markdown(&self) -> String {
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rule = "---:|".repeat(self.header.len() - 1);
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("{}|---|{rule}\n{rows}", line(&self.header))
    }
}

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
    Table {
        header,
        rows: rows.into_iter().chain([total]).map(cells).collect(),
    }
}

pub(super) fn block_name(block: Option<u32>) -> String {
    block.map_or_else(|| "no block".to_owned(), |block| block.to_string())
}
