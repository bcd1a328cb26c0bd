//! Everything that can happen, in one place: what panels push and [`crate::window::shell::update`] does.
//!
//! An [`Action`] needs no further input: it has a text, a tooltip and perhaps a shortcut, and
//! menus, buttons, keys and the command palette all come from that one description.

use std::path::PathBuf;

use eframe::egui::ThemePreference;

use crate::window::action::Action;

use crate::figure::{HeatmapSettings, View};
use crate::selection::{Bulk, Percent};
use crate::spectral::law::ScaleMethod;
use crate::window::change::update::ComparingCommand;
use crate::window::document::Region;
use crate::window::document::choosing_command::ChoosingCommand;
use crate::window::export::state as export;
use crate::window::help::state::Help;
use crate::window::hub::update::HubCommand;
use crate::window::runs::command::RunsCommand;
use crate::window::scene::Tab;
use crate::window::sets::update::SetsCommand;
use crate::window::spectrum::state::SpectrumView;
use crate::window::tour::state::TourCommand;

/// What a panel asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// One of the named actions.
    Act(Action),
    /// Go on with the tour, or end it.
    Tour(TourCommand),
    /// Open what is at that path.
    Open(PathBuf),
    /// Open all of these, one after the other.
    OpenAll(Vec<PathBuf>),
    /// Change the named sets, or how they are compared.
    Sets(SetsCommand),
    /// The text in the open dialog changed.
    EditOpenPath(String),
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
    /// Change how spectra are drawn.
    SetSpectrum(SpectrumView),
    /// See that part of the spectrum tab's picture.
    ZoomSpectrum(View),
    /// Tell the scale of the noise another way, or by hand.
    SetMethod(ScaleMethod),
    /// Lay a module's spectrum over the inspected one's, or take it away.
    Overlay(usize),
    /// Take all laid-over spectra away.
    ClearOverlay,
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
    /// Show the help, or change what it shows.
    Help(Box<Help>),
    /// About the report that the open one is held against.
    Comparing(ComparingCommand),
    /// Put text on the clipboard.
    Copy {
        /// The text.
        text: String,
        /// What it is, for the notice.
        what: String,
    },
    /// Something of the hub.
    Hub(HubCommand),
    /// Take the ratios of the earlier results that were found.
    UseEarlier,
    /// Something of the runs tab.
    Runs(RunsCommand),
    /// Take a notice away.
    Dismiss(usize),
}

impl From<ChoosingCommand> for Command {
    fn from(command: ChoosingCommand) -> Self {
        Self::Choosing(command)
    }
}

impl Command {
    /// Opens what is at `paths`; nothing without any. Several may be the logs of several runs.
    #[must_use]
    pub fn open_all(mut paths: Vec<PathBuf>) -> Option<Self> {
        match paths.len() {
            0 => None,
            1 => paths.pop().map(Self::Open),
            _ => Some(Self::OpenAll(paths)),
        }
    }
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Act(action)
    }
}
