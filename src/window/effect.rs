//! What a room asks of the rest of the window; the shell carries it out.

use std::path::PathBuf;

use crate::figure::HeatmapSettings;
use crate::selection::Preset;
use crate::window::action::Action;
use crate::window::document::edit::Edit;
use crate::window::files::Written;
use crate::window::scene::{Dialog, Tab};

/// Something outside the room that asks for it.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// One of the named actions.
    Act(Action),
    /// Open what is at these paths, one after the other.
    Open(Vec<PathBuf>),
    /// Open each of these as what it is, one after the other; none of them is a run's log.
    OpenEach(Vec<PathBuf>),
    /// Show a tab.
    Show(Tab),
    /// Change the open document.
    Edit(Edit),
    /// Show a module in the inspector, or none.
    Inspect(Option<usize>),
    /// Show a module's spectrum.
    OpenSpectrum(usize),
    /// Hold the open report against the results at that path.
    CompareWith(PathBuf),
    /// Show a dialog, in the place of any other.
    ShowDialog(Dialog),
    /// Color the heatmap another way.
    SetHeatmap(HeatmapSettings),
    /// Keep a preset, in the place of one of that name.
    KeepPreset(Preset),
    /// Forget the preset of that name.
    ForgetPreset(String),
    /// Remember a path among the recent items.
    Remember(PathBuf),
    /// A file was written.
    Wrote(Written),
    /// Put text on the clipboard.
    Copy {
        /// The text.
        text: String,
        /// What it is, for the notice.
        what: String,
    },
    /// Tell the user that something was done.
    News(String),
    /// Tell the user that something could not be done.
    Problem(String),
}

impl Effect {
    /// Opens what is at `paths`; nothing without any.
    #[must_use]
    pub fn open_all(paths: Vec<PathBuf>) -> Option<Self> {
        (!paths.is_empty()).then_some(Self::Open(paths))
    }
}

impl From<Action> for Effect {
    fn from(action: Action) -> Self {
        Self::Act(action)
    }
}

impl From<Edit> for Effect {
    fn from(edit: Edit) -> Self {
        Self::Edit(edit)
    }
}

/// What a room asked for while it was updated, in order.
#[derive(Debug, Default)]
pub(crate) struct Effects(Vec<Effect>);

impl Effects {
    /// Asks for `effect`.
    pub(crate) fn push(&mut self, effect: impl Into<Effect>) {
        self.0.push(effect.into());
    }

    /// Tells the user that something was done.
    pub(crate) fn news(&mut self, text: impl Into<String>) {
        self.push(Effect::News(text.into()));
    }

    /// Tells the user that something could not be done.
    pub(crate) fn problem(&mut self, error: impl std::fmt::Display) {
        self.push(Effect::Problem(error.to_string()));
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter = std::vec::IntoIter<Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
