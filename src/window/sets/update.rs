//! The sets tab: which two sets are compared, and what its commands do.
//!
//! Enters: [`SetsCommand`]s. Leaves: the document's named sets changed, one step of undo each, and
//! the view of them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::figure::OKABE_ITO;
use crate::selection::{Choice, Combine, FreezeSet, NamedSet, Percent};
use crate::text;
use crate::window::action::Action;
use crate::window::document::Document;
use crate::window::document::work::{KeptSet, SetId};
use crate::window::scene::Tab;
use crate::window::shell::command::Command;
use crate::window::shell::state::State;
use crate::window::shell::update::apply;

/// The current selection's colour, an index into [`OKABE_ITO`]; kept sets begin after it.
const CURRENT_COLOUR: usize = 0;

/// One of the sets: the selection as it is, or a kept one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum SetRef {
    /// The current selection.
    #[default]
    Current,
    /// A set kept under a name.
    Kept(SetId),
}

/// What the lower part of the tab shows.
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

impl SetsView {
    /// All views, in the order they are offered in.
    pub const ALL: [Self; 5] = [
        Self::Heatmap,
        Self::Types,
        Self::Blocks,
        Self::Members,
        Self::Unmatched,
    ];

    /// Its name on screen.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Heatmap => "Heatmap",
            Self::Types => "By type",
            Self::Blocks => "By block",
            Self::Members => "All sets",
            Self::Unmatched => "Not matched",
        }
    }

    /// What it shows.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Heatmap => "Every layer: only in A, in both, only in B, in neither",
            Self::Types => "How many layers of each type the two sets tell apart",
            Self::Blocks => "How many layers of each block the two sets tell apart",
            Self::Members => "How many layers of each type every set trains",
            Self::Unmatched => "Lines and names of A and B that match nothing in the open document",
        }
    }
}

/// Which sets are compared, and how they are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SetsState {
    /// The first set.
    pub a: SetRef,
    /// The second.
    pub b: SetRef,
    /// What is shown below the list.
    pub view: SetsView,
}

/// What the sets tab asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum SetsCommand {
    /// Keep the current selection under a name.
    Keep,
    /// Add the set that a percentage alone makes.
    Add(Percent),
    /// Add a set made elsewhere: read from a file.
    Import(Box<NamedSet>),
    /// Give a set another name.
    Rename(SetId, String),
    /// Give a set another colour.
    Recolour(SetId, usize),
    /// Keep a copy.
    Duplicate(SetId),
    /// Forget a set.
    Delete(SetId),
    /// Make a set the current selection.
    MakeCurrent(SetId),
    /// Make a set the current selection and open the export dialog.
    Export(SetId),
    /// Compare this set, as A.
    PickA(SetRef),
    /// Compare with this set, as B.
    PickB(SetRef),
    /// A for B and B for A.
    Swap,
    /// Make one set of A and B.
    Combine(Combine),
    /// Make a set of what only B trains.
    Subtract,
    /// Show another view.
    Show(SetsView),
}

/// A set as the tab shows it.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Which.
    pub of: SetRef,
    /// Its name.
    pub name: &'a str,
    /// An index into [`OKABE_ITO`].
    pub colour: usize,
    /// For each module of the report, whether it trains.
    pub chosen: &'a [bool],
    /// Modules that train.
    pub modules: usize,
    /// Their parameters, where shapes are known.
    pub parameters: Option<u64>,
}

impl Document {
    /// A set as the tab shows it; the current selection in place of one that is gone.
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
                colour: CURRENT_COLOUR,
                chosen: &self.set.chosen,
                modules: self.set.counts.modules,
                parameters: self.set.counts.parameters,
            },
            |kept| Side {
                of,
                name: &kept.set.name,
                colour: kept.set.colour % OKABE_ITO.len(),
                chosen: &kept.resolved.chosen,
                modules: kept.resolved.modules,
                parameters: kept.resolved.parameters,
            },
        )
    }

    /// A set as one to store or to combine.
    #[must_use]
    pub fn named(&self, of: SetRef) -> NamedSet {
        let kept = match of {
            SetRef::Kept(id) => self.kept_set(id),
            SetRef::Current => None,
        };
        kept.map_or_else(
            || NamedSet::of_selection("selection", &self.report, &self.set, self.choice()),
            |kept| kept.set.clone(),
        )
    }
}

/// Does what `command` asks for.
pub(crate) fn apply_sets(state: &mut State, command: SetsCommand) {
    let Some(document) = &mut state.document else {
        return;
    };
    match command {
        SetsCommand::PickA(set) => state.sets.a = set,
        SetsCommand::PickB(set) => state.sets.b = set,
        SetsCommand::Swap => std::mem::swap(&mut state.sets.a, &mut state.sets.b),
        SetsCommand::Show(view) => state.sets.view = view,
        SetsCommand::Keep => {
            let mut set = document.named(SetRef::Current);
            set.name.clone_from(&set.made);
            add(state, set);
        }
        SetsCommand::Add(percent) => {
            let set = of_percent(document, percent);
            add(state, set);
        }
        SetsCommand::Import(set) => {
            add(state, *set);
            state.sets.a = SetRef::Current;
            state.tab = Tab::Sets;
        }
        SetsCommand::Duplicate(id) => {
            if let Some(kept) = document.kept_set(id) {
                let set = kept.set.clone();
                add(state, set);
            }
        }
        SetsCommand::Combine(how) => {
            let (a, b) = (document.named(state.sets.a), document.named(state.sets.b));
            add(state, a.combine(how, &b));
        }
        SetsCommand::Subtract => {
            let (a, b) = (document.named(state.sets.a), document.named(state.sets.b));
            add(state, b.combine(Combine::Difference, &a));
        }
        SetsCommand::Rename(id, name) => {
            let name = name.trim();
            let same = |kept: &KeptSet| kept.set.name == name;
            if !name.is_empty() && !document.kept_set(id).is_some_and(same) {
                let name = free_name(document, name);
                change(document, id, |set| set.name = name);
            }
        }
        SetsCommand::Recolour(id, colour) => change(document, id, |set| set.colour = colour),
        SetsCommand::Delete(id) => {
            document.edit_sets(|sets| sets.retain(|kept| kept.id != id));
        }
        SetsCommand::MakeCurrent(id) => make_current(state, id),
        SetsCommand::Export(id) => {
            make_current(state, id);
            apply(state, Command::Act(Action::ShowExport));
        }
    }
}

/// Adds `set` under a name and in a colour that no other has, and compares with it.
fn add(state: &mut State, mut set: NamedSet) {
    let Some(document) = &mut state.document else {
        return;
    };
    set.name = free_name(document, &set.name);
    set.colour = free_colour(document);
    let id = document.add_set(set);
    if state.sets.a == SetRef::Kept(id) {
        state.sets.a = SetRef::Current;
    }
    state.sets.b = SetRef::Kept(id);
}

/// The set that `percent` alone makes, by Spectrum's rules.
fn of_percent(document: &Document, percent: Percent) -> NamedSet {
    let choice = Choice {
        percent,
        ..Choice::default()
    };
    let set = FreezeSet::new(&document.report, &document.ranking, &choice);
    let name = format!("Top {percent} %");
    NamedSet::of_selection(name, &document.report, &set, &choice)
}

/// `name`, numbered where a set has it already.
fn free_name(document: &Document, name: &str) -> String {
    let taken = |name: &str| document.sets().iter().any(|kept| kept.set.name == name);
    text::free_name(name, taken)
}

/// The colour that the fewest sets have.
fn free_colour(document: &Document) -> usize {
    let used = |colour: &usize| {
        let kept = document.sets().iter();
        kept.filter(|kept| kept.set.colour % OKABE_ITO.len() == *colour)
            .count()
    };
    (1..OKABE_ITO.len()).min_by_key(used).unwrap_or_default()
}

fn change(document: &mut Document, id: SetId, change: impl FnOnce(&mut NamedSet)) {
    document.edit_sets(|sets| {
        if let Some(kept) = sets.iter_mut().find(|kept| kept.id == id) {
            change(&mut Arc::make_mut(kept).set);
        }
    });
}

fn make_current(state: &mut State, id: SetId) {
    let Some(document) = &mut state.document else {
        return;
    };
    let Some(kept) = document.kept_set(id) else {
        return;
    };
    let name = kept.set.name.clone();
    let mut choice = kept.set.choice_on(&document.report, &document.ranking);
    if choice.budget.is_none() {
        // What it is trained with, and when two ratios are near, is no part of a set.
        choice.optimizer = document.choice().optimizer;
        choice.tolerance = document.choice().tolerance;
    }
    document.edit(true, |current| *current = choice);
    state.news(format!("The selection is now “{name}”; Undo takes it back"));
}

impl From<SetsCommand> for Command {
    fn from(command: SetsCommand) -> Self {
        Self::Sets(command)
    }
}
