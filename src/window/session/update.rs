//! Saving the session, and taking one up: both in the background.
//!
//! Enters: the path of a session file. Leaves: the file written whole, or its document opened with
//! all that the session holds.

use std::path::{Path, PathBuf};

use crate::error::{Problem, Result};
use crate::export::{self, Outcome, Replace};
use crate::open::{self, Opened};
use crate::window::document::sets::SetRef;
use crate::window::document::{Document, document_key};
use crate::window::files::Written;
use crate::window::runs::kept as runs;
use crate::window::session::file::Session;
use crate::window::session::path::resolved;
use crate::window::shell::state::{Picked, State};
use crate::window::shell::update::inspect;
use crate::window::shell::{jobs, saving};
use crate::window::task::{self, Job};

/// What the name of a session file ends in.
const ENDING: &str = ".layerscope.json";

/// A session that was read, with its document opened.
#[derive(Debug)]
pub struct Restored {
    path: PathBuf,
    session: Session,
    /// None for the sample.
    opened: Option<Opened>,
}

/// Opens the session at `path`, and its document.
pub(crate) fn open(state: &mut State, path: PathBuf) {
    let job = Job::spawn(
        "opening the session",
        &state.ctx,
        state.generation,
        move |_| {
            let session = Session::open(&path)?;
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
        return Err(Problem::input(
            session,
            format!("its document {} is not there", document.display()),
        )
        .advice("put it there, or correct the path in the field \"document\"")
        .into());
    }
    match open::open(document)? {
        opened @ (Opened::Report(..) | Opened::Model(_)) => Ok(opened),
        Opened::FreezeSet(_) | Opened::Session(_) | Opened::Log(_) => Err(Problem::input(
            session,
            format!("{} is neither a model nor results", document.display()),
        )
        .advice("correct the path in the field \"document\"")
        .into()),
    }
}

/// Saves the session where it was saved before, or asks where.
pub(crate) fn save(state: &mut State) {
    match state.session.clone() {
        Some(path) => write(state, path),
        None => save_as(state),
    }
}

/// Asks where to save the session.
pub(crate) fn save_as(state: &mut State) {
    let Some(document) = &state.document else {
        return;
    };
    let name = format!("{}{ENDING}", document.report.slug);
    let beside = |path: &PathBuf| path.parent().map(Path::to_path_buf);
    let before = state.session.as_ref().or(document.report.path.as_ref());
    let folder = before
        .and_then(beside)
        .or_else(|| state.preferences.export_folder.clone());
    saving::save_in(state, folder, name, ("Session", &["json"]), Picked::Session);
}

/// Writes the session to `path`, replacing what is there: either it is this session, or the
/// system's dialog has asked.
pub(crate) fn write(state: &mut State, path: PathBuf) {
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
pub(crate) fn poll(state: &mut State) {
    if let Some((generation, result)) = task::take(&mut state.jobs.session) {
        match result {
            // Another document was opened meanwhile.
            Ok(_) if generation != state.generation => {}
            Ok(restored) => restore(state, restored),
            Err(error) => state.error(error),
        }
    }
    if let Some((generation, result)) = task::take(&mut state.jobs.save_session) {
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
    state.preferences.remember(&path);
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
    for preset in session.presets {
        let presets = &mut state.preferences.presets;
        if presets.iter().all(|there| there.name != preset.name) {
            presets.push(preset);
        }
    }
    state.preferences.heatmap = view.heatmap;
    state.settings.spectrum = view.spectrum;
    jobs::show_document(state, document);
    state.sets.a = a;
    state.sets.b = b;
    state.sets.view = view.sets;
    state.tab = view.tab;
    inspect(state, inspected);
    if !session.runs.is_empty() {
        let runs = session.runs.into_iter().map(|run| run.resolved(&path));
        runs::replace(state, runs.collect());
    }
    state.unknown_fields = session.unknown;
    let unknown: Vec<&str> = state.unknown_fields.keys().map(String::as_str).collect();
    if !unknown.is_empty() {
        let unknown = unknown.join(", ");
        state.news(format!(
            "The session holds what this program does not know; it is kept: {unknown}"
        ));
    }
    belongs_to(state, path);
}
