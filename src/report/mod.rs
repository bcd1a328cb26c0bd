//! The report of a model's signal-to-noise ratios, and its files.

mod attach;
mod fused;
mod merge;
mod noise;
mod number;
mod other;
mod python_json;
mod read;
mod record;
mod snr_report;
mod spectra;
mod spectra_file;
mod write;

pub use merge::Merged;
pub use number::stored;
pub use read::slug_of_file;
pub use snr_report::{
    Fused, LayerType, Module, Noise, Other, ReportBuilder, SnrReport, Tensor, Weight,
};
pub use spectra::{Entry, Part, Ratio, Spectra};
pub use spectra_file::{METADATA, spectra_beside, spectra_file_name};
pub use write::{flat_json, sorted_json};
