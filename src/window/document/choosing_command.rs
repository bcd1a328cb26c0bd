//! What the choosing block asks for, and what that does to the choice: rules, budget, presets.
//!
//! Enters: a command. Leaves: the state with the choice changed, as a step that can be undone.

use crate::selection::{Budget, Optimizer, Percent, Preset, Rules};
use crate::window::shell::state::State;
use crate::window::shell::update::edit;

/// What the choosing block asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum ChoosingCommand {
    /// Change the rules of choosing. `done` is false while a drag goes on.
    SetRules {
        /// The new rules.
        rules: Rules,
        /// Whether this ends the step.
        done: bool,
    },
    /// Choose by a budget in the place of the percentage, or no longer.
    SetBudget {
        /// The budget; `None` for the percentage, as it is now.
        budget: Option<Budget>,
        /// Whether this ends the step.
        done: bool,
    },
    /// Estimate memory for another way of training.
    SetOptimizer(Optimizer),
    /// Change how near ratios have to be for a near-tie.
    SetTolerance {
        /// The relative difference.
        tolerance: Percent,
        /// Whether this ends the step.
        done: bool,
    },
    /// Choose by a preset's settings; pins and drops stay.
    UsePreset(Box<Preset>),
    /// The name of the preset to be kept changed.
    NamePreset(String),
    /// Keep the settings of choosing under the name that was typed.
    KeepPreset,
    /// Forget the preset of that name.
    ForgetPreset(String),
}

/// Does what `command` asks for.
pub(crate) fn apply(state: &mut State, command: ChoosingCommand) {
    match command {
        ChoosingCommand::SetRules { rules, done } => {
            edit(state, done, |choice| choice.rules = rules);
        }
        ChoosingCommand::SetBudget { budget, done } => {
            let top = state.document.as_ref().map(|document| document.set.top);
            edit(state, done, |choice| {
                // Without the budget the set stays as it is.
                choice.percent = top.unwrap_or(choice.percent);
                choice.budget = budget;
            });
        }
        ChoosingCommand::SetOptimizer(optimizer) => {
            edit(state, true, |choice| choice.optimizer = optimizer);
        }
        ChoosingCommand::SetTolerance { tolerance, done } => {
            edit(state, done, |choice| choice.tolerance = tolerance);
        }
        ChoosingCommand::UsePreset(preset) => {
            edit(state, true, |choice| *choice = preset.applied_to(choice));
        }
        ChoosingCommand::NamePreset(name) => state.preset_name = name,
        ChoosingCommand::KeepPreset => keep_preset(state),
        ChoosingCommand::ForgetPreset(name) => {
            state
                .preferences
                .presets
                .retain(|preset| preset.name != name);
        }
    }
}

/// Keeps the settings of choosing under the name that was typed, in the place of any before.
fn keep_preset(state: &mut State) {
    let name = state.preset_name.trim().to_owned();
    let Some(document) = &state.document else {
        return;
    };
    if name.is_empty() {
        return;
    }
    let preset = Preset::new(name.as_str(), document.choice());
    let presets = &mut state.preferences.presets;
    match presets.iter_mut().find(|preset| preset.name == name) {
        Some(there) => *there = preset,
        None => presets.push(preset),
    }
    state.preset_name.clear();
    state.news(format!("Kept the preset {name}"));
}
