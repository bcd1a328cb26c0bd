//! The sets room: which two freeze sets are compared, and how they are shown.

use std::path::PathBuf;

use crate::selection::{Combine, NamedSet, Percent};
use crate::window::action::Action;
use crate::window::document::sets::{SetRef, SetsView};
use crate::window::document::work::SetId;
use crate::window::effect::Effect;
use crate::window::sets::drawn::Drawn;
use crate::window::sets::import::Followed;
use crate::window::task::Slot;

/// The sets room.
#[derive(Default)]
pub struct Sets {
    /// The first of the two sets that are compared.
    pub a: SetRef,
    /// The second.
    pub b: SetRef,
    /// What is shown below the list.
    pub view: SetsView,
    /// A freeze set's file that is being matched.
    pub(super) import: Slot<Followed>,
    pub(super) drawn: Drawn,
}

impl Sets {
    /// Whether a freeze set's file is being read.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.import.is_busy()
    }

    /// Forgets what was about the document before.
    pub(crate) fn forget(&mut self) {
        (self.a, self.b) = (SetRef::Current, SetRef::Current);
    }
}

impl SetsView {
    /// All views, in the order they are offered in.
    pub const ALL: [Self; 5] = [
        Self::Heatmap,
        Self::Types,
        Self::Blocks,
        Self::Members,
        Self::Unmatched,
    ];

    /// Its name on screen.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Heatmap => "Heatmap",
            Self::Types => "By type",
            Self::Blocks => "By block",
            Self::Members => "All sets",
            Self::Unmatched => "Not matched",
        }
    }

    /// What it shows.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Heatmap => "Every layer: only in A, in both, only in B, in neither",
            Self::Types => "How many layers of each type the two sets tell apart",
            Self::Blocks => "How many layers of each block the two sets tell apart",
            Self::Members => "How many layers of each type every set trains",
            Self::Unmatched => "Lines and names of A and B that match nothing in the open document",
        }
    }
}

/// What the room can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Keep the current selection under a name.
    Keep,
    /// Add the set that a percentage alone makes.
    Add(Percent),
    /// Read a freeze set's file, and add what its consumer would train.
    Read(PathBuf),
    /// Add a set made elsewhere: read from a file.
    Import(Box<NamedSet>),
    /// Keep a copy.
    Duplicate(SetId),
    /// Give a set another name.
    Rename(SetId, String),
    /// Give a set another color.
    Recolor(SetId, usize),
    /// Forget a set.
    Delete(SetId),
    /// Make a set the current selection.
    MakeCurrent(SetId),
    /// Make a set the current selection and open the export dialog.
    Export(SetId),
    /// Compare this set, as A.
    PickA(SetRef),
    /// Compare with this set, as B.
    PickB(SetRef),
    /// A for B and B for A.
    Swap,
    /// Make one set of A and B.
    Combine(Combine),
    /// Make a set of what only B trains.
    Subtract,
    /// Show another view.
    Show(SetsView),
    /// Something outside this room.
    Ask(Effect),
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Ask(action.into())
    }
}
