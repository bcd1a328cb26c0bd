//! What a room asks of the rest of the window; the shell carries it out.

use std::path::PathBuf;
use std::sync::Arc;

use crate::figure::HeatmapSettings;
use crate::names::Names;
use crate::report::{Other, SnrReport, Spectra};
use crate::selection::Preset;
use crate::source::hub::HubId;
use crate::spectral::ModuleResult;
use crate::window::action::Action;
use crate::window::document::Document;
use crate::window::document::arrived::Arrived;
use crate::window::document::edit::Edit;
use crate::window::files::Written;
use crate::window::scene::{Dialog, Tab};

/// Something outside the room that asks for it.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// One of the named actions.
    Act(Action),
    /// Open what is at these paths; several may be the logs of several runs.
    Open(Vec<PathBuf>),
    /// Open what is at these paths, one after the other, none of them taken for a run's log.
    OpenEach(Vec<PathBuf>),
    /// Ask the hub what it holds of a model.
    AskHub(HubId),
    /// Tell why something cannot be opened: in the open dialog, where that is on screen.
    NotOpened(String),
    /// Open the session file at that path.
    OpenSession(PathBuf),
    /// Gather the session, and save it at that path.
    WriteSession(PathBuf),
    /// The open document's work is saved in that session file.
    SavedIn(PathBuf),
    /// Read a freeze set's file.
    ImportSet(PathBuf),
    /// Read the logs of runs.
    ImportLogs(Vec<PathBuf>),
    /// Show a tab.
    Show(Tab),
    /// Change the open document.
    Edit(Edit),
    /// Show a module in the inspector, or none.
    Inspect(Option<usize>),
    /// Show a module's spectrum.
    OpenSpectrum(usize),
    /// Hold the open report against another one, or let the other go.
    HoldAgainst(Option<Box<Other>>),
    /// Add warnings to the open document's.
    Warn(Vec<String>),
    /// Show a dialog, in the place of any other.
    ShowDialog(Dialog),
    /// Color the heatmap another way.
    SetHeatmap(HeatmapSettings),
    /// Write exports in these names from now on.
    PreferNames(Names),
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

/// What background work has brought; no command carries it.
pub(crate) enum Arrival {
    /// A document, to be put on screen with the work that was kept for it.
    Document(Box<Document>),
    /// Finished modules of the open model's scan.
    Scanned(Vec<(usize, ModuleResult)>),
    /// The ratios of an earlier scan of the open model.
    Ratios(Box<SnrReport>, Option<Arc<Spectra>>),
}

/// What a room asked for while it was updated, in order, and what it hands over.
#[derive(Default)]
pub(crate) struct Effects {
    asked: Vec<Effect>,
    arrivals: Vec<Arrival>,
}

impl Effects {
    /// Asks for `effect`.
    pub(crate) fn push(&mut self, effect: impl Into<Effect>) {
        self.asked.push(effect.into());
    }

    /// Hands over what has arrived; it is in its place before anything asked for is done.
    pub(crate) fn deliver(&mut self, arrival: Arrival) {
        self.arrivals.push(arrival);
    }

    /// Hands over what a path holds, or asks for it to be read.
    pub(crate) fn deliver_opened(&mut self, arrived: Arrived) {
        match arrived {
            Arrived::Document(document) => self.deliver(Arrival::Document(document)),
            Arrived::FreezeSet(path) => self.push(Effect::ImportSet(path)),
            Arrived::Session(path) => self.push(Effect::OpenSession(path)),
            Arrived::Log(path) => {
                self.push(Effect::Remember(path.clone()));
                self.push(Effect::ImportLogs(vec![path]));
            }
        }
    }

    /// Tells the user that something was done.
    pub(crate) fn news(&mut self, text: impl Into<String>) {
        self.push(Effect::News(text.into()));
    }

    /// Tells the user that something could not be done.
    pub(crate) fn problem(&mut self, error: impl std::fmt::Display) {
        self.push(Effect::Problem(error.to_string()));
    }

    /// Takes what was handed over.
    pub(crate) fn take_arrivals(&mut self) -> Vec<Arrival> {
        std::mem::take(&mut self.arrivals)
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter = std::vec::IntoIter<Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.asked.into_iter()
    }
}
