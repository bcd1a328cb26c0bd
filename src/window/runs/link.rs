//! The freeze set that a run was trained with.
//!
//! Enters: a freeze set's file, the sample's sets, or the selection. Leaves: the modules that
//! train, by name, as the set's own consumer would match them in the open document.

use std::collections::HashSet;
use std::path::Path;

use crate::error::Result;
use crate::export::{Parameters, dry_run, follow_file, read_freeze_file, read_freeze_text};
use crate::report::SnrReport;
use crate::run::Method;
use crate::sample;
use crate::window::document::Document;

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
            name: format!("the selection on {}", document.report.slug),
            modules: names.map(|(module, _)| module.name.clone()).collect(),
        }
    }

    /// The one that a run of the sample was trained with, tried on `parameters`. Their names are the
    /// checkpoint's: of the sample's model they are those of the loaded one, too, and the program
    /// starts without the table of names.
    pub(crate) fn of_sample(
        run: &str,
        report: &SnrReport,
        parameters: &Parameters,
    ) -> Option<Self> {
        let mut sets = sample::RUN_SETS.iter();
        match sets.find(|(name, _)| *name == run) {
            Some((name, text)) => {
                let file = read_freeze_text(Path::new(name), text).ok()?;
                Some(Self {
                    name: "the freeze set in the sample".to_owned(),
                    modules: dry_run(&file, file.consumer, parameters)
                        .modules
                        .into_iter()
                        .collect(),
                })
            }
            None => (Method::guess(run) == Method::Full).then(|| Self::whole(report)),
        }
    }

    /// The one in the file at `path`.
    pub(crate) fn read(path: &Path, report: &SnrReport) -> Result<Self> {
        let file = read_freeze_file(path)?;
        let name = path.file_name().unwrap_or(path.as_os_str());
        let (dry, _) = follow_file(&file, report, None);
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            modules: dry.modules.into_iter().collect(),
        })
    }

    /// Everything trains.
    fn whole(report: &SnrReport) -> Self {
        let modules = report.modules.iter();
        Self {
            name: "all of the model".to_owned(),
            modules: modules.map(|module| module.name.clone()).collect(),
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
