//! What MLflow's two stores and its tables have in common.

use crate::run::model::RunState;

/// MLflow's databases hold no infinity: they store the largest number there is in its place
/// (`mlflow/store/tracking/sqlalchemy_store.py`: 1.7976931348623157e308).
pub(in crate::run::import) fn infinite(value: f64) -> f64 {
    if value.abs() >= f64::MAX {
        f64::INFINITY.copysign(value)
    } else {
        value
    }
}

/// The state by its name or its number (`mlflow.entities.RunStatus`).
pub(super) fn state_of(status: &str) -> Option<RunState> {
    match status {
        "RUNNING" | "1" | "SCHEDULED" | "2" => Some(RunState::Running),
        "FINISHED" | "3" => Some(RunState::Finished),
        "FAILED" | "4" | "KILLED" | "5" => Some(RunState::Stopped),
        _ => None,
    }
}
