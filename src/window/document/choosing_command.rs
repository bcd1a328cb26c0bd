//! What the choosing block asks for, and what that does to the choice: rules, budget, presets.
//!
//! Enters: a command. Leaves: the state with the choice changed, as a step that can be undone.

use crate::selection::{Budget, Optimizer, Percent, Preset, Rules};
use crate::window::document::edit::Edit;
use crate::window::effect::{Effect, Effects};
use crate::window::shell::state::State;
use crate::window::shell::update::{carry_out, edit};

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
        ChoosingCommand::SetRules { rules, done } => edit(state, Edit::Rules { rules, done }),
        ChoosingCommand::SetBudget { budget, done } => edit(state, Edit::Budget { budget, done }),
        ChoosingCommand::SetOptimizer(optimizer) => edit(state, Edit::Optimizer(optimizer)),
        ChoosingCommand::SetTolerance { tolerance, done } => {
            edit(state, Edit::Tolerance { tolerance, done });
        }
        ChoosingCommand::UsePreset(preset) => edit(state, Edit::Preset(preset)),
        ChoosingCommand::NamePreset(name) => state.preset_name = name,
        ChoosingCommand::KeepPreset => keep_preset(state),
        ChoosingCommand::ForgetPreset(name) => ask(state, Effect::ForgetPreset(name)),
    }
}

fn ask(state: &mut State, effect: Effect) {
    let mut effects = Effects::default();
    effects.push(effect);
    carry_out(state, effects);
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
    ask(state, Effect::KeepPreset(preset));
    state.preset_name.clear();
    state.news(format!("Kept the preset {name}"));
}
