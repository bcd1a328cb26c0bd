//! The columns of the table of runs: headings with units, texts in four digits, what to sort by.

use crate::figure::table::{self, Column};
use crate::run::{Comparison, ComparisonRow, LossKind};

/// A column as it is drawn.
pub(crate) struct Heading {
    pub(crate) column: Column,
    /// What it is about, above columns of one kind.
    pub(crate) group: &'static str,
    /// Its own heading, with the unit.
    pub(crate) text: String,
    /// What it means.
    pub(crate) tooltip: &'static str,
    pub(crate) width: f32,
}

/// A cell: text, all digits, what it is sorted by.
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) full: String,
    pub(crate) value: Option<f64>,
}

/// All columns there can be, in their order, the name's left out.
pub(crate) fn all(metrics: usize) -> Vec<Column> {
    let fixed = [
        Column::Method,
        Column::Trainable,
        Column::LastLoss,
        Column::BestLoss,
        Column::SmoothedLoss,
        Column::LossDifference,
        Column::TrainLoss,
        Column::EvalLoss,
        Column::Minutes,
        Column::TimeImprovement,
        Column::GpuAverage,
        Column::GpuPeak,
        Column::CpuAverage,
        Column::CpuPeak,
    ];
    let extra = (0..metrics).map(Column::Extra);
    fixed.into_iter().chain(extra).collect()
}

/// The heading of `column`.
pub(crate) fn heading(column: Column, comparison: &Comparison) -> Heading {
    let loss = match comparison.loss_kind {
        Some(LossKind::Eval) => "Evaluation loss",
        Some(LossKind::Train) => "Training loss",
        _ => "Loss",
    };
    let (group, text, tooltip, width) = match column {
        Column::Name => (
            "",
            "Run",
            "The run's name: double click to change it",
            180.0,
        ),
        Column::Method => (
            "",
            "Method",
            "How it trains, as far as the name tells",
            112.0,
        ),
        Column::LastLoss => (loss, "last", "The last value logged", 66.0),
        Column::BestLoss => (loss, "best", "The least value logged", 66.0),
        Column::SmoothedLoss => (
            loss,
            "smoothed",
            "The last value after TensorBoard's smoothing: at the slider's weight, at least 0.6",
            72.0,
        ),
        Column::LossDifference => (
            loss,
            "difference %",
            "(loss − baseline's) / baseline's: above 0 is worse than the baseline",
            88.0,
        ),
        Column::Minutes => ("Time", "min", "From the beginning to the last loss", 62.0),
        Column::TimeImprovement => (
            "Time",
            "improvement %",
            "(baseline's minutes − minutes) / baseline's: above 0 is faster than the baseline",
            102.0,
        ),
        Column::GpuAverage => (
            "GPU memory",
            "mean GB",
            "Summed over GPUs, mean over time; GB = 10⁹ bytes",
            70.0,
        ),
        Column::GpuPeak => (
            "GPU memory",
            "peak GB",
            "Summed over GPUs, the greatest; GB = 10⁹ bytes",
            66.0,
        ),
        Column::CpuAverage => (
            "CPU memory",
            "mean GiB",
            "Mean over time; GiB = 2³⁰ bytes",
            72.0,
        ),
        Column::CpuPeak => (
            "CPU memory",
            "peak GiB",
            "The greatest; GiB = 2³⁰ bytes",
            70.0,
        ),
        Column::Trainable => ("", "Trained %", "Share of the parameters that train", 76.0),
        Column::TrainLoss => ("Losses", "training", "The last training loss", 72.0),
        Column::EvalLoss => ("Losses", "evaluation", "The last evaluation loss", 80.0),
        Column::Extra(_) => ("Last value", "", "The last value of this metric", 96.0),
    };
    let text = match column {
        Column::Extra(_) => column.name(comparison),
        _ => text.to_owned(),
    };
    Heading {
        column,
        group,
        text,
        tooltip,
        width,
    }
}

/// The cell of `column` in `row`.
pub(crate) fn cell(column: Column, row: &ComparisonRow) -> Cell {
    let cell = column.cell(row);
    let value = match cell {
        table::Cell::Number(value) => Some(value),
        _ => None,
    };
    let text = match (column, value) {
        (Column::LossDifference | Column::TimeImprovement, Some(value)) => {
            format!("{value:+.2}").replace('-', "−")
        }
        (Column::Trainable, Some(value)) => format!("{value:.1}"),
        (Column::Method, _) if cell != table::Cell::Empty => capital(&cell.shown()),
        _ if cell == table::Cell::Empty => "–".to_owned(),
        _ => cell.shown(),
    };
    let full = value.map_or_else(String::new, |value| value.to_string());
    Cell { text, full, value }
}

/// Whether any row has something in that column.
pub(crate) fn is_filled(column: Column, comparison: &Comparison) -> bool {
    let mut rows = comparison.rows.iter();
    rows.any(|row| column.cell(row) != table::Cell::Empty)
}

/// `text` with a capital letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
