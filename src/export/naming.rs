//! Whose names an export is written in, and what else changes them.

use crate::export::{Parameters, Rename};
use crate::names::{Names, Translation};
use crate::report::SnrReport;

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
        let modules = report.modules.iter().map(|module| module.name.as_str());
        let others = report.others.iter().flatten().map(|one| one.name.as_str());
        Translation::new(
            report.architecture.as_ref(),
            self.names,
            modules.chain(others),
        )
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
