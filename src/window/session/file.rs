//! A session file, `<name>.layerscope.json`: the work on a document, to be taken up again, kept
//! beside the results or sent to a colleague. `docs/session.md` describes it.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, Problem, Result};
use crate::figure::HeatmapSettings;
use crate::selection::{Choice, NamedSet, Preset};
use crate::source::{too_long, whole_file};
use crate::window::document::Document;
use crate::window::document::sets::SetsView;
use crate::window::kept_run::KeptRun;
use crate::window::scene::Tab;
use crate::window::session::path::{resolved, stored};
use crate::window::spectrum_view::SpectrumView;

/// The version of the format that this program writes, and the latest that it reads.
pub const VERSION: u32 = 1;

/// The longest session that is read, in bytes: ten sets of a mixture's 28,800 modules have 17 MB.
const LONGEST: u64 = 32 << 20;

/// A session: what a file of it holds. A field that is missing takes its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Always `session`: what tells the file from other JSON.
    pub layerscope: String,
    /// Of the format.
    pub version: u32,
    /// The model or results file, from the session file's folder where it can be; none for the
    /// embedded sample.
    #[serde(default)]
    pub document: Option<String>,
    /// The current selection.
    #[serde(default)]
    pub choice: Choice,
    /// The named sets, in the order they are listed in.
    #[serde(default)]
    pub sets: Vec<NamedSet>,
    /// The user's presets of the choosing rules.
    #[serde(default)]
    pub presets: Vec<Preset>,
    /// The open runs, in the order they are listed in; the sample's need no keeping.
    #[serde(default)]
    pub runs: Vec<StoredRun>,
    /// What is shown.
    #[serde(default)]
    pub view: SessionView,
    /// Fields that this program does not know: kept, and written again.
    #[serde(flatten, skip_deserializing)]
    pub unknown: Map<String, Value>,
}

/// A run, to be read again from its logs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredRun {
    /// The files it came from, their paths as the document's.
    pub logs: Vec<String>,
    /// Its name in them.
    pub logged: String,
    /// Its name in the table.
    pub name: String,
    /// Its place among the series colors.
    #[serde(alias = "colour")]
    pub color: usize,
    /// Whether it is left out of the plots.
    pub hidden: bool,
}

impl StoredRun {
    /// `run` as a session file in `folder` holds it.
    pub(crate) fn of(run: KeptRun, folder: &Path) -> Self {
        Self {
            logs: run.logs.iter().map(|path| stored(path, folder)).collect(),
            logged: run.logged,
            name: run.name,
            color: run.color,
            hidden: run.hidden,
        }
    }

    /// The run as the session file at `session` means it.
    pub(crate) fn resolved(self, session: &Path) -> KeptRun {
        KeptRun {
            logs: self
                .logs
                .iter()
                .map(|path| resolved(path, session))
                .collect(),
            logged: self.logged,
            name: self.name,
            color: self.color,
            hidden: self.hidden,
        }
    }
}

/// What is shown, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionView {
    /// The tab in the middle.
    pub tab: Tab,
    /// The inspected module's name.
    pub inspected: Option<String>,
    /// The first compared set: its place in `sets`; none for the current selection.
    pub a: Option<usize>,
    /// The second, likewise.
    pub b: Option<usize>,
    /// What is shown of the two.
    pub sets: SetsView,
    /// How the heatmap is colored.
    pub heatmap: HeatmapSettings,
    /// How spectra are drawn.
    pub spectrum: SpectrumView,
}

impl Session {
    /// The session of the work on `document`, to be saved in `folder`.
    pub(crate) fn of(document: &Document, view: SessionView, folder: &Path) -> Self {
        let path = document.report.path.as_ref();
        let sets = document.sets().iter();
        Self {
            layerscope: "session".to_owned(),
            version: VERSION,
            document: path.map(|path| stored(path, folder)),
            choice: document.choice().clone(),
            sets: sets.map(|kept| kept.set.clone()).collect(),
            presets: Vec::new(),
            runs: Vec::new(),
            view,
            unknown: Map::new(),
        }
    }

    /// Opens the session file at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read; [`Error::Problem`] as [`Self::read`], and for a file
    /// that is longer than any session.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes = whole_file(path, LONGEST).map_err(Error::io(path, "read the file"))?;
        let bytes = bytes.ok_or_else(|| too_long(path, LONGEST, "a session"))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            Error::from(
                Problem::input(path, format!("is no text: {}", error.utf8_error()))
                    .advice("open a file that Layerscope saved as a session"),
            )
        })?;
        Self::read(path, &text)
    }

    /// The session in `text`, which is that of the file at `path`.
    ///
    /// # Errors
    /// [`Error::Problem`] that names the place; also for a version that is newer than this program.
    pub fn read(path: &Path, text: &str) -> Result<Self> {
        let refuse = |problem: String, advice: &str| {
            Error::from(Problem::input(path, problem).advice(advice))
        };
        let broken = |error: serde_json::Error| {
            refuse(
                error.to_string(),
                "mend the file at that place, or save the session again",
            )
        };
        let all: Map<String, Value> = serde_json::from_str(text).map_err(broken)?;
        if all.get("layerscope").and_then(Value::as_str) != Some("session") {
            return Err(refuse(
                "is no session: it has no field \"layerscope\" that says \"session\"".into(),
                "open a file that Layerscope saved as a session",
            ));
        }
        // Before all else: a newer format may mean other things by the same names.
        match all.get("version").and_then(Value::as_u64) {
            Some(version) if version > u64::from(VERSION) => {
                return Err(refuse(
                    format!("has version {version}; this program reads up to {VERSION}"),
                    "open it with a newer Layerscope",
                ));
            }
            Some(version) if version > 0 => {}
            _ => {
                return Err(refuse(
                    "has no version".into(),
                    "save the session again, or add \"version\": 1",
                ));
            }
        }
        // From the text and not from the values: an error then says the line.
        let mut session: Self = serde_json::from_str(text).map_err(broken)?;
        let known = [
            "layerscope",
            "version",
            "document",
            "choice",
            "sets",
            "presets",
            "runs",
            "view",
        ];
        session.unknown = all;
        session
            .unknown
            .retain(|name, _| !known.contains(&name.as_str()));
        Ok(session)
    }

    /// The file's text.
    ///
    /// # Errors
    /// None that is known of; JSON can express all of it.
    pub fn text(&self) -> Result<String> {
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|error| Error::from(Problem::output("session", error.to_string())))?;
        text.push('\n');
        Ok(text)
    }
}
