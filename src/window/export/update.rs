//! What the export room does: prepares the draft, has it tried off the thread, writes it.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::Error;
use crate::export::{Format, Naming, Replace};
use crate::window::action::Action;
use crate::window::document::DocumentId;
use crate::window::effect::{Effect, Effects};
use crate::window::export::check::{self, Input};
use crate::window::export::state::{Command, Draft, Export};
use crate::window::files;
use crate::window::scene::{Dialog, Scene};
use crate::window::task::{Bound, Task};

impl Export {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, scene: &Scene<'_>, effects: &mut Effects) {
        let open = scene.document_id();
        match command {
            Command::Show(format) => {
                // The names that another format was asked for are those of the same trainer.
                let naming = self.draft(open).map(|draft| draft.naming);
                let naming = naming.unwrap_or_else(|| scene.preferences.names.into());
                self.prepare(format, naming, scene, effects);
            }
            Command::Names(naming) => {
                if scene.preferences.names != naming.names {
                    effects.push(Effect::PreferNames(naming.names));
                }
                if let Some(format) = self.draft(open).map(|draft| draft.format) {
                    self.prepare(format, naming, scene, effects);
                }
            }
            Command::Confirm(confirmed) => {
                if let Some(draft) = self.draft_mut(open) {
                    draft.confirmed = confirmed;
                }
            }
            Command::EditPath(path) => {
                if let Some(draft) = self.draft_mut(open) {
                    draft.path = path;
                    draft.conflict = false;
                    draft.problem = None;
                }
            }
            Command::PickPath => self.pick(scene),
            Command::CopyText => {
                if let Some(draft) = self.draft(open) {
                    effects.push(Effect::Copy {
                        text: draft.text.clone(),
                        what: draft.format.text().to_owned(),
                    });
                }
            }
            Command::Write { replace } => self.write(replace, scene),
            Command::Close => effects.push(Action::CloseDialog),
            Command::Ask(effect) => effects.push(effect),
        }
    }

    /// Forgets the draft: its dialog is closed. What is being written is finished.
    pub(crate) fn close(&mut self) {
        self.draft = None;
        self.check.cancel();
    }

    fn prepare(
        &mut self,
        format: Format,
        naming: Naming,
        scene: &Scene<'_>,
        effects: &mut Effects,
    ) {
        let Some(document) = scene.document else {
            return;
        };
        let draft = Draft::new(document, format, &scene.preferences.folder()).named(naming);
        self.draft = Some(Bound::to(scene, draft));
        self.check.cancel();
        effects.push(Effect::ShowDialog(Dialog::Export));
        if !format.is_set() {
            return;
        }
        let input = Input {
            format,
            naming,
            report: Arc::clone(&document.report),
            set: Arc::clone(&document.set),
            model: document.model().cloned(),
        };
        let work = move |progress: &_| check::check(&input, progress).map(Arc::new);
        self.check.put(Task::about("dry run", scene, work));
    }

    fn pick(&mut self, scene: &Scene<'_>) {
        let Some(draft) = self.draft(scene.document_id()) else {
            return;
        };
        if self.pick.is_busy() {
            return;
        }
        let path = PathBuf::from(&draft.path);
        let dialogs = *scene.dialogs;
        let work = move |_: &_| {
            dialogs.open(|mut dialog| {
                if let Some(folder) = path.parent() {
                    dialog = dialog.set_directory(folder);
                }
                if let Some(name) = path.file_name() {
                    dialog = dialog.set_file_name(name.to_string_lossy());
                }
                dialog.save_file()
            })
        };
        self.pick.put(Task::about("file dialog", scene, work));
    }

    fn write(&mut self, replace: bool, scene: &Scene<'_>) {
        if self.write.is_busy() {
            return;
        }
        let Some(draft) = self.draft_mut(scene.document_id()) else {
            return;
        };
        draft.problem = None;
        let (path, text) = (PathBuf::from(draft.path.trim()), draft.text.clone());
        let replace = Replace::from(replace);
        let work = move |_: &_| files::write(path, text.as_bytes(), replace);
        // Once begun it is finished, whatever is opened meanwhile.
        self.write.put(Task::start("export", scene.ctx, work));
    }

    /// Takes in what is done.
    pub(crate) fn poll(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let open = scene.document_id();
        if let Some(checked) = self.check.take(open)
            && let Some(draft) = self.draft_mut(open)
        {
            match checked {
                Ok(check) => draft.take(check),
                Err(error) if error.is_canceled() => {}
                Err(error) => draft.problem = Some(error.to_string()),
            }
        }
        match self.pick.take(open) {
            Some(Ok(Some(path))) => {
                if let Some(draft) = self.draft_mut(open) {
                    draft.path = path.display().to_string();
                    // The system's dialog asked about replacing already.
                    draft.conflict = path.exists();
                }
            }
            Some(Err(error)) => self.fail(&error, open, effects),
            Some(Ok(None)) | None => {}
        }
        match self.write.take(open) {
            Some(Ok(written)) => {
                if self.draft(open).is_some() {
                    effects.push(Action::CloseDialog);
                }
                effects.push(Effect::Wrote(written));
            }
            Some(Err(error)) => self.fail(&error, open, effects),
            None => {}
        }
    }

    /// Says in the dialog what went wrong, or as a notice where the dialog is closed.
    fn fail(&mut self, error: &Error, open: Option<DocumentId>, effects: &mut Effects) {
        if let Some(draft) = self.draft_mut(open) {
            draft.conflict = matches!(error, Error::Exists { .. });
            draft.problem = Some(error.to_string());
        } else {
            effects.problem(error);
        }
    }
}
