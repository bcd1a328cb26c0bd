//! The named sets of a document beside its current selection: each looked at in the same way.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::figure::OKABE_ITO;
use crate::selection::NamedSet;
use crate::text;
use crate::window::document::Document;
use crate::window::document::work::SetId;

/// The current selection's color, an index into [`OKABE_ITO`]; kept sets begin after it.
const CURRENT_COLOR: usize = 0;

/// One of the sets: the selection as it is, or a kept one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum SetRef {
    /// The current selection.
    #[default]
    Current,
    /// A set kept under a name.
    Kept(SetId),
}

/// Ways to look at two sets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SetsView {
    /// The heatmap, each cell by which set trains it.
    #[default]
    Heatmap,
    /// The difference by layer type.
    Types,
    /// The difference by block.
    Blocks,
    /// All sets by layer type.
    Members,
    /// What of the sets does not match the open report.
    Unmatched,
}

/// A set with what it amounts to on the open report.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Which.
    pub of: SetRef,
    /// Its name.
    pub name: &'a str,
    /// An index into [`OKABE_ITO`].
    pub color: usize,
    /// For each module of the report, whether it trains.
    pub chosen: &'a [bool],
    /// Modules that train.
    pub modules: usize,
    /// Their parameters, where shapes are known.
    pub parameters: Option<u64>,
}

impl Document {
    /// A set on the open report; the current selection in place of one that is gone.
    #[must_use]
    pub fn side(&self, of: SetRef) -> Side<'_> {
        let kept = match of {
            SetRef::Kept(id) => self.kept_set(id),
            SetRef::Current => None,
        };
        kept.map_or(
            Side {
                of: SetRef::Current,
                name: "Current selection",
                color: CURRENT_COLOR,
                chosen: &self.set.chosen,
                modules: self.set.counts.modules,
                parameters: self.set.counts.parameters,
            },
            |kept| Side {
                of,
                name: &kept.set.name,
                color: kept.set.color % OKABE_ITO.len(),
                chosen: &kept.resolved.chosen,
                modules: kept.resolved.modules,
                parameters: kept.resolved.parameters,
            },
        )
    }

    /// The current selection and the kept sets, in the order they are listed in.
    pub(crate) fn sides(&self) -> impl Iterator<Item = Side<'_>> {
        let kept = self.sets().iter().map(|kept| SetRef::Kept(kept.id));
        std::iter::once(SetRef::Current)
            .chain(kept)
            .map(|of| self.side(of))
    }

    /// A set as one to store or to combine.
    #[must_use]
    pub(crate) fn named(&self, of: SetRef) -> NamedSet {
        let kept = match of {
            SetRef::Kept(id) => self.kept_set(id),
            SetRef::Current => None,
        };
        kept.map_or_else(
            || NamedSet::of_selection("selection", &self.report, &self.set, self.choice()),
            |kept| kept.set.clone(),
        )
    }

    /// What the next set that is added will be known by.
    pub(crate) fn next_set_id(&self) -> SetId {
        SetId(self.next_set + 1)
    }

    pub(super) fn add_set(&mut self, mut set: NamedSet) {
        set.name = self.free_name(&set.name);
        set.color = self.free_color();
        let kept = self.identified(set);
        self.edit_sets(|sets| sets.push(kept));
    }

    pub(super) fn rename_set(&mut self, id: SetId, name: &str) {
        let name = name.trim();
        let is_named = self.kept_set(id).is_some_and(|kept| kept.set.name == name);
        if !name.is_empty() && !is_named {
            let name = self.free_name(name);
            self.change_set(id, |set| set.name = name);
        }
    }

    pub(super) fn change_set(&mut self, id: SetId, change: impl FnOnce(&mut NamedSet)) {
        self.edit_sets(|sets| {
            if let Some(kept) = sets.iter_mut().find(|kept| kept.id == id) {
                change(&mut Arc::make_mut(kept).set);
            }
        });
    }

    pub(super) fn select_set(&mut self, id: SetId) {
        let Some(kept) = self.kept_set(id) else {
            return;
        };
        let mut choice = kept.set.choice_on(&self.report, &self.ranking);
        if choice.budget.is_none() {
            // What it is trained with, and when two ratios are near, is no part of a set.
            choice.optimizer = self.choice().optimizer;
            choice.tolerance = self.choice().tolerance;
        }
        self.edit(true, |current| *current = choice);
    }

    /// `name`, numbered where a set has it already.
    fn free_name(&self, name: &str) -> String {
        let taken = |name: &str| self.sets().iter().any(|kept| kept.set.name == name);
        text::free_name(name, taken)
    }

    /// The color that the fewest sets have.
    fn free_color(&self) -> usize {
        let used = |color: &usize| {
            let kept = self.sets().iter();
            kept.filter(|kept| kept.set.color % OKABE_ITO.len() == *color)
                .count()
        };
        (1..OKABE_ITO.len()).min_by_key(used).unwrap_or_default()
    }
}
