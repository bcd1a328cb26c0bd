//! The columns of the table of runs: headings with units, texts in four digits, what to sort by.
//!
//! Enters: a row of the comparison. Leaves: cells.

use crate::app::runs::Column;
use crate::run::{Comparison, ComparisonRow, LossKind, Method};
use crate::ui::number;

/// A column as it is drawn.
pub(super) struct Heading {
    pub(super) column: Column,
    /// What it is about, above columns of one kind.
    pub(super) group: &'static str,
    /// Its own heading, with the unit.
    pub(super) text: String,
    /// What it means.
    pub(super) tooltip: &'static str,
    pub(super) width: f32,
}

/// A cell: text, all digits, what it is sorted by.
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) full: String,
    pub(super) value: Option<f64>,
}

/// All columns there can be, in their order, the name's left out.
pub(super) fn all(metrics: &[String]) -> Vec<Column> {
    let fixed = [
        Column::Method,
        Column::LastLoss,
        Column::BestLoss,
        Column::SmoothedLoss,
        Column::LossDifference,
        Column::Minutes,
        Column::TimeImprovement,
        Column::GpuAverage,
        Column::GpuPeak,
        Column::CpuAverage,
        Column::CpuPeak,
        Column::Trainable,
    ];
    let extra = metrics.iter().map(|name| Column::Metric(name.clone()));
    fixed.into_iter().chain(extra).collect()
}

/// The heading of `column`.
pub(super) fn heading(column: Column, comparison: &Comparison) -> Heading {
    let loss = match comparison.loss_kind {
        Some(LossKind::Eval) => "Evaluation loss",
        Some(LossKind::Train) => "Training loss",
        _ => "Loss",
    };
    let (group, text, tooltip, width) = match &column {
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
            92.0,
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
        Column::Metric(_) => ("Last value", "", "The last value of this metric", 92.0),
    };
    let text = match &column {
        Column::Metric(name) => name.clone(),
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
pub(super) fn cell(column: &Column, row: &ComparisonRow, metrics: &[String]) -> Cell {
    let digits = |value: Option<f64>, round: fn(f64) -> String| Cell {
        text: value.map_or_else(|| "–".to_owned(), round),
        full: value.map_or_else(String::new, |value| value.to_string()),
        value,
    };
    let plain = number::ratio as fn(f64) -> String;
    let share: fn(f64) -> String = |value| format!("{value:.1}");
    let signed: fn(f64) -> String = |value| format!("{value:+.2}").replace('-', "−");
    match column {
        Column::Name => text(row.name.clone()),
        Column::Method => method(row.method),
        Column::LastLoss => digits(row.last_loss, plain),
        Column::BestLoss => digits(row.best_loss, plain),
        Column::SmoothedLoss => digits(row.smoothed_last, plain),
        Column::LossDifference => digits(row.loss_difference_percent, signed),
        Column::Minutes => digits(row.minutes, plain),
        Column::TimeImprovement => digits(row.time_improvement_percent, signed),
        Column::GpuAverage => digits(row.gpu_memory_avg_gb, plain),
        Column::GpuPeak => digits(row.gpu_memory_peak_gb, plain),
        Column::CpuAverage => digits(row.cpu_memory_avg_gib, plain),
        Column::CpuPeak => digits(row.cpu_memory_peak_gib, plain),
        Column::Trainable => digits(row.trainable_percent, share),
        Column::Metric(name) => {
            let place = metrics.iter().position(|metric| metric == name);
            let value = place.and_then(|place| row.extra.get(place).copied().flatten());
            digits(value, plain)
        }
    }
}

/// Whether any row has something in that column.
pub(super) fn is_filled(column: &Column, comparison: &Comparison) -> bool {
    let filled = |row: &ComparisonRow| {
        let cell = cell(column, row, &comparison.metrics);
        cell.value.is_some() || (cell.full.is_empty() && !cell.text.is_empty() && cell.text != "–")
    };
    comparison.rows.iter().any(filled)
}

fn text(text: String) -> Cell {
    Cell {
        text,
        full: String::new(),
        value: None,
    }
}

fn method(method: Method) -> Cell {
    let mut text = method.to_string();
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    self::text(text)
}
