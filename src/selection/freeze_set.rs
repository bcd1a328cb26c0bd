//! The set of modules that train, and what that costs: the outcome of a choice.
//!
//! Enters: a report, its ranking, a choice. Leaves: [`FreezeSet`].

use crate::report::{Module, SnrReport};
use crate::selection::{Choice, Mark, Percent, Ranking};

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
    /// For each module of the report, whether it trains (the fixed lines included).
    pub chosen: Vec<bool>,
    /// Counts and costs.
    pub counts: Counts,
    /// The percentage that alone makes this set, with both fixed lines; `None` for a set that
    /// marks, a type's own percentage or a missing fixed line make another.
    pub percent: Option<Percent>,
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
    /// Of these, what the head's fixed line adds to the lists and to the embedding's line.
    pub head_parameters: Option<u64>,
    /// Of these, what the embedding's fixed line adds to the lists.
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
    /// The set that `choice` makes of `report`.
    #[must_use]
    pub fn new(report: &SnrReport, ranking: &Ranking, choice: &Choice) -> Self {
        let mut chosen = vec![false; report.modules.len()];
        let mut types = Vec::with_capacity(report.types.len());
        let marks = ranking.marks_of(report, choice);
        let mut plain = choice.head && choice.embeddings;
        for (index, layer_type) in report.types.iter().enumerate() {
            if choice.excluded.contains(&layer_type.name) {
                types.push(None);
                continue;
            }
            let top = ranking
                .top(index, choice.percent_of(&layer_type.name))
                .len();
            let taken: Vec<u32> = if marks.is_empty() {
                ranking.order[index][..top].to_vec()
            } else {
                let order = ranking.order[index].iter().enumerate();
                order
                    .filter(|&(place, &module)| match marks[module as usize] {
                        Some(Mark::Pin) => true,
                        Some(Mark::Drop) => false,
                        None => place < top,
                    })
                    .map(|(_, &module)| module)
                    .collect()
            };
            plain = plain && taken == ranking.top(index, choice.percent);
            for &module in &taken {
                chosen[module as usize] = true;
            }
            types.push(Some(taken));
        }
        let mut set = Self {
            types,
            chosen,
            counts: Counts::default(),
            percent: plain.then_some(choice.percent),
            head: choice.head,
            embeddings: choice.embeddings,
        };
        set.count(report);
        set
    }

    fn count(&mut self, report: &SnrReport) {
        let listed = self.chosen.iter().filter(|&&chosen| chosen).count();
        let known = report.modules.iter().any(|module| module.weight.is_some());
        let mut parameters = Tally::new(report);
        for (module, _) in report
            .modules
            .iter()
            .zip(&self.chosen)
            .filter(|(_, chosen)| **chosen)
        {
            parameters.add(module);
        }
        let mut fixed = |on: bool, name: &str, chosen: &mut Vec<bool>| {
            let before = parameters.sum;
            for (index, module) in report.modules.iter().enumerate().filter(|_| on) {
                if module.name == name && !chosen[index] {
                    chosen[index] = true;
                    parameters.add(module);
                }
            }
            parameters.sum - before
        };
        // The embedding first: where the head is tied to it, trainers know the shared parameter
        // by the embedding's name only.
        let embeddings = fixed(self.embeddings, EMBEDDINGS_MODULE, &mut self.chosen);
        let head = fixed(self.head, HEAD_MODULE, &mut self.chosen);
        self.counts = Counts {
            listed,
            modules: self.chosen.iter().filter(|&&chosen| chosen).count(),
            modules_total: report.modules.len(),
            parameters: known.then_some(parameters.sum),
            head_parameters: known.then_some(head),
            embedding_parameters: known.then_some(embeddings),
            parameters_total: report.total_parameters,
        };
    }
}

/// Adds parameters up, a tied tensor once.
struct Tally<'a> {
    sum: u64,
    /// Modules whose tensor another one shares, and whether it was counted.
    shared: Vec<(&'a str, bool)>,
}

impl<'a> Tally<'a> {
    fn new(report: &'a SnrReport) -> Self {
        let weights = report
            .modules
            .iter()
            .filter_map(|module| module.weight.as_ref());
        let shared = weights.filter_map(|weight| weight.tied_to.as_deref());
        Self {
            sum: 0,
            shared: shared.map(|name| (name, false)).collect(),
        }
    }

    fn add(&mut self, module: &Module) {
        let Some(weight) = &module.weight else { return };
        let owner = weight.tied_to.as_deref().unwrap_or(&module.name);
        if let Some((_, counted)) = self.shared.iter_mut().find(|(name, _)| *name == owner) {
            if *counted {
                return;
            }
            *counted = true;
        }
        self.sum += weight.parameters + weight.companions;
    }
}
