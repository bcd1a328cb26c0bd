//! The published comparison's three figures, and two that set the loss against its cost.

use crate::figure::{Chart, Rgb, RunLine, RunsOptions, TradeOff, runs_chart, trade_off_chart};
use crate::run::{Comparison, Measure, XAxis};

/// A figure with the name of its file.
#[derive(Debug, Clone, PartialEq)]
pub struct RunFigure {
    /// The file's name without its ending: `gpu-memory`.
    pub stem: &'static str,
    /// What it shows, as a menu says it.
    pub title: &'static str,
    /// The figure.
    pub chart: Chart,
}

/// GPU memory, CPU memory and loss against job completion, then loss against memory and against
/// minutes; those for which no run has the numbers are left out. A run has one color in all. The
/// rows of `comparison` are the runs of `lines`, in their order.
#[must_use]
pub fn published(lines: &[RunLine<'_>], comparison: &Comparison) -> Vec<RunFigure> {
    let loss = Measure::loss(lines.iter().map(|line| line.run));
    let over = [
        (
            "gpu-memory",
            "GPU memory against job completion",
            Measure::GpuMemory,
        ),
        (
            "cpu-memory",
            "CPU memory against job completion",
            Measure::CpuMemory,
        ),
        ("loss", "Loss against job completion", loss),
    ];
    let mut figures = Vec::new();
    for (stem, title, measure) in over {
        let chart = runs_chart(lines, &measure, XAxis::Completion, &RunsOptions::default());
        figures.push(RunFigure { stem, title, chart });
    }
    let pinned: Vec<Option<Rgb>> = lines.iter().map(|line| Some(line.color)).collect();
    let against = [
        (
            "loss-memory",
            "Loss against memory",
            TradeOff::memory(comparison),
        ),
        ("loss-minutes", "Loss against minutes", TradeOff::Minutes),
    ];
    for (stem, title, against) in against {
        let chart = trade_off_chart(comparison, against, &pinned);
        figures.push(RunFigure { stem, title, chart });
    }
    figures.retain(|figure| !figure.chart.layers.is_empty());
    figures
}
