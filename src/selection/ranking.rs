//! The order a percentage takes modules in: made once a report, sliced by every move of a slider.

use std::collections::HashMap;

use crate::report::SnrReport;
use crate::selection::{Choice, Mark, Percent};

/// Each type's modules by SNR descending; ties keep the report's order, no number comes last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ranking {
    /// For each type of the report, its modules' indices in rank order.
    pub order: Vec<Vec<u32>>,
    /// For each type, how many of them have a ratio that a percentage may take.
    pub takeable: Vec<usize>,
    /// For each module, its place in its type's order, from 0.
    pub rank: Vec<u32>,
    /// Each module's index by its name.
    by_name: HashMap<String, u32>,
}

impl Ranking {
    /// Ranks every type of `report`.
    #[must_use]
    pub fn new(report: &SnrReport) -> Self {
        let snr = |index: u32| {
            report.modules[index as usize]
                .snr
                .filter(|snr| !snr.is_nan())
        };
        let mut ranking = Self {
            rank: vec![0; report.modules.len()],
            by_name: (report.modules.iter().zip(0..))
                .map(|(module, index)| (module.name.clone(), index))
                .collect(),
            ..Self::default()
        };
        for layer_type in &report.types {
            let mut order: Vec<u32> = layer_type.modules.iter().map(|&i| i as u32).collect();
            // `None` sorts below every number, so no number comes last.
            order.sort_by(|&a, &b| {
                let (a, b) = (snr(a), snr(b));
                b.partial_cmp(&a).unwrap_or(std::cmp::Ordering::Equal)
            });
            for (place, &index) in order.iter().enumerate() {
                ranking.rank[index as usize] = place as u32;
            }
            ranking
                .takeable
                .push(order.iter().filter(|&&index| snr(index).is_some()).count());
            ranking.order.push(order);
        }
        ranking
    }

    /// The modules of type `layer_type` that `percent` takes, in rank order.
    #[must_use]
    pub fn top(&self, layer_type: usize, percent: Percent) -> &[u32] {
        let order = &self.order[layer_type];
        &order[..percent.of(order.len()).min(self.takeable[layer_type])]
    }

    /// The module of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).map(|&index| index as usize)
    }

    /// For each module its mark in `choice`; empty where no module of the report is marked. A
    /// look-up a mark, so that a set with few of them costs what one with none does.
    pub(super) fn marks_of(&self, choice: &Choice) -> Vec<Option<Mark>> {
        let mut marks = Vec::new();
        for (name, &mark) in &choice.marks {
            if let Some(module) = self.find(name) {
                marks.resize(self.rank.len(), None);
                marks[module] = Some(mark);
            }
        }
        marks
    }

    /// The least percentage at which `module` is taken; `None` where no percentage takes it.
    #[must_use]
    pub fn enters_at(&self, report: &SnrReport, module: usize) -> Option<Percent> {
        let layer_type = report.modules[module].layer_type;
        let rank = self.rank[module] as usize;
        (rank < self.takeable[layer_type])
            .then(|| Percent::least_for(rank + 1, self.order[layer_type].len()))
    }
}
