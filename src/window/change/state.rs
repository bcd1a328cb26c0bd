//! The report that the open one is to be held against: the dialog that asks for it, and its reading.

use std::path::PathBuf;

use crate::report::Other;
use crate::window::action::Action;
use crate::window::effect::Effect;
use crate::window::path_field::PathField;
use crate::window::task::Slot;

/// The change room.
#[derive(Default)]
pub struct Change {
    /// The path in the dialog.
    pub(crate) field: PathField,
    /// The other report, being read and matched with the open one.
    pub(crate) other: Slot<Other>,
    /// The system's dialog that asks for a path.
    pub(crate) pick: Slot<Option<PathBuf>>,
}

impl Change {
    /// Whether another report is being read or asked for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.other.is_busy() || self.pick.is_busy()
    }
}

/// What the room can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Show the dialog.
    Show,
    /// The path in it changed.
    EditPath(String),
    /// Ask the system for a path.
    Pick,
    /// Hold the open report against the results at that path.
    With(PathBuf),
    /// Let the other report go.
    End,
    /// Something outside this room.
    Ask(Effect),
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Ask(action.into())
    }
}
