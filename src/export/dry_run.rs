//! The dry run: which parameters a consumer would train, and what of the set goes astray.
//!
//! Enters: a freeze set, a consumer, a model's parameters. Leaves: [`DryRun`].

use std::collections::HashSet;

use crate::export::entries::entries;
use crate::export::judgment::{explain, judge};
use crate::export::matcher::{Findings, Ghosts, follow};
use crate::export::{Consumer, FreezeFile, Parameters, Pattern, TiedPair, Warning, WarningKind};
use crate::report::SnrReport;
use crate::text::counted;

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
    /// How many entries this consumer reads.
    pub entries: usize,
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
    /// What a person is told of it, the worst first.
    pub warnings: Vec<Warning>,
}

impl DryRun {
    /// Why the trainer would end with an error.
    #[must_use]
    pub fn stops(&self) -> Vec<&str> {
        let stops = self.warnings.iter();
        let stops = stops.filter(|warning| warning.kind == WarningKind::Stops);
        stops.map(|warning| warning.text.as_str()).collect()
    }

    /// Whether nothing of the set goes astray.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.unmatched.is_empty()
            && self.accidental.is_empty()
            && self.unreadable.is_empty()
            && !self.trainable.is_empty()
            && self.stops().is_empty()
    }
}

/// Follows `consumer`'s own program through the set and tells which parameters train.
///
/// Some thousand entries over some ten thousand names take milliseconds; regular expressions that
/// do not start plainly are tried on every name.
#[must_use]
pub fn dry_run(file: &FreezeFile, consumer: Consumer, parameters: &Parameters) -> DryRun {
    let (patterns, overlooked) = entries(file, consumer);
    let ghosts = Ghosts::of(parameters);
    let mut findings = Findings::new(parameters, &ghosts);
    follow(file, consumer, &patterns, &mut findings);
    let Findings {
        trains,
        unmatched,
        unknown,
        accidental,
        unreadable,
        tied,
        warnings,
        stops,
        ..
    } = findings;
    let trainable: Vec<usize> = (0..trains.len()).filter(|&place| trains[place]).collect();
    let mut seen = vec![false; parameters.sources.len()];
    let mut modules = Vec::new();
    for &place in &trainable {
        for &source in &parameters.all[place].sources {
            if !std::mem::replace(&mut seen[source], true) {
                modules.push(parameters.sources[source].name.clone());
            }
        }
    }
    let not_sure = unreadable.first().map(|(pattern, reason)| {
        let text = format!(
            "{} cannot be followed for certain, and what they match is not counted; the first: \
             {}: {reason}",
            counted(unreadable.len(), "entry", "entries"),
            pattern.text
        );
        Warning::alarm(WarningKind::NotSure, text)
    });
    let mut lines: Vec<Warning> = not_sure.into_iter().collect();
    let alarm = |text| Warning::alarm(WarningKind::Stops, text);
    lines.extend(stops.into_iter().map(alarm));
    lines.extend(judge(parameters, &trains));
    lines.extend(overlooked.into_iter().map(Warning::caution));
    lines.extend(warnings.into_iter().map(Warning::caution));
    lines.extend(explain(parameters, &trains, &tied));
    DryRun {
        consumer,
        modules,
        trainable_parameters: parameters.sum(trainable.iter().copied()),
        total_parameters: parameters.total(),
        trainable,
        entries: patterns.len(),
        unmatched,
        unknown,
        accidental,
        unreadable,
        tied,
        warnings: lines,
    }
}

/// The modules of `report` that train.
#[must_use]
pub fn modules_of(report: &SnrReport, run: &DryRun) -> Vec<usize> {
    let trained: HashSet<&str> = run.modules.iter().map(String::as_str).collect();
    let modules = report.modules.iter().enumerate();
    let trains = modules.filter(|(_, module)| {
        let weight = module.weight.as_ref();
        let owner = weight.and_then(|weight| weight.tied_to.as_deref());
        // A tied weight is its owner's: it changes with it.
        trained.contains(module.name.as_str()) || owner.is_some_and(|owner| trained.contains(owner))
    });
    trains.map(|(index, _)| index).collect()
}
