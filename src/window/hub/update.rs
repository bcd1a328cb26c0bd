//! Models of the hub in the window: asked for, shown with their sizes, then downloaded or read
//! where they are.
//!
//! Enters: an id where a path is asked for. Leaves: the model, opened; or the dialog with what
//! went wrong and another try.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::open::{self, Opened};
use crate::progress::Progress;
use crate::source::hub::{self, Found, Hub, HubId, Listing, Settings};
use crate::tensor::Model;
use crate::window::shell::jobs;
use crate::window::shell::state::{Dialog, State};
use crate::window::task::{self, Job};

/// What is asked of the hub.
#[derive(Debug, Clone, PartialEq)]
pub enum HubCommand {
    /// Ask what it holds of a model.
    Ask(HubId),
    /// Fetch the model of the dialog into the cache.
    Download,
    /// Read the model of the dialog where it is.
    Remote,
    /// Try again what the dialog says went wrong.
    Retry,
    /// Stop what is being done; what has arrived is kept.
    Cancel,
}

/// The dialog about a model of the hub.
#[derive(Debug, Clone, PartialEq)]
pub struct HubDialog {
    /// The model.
    pub id: HubId,
    /// Its page.
    pub page: String,
    /// How far it is.
    pub stage: HubStage,
}

/// How far asking for a model is.
#[derive(Debug, Clone, PartialEq)]
pub enum HubStage {
    /// The hub is being asked.
    Asking,
    /// It has answered.
    Listed(Arc<Listed>),
    /// Something went wrong.
    Failed {
        /// What, and what to do.
        problem: String,
        /// What another try does.
        work: HubWork,
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
pub enum HubWork {
    /// Asking what there is.
    Ask,
    /// Fetching it into the cache.
    Download,
    /// Reading its headers where it is.
    Remote,
}

/// Work with the hub under way.
pub struct HubJob {
    /// The model.
    pub id: HubId,
    /// What is done.
    pub work: HubWork,
    /// Bytes in all, of a download.
    pub bytes: u64,
    /// The work itself.
    pub job: Job<HubDone>,
    listed: Option<Arc<Listed>>,
}

/// What work with the hub came to.
pub enum HubDone {
    /// What the hub holds.
    Listed(Listed),
    /// The opened model, and what is to be said about it.
    Opened(Opened, Option<String>),
}

/// Does what is asked of the hub.
pub(crate) fn apply(state: &mut State, command: HubCommand) {
    match command {
        HubCommand::Ask(id) => ask(state, id),
        HubCommand::Download => begin(state, HubWork::Download),
        HubCommand::Remote => begin(state, HubWork::Remote),
        HubCommand::Retry => retry(state),
        HubCommand::Cancel => {
            if let Some(work) = &state.jobs.hub {
                work.job.progress.cancel();
            }
        }
    }
}

/// Asks the hub what it holds of `id`, and shows it.
pub(crate) fn ask(state: &mut State, id: HubId) {
    if let Some(work) = state
        .jobs
        .hub
        .as_ref()
        .filter(|work| work.work != HubWork::Ask)
    {
        let busy = format!("{} is still being fetched: cancel it first", work.id);
        match &mut state.dialog {
            Some(Dialog::Open { problem, .. }) => *problem = Some(busy),
            _ => state.error(busy),
        }
        return;
    }
    let (settings, target) = (state.hub.clone(), id.clone());
    let job = Job::spawn(
        "asking the hub",
        &state.ctx,
        state.generation,
        move |progress| look(settings, &target, progress),
    );
    show(state, id.clone(), HubStage::Asking);
    start(state, id, HubWork::Ask, 0, None, job);
}

fn look(settings: Settings, id: &HubId, progress: &Progress) -> Result<HubDone> {
    let hub = Hub::new(settings)?;
    match hub::find(&hub, id, progress)? {
        Found::Listed(listing) => Ok(HubDone::Listed(Listed {
            missing: hub::missing(&hub, &listing),
            cache: hub.settings().cache.clone(),
            listing,
        })),
        Found::Cached(place, why) => {
            let said = format!("{why}; {id} is taken as it is in the cache");
            Ok(HubDone::Opened(open::open(&place)?, Some(said)))
        }
    }
}

/// Downloads what the dialog shows, or opens it where it is.
fn begin(state: &mut State, work: HubWork) {
    let Some(Dialog::Hub(dialog)) = &state.dialog else {
        return;
    };
    let HubDialog { id, stage, .. } = &**dialog;
    let listed = match stage {
        HubStage::Listed(listed)
        | HubStage::Failed {
            listed: Some(listed),
            ..
        } => Arc::clone(listed),
        _ => return,
    };
    let id = id.clone();
    let (settings, target) = (state.hub.clone(), Arc::clone(&listed));
    let job = Job::spawn(
        "fetching a model",
        &state.ctx,
        state.generation,
        move |progress| {
            let hub = Hub::new(settings)?;
            let opened = if work == HubWork::Download {
                let place = hub::download(&hub, &target.listing, progress)?;
                open::open(&place)?
            } else {
                let files = hub::remote(&hub, &target.listing, progress)?;
                Opened::Model(Arc::new(Model::of_files(files)?))
            };
            Ok(HubDone::Opened(opened, None))
        },
    );
    state.dialog = None;
    let bytes = listed.listing.bytes();
    start(state, id, work, bytes, Some(listed), job);
}

fn retry(state: &mut State) {
    let Some(Dialog::Hub(dialog)) = &state.dialog else {
        return;
    };
    match dialog.stage {
        HubStage::Failed { work, .. } if work != HubWork::Ask => begin(state, work),
        _ => ask(state, dialog.id.clone()),
    }
}

fn start(
    state: &mut State,
    id: HubId,
    work: HubWork,
    bytes: u64,
    listed: Option<Arc<Listed>>,
    job: Job<HubDone>,
) {
    if let Some(before) = state.jobs.hub.take() {
        before.job.progress.cancel();
    }
    state.jobs.hub = Some(HubJob {
        id,
        work,
        bytes,
        job,
        listed,
    });
}

fn show(state: &mut State, id: HubId, stage: HubStage) {
    let page = format!("{}/{}", state.hub.endpoint, id.repo);
    state.dialog = Some(Dialog::Hub(Box::new(HubDialog { id, page, stage })));
}

/// Nobody waits for the hub's answer any more: the dialog is closed.
pub(crate) fn closed(state: &mut State) {
    if let Some(work) = state.jobs.hub.take_if(|work| work.work == HubWork::Ask) {
        work.job.progress.cancel();
    }
}

/// Takes in what the hub has answered, and models that have arrived.
pub(crate) fn poll(state: &mut State) {
    let Some(HubJob {
        id,
        work,
        bytes,
        job,
        listed,
    }) = state.jobs.hub.take()
    else {
        return;
    };
    let mut slot = Some(job);
    let ended = task::take(&mut slot);
    if let Some(job) = slot {
        state.jobs.hub = Some(HubJob {
            id,
            work,
            bytes,
            job,
            listed,
        });
        return;
    }
    let Some((generation, result)) = ended else {
        return;
    };
    match result {
        Ok(HubDone::Listed(listed)) => {
            show(state, id, HubStage::Listed(Arc::new(listed)));
        }
        Ok(HubDone::Opened(opened, said)) => {
            arrived(state, work, generation, opened);
            if let Some(said) = said {
                state.news(said);
            }
        }
        Err(error) if error.is_cancelled() => {
            if work == HubWork::Download {
                let kept = "what has arrived is kept, and the next download goes on from there";
                state.news(format!("The download of {id} was stopped; {kept}"));
            }
        }
        Err(error) => failed(state, id, work, listed, &error),
    }
}

/// Opens what has arrived, unless the user has opened something else meanwhile.
fn arrived(state: &mut State, work: HubWork, generation: u64, opened: Opened) {
    if matches!(state.dialog, Some(Dialog::Hub(_))) {
        state.dialog = None;
    }
    if generation != state.generation {
        if let Opened::Model(model) = &opened {
            state.preferences.remember(&model.path);
            state.news(format!(
                "{} has arrived: it is among the recent items",
                model.slug
            ));
        }
        return;
    }
    jobs::show_opened(state, opened);
    if work == HubWork::Remote {
        // That is what was asked for, however long it takes.
        jobs::scan(state, false);
    }
}

fn failed(state: &mut State, id: HubId, work: HubWork, listed: Option<Arc<Listed>>, error: &Error) {
    let free = matches!(&state.dialog, None | Some(Dialog::Hub(_)));
    if !free {
        state.error(error);
        return;
    }
    let stage = HubStage::Failed {
        problem: error.to_string(),
        work,
        listed,
    };
    show(state, id, stage);
}
