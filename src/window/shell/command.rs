//! Everything that can happen, in one place: what panels push and [`crate::window::shell::update`] does.
//!
//! An [`Action`] needs no further input: it has a text, a tooltip and perhaps a shortcut, and
//! menus, buttons, keys and the command palette all come from that one description.

use eframe::egui::ThemePreference;

use crate::window::action::Action;

use crate::figure::HeatmapSettings;
use crate::selection::{Bulk, Percent};
use crate::window::change;
use crate::window::document::Region;
use crate::window::document::choosing_command::ChoosingCommand;
use crate::window::effect::Effect;
use crate::window::export::state as export;
use crate::window::help::state as help;
use crate::window::hub;
use crate::window::open;
use crate::window::runs::command as runs;
use crate::window::scan;
use crate::window::scene::Tab;
use crate::window::sets::update::SetsCommand;
use crate::window::spectrum::state as spectrum;
use crate::window::tour::state as tour;

/// What a panel asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// One of the named actions.
    Act(Action),
    /// Go on with the tour, or end it.
    Tour(tour::Command),
    /// Something that the shell carries out.
    Ask(Effect),
    /// Something of the open room.
    Open(open::Command),
    /// Change the named sets, or how they are compared.
    Sets(SetsCommand),
    /// Set the share of every type. `done` is false while a drag goes on.
    SetPercent {
        /// The new share.
        percent: Percent,
        /// Whether this ends the step.
        done: bool,
    },
    /// Change rules, budget or presets of choosing.
    Choosing(ChoosingCommand),
    /// Give types a share of their own, or take it away.
    SetTypePercent {
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
    SetHead(bool),
    /// Write the embedding's fixed line, or not.
    SetEmbeddings(bool),
    /// Show a module in the inspector.
    Inspect(Option<usize>),
    /// Show a module's spectrum.
    OpenSpectrum(usize),
    /// Show a tab.
    ShowTab(Tab),
    /// Something of the spectrum room.
    Spectrum(spectrum::Command),
    /// Filter the list of types.
    Search(String),
    /// Type into the command palette.
    SearchPalette(String),
    /// Change how the heatmap is shown.
    SetHeatmap(HeatmapSettings),
    /// Dark, light or the system's choice.
    SetTheme(ThemePreference),
    /// Something of the export room.
    Export(export::Command),
    /// Something of the help room.
    Help(help::Command),
    /// Something of the change room.
    Change(change::Command),
    /// Show the heatmap of the report that the open one is held against, or not.
    ShowBoth(bool),
    /// Put text on the clipboard.
    Copy {
        /// The text.
        text: String,
        /// What it is, for the notice.
        what: String,
    },
    /// Something of the hub.
    Hub(hub::Command),
    /// Something of the scan room.
    Scan(scan::Command),
    /// Something of the runs room.
    Runs(runs::Command),
    /// Take a notice away.
    Dismiss(usize),
}

impl From<ChoosingCommand> for Command {
    fn from(command: ChoosingCommand) -> Self {
        Self::Choosing(command)
    }
}

impl From<Effect> for Command {
    fn from(effect: Effect) -> Self {
        Self::Ask(effect)
    }
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Act(action)
    }
}
