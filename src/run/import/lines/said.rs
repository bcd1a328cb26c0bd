//! What one line says, before it becomes a row.

use crate::run::model::Metric;
use crate::run::units::CellUnit;

/// What one line says.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) step: Option<(u8, f64, Option<f64>)>,
    pub(super) epoch: Option<f64>,
    pub(super) elapsed: Option<f64>,
    pub(super) values: Vec<Value>,
    pub(super) about: Vec<(String, f64)>,
}

/// A number of a metric.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value {
    /// Which of the reader's meanings.
    pub(super) id: u32,
    /// What the line is about, where that sets the metric apart.
    pub(super) context: Option<&'static str>,
    pub(super) metric: Metric,
    pub(super) number: f64,
    pub(super) unit: Option<CellUnit>,
}

impl Said {
    pub(super) fn has(&self, wanted: impl Fn(Metric) -> bool) -> bool {
        self.values.iter().any(|value| wanted(value.metric))
    }
}

pub(super) fn is_loss(metric: Metric) -> bool {
    matches!(metric, Metric::TrainLoss | Metric::EvalLoss)
}
