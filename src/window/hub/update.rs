//! What the hub room does: asks the hub, fetches, and hands the opened model over.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::open::{self, Opened};
use crate::progress::Progress;
use crate::source::hub::{self, Found, Hub, HubId, Settings};
use crate::tensor::Model;
use crate::window::action::Action;
use crate::window::document::arrived::Arrived;
use crate::window::effect::{Effect, Effects};
use crate::window::hub::state::{Command, Done, HubRoom, Job, Listed, Shown, Stage, Work};
use crate::window::scene::{Dialog, Scene};
use crate::window::task::{Bound, Task};

impl HubRoom {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, scene: &Scene<'_>, effects: &mut Effects) {
        match command {
            Command::AskFor(id) => self.ask(id, scene, effects),
            Command::Download => self.begin(Work::Download, scene, effects),
            Command::Remote => self.begin(Work::Remote, scene, effects),
            Command::Retry => {
                let Some(Shown { id, stage, .. }) = &self.shown else {
                    return;
                };
                match *stage {
                    Stage::Failed { work, .. } if work != Work::Ask => {
                        self.begin(work, scene, effects);
                    }
                    _ => {
                        let id = id.clone();
                        self.ask(id, scene, effects);
                    }
                }
            }
            Command::Cancel => {
                if let Some(progress) = self.task.progress() {
                    progress.cancel();
                }
            }
            Command::Ask(effect) => effects.push(effect),
        }
    }

    /// Stops asking: the dialog is closed. What is being fetched goes on.
    pub(crate) fn close(&mut self) {
        self.shown = None;
        if self.work() == Some(Work::Ask) {
            self.task.cancel();
        }
    }

    fn ask(&mut self, id: HubId, scene: &Scene<'_>, effects: &mut Effects) {
        if let Some(job) = self.job().filter(|job| job.work != Work::Ask) {
            let busy = format!("{} is still being fetched: cancel it first", job.id);
            return effects.push(Effect::NotOpened(busy));
        }
        let (settings, target) = (self.settings.clone(), id.clone());
        let work = move |progress: &_| look(settings, &target, progress);
        // Whatever is opened meanwhile: the answer is about the model that was asked for.
        self.task
            .put(Task::start("asking the hub", scene.ctx, work));
        self.show(id.clone(), Stage::Asking, effects);
        self.job = Some(Job {
            id,
            work: Work::Ask,
            bytes: 0,
            asked_over: Bound::to(scene, ()),
            listed: None,
        });
    }

    /// Downloads what the dialog shows, or opens it where it is.
    fn begin(&mut self, work: Work, scene: &Scene<'_>, effects: &mut Effects) {
        let Some(Shown { id, stage, .. }) = &self.shown else {
            return;
        };
        let (Stage::Listed(listed)
        | Stage::Failed {
            listed: Some(listed),
            ..
        }) = stage
        else {
            return;
        };
        let (settings, target) = (self.settings.clone(), Arc::clone(listed));
        let fetch = move |progress: &_| {
            let hub = Hub::new(settings)?;
            let opened = if work == Work::Download {
                let place = hub::download(&hub, &target.listing, progress)?;
                open::open(&place)?
            } else {
                let files = hub::remote(&hub, &target.listing, progress)?;
                Opened::Model(Arc::new(Model::of_files(files)?))
            };
            Ok(Done::Opened(opened.into(), None))
        };
        self.job = Some(Job {
            id: id.clone(),
            work,
            bytes: listed.listing.bytes(),
            asked_over: Bound::to(scene, ()),
            listed: Some(Arc::clone(listed)),
        });
        // It goes on whatever is opened meanwhile: what has arrived is in the cache.
        self.task
            .put(Task::start("fetching a model", scene.ctx, fetch));
        effects.push(Action::CloseDialog);
    }

    fn show(&mut self, id: HubId, stage: Stage, effects: &mut Effects) {
        let page = format!("{}/{}", self.settings.endpoint, id.repo);
        self.shown = Some(Shown { id, page, stage });
        effects.push(Effect::ShowDialog(Dialog::Hub));
    }

    /// Takes in what the hub has answered, and models that have arrived.
    pub(crate) fn poll(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let open = scene.document_id();
        let Some(result) = self.task.take(open) else {
            return;
        };
        let Some(job) = self.job.take() else { return };
        match result {
            Ok(Done::Listed(listed)) => {
                self.show(job.id, Stage::Listed(Arc::new(listed)), effects);
            }
            Ok(Done::Opened(arrived, said)) => {
                if scene.dialog == Some(Dialog::Hub) {
                    effects.push(Action::CloseDialog);
                }
                if job.asked_over.get(open).is_some() {
                    effects.deliver_opened(arrived);
                    if job.work == Work::Remote {
                        // That is what was asked for, however long it takes.
                        effects.push(Action::Scan);
                    }
                } else {
                    put_by(arrived, effects);
                }
                if let Some(said) = said {
                    effects.news(said);
                }
            }
            Err(error) if error.is_canceled() => {
                if job.work == Work::Download {
                    let kept = "what has arrived is kept, and the next download goes on from there";
                    let id = job.id;
                    effects.news(format!("The download of {id} was stopped; {kept}"));
                }
            }
            Err(error) => self.fail(job, &error, scene, effects),
        }
    }

    fn fail(&mut self, job: Job, error: &Error, scene: &Scene<'_>, effects: &mut Effects) {
        if scene.covered && scene.dialog != Some(Dialog::Hub) {
            return effects.problem(error);
        }
        let stage = Stage::Failed {
            problem: error.to_string(),
            work: job.work,
            listed: job.listed,
        };
        self.show(job.id, stage, effects);
    }
}

/// The user has opened something else meanwhile: that stays on screen.
fn put_by(arrived: Arrived, effects: &mut Effects) {
    if let Arrived::Document(document) = arrived {
        let report = &document.report;
        effects.news(format!(
            "{} has arrived: it is among the recent items",
            report.slug
        ));
        if let Some(path) = &report.path {
            effects.push(Effect::Remember(path.clone()));
        }
    }
}

fn look(settings: Settings, id: &HubId, progress: &Progress) -> Result<Done> {
    let hub = Hub::new(settings)?;
    match hub::find(&hub, id, progress)? {
        Found::Listed(listing) => Ok(Done::Listed(Listed {
            missing: hub::missing(&hub, &listing),
            cache: hub.settings().cache.clone(),
            listing,
        })),
        Found::Cached(place, why) => {
            let said = format!("{why}; {id} is taken as it is in the cache");
            Ok(Done::Opened(open::open(&place)?.into(), Some(said)))
        }
    }
}
