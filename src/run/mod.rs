//! Training runs from the logs people have: what was logged, aligned and compared. Knows nothing
//! of models.

mod model;

pub use model::{Axis, BadRow, Metric, Run, Series, Source, Unit};
