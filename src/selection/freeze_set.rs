//! The set of modules that train, and what that costs: the outcome of a choice.
//!
//! Enters: a report, its ranking, a choice. Leaves: [`FreezeSet`].

use crate::report::SnrReport;
use crate::selection::tally::Tally;
use crate::selection::{Costs, Optimizer, Percent, Sizes, Solved};

/// The pattern of the output head's fixed line.
pub const HEAD: &str = "^lm_head.weight$";
/// The pattern of the input embedding's fixed line.
pub const EMBEDDINGS: &str = "^model.embed_tokens.weight$";
/// The module that [`HEAD`] matches.
pub const HEAD_MODULE: &str = "lm_head";
/// The module that [`EMBEDDINGS`] matches.
pub const EMBEDDINGS_MODULE: &str = "model.embed_tokens";

/// Which modules train.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FreezeSet {
    /// For each type of the report, the modules that train, in rank order; `None` for a type
    /// that is left out altogether.
    pub types: Vec<Option<Vec<u32>>>,
    /// For each module of the report, whether it trains: the lists, the fixed lines, and what
    /// loading fuses with any of them.
    pub chosen: Vec<bool>,
    /// Counts and costs.
    pub counts: Counts,
    /// The percentage that alone makes this set, with both fixed lines; `None` for a set that
    /// marks, a type's own percentage, other rules or a missing fixed line make another.
    pub percent: Option<Percent>,
    /// The common percentage: the one chosen, or the one that the budget allows.
    pub top: Percent,
    /// How the budget was solved, where there is one that can be.
    pub budget: Option<Solved>,
    /// Modules on either side of a cut whose ratio is within the choice's tolerance of the ratio
    /// on its other side, ascending.
    pub near_ties: Vec<u32>,
    /// Whether the fixed line of the output head is part of it.
    pub head: bool,
    /// Whether the fixed line of the input embedding is part of it.
    pub embeddings: bool,
}

/// What a freeze set amounts to. Parameters are counted once where tensors are tied, and only
/// where the report knows shapes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Modules that the lists of the types name.
    pub listed: usize,
    /// Modules that train, the fixed lines included.
    pub modules: usize,
    /// Modules in the report.
    pub modules_total: usize,
    /// Parameters that train (weights with their biases); `None` where shapes are unknown.
    pub parameters: Option<u64>,
    /// Of these, what the head's fixed line adds to the lists and to the embedding's line; what
    /// it would add, where it is off.
    pub head_parameters: Option<u64>,
    /// Of these, what the embedding's fixed line adds to the lists; what it would add, where it
    /// is off.
    pub embedding_parameters: Option<u64>,
    /// Parameters of the model; `None` where unknown.
    pub parameters_total: Option<u64>,
}

impl Counts {
    /// Share of the model's parameters that train, 0 to 1.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        let total = self.parameters_total.filter(|&total| total > 0)?;
        Some(self.parameters? as f64 / total as f64)
    }
}

impl FreezeSet {
    /// The memory of training it, beside the other ways; `None` where shapes are not known.
    #[must_use]
    pub fn costs(&self, sizes: Option<Sizes>, optimizer: Optimizer) -> Option<Costs> {
        Some(Costs::new(sizes?, self.counts.parameters?, optimizer))
    }

    pub(super) fn count(&mut self, report: &SnrReport) {
        let listed = self.chosen.iter().filter(|&&chosen| chosen).count();
        let known = report.modules.iter().any(|module| module.weight.is_some());
        let mut tally = Tally::new(report);
        for (module, _) in report
            .modules
            .iter()
            .zip(&self.chosen)
            .filter(|(_, chosen)| **chosen)
        {
            tally.add(module);
        }
        let adds = |name: &str, chosen: &[bool]| {
            let modules = report.modules.iter().enumerate();
            let fixed = modules.filter(|(index, module)| module.name == name && !chosen[*index]);
            fixed.map(|(index, _)| index).next()
        };
        let mut fixed = |on: bool, name: &str, tally: &mut Tally<'_>| {
            let before = tally.sum;
            if let Some(index) = adds(name, &self.chosen).filter(|_| on) {
                self.chosen[index] = true;
                tally.add(&report.modules[index]);
            }
            tally.sum - before
        };
        // The embedding first: where the head is tied to it, trainers know the shared parameter
        // by the embedding's name only.
        let mut embeddings = fixed(self.embeddings, EMBEDDINGS_MODULE, &mut tally);
        let mut head = fixed(self.head, HEAD_MODULE, &mut tally);
        // A line that is off says what it would add to all the rest.
        let would_add = |name: &str| {
            let index = adds(name, &self.chosen);
            index.map_or(0, |index| tally.would_add(&report.modules[index]))
        };
        if !self.embeddings {
            embeddings = would_add(EMBEDDINGS_MODULE);
        }
        if !self.head {
            head = would_add(HEAD_MODULE);
        }
        // What loading fuses with a module of the set trains with it.
        let trained: Vec<usize> = (0..self.chosen.len())
            .filter(|&one| self.chosen[one])
            .collect();
        for place in trained {
            if let Some(fused) = report.modules[place].fused {
                for &module in &report.fused[fused as usize].modules {
                    self.chosen[module as usize] = true;
                }
            }
        }
        self.counts = Counts {
            listed,
            modules: self.chosen.iter().filter(|&&chosen| chosen).count(),
            modules_total: report.modules.len(),
            parameters: known.then_some(tally.sum),
            head_parameters: known.then_some(head),
            embedding_parameters: known.then_some(embeddings),
            parameters_total: report.total_parameters,
        };
    }
}
