//! What a cell says: in the tooltip under the pointer, and aloud to a screen reader.

use eframe::egui::{Grid as Table, RichText, Ui};

use crate::figure::{Column, Grid, Value, Values};
use crate::selection::Mark;
use crate::text::{grouped, significant};
use crate::window::heatmap::event::Input;
use crate::window::heatmap::look::Look;
use crate::window::number;

/// A cell in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Description {
    /// The module's name, or the folded row and its block.
    pub(crate) title: String,
    /// Names and values.
    pub(crate) lines: Vec<(&'static str, String)>,
}

impl Description {
    /// Describes the cell at (row, column); nothing is said of an empty one.
    pub(crate) fn new(
        input: &Input<'_>,
        grid: &Grid,
        values: &Values,
        (row, column): (usize, usize),
    ) -> Option<Self> {
        match grid.modules(row, column) {
            [] => None,
            [only] => Some(one(input, *only as usize)),
            many => Some(folded(input, grid, values, (row, column), many)),
        }
    }

    /// As a sentence.
    pub(crate) fn spoken(&self) -> String {
        let lines = self
            .lines
            .iter()
            .map(|(name, value)| format!("{name} {value}"));
        let mut parts = vec![self.title.clone()];
        parts.extend(lines);
        parts.join(", ")
    }

    pub(crate) fn ui(&self, ui: &mut Ui, look: &Look) {
        ui.label(RichText::new(&self.title).strong());
        Table::new("heatmap tooltip")
            .num_columns(2)
            .spacing([12.0, 3.0])
            .show(ui, |ui| {
                for (name, value) in &self.lines {
                    ui.label(RichText::new(*name).color(look.weak));
                    ui.label(value);
                    ui.end_row();
                }
            });
    }
}

fn nothing() -> String {
    "τ separates nothing".to_owned()
}

fn one(input: &Input<'_>, index: usize) -> Description {
    let (report, pools) = (input.report, input.pools);
    let module = &report.modules[index];
    let mut lines = Vec::new();
    lines.push(match module.snr {
        None if module.problem.is_some() => ("SNR", "none".to_owned()),
        None => ("SNR", "not scanned yet".to_owned()),
        Some(snr) => ("SNR", significant(snr, 4)),
    });
    if let Some(other) = &report.other {
        lines.push(match other.snr[index] {
            None => ("There", "no ratio".to_owned()),
            Some(snr) => ("There", significant(snr, 4)),
        });
        if let Some(change) = report.change(index) {
            lines.push(("Change", format!("{} (log₂)", significant(change, 3))));
        }
    }
    if let Some(noise) = &module.noise {
        lines.push((
            "Of noise",
            noise
                .control_snr
                .map_or_else(nothing, |snr| significant(snr, 4)),
        ));
        lines.push((
            "Excess",
            noise.excess.map_or_else(nothing, |log| significant(log, 3)),
        ));
    }
    if let Some(problem) = &module.problem {
        lines.push(("Why", problem.clone()));
    }
    if module.snr.is_some()
        && let Some(pool) = pools.pool_of(index)
    {
        let (rank, count) = (pools.rank[index] + 1, pools.order[pool].len());
        lines.push(("Rank", format!("{rank} of {count}")));
        lines.push((
            "Enters at",
            pools
                .enters_at(index)
                .map_or_else(|| "no percentage".to_owned(), number::entry),
        ));
    }
    lines.push(("State", state(input, index).to_owned()));
    if input.near.get(index) == Some(&true) {
        lines.push((
            "Near-tie",
            "the data do not settle its side of the cut".to_owned(),
        ));
    }
    if let Some(weight) = &module.weight {
        let shape: Vec<String> = weight.shape.iter().map(ToString::to_string).collect();
        lines.push(("Shape", shape.join(" × ")));
        lines.push(("Parameters", grouped(weight.parameters)));
        if let Some(owner) = &weight.tied_to {
            lines.push(("Tied to", owner.clone()));
        }
    }
    Description {
        title: module.name.clone(),
        lines,
    }
}

fn state(input: &Input<'_>, index: usize) -> &'static str {
    let chosen = input.set.chosen.get(index) == Some(&true);
    let mark = input.choice.marks.get(&input.report.modules[index].name);
    match (mark, chosen) {
        (Some(Mark::Pin), true) => "chosen: pinned",
        (Some(Mark::Pin), false) => "frozen: pinned, but its type is left out",
        (Some(Mark::Drop), false) => "frozen: dropped",
        (Some(Mark::Drop), true) => "chosen by its fixed line, though dropped",
        (None, true) => "chosen by percentage",
        (None, false) if input.pools.pool_of(index).is_none() => {
            "frozen: its tower or block is left out"
        }
        (None, false) => "frozen",
    }
}

fn folded(
    input: &Input<'_>,
    grid: &Grid,
    values: &Values,
    (row, column): (usize, usize),
    modules: &[u32],
) -> Description {
    let place = match grid.columns[column] {
        Column::Block(block) => format!("block {block}"),
        Column::NoBlock => "no block".to_owned(),
    };
    let mut lines = Vec::new();
    let name = match values.mode {
        crate::figure::Mode::Snr => "Mean SNR",
        crate::figure::Mode::Rank => "Mean rank",
        crate::figure::Mode::Control => "Mean SNR₀",
        crate::figure::Mode::Excess => "Mean excess",
        crate::figure::Mode::Change => "Mean change",
        crate::figure::Mode::Other => "Mean SNR there",
    };
    match values.spread(modules) {
        Some(spread) => {
            lines.push((name, significant(spread.mean, 4)));
            lines.push((
                "Range",
                format!(
                    "{} – {}",
                    significant(spread.least, 4),
                    significant(spread.greatest, 4)
                ),
            ));
        }
        None => lines.push((name, "none".to_owned())),
    }
    let count = |what| {
        let cells = modules.iter();
        cells
            .filter(|&&m| values.module(m as usize) == what)
            .count()
    };
    for (name, what) in [
        ("Infinite", Value::Infinite),
        ("No ratio", Value::Nan),
        ("Not scanned", Value::Waiting),
        ("τ separates nothing", Value::Unseparated),
        ("Not known", Value::Unknown),
    ] {
        let found = count(what);
        if found > 0 {
            lines.push((name, format!("{found} of {}", modules.len())));
        }
    }
    let chosen = modules
        .iter()
        .filter(|&&m| input.set.chosen.get(m as usize) == Some(&true))
        .count();
    lines.push(("Chosen", format!("{chosen} of {}", modules.len())));
    let near = modules
        .iter()
        .filter(|&&m| input.near.get(m as usize) == Some(&true))
        .count();
    if near > 0 {
        lines.push(("Near-ties", format!("{near} of {}", modules.len())));
    }
    Description {
        title: format!("{}, {place}", grid.rows[row].label),
        lines,
    }
}
