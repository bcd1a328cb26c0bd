//! Training runs from the logs people have: what was logged, aligned and compared. Knows nothing
//! of models.

mod align;
mod average;
mod compare;
mod comparison;
mod decimate;
mod follow;
mod gather;
pub mod import;
mod join;
mod mapping;
mod measure;
mod memory;
mod method;
mod model;
pub mod names;
mod ordered;
mod place;
mod smooth;
mod units;

pub use align::{XAxis, duration, last_step, missing, points};
pub use compare::memory_over;
pub use comparison::{
    CompareOptions, Comparison, ComparisonRow, LossKind, LossSummary, MemorySummary,
};
pub use decimate::{decimate, nearest};
pub use follow::Follow;
pub use gather::{
    Assembled, GatherOptions, Gathered, LogPath, MOST_LOGS, Overlap, Part, assemble, gather,
    holds_logs,
};
pub use import::{Imported, import, import_bytes, import_mapped, is_log, json_lines, preview};
pub use join::join;
pub use mapping::{ColumnRole, Mapping, PREVIEW_ROWS, TablePreview, WallFormat};
pub use measure::{Measure, series_like};
pub use memory::{cpu_memory, gpu_memory};
pub use method::Method;
pub use model::{Axis, BadRow, Metric, Run, RunState, Series, Source, Unit};
pub use smooth::smooth;
pub use units::CellUnit;
