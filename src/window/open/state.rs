//! What is being opened, what is to be opened after it, and the dialog that asks for a path.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use crate::window::action::Action;
use crate::window::document::arrived::Arrived;
use crate::window::effect::Effect;
use crate::window::path_field::PathField;
use crate::window::task::Slot;

/// The open room.
#[derive(Default)]
pub struct Open {
    /// The path in the dialog.
    pub(crate) field: PathField,
    /// The path being opened.
    pub(crate) target: PathBuf,
    /// Its opening, about the document that it is to take the place of.
    pub(crate) opening: Slot<Arrived>,
    /// What is to be opened after it.
    pub(crate) queue: VecDeque<PathBuf>,
    /// The system's dialog that asks for a path.
    pub(crate) pick: Slot<Option<PathBuf>>,
}

impl Open {
    /// Whether anything is being opened, waits for that, or is being asked for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.opening.is_busy() || self.pick.is_busy() || !self.queue.is_empty()
    }

    /// The path being opened.
    pub(crate) fn target(&self) -> Option<&Path> {
        self.opening.is_busy().then_some(self.target.as_path())
    }
}

/// What the room can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Show the dialog.
    Show,
    /// The path in it changed.
    EditPath(String),
    /// Ask the system for a file.
    PickFile,
    /// Ask the system for a folder.
    PickFolder,
    /// Open these paths one after the other, instead of what is being opened.
    Open(Vec<PathBuf>),
    /// Something outside this room.
    Ask(Effect),
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Ask(action.into())
    }
}
