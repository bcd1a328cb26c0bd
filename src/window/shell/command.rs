//! Everything that can happen, in one place: what panels push and [`crate::window::shell::update`] does.
//!
//! An [`Action`] needs no further input: it has a text, a tooltip and perhaps a shortcut, and
//! menus, buttons, keys and the command palette all come from that one description.

use std::path::PathBuf;

use eframe::egui::ThemePreference;

use crate::window::action::Action;

use crate::figure::{HeatmapSettings, View};
use crate::spectral::law::ScaleMethod;
use crate::window::change::update::ComparingCommand;
use crate::window::document::edit::Edit;
use crate::window::effect::Effect;
use crate::window::export::state as export;
use crate::window::help::state as help;
use crate::window::hub::update::HubCommand;
use crate::window::layers::state as layers;
use crate::window::runs::command::RunsCommand;
use crate::window::scene::Tab;
use crate::window::sets::state as sets;
use crate::window::spectrum::state::SpectrumView;
use crate::window::tour::state as tour;

/// What a panel asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// One of the named actions.
    Act(Action),
    /// Go on with the tour, or end it.
    Tour(tour::Command),
    /// Open what is at that path.
    Open(PathBuf),
    /// Open all of these, one after the other.
    OpenAll(Vec<PathBuf>),
    /// Something that the shell carries out.
    Ask(Effect),
    /// Something of the layers room.
    Layers(layers::Command),
    /// Something of the sets room.
    Sets(sets::Command),
    /// The text in the open dialog changed.
    EditOpenPath(String),
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

impl From<layers::Command> for Command {
    fn from(command: layers::Command) -> Self {
        Self::Layers(command)
    }
}

impl From<sets::Command> for Command {
    fn from(command: sets::Command) -> Self {
        Self::Sets(command)
    }
}

impl From<Effect> for Command {
    fn from(effect: Effect) -> Self {
        Self::Ask(effect)
    }
}

impl From<Edit> for Command {
    fn from(edit: Edit) -> Self {
        Self::Ask(edit.into())
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

/// Draws a room by `view`, and adds what that asks for to `commands`.
pub(crate) fn gather<T: Into<Command>>(
    commands: &mut Vec<Command>,
    view: impl FnOnce(&mut Vec<T>),
) {
    let mut asked = Vec::new();
    view(&mut asked);
    commands.extend(asked.into_iter().map(Into::into));
}
