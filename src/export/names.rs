//! The freeze set as plain names, one per line.
//!
//! Enters: a report and the set made of it. Leaves: text for a script of the user's own.

use crate::export::Naming;
use crate::export::writer::trained_names;
use crate::names::Names;
use crate::report::SnrReport;
use crate::selection::{EMBEDDINGS_MODULE, FreezeSet, HEAD_MODULE};

/// The modules that train, each once: head and embedding where their line is on, then the
/// modules of each type in rank order.
///
/// Results files often leave head and embedding out, so these are listed also where the report
/// does not have them; but not where it has all of a model, and that has no such module.
#[must_use]
pub fn names(report: &SnrReport, set: &FreezeSet, naming: Naming) -> String {
    let is_translated = naming.names != Names::Checkpoint && report.architecture.is_some();
    if is_translated || naming.rename.is_some() {
        let names = trained_names(report, set, naming);
        return names.into_iter().map(|name| name + "\n").collect();
    }
    let fixed = [(set.head, HEAD_MODULE), (set.embeddings, EMBEDDINGS_MODULE)];
    let whole_model = report.total_parameters.is_some();
    let mut text = String::new();
    let mut line = |name: &str| {
        text.push_str(name);
        text.push('\n');
    };
    for (on, name) in fixed {
        if on && (!whole_model || report.find(name).is_some()) {
            line(name);
        }
    }
    for &module in set.types.iter().flatten().flatten() {
        let name = report.modules[module as usize].name.as_str();
        if !fixed.contains(&(true, name)) {
            line(name);
        }
    }
    text
}
