//! How runs are shown: axis, smoothing, panels, columns. Kept between runs of the program.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::figure::Form;
use crate::figure::table::Column;
use crate::run::{Measure, Metric, Run, Series, XAxis};
use crate::window::runs::figures::FigureLook;

/// How runs are shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunsView {
    /// What the horizontal axis of all panels counts.
    pub axis: XAxis,
    /// Weight of TensorBoard's smoothing, 0 (none) to below 1.
    pub smoothing: f64,
    /// Whether vertical axes are logarithmic.
    pub log_y: bool,
    /// Whether the horizontal axis is logarithmic.
    pub log_x: bool,
    /// Whether outliers may lie outside the vertical range.
    pub ignore_outliers: bool,
    /// How lines are drawn.
    pub form: Form,
    /// The panels; `None` for those that suit the runs.
    pub panels: Option<Vec<Measure>>,
    /// Columns of the table that are not shown.
    pub hidden_columns: Vec<Column>,
    /// Further metrics shown as columns, by name.
    pub extra: Vec<String>,
    /// What saved figures look like.
    pub figures: FigureLook,
    /// The column that rows are sorted by, and whether the largest is first.
    pub sort: Option<(Column, bool)>,
}

impl Default for RunsView {
    fn default() -> Self {
        Self {
            axis: XAxis::Step,
            smoothing: 0.0,
            log_y: false,
            log_x: false,
            ignore_outliers: false,
            form: Form::Line,
            panels: None,
            hidden_columns: vec![
                Column::BestLoss,
                Column::SmoothedLoss,
                Column::TrainLoss,
                Column::EvalLoss,
            ],
            extra: Vec::new(),
            figures: FigureLook::default(),
            sort: None,
        }
    }
}

/// The measure that a series belongs to.
fn measure_of(series: &Series) -> Measure {
    match series.metric {
        Metric::EvalLoss => Measure::EvalLoss,
        Metric::TrainLoss => Measure::TrainLoss,
        Metric::GpuMemory(_) => Measure::GpuMemory,
        Metric::CpuMemory => Measure::CpuMemory,
        Metric::Other => Measure::Key(series.key.clone()),
    }
}

/// All measures that `runs` have, the known ones first.
#[must_use]
pub(crate) fn measures<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Vec<Measure> {
    let series = runs.into_iter().flat_map(|run| &run.series);
    let found: BTreeSet<Measure> = series.map(measure_of).collect();
    found.into_iter().collect()
}

/// The panels that suit runs with `all` these measures: the loss, and memory where it was logged.
#[must_use]
pub(crate) fn suited(all: &[Measure]) -> Vec<Measure> {
    let has = |measure: &Measure| all.contains(measure);
    let loss = [Measure::EvalLoss, Measure::TrainLoss]
        .into_iter()
        .find(has);
    let memory = [Measure::GpuMemory, Measure::CpuMemory];
    let suited: Vec<Measure> = loss
        .into_iter()
        .chain(memory.into_iter().filter(has))
        .collect();
    if suited.is_empty() {
        return all.iter().take(2).cloned().collect();
    }
    suited
}
