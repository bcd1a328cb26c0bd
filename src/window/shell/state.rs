//! All that the window shows: the open document, what is being done, what is being asked.
//!
//! Panels read it; only [`crate::window::shell::update`] and the ends of jobs change it.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use eframe::egui;
use serde_json::{Map, Value};

use crate::open::Opened;
use crate::report::SnrReport;
use crate::run::TablePreview;
use crate::selection::Choice;
use crate::source::hub;
use crate::spectral::{ModuleResult, ScanSummary};
use crate::window::APP_ID;
use crate::window::change::update as comparing;
use crate::window::document::{Document, document_key};
use crate::window::export::state::Export;
use crate::window::files::{SystemDialogs, Written};
use crate::window::help::state::Help;
use crate::window::hub::update::{HubDialog, HubJob};
use crate::window::layers::state::Layers;
use crate::window::runs::derive::Derived;
use crate::window::runs::figures::FiguresWanted;
use crate::window::runs::import::{Following, ImportJob};
use crate::window::runs::link::FreezeLink;
use crate::window::runs::state::{RunId, RunsState};
use crate::window::scan::earlier::EarlierState;
use crate::window::scene::{self, Preferences, Tab};
use crate::window::session::update::Restored;
use crate::window::sets::state::Sets;
use crate::window::shell::settings::Settings;
use crate::window::spectrum::state::{Loaded, SpectrumState, Waterfall};
use crate::window::task::Job;
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
    /// The folder that interrupted scans are kept in; none where the system has no such place.
    pub scan_folder: Option<PathBuf>,
    /// The tab in the middle.
    pub tab: Tab,
    /// What the spectrum tab shows.
    pub spectrum: SpectrumState,
    /// The layers room.
    pub layers: Layers,
    /// The sets room.
    pub sets: Sets,
    /// The session file that the open document's work is saved in.
    pub session: Option<PathBuf>,
    /// What that file holds besides.
    pub unknown_fields: Map<String, Value>,
    /// The runs that are compared.
    pub runs: RunsState,
    /// The module in the inspector.
    pub inspected: Option<usize>,
    /// Where the hub is.
    pub hub: hub::Settings,
    /// Results of an earlier scan of the open model.
    pub earlier: EarlierState,
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
    /// What is being done in the background.
    pub jobs: Jobs,
    /// Rises with every document opened: results meant for an older one are dropped.
    pub generation: u64,
}

/// What a room may look at, while the room itself is changed.
macro_rules! scene_of {
    ($state:expr) => {
        $crate::window::scene::Scene {
            ctx: &$state.ctx,
            document: $state.document.as_ref(),
            preferences: &$state.preferences,
            inspected: $state.inspected,
            session: $state.session.as_deref(),
            tab: $state.tab,
            dialogs: &$state.dialogs,
        }
    };
}
pub(crate) use scene_of;

/// A dialog over the window.
#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    /// Open by path.
    Open {
        /// The path as typed.
        path: String,
        /// What went wrong with the last try.
        problem: Option<String>,
    },
    /// Compare with other results.
    Compare {
        /// The path as typed.
        path: String,
        /// What went wrong with the last try.
        problem: Option<String>,
    },
    /// A model of the hub.
    Hub(Box<HubDialog>),
    /// One whose content a room keeps.
    Room(scene::Dialog),
    /// What the columns of an unknown table of a log mean.
    Mapping,
    /// Command palette.
    Palette {
        /// The search as typed.
        search: String,
    },
    /// The keys.
    Shortcuts,
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

/// Background work, one slot a kind.
#[derive(Default)]
pub struct Jobs {
    /// A path being opened.
    pub open: Option<(PathBuf, Job<Opened>)>,
    /// A model of the hub being asked for or fetched.
    pub hub: Option<HubJob>,
    /// Results to hold the open ones against being read.
    pub other: Option<Job<SnrReport>>,
    /// What else was dropped or given, to be opened after it.
    pub queue: VecDeque<PathBuf>,
    /// A session being opened.
    pub session: Option<Job<Restored>>,
    /// A session being saved.
    pub save_session: Option<Job<Written>>,
    /// A model being scanned.
    pub scan: Option<ScanJob>,
    /// A spectrum being read.
    pub spectrum: Option<Job<Loaded>>,
    /// A spectrum to be laid over being read.
    pub overlay: Option<Job<Loaded>>,
    /// A type's spectra being read.
    pub waterfall: Option<Job<Waterfall>>,
    /// Logs being read.
    pub logs: Option<ImportJob>,
    /// The first rows of a table being read again.
    pub preview: Option<Job<TablePreview>>,
    /// The freeze set of a run being read.
    pub tie: Option<Job<(RunId, FreezeLink)>>,
    /// Logs being looked at for what was added.
    pub following: Following,
    /// Table and plots of runs being made.
    pub derived: Option<Job<Derived>>,
    /// A system dialog on screen.
    pub pick: Option<Job<Option<Picked>>>,
    /// A file being written.
    pub write: Option<Job<Written>>,
}

/// A scan with the layers it has finished and nobody has looked at yet.
pub struct ScanJob {
    /// The work itself.
    pub job: Job<ScanSummary>,
    /// Finished modules.
    pub finished: Receiver<(usize, ModuleResult)>,
    /// When the window last took finished modules in.
    pub taken: Instant,
}

/// What a system dialog was asked for, and the answer.
#[derive(Debug)]
pub enum Picked {
    /// Something to open.
    Open(PathBuf),
    /// Results to hold the open ones against.
    CompareWith(PathBuf),
    /// Where to save a picture.
    Picture(PathBuf),
    /// Where to save the figure.
    Figure(PathBuf),
    /// Where to save the session.
    Session(PathBuf),
    /// Logs to read, perhaps as parts of a run.
    Logs(Vec<PathBuf>, Option<RunId>),
    /// The folder for figures of runs.
    RunFigures(PathBuf, FiguresWanted),
    /// The freeze set of a run.
    RunSet(RunId, PathBuf),
}

impl State {
    /// An empty state with those settings.
    #[must_use]
    pub fn new(ctx: egui::Context, settings: Settings) -> Self {
        let (preferences, toured) = (settings.preferences(), settings.toured);
        Self {
            ctx,
            document: None,
            settings,
            dialogs: SystemDialogs { allowed: true },
            preferences,
            scan_folder: eframe::storage_dir(APP_ID).map(|folder| folder.join("scans")),
            tab: Tab::default(),
            spectrum: SpectrumState::default(),
            layers: Layers::default(),
            sets: Sets::default(),
            session: None,
            unknown_fields: Map::new(),
            runs: RunsState::default(),
            inspected: None,
            hub: hub::Settings::from_env(),
            earlier: EarlierState::default(),
            export: Export::default(),
            help: Help::default(),
            tour: Tour { step: None, toured },
            dialog: None,
            warnings_open: false,
            notices: Vec::new(),
            jobs: Jobs::default(),
            generation: 0,
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
    pub fn show(&mut self, document: Document) {
        self.keep_choice();
        self.generation += 1;
        if let Some(scan) = self.jobs.scan.take() {
            scan.job.progress.cancel();
        }
        self.inspected = None;
        self.spectrum = SpectrumState {
            method: self.spectrum.method,
            ..Default::default()
        };
        self.layers.forget();
        self.sets.forget();
        self.session = self.settings.session_of(&document_key(&document.report));
        self.unknown_fields.clear();
        self.warnings_open = false;
        if let Some(path) = &document.report.path {
            self.preferences.remember(path);
        }
        self.settings.last.clone_from(&document.report.path);
        comparing::leave_mode(self);
        self.document = Some(document);
    }

    /// Keeps the runs for the next start.
    pub fn keep_runs(&mut self) {
        self.settings.kept_runs = crate::window::runs::kept::keep(&self.runs);
    }

    /// Keeps the open document's selection for the next time it is opened.
    pub fn keep_choice(&mut self) {
        if let Some(document) = &self.document {
            let key = document_key(&document.report);
            let first = Choice::first_of(&document.choosing().towers);
            self.settings.keep_choice(&key, document.choice(), &first);
            self.settings.keep_sets(&key, document.sets());
        }
    }
}
