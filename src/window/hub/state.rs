//! What is asked of the hub, what it has answered, and what of that is on its way.

use std::path::PathBuf;
use std::sync::Arc;

use crate::progress::Progress;
use crate::source::hub::{HubId, Listing, Settings};
use crate::window::action::Action;
use crate::window::document::arrived::Arrived;
use crate::window::effect::Effect;
use crate::window::task::{Bound, Slot};

/// The hub room.
pub struct HubRoom {
    /// Where the hub is.
    pub settings: Settings,
    /// The model in the dialog.
    pub(crate) shown: Option<Shown>,
    /// What is under way.
    pub(crate) task: Slot<Done>,
    /// What that is.
    pub(crate) job: Option<Job>,
}

impl Default for HubRoom {
    fn default() -> Self {
        Self {
            settings: Settings::from_env(),
            shown: None,
            task: Slot::default(),
            job: None,
        }
    }
}

impl HubRoom {
    /// What is being done, if anything.
    #[must_use]
    pub fn work(&self) -> Option<Work> {
        self.job().map(|job| job.work)
    }

    /// How far the dialog's model is.
    #[must_use]
    pub fn stage(&self) -> Option<&Stage> {
        self.shown.as_ref().map(|shown| &shown.stage)
    }

    /// The name of the model in the dialog.
    pub(crate) fn title(&self) -> String {
        let shown = self.shown.as_ref();
        shown.map_or_else(String::new, |shown| shown.id.to_string())
    }

    /// The work under way.
    pub(crate) fn job(&self) -> Option<&Job> {
        self.job.as_ref().filter(|_| self.task.is_busy())
    }

    /// How far it is.
    pub(crate) fn progress(&self) -> Option<&Progress> {
        self.task.progress()
    }
}

/// What the room can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Ask what the hub holds of a model.
    AskFor(HubId),
    /// Fetch the model of the dialog into the cache.
    Download,
    /// Read the model of the dialog where it is.
    Remote,
    /// Try again what the dialog says went wrong.
    Retry,
    /// Stop what is being done; what has arrived is kept.
    Cancel,
    /// Something outside this room.
    Ask(Effect),
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Ask(action.into())
    }
}

/// The model in the dialog.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    pub(crate) id: HubId,
    /// The address of its page.
    pub(crate) page: String,
    pub(crate) stage: Stage,
}

/// How far asking for a model is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// The hub is being asked.
    Asking,
    /// It has answered.
    Listed(Arc<Listed>),
    /// Something went wrong.
    Failed {
        /// What, and what to do.
        problem: String,
        /// What another try does.
        work: Work,
        /// What the hub had answered before.
        listed: Option<Arc<Listed>>,
    },
}

/// What the hub holds of a model, and what of that is here already.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// What it holds.
    pub listing: Listing,
    /// Bytes that a download would fetch.
    pub missing: u64,
    /// Where it would put them.
    pub cache: PathBuf,
}

/// What is done with a model of the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Asking what there is.
    Ask,
    /// Fetching it into the cache.
    Download,
    /// Reading its headers where it is.
    Remote,
}

/// Work with the hub under way.
pub(crate) struct Job {
    pub(crate) id: HubId,
    pub(crate) work: Work,
    /// Bytes in all, of a download.
    pub(crate) bytes: u64,
    /// There while the document is open that was open when it was asked for.
    pub(crate) asked_over: Bound<()>,
    pub(crate) listed: Option<Arc<Listed>>,
}

/// What work with the hub came to.
pub(crate) enum Done {
    /// What the hub holds.
    Listed(Listed),
    /// The opened model, and what is to be said about it.
    Opened(Arrived, Option<String>),
}
