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
use crate::selection::Percent;

/// A limit on what a set may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Budget {
    /// At most so many trainable parameters.
    Parameters(u64),
    /// Weights, gradients and optimizer states in at most so many bytes.
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
