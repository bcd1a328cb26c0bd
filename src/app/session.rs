//! A session file, `<name>.layerscope.json`: the work on a document, to be taken up again, kept
//! beside the results or sent to a colleague. `docs/session.md` describes it.
//!
//! Enters: the state, or a file's text. Leaves: [`Session`] and its text. Opening one opens its
//! document, too; both happen in the background.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::app::apply::inspect;
use crate::app::document::{Document, document_key};
use crate::app::job::{self, Job};
use crate::app::jobs;
use crate::app::session_path::{resolved, stored};
use crate::app::sets::{SetRef, SetsView};
use crate::app::spectrum::SpectrumView;
use crate::app::state::{Picked, State, Tab, Written};
use crate::error::{Error, Result};
use crate::export::{self, Outcome, Replace};
use crate::figure::HeatmapSettings;
use crate::open::{self, Opened};
use crate::selection::{Choice, NamedSet};

/// What the name of a session file ends in.
pub(super) const ENDING: &str = ".layerscope.json";

/// The version of the format that this program writes, and the latest that it reads.
pub const VERSION: u32 = 1;

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
    /// Presets of the choosing rules. Kept as they are read.
    #[serde(default)]
    pub presets: Vec<Value>,
    /// The logs of the open runs, their paths as the document's.
    #[serde(default)]
    pub runs: Vec<String>,
    /// What is shown.
    #[serde(default)]
    pub view: View,
    /// Fields that this program does not know: kept, and written again.
    #[serde(flatten, skip_deserializing)]
    pub unknown: Map<String, Value>,
}

/// What is shown, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
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
    /// How the heatmap is coloured.
    pub heatmap: HeatmapSettings,
    /// How spectra are drawn.
    pub spectrum: SpectrumView,
}

/// A session that was read, with its document opened.
#[derive(Debug)]
pub struct Restored {
    path: PathBuf,
    session: Session,
    /// None for the sample.
    opened: Option<Opened>,
}

impl Session {
    /// The session of `state`, to be saved in `folder`; none where nothing is open.
    #[must_use]
    pub fn of(state: &State, folder: &Path) -> Option<Self> {
        let document = state.document.as_ref()?;
        let modules = &document.report.modules;
        let place = |of: SetRef| {
            let mut sets = document.sets().iter();
            sets.position(|kept| SetRef::Kept(kept.id) == of)
        };
        let kept = state.kept_session.clone();
        Some(Self {
            layerscope: "session".to_owned(),
            version: VERSION,
            document: document
                .report
                .path
                .as_ref()
                .map(|path| stored(path, folder)),
            choice: document.choice().clone(),
            sets: document
                .sets()
                .iter()
                .map(|kept| kept.set.clone())
                .collect(),
            presets: kept.presets,
            runs: kept.runs.iter().map(|path| stored(path, folder)).collect(),
            view: View {
                tab: state.tab,
                inspected: state.inspected.map(|module| modules[module].name.clone()),
                a: place(state.sets.a),
                b: place(state.sets.b),
                sets: state.sets.view,
                heatmap: state.settings.heatmap.clone(),
                spectrum: state.settings.spectrum,
            },
            unknown: kept.unknown,
        })
    }

    /// The session in `text`, which is that of the file at `path`.
    ///
    /// # Errors
    /// [`Error::Source`] that names the place; also for a version that is newer than this program.
    pub fn read(path: &Path, text: &str) -> Result<Self> {
        let refuse = |problem: String, advice: &str| Error::Source {
            path: path.to_path_buf(),
            problem,
            advice: advice.to_owned(),
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
        let mut text = serde_json::to_string_pretty(self).map_err(|error| Error::Export {
            path: PathBuf::from("session"),
            problem: error.to_string(),
        })?;
        text.push('\n');
        Ok(text)
    }
}

/// What a session holds that this program only passes on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KeptSession {
    /// Presets as they were read.
    pub presets: Vec<Value>,
    /// The logs of the open runs.
    pub runs: Vec<PathBuf>,
    /// Fields that this program does not know.
    pub unknown: Map<String, Value>,
}

/// Opens the session at `path`, and its document.
pub(super) fn open(state: &mut State, path: PathBuf) {
    let job = Job::spawn(
        "opening the session",
        &state.ctx,
        state.generation,
        move |_| {
            let text = std::fs::read_to_string(&path).map_err(Error::io(&path, "read the file"))?;
            let session = Session::read(&path, &text)?;
            let document = (session.document.as_deref()).map(|document| resolved(document, &path));
            let opened = match &document {
                Some(document) => Some(document_of(&path, document)?),
                None => None,
            };
            Ok(Restored {
                path,
                session,
                opened,
            })
        },
    );
    state.jobs.session = Some(job);
}

/// Opens a session's document.
fn document_of(session: &Path, document: &Path) -> Result<Opened> {
    if !document.exists() {
        return Err(Error::Source {
            path: session.to_path_buf(),
            problem: format!("its document {} is not there", document.display()),
            advice: "put it there, or correct the path in the field \"document\"".into(),
        });
    }
    match open::open(document)? {
        opened @ (Opened::Report(..) | Opened::Model(_)) => Ok(opened),
        Opened::FreezeSet(_) | Opened::Session(_) | Opened::Log(_) => Err(Error::Source {
            path: session.to_path_buf(),
            problem: format!("{} is neither a model nor results", document.display()),
            advice: "correct the path in the field \"document\"".into(),
        }),
    }
}

/// Saves the session where it was saved before, or asks where.
pub(super) fn save(state: &mut State) {
    match state.session.clone() {
        Some(path) => write(state, path),
        None => save_as(state),
    }
}

/// Asks where to save the session.
pub(super) fn save_as(state: &mut State) {
    let Some(document) = &state.document else {
        return;
    };
    let name = format!("{}{ENDING}", document.report.slug);
    let beside = |path: &PathBuf| path.parent().map(Path::to_path_buf);
    let before = state.session.as_ref().or(document.report.path.as_ref());
    let folder = before
        .and_then(beside)
        .or_else(|| state.settings.export_folder.clone());
    crate::app::saving::save_in(state, folder, name, ("Session", &["json"]), Picked::Session);
}

/// Writes the session to `path`, replacing what is there: either it is this session, or the
/// system's dialog has asked.
pub(super) fn write(state: &mut State, path: PathBuf) {
    let path = with_ending(path);
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let Some(session) = Session::of(state, &folder) else {
        state.error("There is nothing to save: open a document first");
        return;
    };
    if state.jobs.save_session.is_some() {
        return;
    }
    let job = Job::spawn(
        "saving the session",
        &state.ctx,
        state.generation,
        move |_| {
            let outcome = export::write(&path, session.text()?.as_bytes(), Replace::Yes)?;
            Ok(Written {
                path,
                unchanged: outcome == Outcome::Unchanged,
            })
        },
    );
    state.jobs.save_session = Some(job);
}

/// `path` with the ending that names a session.
fn with_ending(path: PathBuf) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.ends_with(ENDING) {
        return path;
    }
    let stem = name.strip_suffix(".json").unwrap_or(&name);
    path.with_file_name(format!("{stem}{ENDING}"))
}

/// Takes in a session that was opened, and one that was saved.
pub(super) fn poll(state: &mut State) {
    if let Some((generation, result)) = job::take(&mut state.jobs.session) {
        match result {
            // Another document was opened meanwhile.
            Ok(_) if generation != state.generation => {}
            Ok(restored) => restore(state, restored),
            Err(error) => state.error(error),
        }
    }
    if let Some((generation, result)) = job::take(&mut state.jobs.save_session) {
        match result {
            Ok(Written { path, .. }) => {
                state.news(format!("Saved the session as {}", path.display()));
                if generation == state.generation {
                    belongs_to(state, path);
                }
            }
            Err(error) => state.error(error),
        }
    }
}

/// The open document's work is saved in `path` from now on.
fn belongs_to(state: &mut State, path: PathBuf) {
    if let Some(document) = &state.document {
        let key = document_key(&document.report);
        state.settings.sessions.insert(key, path.clone());
    }
    state.settings.remember(&path);
    state.session = Some(path);
}

fn restore(state: &mut State, restored: Restored) {
    let Restored {
        path,
        session,
        opened,
    } = restored;
    let document = match opened {
        Some(opened) => jobs::document_of(opened),
        None => jobs::sample(state),
    };
    let Some(mut document) = document else { return };
    document.edit(true, |choice| choice.clone_from(&session.choice));
    document.restore_sets(session.sets);
    let view = session.view;
    let place = |document: &Document, place: Option<usize>| {
        let kept = place.and_then(|place| document.sets().get(place));
        kept.map_or(SetRef::Current, |kept| SetRef::Kept(kept.id))
    };
    let (a, b) = (place(&document, view.a), place(&document, view.b));
    let inspected = view.inspected.and_then(|name| document.report.find(&name));
    state.settings.heatmap = view.heatmap;
    state.settings.spectrum = view.spectrum;
    jobs::show_document(state, document);
    state.sets.a = a;
    state.sets.b = b;
    state.sets.view = view.sets;
    state.tab = view.tab;
    inspect(state, inspected);
    state.kept_session = KeptSession {
        presets: session.presets,
        runs: session
            .runs
            .iter()
            .map(|run| resolved(run, &path))
            .collect(),
        unknown: session.unknown,
    };
    let unknown: Vec<&str> = state
        .kept_session
        .unknown
        .keys()
        .map(String::as_str)
        .collect();
    if !unknown.is_empty() {
        let unknown = unknown.join(", ");
        state.news(format!(
            "The session holds what this program does not know; it is kept: {unknown}"
        ));
    }
    belongs_to(state, path);
}
