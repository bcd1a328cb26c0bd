//! The session being opened or saved, and what its file holds besides.

use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::window::document::{Document, DocumentId};
use crate::window::files::Written;
use crate::window::scene::Scene;
use crate::window::session::file::Session;
use crate::window::task::{Bound, Slot};

/// The session room.
#[derive(Default)]
pub struct SessionRoom {
    /// A session being opened.
    pub(crate) open: Slot<Restored>,
    /// A session being saved, of the document that it is bound to.
    pub(crate) save: Slot<Bound<Written>>,
    /// The system's dialog that asks where to.
    pub(crate) pick: Slot<Option<PathBuf>>,
    /// Fields of the document's session file that this program does not know.
    pub(crate) unknown: Option<Bound<Map<String, Value>>>,
}

impl SessionRoom {
    /// Whether a session is being opened or saved, or the system is asked where to.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.is_opening() || self.save.is_busy() || self.pick.is_busy()
    }

    pub(crate) fn is_opening(&self) -> bool {
        self.open.is_busy()
    }

    /// The fields to be written again with the session of the document that is `open`.
    pub(crate) fn unknown(&self, open: Option<DocumentId>) -> Map<String, Value> {
        let unknown = self.unknown.as_ref().and_then(|unknown| unknown.get(open));
        unknown.cloned().unwrap_or_default()
    }

    /// Keeps them for the document that `scene` shows.
    pub(crate) fn keep_unknown(&mut self, scene: &Scene<'_>, unknown: Map<String, Value>) {
        self.unknown = Some(Bound::to(scene, unknown));
    }
}

/// What the room can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Open the session file at that path.
    Open(PathBuf),
    /// Save the session where it was saved before, or ask where.
    Save,
    /// Ask where to save it.
    SaveAs,
    /// Write the session to that path.
    Write(PathBuf, Box<Session>),
}

/// A session that was read, with the choice and the sets of it on its document.
pub(crate) struct Restored {
    pub(crate) path: PathBuf,
    pub(crate) session: Session,
    pub(crate) document: Box<Document>,
}
