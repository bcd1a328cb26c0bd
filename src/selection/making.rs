//! How a choice becomes a set: pools, percentages, marks, one after the other.
//!
//! Enters: a report, its ranking, a choice. Leaves: a [`FreezeSet`].

use crate::report::SnrReport;
use crate::selection::near::near_ties;
use crate::selection::{
    Choice, Counts, EMBEDDINGS_MODULE, FreezeSet, HEAD_MODULE, Mark, Percent, Ranking, Solved,
    solve,
};

/// A choice taken apart, for one report.
struct Making<'a> {
    report: &'a SnrReport,
    ranking: &'a Ranking,
    choice: &'a Choice,
    /// For each module its mark; empty where none has one.
    marks: Vec<Option<Mark>>,
    /// For each type whether it is listed.
    listed: Vec<bool>,
    /// For each pool its own percentage.
    own: Vec<Option<Percent>>,
}

impl FreezeSet {
    /// The set that `choice` makes of `report`. `ranking` should be the one by the choice's rules;
    /// where it is another, that one is made.
    #[must_use]
    pub fn new(report: &SnrReport, ranking: &Ranking, choice: &Choice) -> Self {
        if !ranking.fits(choice) {
            return Self::new(report, &ranking.ranked_again(report, choice), choice);
        }
        let mut set = Making::new(report, ranking, choice).set();
        set.count(report);
        set
    }
}

impl<'a> Making<'a> {
    fn new(report: &'a SnrReport, ranking: &'a Ranking, choice: &'a Choice) -> Self {
        let is_listed = |name: &String| !choice.excluded.contains(name);
        let own = |pool: usize| {
            let layer_type = &report.types[ranking.type_of_pool(pool)?].name;
            choice.type_percent.get(layer_type).copied()
        };
        Self {
            report,
            ranking,
            choice,
            marks: ranking.marks_of(report, choice),
            listed: report.types.iter().map(|t| is_listed(&t.name)).collect(),
            own: (0..ranking.order.len()).map(own).collect(),
        }
    }

    fn mark(&self, module: u32) -> Option<Mark> {
        self.marks.get(module as usize).copied().flatten()
    }

    /// Whether it is left to the percentage: unmarked, of a listed type.
    fn is_open(&self, module: u32) -> bool {
        let layer_type = self.report.modules[module as usize].layer_type;
        self.listed[layer_type] && self.mark(module).is_none()
    }

    fn set(&self) -> FreezeSet {
        let choice = self.choice;
        let budget = choice.budget.and_then(|_| self.solved());
        let top = budget.map_or(choice.percent, |solved| solved.percent);
        let (taken, near_ties) = self.taken(top);
        let mut plain = choice.head && choice.embeddings && choice.rules.are_default();
        let mut chosen = vec![false; self.report.modules.len()];
        let mut types = Vec::with_capacity(self.report.types.len());
        for (index, &listed) in self.listed.iter().enumerate() {
            if !listed {
                types.push(None);
                continue;
            }
            let trains = |&module: &u32| match self.mark(module) {
                Some(Mark::Pin) => true,
                Some(Mark::Drop) => false,
                None => taken[module as usize],
            };
            let order = self.ranking.of_type(index).iter().copied();
            let modules: Vec<u32> = order.filter(trains).collect();
            plain = plain && modules == self.ranking.top(index, top);
            for &module in &modules {
                chosen[module as usize] = true;
            }
            types.push(Some(modules));
        }
        FreezeSet {
            types,
            chosen,
            counts: Counts::default(),
            percent: plain.then_some(top),
            top,
            budget,
            near_ties,
            head: choice.head,
            embeddings: choice.embeddings,
        }
    }

    /// For each module whether the percentages take it, the common one being `top`; and the
    /// near-ties at their cuts.
    fn taken(&self, top: Percent) -> (Vec<bool>, Vec<u32>) {
        let mut taken = vec![false; self.report.modules.len()];
        let mut near = Vec::new();
        for (pool, own) in self.own.iter().enumerate() {
            let modules = self.ranking.top(pool, own.unwrap_or(top));
            for &module in modules {
                taken[module as usize] = true;
            }
            let ties = near_ties(self.ranking, pool, modules.len(), self.choice.tolerance);
            near.extend(ties.filter(|&module| self.is_open(module)));
        }
        near.sort_unstable();
        (taken, near)
    }

    fn solved(&self) -> Option<Solved> {
        let count = self.report.modules.len();
        let (mut by_hand, mut open) = (vec![false; count], vec![false; count]);
        for (pool, own) in self.own.iter().enumerate() {
            let (flags, modules) = match own {
                Some(own) => (&mut by_hand, self.ranking.top(pool, *own)),
                None => (&mut open, self.ranking.order[pool].as_slice()),
            };
            for &module in modules.iter().filter(|&&module| self.is_open(module)) {
                flags[module as usize] = true;
            }
        }
        for (index, module) in self.report.modules.iter().enumerate() {
            let pinned = self.mark(index as u32) == Some(Mark::Pin);
            by_hand[index] |= pinned && self.listed[module.layer_type];
        }
        let start = solve::Start {
            by_hand: &by_hand,
            fixed: &self.fixed(),
            open: &open,
        };
        solve::solve(self.report, self.ranking, self.choice, &start)
    }

    /// The modules that the fixed lines match.
    fn fixed(&self) -> Vec<usize> {
        let is_fixed = |name: &str| {
            self.choice.head && name == HEAD_MODULE
                || self.choice.embeddings && name == EMBEDDINGS_MODULE
        };
        let modules = self.report.modules.iter().enumerate();
        let fixed = modules.filter(|(_, module)| is_fixed(&module.name));
        fixed.map(|(index, _)| index).collect()
    }
}
