//! The report of a model's signal-to-noise ratios, and its files.

mod number;
mod python_json;
mod read;
mod snr_report;
mod write;

pub use number::stored;
pub use read::slug_of_file;
pub use snr_report::{LayerType, Module, ReportBuilder, SnrReport, Weight};
pub use write::{flat_json, sorted_json};
