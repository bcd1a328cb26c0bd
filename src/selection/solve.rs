//! Solves a budget: the largest common percentage whose set keeps within it.

use crate::report::SnrReport;
use crate::selection::tally::Tally;
use crate::selection::{Budget, Choice, Percent, Ranking, Sizes, Solved};

/// The set that a percentage of 0 leaves, module by module: what the solver starts from.
pub(super) struct Start<'a> {
    /// Modules that train whatever the common percentage: pins, and own percentages.
    pub(super) by_hand: &'a [bool],
    /// Modules that the fixed lines train.
    pub(super) fixed: &'a [usize],
    /// Modules that the common percentage may take: unmarked, of listed types.
    pub(super) open: &'a [bool],
}

/// Solves the budget of `choice`; `None` where there is none, or shapes are not known.
pub(super) fn solve(
    report: &SnrReport,
    ranking: &Ranking,
    choice: &Choice,
    start: &Start<'_>,
) -> Option<Solved> {
    let sizes = Sizes::of(report)?;
    let limit = match choice.budget? {
        Budget::Parameters(limit) => Some(limit),
        Budget::Memory(bytes) => choice.optimizer.most_trainable(sizes.parameters, bytes),
    };
    let mut tally = Tally::new(report);
    for (module, _) in report
        .modules
        .iter()
        .zip(start.by_hand)
        .filter(|(_, on)| **on)
    {
        tally.add(module);
    }
    let by_hand = tally.sum;
    let is_fixed = |module: usize| start.fixed.contains(&module);
    for &module in start.fixed.iter().filter(|&&module| !start.by_hand[module]) {
        tally.add(&report.modules[module]);
    }
    let smallest = tally.sum;
    let mut solved = Solved {
        percent: Percent::ZERO,
        limit,
        smallest,
        by_hand,
        fixed: smallest - by_hand,
        next: None,
    };
    // Percentage first: a number sorts quicker than a pair.
    let mut entries: Vec<u64> = Vec::new();
    for (pool, order) in ranking.order.iter().enumerate() {
        let takeable = &order[..ranking.takeable[pool]];
        let open = takeable
            .iter()
            .enumerate()
            .filter(|&(_, &module)| start.open[module as usize]);
        entries.extend(open.map(|(place, &module)| {
            let entry = Percent::least_for(place + 1, order.len());
            entry.units() << 32 | u64::from(module)
        }));
    }
    entries.sort_unstable();
    let alone = tally.alone(report);
    // Modules that enter at one percentage enter together: no set has some of them alone.
    let mut least = Percent::ZERO;
    for step in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
        for &entry in step {
            let module = (entry & u64::from(u32::MAX)) as usize;
            match alone[module] {
                // The head and the embedding: counted at the start.
                _ if is_fixed(module) => {}
                Some(parameters) => tally.sum = tally.sum.saturating_add(parameters),
                None => tally.add(&report.modules[module]),
            }
        }
        let entry = Percent::from_units(step[0] >> 32);
        if limit.is_none_or(|limit| tally.sum > limit) {
            solved.next = Some((entry, tally.sum));
            break;
        }
        least = entry;
    }
    solved.percent = Percent::shortest(least, solved.next.map(|(entry, _)| entry));
    Some(solved)
}
