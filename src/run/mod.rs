//! Training runs from the logs people have: what was logged, aligned and compared. Knows nothing
//! of models.

mod follow;
pub mod import;
mod join;
mod mapping;
mod model;
pub mod names;
mod ordered;
mod place;
mod units;

pub use follow::Follow;
pub use import::{Imported, import, import_mapped, is_log, json_lines, preview};
pub use join::join;
pub use mapping::{ColumnRole, Mapping, PREVIEW_ROWS, TablePreview, WallFormat};
pub use model::{Axis, BadRow, Metric, Run, Series, Source, Unit};
pub use units::CellUnit;
