//! The session concerns every room: gathered from them to be saved, and put in its places again.

use std::path::{Path, PathBuf};

use crate::window::document::Document;
use crate::window::document::sets::SetRef;
use crate::window::effect::Effects;
use crate::window::runs::command as runs;
use crate::window::session;
use crate::window::session::file::{Session, SessionView, StoredRun};
use crate::window::session::state::Restored;
use crate::window::shell::arrivals;
use crate::window::shell::state::{State, scene_of};

/// Gathers the session, and saves it at `path`.
pub(crate) fn write(state: &mut State, path: PathBuf, effects: &mut Effects) {
    let Some(session) = gather(state, path.parent().unwrap_or(Path::new(""))) else {
        state.error("There is nothing to save: open a document first");
        return;
    };
    let command = session::Command::Write(path, Box::new(session));
    state.session.update(command, &scene_of!(state), effects);
}

fn gather(state: &State, folder: &Path) -> Option<Session> {
    let document = state.document.as_ref()?;
    let modules = &document.report.modules;
    let place = |of: SetRef| {
        let mut sets = document.sets().iter();
        sets.position(|kept| SetRef::Kept(kept.id) == of)
    };
    let inspected = state.inspected.and_then(|module| modules.get(module));
    let view = SessionView {
        tab: state.tab,
        inspected: inspected.map(|module| module.name.clone()),
        a: place(state.sets.a),
        b: place(state.sets.b),
        sets: state.sets.view,
        heatmap: state.preferences.heatmap.clone(),
        spectrum: state.spectrum.kept(),
    };
    let runs = state.runs.kept().runs.into_iter();
    Some(Session {
        presets: state.preferences.presets.clone(),
        runs: runs.map(|run| StoredRun::of(run, folder)).collect(),
        unknown: state.session.unknown(Some(document.id())),
        ..Session::of(document, view, folder)
    })
}

/// Puts a session that was opened in its places.
pub(crate) fn restore(state: &mut State, restored: Restored, effects: &mut Effects) {
    let Restored {
        path,
        session,
        document,
    } = restored;
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
    state.spectrum.view = view.spectrum;
    arrivals::show_document(state, *document, effects);
    state.sets.a = a;
    state.sets.b = b;
    state.sets.view = view.sets;
    state.tab = view.tab;
    state.inspect(inspected, effects);
    if !session.runs.is_empty() {
        let runs = session.runs.into_iter().map(|run| run.resolved(&path));
        let command = runs::Command::Replace(runs.collect());
        state.runs.update(command, &scene_of!(state), effects);
    }
    if !session.unknown.is_empty() {
        let unknown: Vec<&str> = session.unknown.keys().map(String::as_str).collect();
        let unknown = unknown.join(", ");
        state.news(format!(
            "The session holds what this program does not know; it is kept: {unknown}"
        ));
    }
    state
        .session
        .keep_unknown(&scene_of!(state), session.unknown);
    saved_in(state, path);
}

/// The open document's work is saved in `path` from now on.
pub(crate) fn saved_in(state: &mut State, path: PathBuf) {
    state.preferences.remember(&path);
    if let Some(document) = &mut state.document {
        let key = document.key();
        state.settings.sessions.insert(key, path.clone());
        document.session = Some(path);
    }
}
