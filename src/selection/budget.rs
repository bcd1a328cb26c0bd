//! A limit instead of a percentage: the largest set within so many trainable parameters, or
//! within so much memory.
//!
//! Enters: a report, its ranking, a choice with a budget. Leaves: the percentage that makes the
//! set, and how the budget is used. The set is the largest of the family that the choice's other
//! settings define: its common percentage goes from 0 to 100, all else stays. These sets contain
//! each other, so what they cost rises with the percentage, and the largest within the limit is
//! found by walking the modules in the order they enter.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::report::SnrReport;
use crate::selection::tally::Tally;
use crate::selection::{Choice, Percent, Ranking, Sizes};

/// A limit on what a set may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Budget {
    /// At most so many trainable parameters.
    Parameters(u64),
    /// Weights, gradients and optimiser states in at most so many bytes.
    Memory(u64),
}

/// A number of parameters as people write it: `200M`, `1.5e9`, `8.03 B`, `576`.
///
/// # Errors
/// [`Error::Problem`] for what is no number from 0 on.
pub fn parse_parameters(text: &str) -> Result<u64> {
    let units = [('k', 1e3), ('m', 1e6), ('b', 1e9), ('g', 1e9), ('t', 1e12)];
    let lower = text.trim().to_lowercase();
    let scaled = units
        .iter()
        .find_map(|&(unit, scale)| Some((lower.strip_suffix(unit)?, scale)));
    let (digits, scale) = scaled.unwrap_or((&lower, 1.0));
    let number: Option<f64> = digits.trim().parse().ok();
    number
        .map(|number| (number * scale).round())
        .filter(|number| number.is_finite() && *number >= 0.0)
        .map(|number| number as u64)
        .ok_or_else(|| {
            Error::from(Problem::argument(
                text,
                "is no number of parameters; give one such as 200M or 1.5e9",
            ))
        })
}

/// How a budget was solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Solved {
    /// The common percentage that makes the set.
    pub percent: Percent,
    /// The most trainable parameters that the budget allows; `None` where the weights alone
    /// are over it.
    pub limit: Option<u64>,
    /// Parameters of the smallest set: pins, own percentages and fixed lines.
    pub smallest: u64,
    /// Of these, what own percentages and pins take.
    pub by_hand: u64,
    /// Of these, what the fixed lines of head and embedding add.
    pub fixed: u64,
    /// Where there is a larger set: the percentage that makes the next one, and its parameters.
    pub next: Option<(Percent, u64)>,
}

impl Solved {
    /// Whether the smallest set is within the budget.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.limit.is_some_and(|limit| self.smallest <= limit)
    }
}

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
