//! The layers room: its filter, the preset that is being named, and what it can be asked for.

use crate::window::action::Action;
use crate::window::document::edit::Edit;
use crate::window::effect::Effect;
use crate::window::heatmap::Heatmap;
use crate::window::layers::inspector_overview::Overview;
use crate::window::layers::type_list::TypeList;

/// The layers room: the list of types, the heatmap, the inspector.
#[derive(Default)]
pub struct Layers {
    /// The filter of the list of types.
    pub(crate) search: String,
    /// The name that settings of choosing are to be kept under, as typed.
    pub(crate) preset_name: String,
    /// Whether the heatmap of the report that the open one is held against is shown, too.
    pub both: bool,
    pub(super) drawn: Drawn,
}

/// What drawing keeps from frame to frame.
#[derive(Default)]
pub(super) struct Drawn {
    pub(super) types: TypeList,
    pub(super) overview: Overview,
    pub(super) heatmap: Heatmap,
    /// The picture of the report that the open one is held against.
    pub(super) other: Heatmap,
}

impl Layers {
    /// Forgets what was about the document before.
    pub(crate) fn forget(&mut self) {
        self.search.clear();
    }
}

/// What the room can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Filter the list of types.
    Search(String),
    /// Show the heatmap of the report that the open one is held against, too, or not.
    ShowBoth(bool),
    /// The name of the preset to be kept changed.
    NamePreset(String),
    /// Keep the settings of choosing under the name that was typed.
    KeepPreset,
    /// Something outside this room.
    Ask(Effect),
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Ask(action.into())
    }
}

impl From<Edit> for Command {
    fn from(edit: Edit) -> Self {
        Self::Ask(edit.into())
    }
}

impl From<Effect> for Command {
    fn from(effect: Effect) -> Self {
        Self::Ask(effect)
    }
}
