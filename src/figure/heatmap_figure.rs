//! The heatmap as a figure: the grid's values, and for each cell what a choice trains and freezes.

use crate::figure::{ColorMap, Grid, Values};
use crate::report::SnrReport;
use crate::selection::{Choice, FreezeSet, Mark};
use crate::text::grouped;

/// A heatmap with title and caption.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatmapFigure<'a> {
    /// The model's name.
    pub title: String,
    /// What is chosen, and what the color stands for.
    pub caption: Vec<String>,
    /// Rows and columns.
    pub grid: &'a Grid,
    /// Every cell's value, the scale and the legend's histogram.
    pub values: &'a Values,
    /// The colors.
    pub map: ColorMap,
    /// What the choice makes of every cell, row by row; empty where no choice is shown.
    pub cells: Vec<Chosen>,
}

/// How much of a cell is chosen and marked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Modules in the cell.
    pub total: u32,
    /// Modules that train.
    pub chosen: u32,
    /// Modules pinned by hand.
    pub pinned: u32,
    /// Modules dropped by hand.
    pub dropped: u32,
}

impl<'a> HeatmapFigure<'a> {
    /// The heatmap of `report`; with `choice` also what trains and what is frozen.
    #[must_use]
    pub fn new(
        report: &SnrReport,
        (grid, values): (&'a Grid, &'a Values),
        map: ColorMap,
        choice: Option<(&Choice, &FreezeSet)>,
    ) -> Self {
        let modules = report.modules.len() as u64;
        let types = report.types.len() as u64;
        let mut caption = vec![format!(
            "{} of {} modules in {} layer types",
            values.mode.label(),
            grouped(modules),
            grouped(types)
        )];
        if let Some(other) = &report.other {
            caption.push(format!("against {}", other.slug));
        }
        if let Some((choice, set)) = choice {
            caption.push(chosen_text(choice, set));
        }
        Self {
            title: report.slug.clone(),
            caption,
            grid,
            values,
            map: values.mode.map(map),
            cells: choice.map_or_else(Vec::new, |choice| cells(report, grid, choice)),
        }
    }

    /// What the choice makes of that cell; `None` where no choice is shown.
    #[must_use]
    pub fn chosen(&self, row: usize, column: usize) -> Option<Chosen> {
        self.cells
            .get(row * self.grid.columns.len() + column)
            .copied()
    }
}

fn cells(report: &SnrReport, grid: &Grid, (choice, set): (&Choice, &FreezeSet)) -> Vec<Chosen> {
    let columns = grid.columns.len();
    let cell = |index: usize| {
        let mut cell = Chosen::default();
        for &module in grid.modules(index / columns, index % columns) {
            let module = module as usize;
            cell.total += 1;
            cell.chosen += u32::from(set.chosen.get(module) == Some(&true));
            match choice.marks.get(&report.modules[module].name) {
                Some(Mark::Pin) => cell.pinned += 1,
                Some(Mark::Drop) => cell.dropped += 1,
                None => {}
            }
        }
        cell
    };
    (0..grid.rows.len() * columns).map(cell).collect()
}

/// How many modules train, and what that is of the model.
fn chosen_text(choice: &Choice, set: &FreezeSet) -> String {
    let counts = &set.counts;
    let modules = format!(
        "{} of {} modules train",
        grouped(counts.modules as u64),
        grouped(counts.modules_total as u64)
    );
    let share = counts.share().map_or_else(String::new, |share| {
        format!(", {:.1} % of parameters", share * 100.0)
    });
    let top = match set.percent {
        Some(percent) => format!("top {percent} % of each type"),
        None if choice.rules.are_default() => {
            format!("top {} % of each type, changed by hand", set.top)
        }
        None => format!("top {} %, ranked by {}", set.top, choice.rules),
    };
    format!("{top}: {modules}{share}")
}
