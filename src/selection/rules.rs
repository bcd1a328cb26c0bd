//! The rules of choosing: by which number modules are ranked, which are ranked together, and
//! which are left out of the ranking.
//!
//! Enters: what the user set. Leaves: what [`crate::selection::Ranking`] is made by.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};

/// The number that modules are ranked by, the highest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RankBy {
    /// Spectrum's ratio (arXiv:2406.06623).
    #[default]
    Snr,
    /// The excess over pure noise of the same shape: comparable between shapes and scales. A
    /// module without one is never taken.
    Excess,
}

/// Which modules a percentage is of: those ranked together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pool {
    /// The modules of one type, as in Spectrum.
    #[default]
    Type,
    /// The modules of one type in one tower.
    TypeAndTower,
    /// All modules, but those of types that have a percentage of their own.
    All,
}

impl Pool {
    /// Its name: what is ranked together.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Type => "each type",
            Self::TypeAndTower => "each type and tower",
            Self::All => "all types",
        }
    }
}

/// A range of blocks, both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Blocks {
    /// The first block.
    pub first: u32,
    /// The last block.
    pub last: u32,
}

impl Blocks {
    /// Whether a module of that block is in the range; one without a block is not.
    #[must_use]
    pub fn contains(self, block: Option<u32>) -> bool {
        block.is_some_and(|block| (self.first..=self.last).contains(&block))
    }
}

impl fmt::Display for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

impl FromStr for Blocks {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refuse = || {
            Error::from(Problem::argument(
                text,
                "is not a range of blocks; give the first and the last, such as 8-23",
            ))
        };
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let number = |part: &str| part.trim().parse().map_err(|_parse| refuse());
        let (first, last) = (number(first)?, number(last)?);
        if first > last {
            return Err(refuse());
        }
        Ok(Self { first, last })
    }
}

/// The rules. The default is Spectrum's: by SNR, each type by itself, nothing left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// What is ranked by.
    pub by: RankBy,
    /// What is ranked together.
    pub pool: Pool,
    /// Towers that no percentage takes from, by the name [`crate::selection::Towers`] gives them.
    pub towers_out: BTreeSet<String>,
    /// The blocks that percentages take from; all of them, and modules without one, where there
    /// is no range.
    pub blocks: Option<Blocks>,
}

impl Rules {
    /// Whether they are Spectrum's own.
    #[must_use]
    pub fn are_default(&self) -> bool {
        *self == Self::default()
    }
}

/// In a few words: `SNR, each type`.
impl fmt::Display for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.by {
            RankBy::Snr => "SNR, ",
            RankBy::Excess => "excess, ",
        })?;
        f.write_str(self.pool.text())?;
        if let Some(Blocks { first, last }) = self.blocks {
            write!(f, ", blocks {first}–{last}")?;
        }
        if !self.towers_out.is_empty() {
            f.write_str(", some towers")?;
        }
        Ok(())
    }
}
