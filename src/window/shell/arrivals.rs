//! What background work has brought, put in its place.

use crate::window::document::Document;
use crate::window::effect::{Arrival, Effects};
use crate::window::runs::command as runs;
use crate::window::shell::state::{State, scene_of};

/// Puts `arrival` in its place.
pub(crate) fn take_in(state: &mut State, arrival: Arrival, effects: &mut Effects) {
    match arrival {
        Arrival::Document(mut document) => {
            take_up_work(state, &mut document);
            show_document(state, *document, effects);
        }
        Arrival::Scanned(modules) => {
            let Some(document) = &mut state.document else {
                return;
            };
            for (module, result) in modules {
                document.record(module, result);
            }
            document.update_numbers();
            // The inspected layer may be among them.
            state.need_spectrum(effects);
        }
        Arrival::Ratios(report, spectra) => {
            if let Some(document) = &mut state.document {
                document.take_ratios(*report, spectra);
            }
        }
    }
}

/// Gives a document that was opened the choice and the sets that were kept for it.
fn take_up_work(state: &mut State, document: &mut Document) {
    // It may be the very document that is open.
    state.keep_choice();
    let key = document.key();
    if let Some(choice) = state.settings.choices.get(&key) {
        document.edit(true, |current| current.clone_from(choice));
    }
    document.restore_sets(state.settings.sets.get(&key).cloned().unwrap_or_default());
}

/// Puts a document on screen, says so, and scans it where that takes no time.
pub(crate) fn show_document(state: &mut State, document: Document, effects: &mut Effects) {
    let modules = document.report.modules.len();
    let types = document.report.types.len();
    state.news(format!(
        "Opened {}: {modules} modules of {types} layer types",
        document.report.slug
    ));
    state.show(document);
    state.scan.start_if_small(&scene_of!(state), effects);
}

/// Opens the embedded sample; where it cannot be read the window says so.
pub(crate) fn open_sample(state: &mut State, effects: &mut Effects) {
    match Document::sample() {
        Ok(mut document) => {
            take_up_work(state, &mut document);
            state.show(document);
        }
        Err(error) => state.error(error),
    }
    if state.runs.list.is_empty() {
        let command = runs::Command::ShowSamples;
        state.runs.update(command, &scene_of!(state), effects);
    }
}
