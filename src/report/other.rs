//! Two results beside each other: a base model and its fine-tune, two revisions, two precisions.

use std::collections::{HashMap, HashSet};

use crate::error::{Problem, Result};
use crate::report::{Other, SnrReport};

impl SnrReport {
    /// Holds this report against `other`.
    ///
    /// # Errors
    /// As [`Self::compared_with`].
    pub fn hold_against(&mut self, other: &Self) -> Result<()> {
        self.other = Some(self.compared_with(other)?);
        Ok(())
    }

    /// The ratios of `other` in this report's order: modules are matched by their whole name.
    ///
    /// # Errors
    /// [`Error::Problem`](crate::Error::Problem) when the two have no module in common.
    pub fn compared_with(&self, other: &Self) -> Result<Other> {
        let there: HashMap<&str, Option<f64>> = (other.modules.iter())
            .map(|module| (module.name.as_str(), module.snr))
            .collect();
        let found: Vec<Option<Option<f64>>> = (self.modules.iter())
            .map(|module| there.get(module.name.as_str()).copied())
            .collect();
        let here: HashSet<&str> = (self.modules.iter())
            .map(|module| module.name.as_str())
            .collect();
        let common = found.iter().flatten().count();
        if common == 0 {
            let name = |report: &Self| {
                let first = report.modules.first();
                first.map_or_else(|| "none".to_owned(), |module| module.name.clone())
            };
            return Err(Problem::argument(
                &other.slug,
                format!(
                    "has no module in common with {} (first module there: {}, here: {}); compare \
                     results of the same architecture",
                    self.slug,
                    name(other),
                    name(self)
                ),
            )
            .into());
        }
        Ok(Other {
            slug: other.slug.clone(),
            path: other.path.clone(),
            only_here: found.iter().filter(|found| found.is_none()).count(),
            only_there: there.keys().filter(|name| !here.contains(*name)).count(),
            snr: found.into_iter().map(Option::flatten).collect(),
        })
    }

    /// The change of a module's ratio from the other report, log₂(SNR / SNR of the other):
    /// 1 is twice the ratio, −1 half of it. `None` where either is not a positive number.
    #[must_use]
    pub fn change(&self, module: usize) -> Option<f64> {
        let there = self.other.as_ref()?.snr.get(module).copied().flatten()?;
        let change = (self.modules.get(module)?.snr? / there).log2();
        change.is_finite().then_some(change)
    }
}
