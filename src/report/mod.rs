//! The report of a model's signal-to-noise ratios, and its files.

mod snr_report;

pub use snr_report::{LayerType, Module, ReportBuilder, SnrReport, Weight};
