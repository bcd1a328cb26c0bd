//! All that the window shows: the open document, what is being done, what is being asked.
//!
//! Panels read it; only [`crate::window::shell::update`] and the ends of jobs change it.

use std::time::Instant;

use eframe::egui;

use crate::figure::Mode;
use crate::selection::Choice;
use crate::window::APP_ID;
use crate::window::change::state::Change;
use crate::window::document::Document;
use crate::window::effect::Effects;
use crate::window::export::state::Export;
use crate::window::files::SystemDialogs;
use crate::window::help::state::Help;
use crate::window::hub::state::HubRoom;
use crate::window::layers::state::Layers;
use crate::window::open::state::Open;
use crate::window::runs::state::Runs;
use crate::window::scan::state::Scan;
use crate::window::scene::{self, Preferences, Tab};
use crate::window::session::state::SessionRoom;
use crate::window::sets::state::Sets;
use crate::window::shell::saving::Saving;
use crate::window::shell::settings::Settings;
use crate::window::spectrum::state::{self as spectrum, SpectrumRoom};
use crate::window::tour::state::Tour;

/// The state of the program.
pub struct State {
    /// The window's context: wakes it, copies text, closes it.
    pub ctx: egui::Context,
    /// The open report; none only when even the sample cannot be read.
    pub document: Option<Document>,
    /// What is kept between runs.
    pub settings: Settings,
    /// Whether the system may be asked for paths in dialogs of its own. Where not, it is as if it
    /// had none: what is saved goes beside the last export.
    pub dialogs: SystemDialogs,
    /// The looks that rooms share.
    pub preferences: Preferences,
    /// The tab in the middle.
    pub tab: Tab,
    /// The spectrum room.
    pub spectrum: SpectrumRoom,
    /// The layers room.
    pub layers: Layers,
    /// The sets room.
    pub sets: Sets,
    /// The runs room.
    pub runs: Runs,
    /// The module in the inspector.
    pub inspected: Option<usize>,
    /// The open room.
    pub open: Open,
    /// The hub room.
    pub hub: HubRoom,
    /// The scan room.
    pub scan: Scan,
    /// The session room.
    pub session: SessionRoom,
    /// The change room.
    pub change: Change,
    /// The export room.
    pub export: Export,
    /// The help room.
    pub help: Help,
    /// The tour room.
    pub tour: Tour,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// Whether the document's warnings are shown.
    pub warnings_open: bool,
    /// What just happened.
    pub notices: Vec<Notice>,
    /// Pictures being saved.
    pub saving: Saving,
}

/// What a room may look at, while the room itself is changed.
macro_rules! scene_of {
    ($state:expr) => {
        $crate::window::scene::Scene {
            ctx: &$state.ctx,
            document: $state.document.as_ref(),
            preferences: &$state.preferences,
            inspected: $state.inspected,
            tab: $state.tab,
            dialogs: &$state.dialogs,
            dialog: match $state.dialog {
                Some($crate::window::shell::state::Dialog::Room(dialog)) => Some(dialog),
                _ => None,
            },
            covered: $state.dialog.is_some(),
        }
    };
}
pub(crate) use scene_of;

/// A dialog over the window.
#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    /// One whose content a room keeps.
    Room(scene::Dialog),
    /// Command palette.
    Palette {
        /// The search as typed.
        search: String,
    },
    /// The keys.
    Shortcuts,
}

impl Dialog {
    /// Tells it from other dialogs, whatever is typed in it.
    pub(crate) fn id(&self) -> egui::Id {
        let room = match self {
            Self::Room(room) => Some(*room),
            Self::Palette { .. } | Self::Shortcuts => None,
        };
        egui::Id::unique((std::mem::discriminant(self), room))
    }
}

/// A line about something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// The line.
    pub text: String,
    /// How it is meant.
    pub kind: NoticeKind,
    /// When; news goes away by itself.
    pub since: Instant,
}

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Done.
    News,
    /// Could not be done; stays until it is dismissed.
    Error,
}

impl State {
    /// An empty state with those settings.
    #[must_use]
    pub fn new(ctx: egui::Context, settings: Settings) -> Self {
        let (preferences, toured) = (settings.preferences(), settings.toured);
        let runs = Runs::restore(settings.runs());
        let spectrum = SpectrumRoom::restore(settings.spectrum);
        Self {
            ctx,
            document: None,
            settings,
            dialogs: SystemDialogs { allowed: true },
            preferences,
            tab: Tab::default(),
            spectrum,
            layers: Layers::default(),
            sets: Sets::default(),
            runs,
            inspected: None,
            open: Open::default(),
            hub: HubRoom::default(),
            scan: Scan {
                folder: eframe::storage_dir(APP_ID).map(|folder| folder.join("scans")),
                ..Scan::default()
            },
            session: SessionRoom::default(),
            change: Change::default(),
            export: Export::default(),
            help: Help::default(),
            tour: Tour { step: None, toured },
            dialog: None,
            warnings_open: false,
            notices: Vec::new(),
            saving: Saving::default(),
        }
    }

    /// Whether the presentation view is on.
    #[must_use]
    pub fn presenting(&self) -> bool {
        self.settings.zoom_before.is_some()
    }

    /// Tells the user that something was done.
    pub fn news(&mut self, text: impl Into<String>) {
        self.notify(text.into(), NoticeKind::News);
    }

    /// Tells the user that something could not be done.
    pub fn error(&mut self, error: impl std::fmt::Display) {
        self.notify(error.to_string(), NoticeKind::Error);
    }

    fn notify(&mut self, text: String, kind: NoticeKind) {
        self.notices.retain(|notice| notice.text != text);
        self.notices.push(Notice {
            text,
            kind,
            since: Instant::now(),
        });
        // The latest few are enough: an older one has been seen or never will be.
        if self.notices.len() > 4 {
            self.notices.remove(0);
        }
    }

    /// Puts a document on screen.
    pub fn show(&mut self, mut document: Document) {
        self.keep_choice();
        self.inspected = None;
        self.spectrum.forget();
        self.layers.forget();
        self.sets.forget();
        document.session = self.settings.session_of(&document.key());
        self.warnings_open = false;
        if let Some(path) = &document.report.path {
            self.preferences.remember(path);
        }
        self.settings.last.clone_from(&document.report.path);
        let mode = &mut self.preferences.heatmap.mode;
        if mode.needs_other() {
            *mode = Mode::Snr;
        }
        self.document = Some(document);
        self.scan.follow(&scene_of!(self));
    }

    /// Puts a module in the inspector, and has its spectrum read.
    pub(crate) fn inspect(&mut self, module: Option<usize>, effects: &mut Effects) {
        self.inspected = module;
        // Who asks for a layer wants to see it.
        if module.is_some() {
            self.preferences.inspector_panel = true;
        }
        self.need_spectrum(effects);
    }

    /// Has the spectrum of the module in the inspector read, where it is not there yet.
    pub(crate) fn need_spectrum(&mut self, effects: &mut Effects) {
        let need = spectrum::Command::Need;
        self.spectrum.update(need, &scene_of!(self), effects);
    }

    /// What is kept for the next start, as things stand.
    #[must_use]
    pub fn kept_settings(&self) -> Settings {
        let mut settings = self.settings.clone();
        settings.keep(&self.preferences);
        settings.spectrum = self.spectrum.kept();
        settings.toured = self.tour.toured;
        settings
    }

    /// Keeps the runs for the next start.
    pub fn keep_runs(&mut self) {
        self.settings.keep_runs(self.runs.kept());
    }

    /// Keeps the open document's selection for the next time it is opened.
    pub fn keep_choice(&mut self) {
        if let Some(document) = &self.document {
            let key = document.key();
            let first = Choice::first_of(&document.choosing().towers);
            self.settings.keep_choice(&key, document.choice(), &first);
            self.settings.keep_sets(&key, document.sets());
        }
    }
}
