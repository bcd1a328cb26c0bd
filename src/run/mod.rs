//! Training runs from the logs people have: what was logged, aligned and compared. Knows nothing
//! of models.

mod align;
mod average;
mod compare;
mod comparison;
mod decimate;
mod measure;
mod memory;
mod method;
mod model;
mod smooth;

pub use align::{XAxis, duration, last_step, missing, points};
pub use compare::memory_over;
pub use comparison::{
    CompareOptions, Comparison, ComparisonRow, LossKind, LossSummary, MemorySummary,
};
pub use decimate::{decimate, nearest};
pub use measure::{Measure, series_like};
pub use memory::{cpu_memory, gpu_memory};
pub use method::Method;
pub use model::{Axis, BadRow, Metric, Run, Series, Source, Unit};
pub use smooth::smooth;
