//! What the user chose: percentages, pins, drops, types left out. Small, cheap to clone, and all
//! that undo has to remember.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::selection::{Budget, Optimizer, Percent, Pool, Rules, Towers};

/// A module's mark made by hand; it outlives every move of the slider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Mark {
    /// Trained whatever the percentage.
    Pin,
    /// Frozen whatever the percentage.
    Drop,
}

/// What the user chose. Names rather than indices: it survives another opening of the report.
/// A field that is missing in a stored choice takes its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// The share of each type that is trained.
    pub percent: Percent,
    /// Types with a share of their own.
    pub type_percent: BTreeMap<String, Percent>,
    /// Types that are left out altogether.
    pub excluded: BTreeSet<String>,
    /// Modules marked by hand.
    pub marks: BTreeMap<String, Mark>,
    /// Whether the output head's fixed line is written.
    pub head: bool,
    /// Whether the input embedding's fixed line is written.
    pub embeddings: bool,
    /// By which number modules are ranked, which together, and which not at all.
    pub rules: Rules,
    /// A limit that the common percentage is solved for; `percent` then waits until it is lifted.
    pub budget: Option<Budget>,
    /// How the set is to be trained: what memory is estimated for.
    pub optimizer: Optimizer,
    /// Up to this relative difference of their ratios, two modules on different sides of the
    /// cut are a near-tie.
    pub tolerance: Percent,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            percent: Percent::whole(25),
            type_percent: BTreeMap::new(),
            excluded: BTreeSet::new(),
            marks: BTreeMap::new(),
            head: true,
            embeddings: true,
            rules: Rules::default(),
            budget: None,
            optimizer: Optimizer::default(),
            tolerance: Percent::whole(1),
        }
    }
}

impl Choice {
    /// The choice that a report with these towers is opened with: Spectrum's, but each tower by
    /// itself where there are several, so that none takes all of another's share.
    #[must_use]
    pub fn first_of(towers: &Towers) -> Self {
        let mut choice = Self::default();
        if towers.are_several() {
            choice.rules.pool = Pool::TypeAndTower;
        }
        choice
    }

    /// Sets or removes a module's mark.
    pub fn set_mark(&mut self, module: &str, mark: Option<Mark>) {
        match mark {
            Some(mark) => self.marks.insert(module.to_owned(), mark),
            None => self.marks.remove(module),
        };
    }
}
