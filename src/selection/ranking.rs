//! The order a percentage takes modules in: made once a report, sliced by every move of a slider.

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
    /// The modules' indices in the order of their names.
    by_name: Vec<u32>,
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
            by_name: (0..report.modules.len() as u32).collect(),
            ..Self::default()
        };
        (ranking.by_name).sort_by_key(|&index| report.modules[index as usize].name.as_str());
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

    /// For each module of `report` its mark in `choice`; empty where none of them is marked.
    ///
    /// Marks and modules are both walked in the order of their names, by strides that double:
    /// few marks cost next to nothing, a mark on every module one pass.
    pub(super) fn marks_of(&self, report: &SnrReport, choice: &Choice) -> Vec<Option<Mark>> {
        let name = |index: u32| report.modules[index as usize].name.as_str();
        let mut marks = Vec::new();
        let mut rest = self.by_name.as_slice();
        for (marked, &mark) in &choice.marks {
            let mut stride = 1;
            while rest
                .get(stride)
                .is_some_and(|&index| name(index) < marked.as_str())
            {
                stride *= 2;
            }
            let near = &rest[..rest.len().min(stride + 1)];
            let before = near.partition_point(|&index| name(index) < marked.as_str());
            rest = &rest[before..];
            if let Some(&index) = rest.first()
                && name(index) == marked
            {
                marks.resize(report.modules.len(), None);
                marks[index as usize] = Some(mark);
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
