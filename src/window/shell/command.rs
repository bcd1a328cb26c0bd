//! Everything that can happen, in one place: what panels push and [`crate::window::shell::update`] does.
//!
//! An [`Action`] needs no further input: it has a text, a tooltip and perhaps a shortcut, and
//! menus, buttons, keys and the command palette all come from that one description.

use eframe::egui::ThemePreference;

use crate::window::action::Action;

use crate::figure::HeatmapSettings;
use crate::window::change;
use crate::window::document::edit::Edit;
use crate::window::effect::Effect;
use crate::window::export::state as export;
use crate::window::help::state as help;
use crate::window::hub;
use crate::window::layers::state as layers;
use crate::window::open;
use crate::window::runs::command as runs;
use crate::window::scan;
use crate::window::scene::Tab;
use crate::window::sets::state as sets;
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
    /// Something of the layers room.
    Layers(layers::Command),
    /// Something of the sets room.
    Sets(sets::Command),
    /// Something of the open room.
    Open(open::Command),
    /// Show a module in the inspector.
    Inspect(Option<usize>),
    /// Show a module's spectrum.
    OpenSpectrum(usize),
    /// Show a tab.
    ShowTab(Tab),
    /// Something of the spectrum room.
    Spectrum(spectrum::Command),
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

/// A room's command is the shell's.
macro_rules! from_rooms {
    ($($room:ident: $command:ty),+ $(,)?) => {
        $(impl From<$command> for Command {
            fn from(command: $command) -> Self {
                Self::$room(command)
            }
        })+
    };
}

from_rooms! {
    Layers: layers::Command,
    Spectrum: spectrum::Command,
    Sets: sets::Command,
    Runs: runs::Command,
    Open: open::Command,
    Hub: hub::Command,
    Scan: scan::Command,
    Change: change::Command,
    Export: export::Command,
    Help: help::Command,
    Tour: tour::Command,
}

impl From<Edit> for Command {
    fn from(edit: Edit) -> Self {
        Self::Ask(edit.into())
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

/// Draws a room by `view`, and adds what that asks for to `commands`.
pub(crate) fn gather<T: Into<Command>>(
    commands: &mut Vec<Command>,
    view: impl FnOnce(&mut Vec<T>),
) {
    let mut asked = Vec::new();
    view(&mut asked);
    commands.extend(asked.into_iter().map(Into::into));
}
