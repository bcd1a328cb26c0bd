//! Everything that changes the choice made on the open document: one list, applied in one place.

use crate::selection::{Budget, Bulk, Choice, NamedSet, Optimizer, Percent, Preset, Rules};
use crate::window::document::work::SetId;
use crate::window::document::{Document, Region};

/// A change of the open document. `done` is false while a drag goes on: the step of undo ends
/// with the drag.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Set the share of every type.
    Percent {
        /// The new share.
        percent: Percent,
        /// Whether this ends the step.
        done: bool,
    },
    /// Give types a share of their own, or take it away.
    TypePercent {
        /// Indices of the types.
        types: Vec<usize>,
        /// The share; `None` for the common one.
        percent: Option<Percent>,
        /// Whether this ends the step.
        done: bool,
    },
    /// List types in the freeze set, or leave them out.
    ListTypes {
        /// Indices of the types.
        types: Vec<usize>,
        /// Whether they are listed.
        listed: bool,
    },
    /// Change marks made by hand.
    Mark {
        /// Indices of the modules.
        modules: Vec<usize>,
        /// What to do with them.
        edit: Bulk,
    },
    /// Turn modules over by hand, together.
    Toggle(Vec<usize>),
    /// Take modules together for the next change.
    PickRegion(Option<Region>),
    /// Write the head's fixed line, or not.
    Head(bool),
    /// Write the embedding's fixed line, or not.
    Embeddings(bool),
    /// Change the rules of choosing.
    Rules {
        /// The new rules.
        rules: Rules,
        /// Whether this ends the step.
        done: bool,
    },
    /// Choose by a budget in the place of the percentage, or no longer.
    Budget {
        /// The budget; `None` for the percentage, as it is now.
        budget: Option<Budget>,
        /// Whether this ends the step.
        done: bool,
    },
    /// Estimate memory for another way of training.
    Optimizer(Optimizer),
    /// Change how near ratios have to be for a near-tie.
    Tolerance {
        /// The relative difference.
        tolerance: Percent,
        /// Whether this ends the step.
        done: bool,
    },
    /// Choose by a preset's settings; pins and drops stay.
    Preset(Box<Preset>),
    /// Keep a set at the end of the list, under a name and in a color that no other has.
    AddSet(Box<NamedSet>),
    /// Give a set another name, numbered where a set has it already.
    RenameSet(SetId, String),
    /// Give a set another color, an index into the palette.
    RecolorSet(SetId, usize),
    /// Forget a set.
    DeleteSet(SetId),
    /// Make a set the current selection.
    SelectSet(SetId),
    /// Remove all marks made by hand.
    ClearMarks,
    /// Back to what the document was opened with.
    Reset,
    /// Take the last step back.
    Undo,
    /// Take the last undone step again.
    Redo,
}

impl Document {
    /// Does what `edit` says.
    pub fn apply(&mut self, edit: Edit) {
        match edit {
            // The slider and a budget set the same thing: who moves one lets the other go.
            Edit::Percent { percent, done } => self.edit(done, |choice| {
                choice.percent = percent;
                choice.budget = None;
            }),
            Edit::TypePercent {
                types,
                percent,
                done,
            } => {
                let names = self.type_names(&types);
                self.edit(done, |choice| {
                    for name in names {
                        match percent {
                            Some(percent) => choice.type_percent.insert(name, percent),
                            None => choice.type_percent.remove(&name),
                        };
                    }
                });
            }
            Edit::ListTypes { types, listed } => {
                let names = self.type_names(&types);
                self.edit(true, |choice| {
                    for name in names {
                        if listed {
                            choice.excluded.remove(&name);
                        } else {
                            choice.excluded.insert(name);
                        }
                    }
                });
            }
            Edit::Mark { modules, edit } => self.mark(modules, edit),
            Edit::Toggle(modules) => self.toggle(modules),
            Edit::PickRegion(region) => self.region = region,
            Edit::Head(on) => self.edit(true, |choice| choice.head = on),
            Edit::Embeddings(on) => self.edit(true, |choice| choice.embeddings = on),
            Edit::Rules { rules, done } => self.edit(done, |choice| choice.rules = rules),
            Edit::Budget { budget, done } => {
                // Without the budget the set stays as it is.
                let top = self.set.top;
                self.edit(done, |choice| {
                    choice.percent = top;
                    choice.budget = budget;
                });
            }
            Edit::Optimizer(optimizer) => self.edit(true, |choice| choice.optimizer = optimizer),
            Edit::Tolerance { tolerance, done } => {
                self.edit(done, |choice| choice.tolerance = tolerance);
            }
            Edit::Preset(preset) => {
                self.edit(true, |choice| *choice = preset.applied_to(choice));
            }
            Edit::AddSet(set) => self.add_set(*set),
            Edit::RenameSet(id, name) => self.rename_set(id, &name),
            Edit::RecolorSet(id, color) => self.change_set(id, |set| set.color = color),
            Edit::DeleteSet(id) => self.edit_sets(|sets| sets.retain(|kept| kept.id != id)),
            Edit::SelectSet(id) => self.select_set(id),
            Edit::ClearMarks => self.edit(true, |choice| choice.marks.clear()),
            Edit::Reset => {
                let first = Choice::first_of(&self.choosing.towers);
                self.edit(true, |choice| *choice = first);
            }
            Edit::Undo => self.undo(),
            Edit::Redo => self.redo(),
        }
    }

    fn type_names(&self, types: &[usize]) -> Vec<String> {
        types
            .iter()
            .map(|&index| self.report.types[index].name.clone())
            .collect()
    }
}
