//! What the open room does: opens paths off the interface thread, one after the other.

use std::path::PathBuf;

use crate::open::{self, Target};
use crate::window::action::Action;
use crate::window::document::arrived::Arrived;
use crate::window::effect::{Effect, Effects};
use crate::window::open::state::{Command, Open};
use crate::window::scene::{Dialog, Scene};
use crate::window::task::Task;

/// The most documents that are opened one after the other: each shows itself on opening.
const MOST_AT_ONCE: usize = 100;

impl Open {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, scene: &Scene<'_>, effects: &mut Effects) {
        match command {
            Command::Show => {
                self.field.clear();
                effects.push(Effect::ShowDialog(Dialog::Open));
            }
            Command::EditPath(path) => self.field.edit(path),
            Command::PickFile => self.pick(rfd::FileDialog::pick_file, scene),
            Command::PickFolder => self.pick(rfd::FileDialog::pick_folder, scene),
            Command::Open(paths) => self.open(paths, scene, effects),
            Command::Ask(effect) => effects.push(effect),
        }
    }

    fn pick(
        &mut self,
        ask: impl FnOnce(rfd::FileDialog) -> Option<PathBuf> + Send + 'static,
        scene: &Scene<'_>,
    ) {
        if self.pick.is_busy() {
            return;
        }
        let dialogs = *scene.dialogs;
        let work = move |_: &_| dialogs.open(ask);
        self.pick.put(Task::start("file dialog", scene.ctx, work));
    }

    fn open(&mut self, mut paths: Vec<PathBuf>, scene: &Scene<'_>, effects: &mut Effects) {
        if paths.len() > MOST_AT_ONCE {
            effects.problem(format!(
                "{} files at once: only the first {MOST_AT_ONCE} are opened",
                paths.len()
            ));
            paths.truncate(MOST_AT_ONCE);
        }
        if paths.is_empty() {
            return;
        }
        self.queue = paths.into();
        self.start_next(scene, effects);
    }

    fn start_next(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let Some(path) = self.queue.pop_front() else {
            return;
        };
        if let Ok(Target::Hub(id)) = Target::parse(&path) {
            return effects.push(Effect::AskHub(id));
        }
        self.target.clone_from(&path);
        let work = move |_: &_| open::open(&path).map(Arrived::from);
        // What was opened after it was asked for stays.
        self.opening.put(Task::about("opening", scene, work));
    }

    /// Takes in what is done.
    pub(crate) fn poll(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let open = scene.document_id();
        match self.pick.take(open) {
            Some(Ok(Some(path))) => self.open(vec![path], scene, effects),
            Some(Err(error)) => self.fail(error.to_string(), scene, effects),
            Some(Ok(None)) | None => {}
        }
        let was_busy = self.opening.is_busy();
        match self.opening.take(open) {
            Some(Ok(arrived)) => {
                if scene.dialog == Some(Dialog::Open) {
                    effects.push(Action::CloseDialog);
                }
                effects.deliver_opened(arrived);
            }
            Some(Err(error)) => self.fail(error.to_string(), scene, effects),
            // Another document came first: what was asked for together is dropped together.
            None if was_busy && !self.opening.is_busy() => self.queue.clear(),
            None => {}
        }
    }

    /// Opens what else was asked for, once nothing is being opened: a freeze set is matched
    /// against the document opened before it.
    pub(crate) fn go_on(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        if !self.opening.is_busy() {
            self.start_next(scene, effects);
        }
    }

    /// Tells why something cannot be opened: in the dialog, or as a notice where that is closed.
    pub(crate) fn fail(&mut self, problem: String, scene: &Scene<'_>, effects: &mut Effects) {
        self.field.fail(problem, Dialog::Open, scene, effects);
    }
}
