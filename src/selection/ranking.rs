//! The order a percentage takes modules in: made once a report, sliced by every move of a slider.

use crate::report::SnrReport;
use crate::selection::Percent;

/// Each type's modules by SNR descending; ties keep the report's order, no number comes last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ranking {
    /// For each type of the report, its modules' indices in rank order.
    pub order: Vec<Vec<u32>>,
    /// For each type, how many of them have a ratio that a percentage may take.
    pub takeable: Vec<usize>,
    /// For each module, its place in its type's order, from 0.
    pub rank: Vec<u32>,
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

    /// The least percentage at which `module` is taken; `None` where no percentage takes it.
    #[must_use]
    pub fn enters_at(&self, report: &SnrReport, module: usize) -> Option<Percent> {
        let layer_type = report.modules[module].layer_type;
        let rank = self.rank[module] as usize;
        (rank < self.takeable[layer_type])
            .then(|| Percent::least_for(rank + 1, self.order[layer_type].len()))
    }
}
