//! Whose names an export is written in, and what else changes them.

use crate::export::{DryRun, FreezeFile, Parameters, Rename, dry_run};
use crate::names::{Names, Translation};
use crate::report::SnrReport;
use crate::tensor::Model;

/// Whose names an export is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Naming {
    /// The loaded model's or the checkpoint's.
    pub names: Names,
    /// What changes them further, such as a wrapper.
    pub rename: Option<Rename>,
}

impl Naming {
    /// How the names of a report's model change.
    #[must_use]
    pub fn translation(self, report: &SnrReport) -> Translation {
        report.translation(self.names)
    }

    /// The checkpoint's parameters under these names.
    #[must_use]
    pub fn apply(self, parameters: Parameters, translation: &Translation) -> Parameters {
        let loaded = parameters.loaded(translation);
        match self.rename {
            Some(rename) => loaded.renamed(|name| rename.apply(name)),
            None => loaded,
        }
    }
}

/// What the set in a file trains of the model in `report`, with the parameters it was tried on:
/// those of the loaded model, or the checkpoint's where more of its entries are among these, as in
/// a file of Spectrum's own.
#[must_use]
pub fn follow_file(
    file: &FreezeFile,
    report: &SnrReport,
    model: Option<&Model>,
) -> (DryRun, Parameters) {
    let checkpoint = match model {
        Some(model) => Parameters::of_model(model),
        None => Parameters::of_report(report),
    };
    let translation = Naming::default().translation(report);
    let loaded = checkpoint.clone().loaded(&translation);
    let run = dry_run(file, file.consumer, &loaded);
    if !run.unmatched.is_empty() {
        let own = dry_run(file, file.consumer, &checkpoint);
        if own.unmatched.len() < run.unmatched.len() {
            return (own, checkpoint);
        }
    }
    (run, loaded)
}

impl From<Names> for Naming {
    fn from(names: Names) -> Self {
        Self {
            names,
            rename: None,
        }
    }
}

impl From<Option<Rename>> for Naming {
    fn from(rename: Option<Rename>) -> Self {
        Self {
            rename,
            ..Self::default()
        }
    }
}
