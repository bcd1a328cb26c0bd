//! Background work of every room: [`poll`] takes in what is finished, once a frame, and never waits.

use crate::window::document::Document;
use crate::window::effect::Effects;
use crate::window::scene;
use crate::window::shell::saving::Picture;
use crate::window::shell::state::{Dialog, State, scene_of};
use crate::window::shell::update::{carry_out, carry_out_all, show_dialog};
use crate::window::shell::{figures, session};

/// Polls a room, and carries out what it asks for; the value of it all is what the poll returns.
macro_rules! poll_room {
    ($state:ident . $room:ident . $poll:ident) => {{
        let mut effects = Effects::default();
        let polled = $state.$room.$poll(&scene_of!($state), &mut effects);
        carry_out($state, effects);
        polled
    }};
}

/// Takes in what background work has finished.
pub(crate) fn poll(state: &mut State) {
    poll_room!(state.open.poll);
    poll_room!(state.hub.poll);
    if let Some(restored) = poll_room!(state.session.poll) {
        carry_out_all(state, |state, effects| {
            session::restore(state, restored, effects);
        });
    }
    poll_room!(state.sets.poll);
    // A freeze set is matched against the document that is opened before it.
    if !state.session.is_opening() && !state.sets.is_busy() {
        poll_room!(state.open.go_on);
    }
    poll_room!(state.scan.poll);
    poll_room!(state.spectrum.poll);
    poll_room!(state.runs.poll);
    match poll_room!(state.saving.poll) {
        Some((Picture::Window, path)) => state.saving.window(path, &scene_of!(state)),
        Some((Picture::Figure, path)) => match figures::drawn(state) {
            Some(svg) => state.saving.figure(path, svg, &scene_of!(state)),
            None => state.error("There is no figure yet"),
        },
        None => {}
    }
    poll_room!(state.change.poll);
    poll_room!(state.export.poll);
    drop_stale_dialog(state);
}

/// Closes a dialog about a document that is open no longer.
fn drop_stale_dialog(state: &mut State) {
    let open = state.document.as_ref().map(Document::id);
    if state.dialog == Some(Dialog::Room(scene::Dialog::Export))
        && state.export.draft(open).is_none()
    {
        show_dialog(state, None);
    }
}
