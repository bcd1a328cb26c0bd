//! What the session room does: opens session files with their documents, and writes them.

use std::path::{Path, PathBuf};

use crate::error::{Problem, Result};
use crate::export::Replace;
use crate::open;
use crate::window::document::Document;
use crate::window::document::arrived::Arrived;
use crate::window::effect::{Effect, Effects};
use crate::window::files;
use crate::window::scene::Scene;
use crate::window::session::file::Session;
use crate::window::session::path::resolved;
use crate::window::session::state::{Command, Restored, SessionRoom};
use crate::window::task::{Bound, Task};

/// What the name of a session file ends in.
const ENDING: &str = ".layerscope.json";

impl SessionRoom {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, scene: &Scene<'_>, effects: &mut Effects) {
        match command {
            Command::Open(path) => {
                let work = move |_: &_| read(path);
                self.open
                    .put(Task::about("opening the session", scene, work));
            }
            Command::Save => match scene.document.and_then(|document| document.session.clone()) {
                Some(path) => effects.push(Effect::WriteSession(path)),
                None => self.pick(scene),
            },
            Command::SaveAs => self.pick(scene),
            Command::Write(path, session) => self.write(path, *session, scene),
        }
    }

    fn pick(&mut self, scene: &Scene<'_>) {
        let Some(document) = scene.document.filter(|_| !self.pick.is_busy()) else {
            return;
        };
        let name = format!("{}{ENDING}", document.report.slug);
        let before = document.session.as_ref().or(document.report.path.as_ref());
        let folder = before.and_then(|path| path.parent()).map(Path::to_path_buf);
        let folder = folder.unwrap_or_else(|| scene.preferences.folder());
        let dialogs = *scene.dialogs;
        let work = move |_: &_| Ok(dialogs.save(&folder, &name, ("Session", &["json"])));
        self.pick.put(Task::about("file dialog", scene, work));
    }

    /// Writes over what is there: either it is this session, or the system's dialog has asked.
    fn write(&mut self, path: PathBuf, session: Session, scene: &Scene<'_>) {
        if self.save.is_busy() {
            return;
        }
        let path = with_ending(path);
        let bind = Bound::of(scene);
        let work = move |_: &_| {
            let text = session.text()?;
            files::write(path, text.as_bytes(), Replace::Yes).map(bind)
        };
        // Once begun it is finished, whatever is opened meanwhile.
        self.save
            .put(Task::start("saving the session", scene.ctx, work));
    }

    /// Takes in what is done. A session that was opened concerns every room: the shell puts its
    /// parts in their places.
    pub(crate) fn poll(&mut self, scene: &Scene<'_>, effects: &mut Effects) -> Option<Restored> {
        let open = scene.document_id();
        match self.pick.take(open) {
            Some(Ok(Some(path))) => effects.push(Effect::WriteSession(path)),
            Some(Err(error)) => effects.problem(error),
            Some(Ok(None)) | None => {}
        }
        match self.save.take(open) {
            Some(Ok(written)) => {
                let path = written.any().path.display();
                effects.news(format!("Saved the session as {path}"));
                if let Some(written) = written.into_inner(open) {
                    effects.push(Effect::SavedIn(written.path));
                }
            }
            Some(Err(error)) => effects.problem(error),
            None => {}
        }
        match self.open.take(open)? {
            Ok(restored) => Some(restored),
            Err(error) => {
                effects.problem(error);
                None
            }
        }
    }
}

fn read(path: PathBuf) -> Result<Restored> {
    let mut session = Session::open(&path)?;
    let mut document = match session.document.as_deref() {
        Some(document) => document_of(&path, &resolved(document, &path))?,
        None => Box::new(Document::sample()?),
    };
    document.edit(true, |choice| choice.clone_from(&session.choice));
    document.restore_sets(std::mem::take(&mut session.sets));
    Ok(Restored {
        path,
        session,
        document,
    })
}

/// Opens a session's document.
fn document_of(session: &Path, document: &Path) -> Result<Box<Document>> {
    if !document.exists() {
        let problem = format!("its document {} is not there", document.display());
        return Err(Problem::input(session, problem)
            .advice("put it there, or correct the path in the field \"document\"")
            .into());
    }
    match Arrived::from(open::open(document)?) {
        Arrived::Document(document) => Ok(document),
        Arrived::FreezeSet(_) | Arrived::Session(_) | Arrived::Log(_) => {
            let problem = format!("{} is neither a model nor results", document.display());
            Err(Problem::input(session, problem)
                .advice("correct the path in the field \"document\"")
                .into())
        }
    }
}

/// `path` with the ending that names a session.
fn with_ending(path: PathBuf) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.ends_with(ENDING) {
        return path;
    }
    let stem = name.strip_suffix(".json").unwrap_or(&name);
    path.with_file_name(format!("{stem}{ENDING}"))
}
