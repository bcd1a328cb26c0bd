//! What following a consumer brings to light.
//!
//! Enters: matches, entry by entry. Leaves: [`Findings`], of which the dry run is made.

use super::rule::Matches;
use super::{Rule, Target, Unreadable};
use crate::export::{Parameters, Pattern, TiedPair};
use crate::selection::{EMBEDDINGS_MODULE, HEAD_MODULE};

/// What was found so far.
#[derive(Debug)]
pub(in crate::export) struct Findings<'a> {
    /// The model.
    pub(in crate::export) target: Target<'a>,
    /// Names that no trainer has, or that results may leave out.
    ghosts: &'a Ghosts,
    ghost_target: Target<'a>,
    /// For each parameter, whether it trains.
    pub(in crate::export) trains: Vec<bool>,
    pub(in crate::export) unmatched: Vec<Pattern>,
    pub(in crate::export) unknown: Vec<Pattern>,
    pub(in crate::export) accidental: Vec<(Pattern, Vec<usize>)>,
    pub(in crate::export) unreadable: Vec<(Pattern, String)>,
    pub(in crate::export) tied: Vec<TiedPair>,
    pub(in crate::export) warnings: Vec<String>,
    /// Why the trainer ends with an error.
    pub(in crate::export) stops: Vec<String>,
}

/// Names that are not among the parameters, and yet a set may mean them.
#[derive(Debug, Default)]
pub(in crate::export) struct Ghosts {
    parameters: Parameters,
    tied: Vec<TiedPair>,
}

impl Ghosts {
    /// Of a model: the tied weights first, then what its results may leave out.
    pub(in crate::export) fn of(parameters: &Parameters) -> Self {
        let absent = [HEAD_MODULE, EMBEDDINGS_MODULE].into_iter().filter(|name| {
            let listed = |other: &str| parameters.modules.iter().any(|one| one.name == other);
            let is_tied = parameters
                .tied
                .iter()
                .any(|pair| pair.name == format!("{name}.weight"));
            parameters.may_lack(name) && !listed(name) && !is_tied
        });
        let tied = parameters.tied.iter().map(|pair| pair.name.clone());
        let names = tied.chain(absent.map(|name| format!("{name}.weight")));
        Self {
            parameters: Parameters::of_names(names),
            tied: parameters.tied.clone(),
        }
    }
}

impl<'a> Findings<'a> {
    pub(in crate::export) fn new(parameters: &'a Parameters, ghosts: &'a Ghosts) -> Self {
        Self {
            target: Target::new(parameters),
            ghost_target: Target::new(&ghosts.parameters),
            ghosts,
            trains: vec![false; parameters.all.len()],
            unmatched: Vec::new(),
            unknown: Vec::new(),
            accidental: Vec::new(),
            unreadable: Vec::new(),
            tied: Vec::new(),
            warnings: Vec::new(),
            stops: Vec::new(),
        }
    }

    /// Each entry by the same rule; what matches trains.
    pub(super) fn each(&mut self, rule: Rule, patterns: &[Pattern]) {
        for pattern in patterns {
            self.entry(pattern, |target| target.apply(rule, &pattern.text));
        }
    }

    /// One entry; what matches trains.
    pub(super) fn entry(
        &mut self,
        pattern: &Pattern,
        mut apply: impl FnMut(&Target<'_>) -> Result<Matches, Unreadable>,
    ) {
        let (matches, ghosts) = match (apply(&self.target), apply(&self.ghost_target)) {
            (Ok(matches), Ok(ghosts)) => (matches, ghosts.all),
            (Err(error), _) | (_, Err(error)) => {
                self.unreadable.push((pattern.clone(), error.to_string()));
                return;
            }
        };
        for &place in &matches.all {
            self.trains[place] = true;
        }
        for &ghost in &ghosts {
            if let Some(pair) = self.ghosts.tied.get(ghost)
                && !self.tied.contains(pair)
            {
                self.tied.push(pair.clone());
            }
        }
        if matches.all.is_empty() {
            let is_tied = |&ghost: &usize| ghost < self.ghosts.tied.len();
            if ghosts.is_empty() {
                self.unmatched.push(pattern.clone());
            } else if !ghosts.iter().any(is_tied) {
                self.unknown.push(pattern.clone());
            }
        }
        if !matches.accidental.is_empty() {
            self.accidental.push((pattern.clone(), matches.accidental));
        }
    }

    /// Adds why the trainer ends with an error.
    pub(super) fn stop(&mut self, line: String) {
        self.stops.push(line);
    }

    /// Adds a line for a person to read.
    pub(super) fn warn(&mut self, line: String) {
        self.warnings.push(line);
    }
}
