//! Work off the interface thread: a promise, its progress, and the document that it is about.
//!
//! A result is taken once; a panic in the work becomes an error that the window shows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use eframe::egui;
use poll_promise::Promise;

use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::window::document::DocumentId;
use crate::window::scene::Scene;

/// How often a working job redraws the window: often enough for a bar, seldom enough to leave
/// the cores to the job.
const REDRAW: Duration = Duration::from_millis(50);

/// A running piece of work, bound to the document that it is about.
pub(crate) struct Task<T: Send + 'static> {
    promise: Promise<Result<T>>,
    /// How far it is; cancels it, too.
    pub progress: Progress,
    about: About,
}

/// What a task is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// Nothing that could be closed meanwhile.
    Anything,
    /// The document that was open when it was started.
    Document(Option<DocumentId>),
}

impl<T: Send + 'static> Task<T> {
    /// Starts `work` on a thread of its own; its result is taken whatever is open by then.
    pub(crate) fn start(
        name: &'static str,
        ctx: &egui::Context,
        work: impl FnOnce(&Progress) -> Result<T> + Send + 'static,
    ) -> Self {
        Self::spawn(name, ctx, About::Anything, work)
    }

    /// Starts `work` about the document that `scene` shows; when another is open by the time it
    /// is done, its result is dropped.
    pub(crate) fn about(
        name: &'static str,
        scene: &Scene<'_>,
        work: impl FnOnce(&Progress) -> Result<T> + Send + 'static,
    ) -> Self {
        Self::spawn(name, scene.ctx, About::Document(scene.document_id()), work)
    }

    /// Starts `work` on a thread called `name`; a panic in it becomes an error.
    fn spawn(
        name: &'static str,
        ctx: &egui::Context,
        about: About,
        work: impl FnOnce(&Progress) -> Result<T> + Send + 'static,
    ) -> Self {
        let redraw = ctx.clone();
        let progress = Progress::with_wake(move || redraw.request_repaint_after(REDRAW));
        let (handle, done) = (progress.clone(), ctx.clone());
        let (sender, promise) = Promise::new();
        let worker = move || {
            let result = catch_unwind(AssertUnwindSafe(|| work(&handle)));
            sender.send(result.unwrap_or_else(|panic| Err(Error::panicked(name, &*panic))));
            done.request_repaint();
        };
        // Without a thread the sender is dropped unsent, and `take` reports that.
        let thread = std::thread::Builder::new().name(name.to_owned());
        drop(thread.spawn(worker));
        Self {
            promise,
            progress,
            about,
        }
    }
}

/// Room for one task of a kind; a new one takes the place of the one before, which is canceled.
pub(crate) struct Slot<T: Send + 'static>(Option<Task<T>>);

impl<T: Send + 'static> Default for Slot<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Send + 'static> Slot<T> {
    /// Puts `task` here, and cancels the one before it.
    pub(crate) fn put(&mut self, task: Task<T>) {
        self.cancel();
        self.0 = Some(task);
    }

    /// Cancels the task and forgets it.
    pub(crate) fn cancel(&mut self) {
        if let Some(task) = self.0.take() {
            task.progress.cancel();
        }
    }

    /// Whether a task is under way.
    #[must_use]
    pub(crate) fn is_busy(&self) -> bool {
        self.0.is_some()
    }

    /// How far the task is, while there is one.
    #[must_use]
    pub(crate) fn progress(&self) -> Option<&Progress> {
        self.0.as_ref().map(|task| &task.progress)
    }

    /// The result when it is there; the slot is then free. A task about a document that is not
    /// the one open now (`open`) is canceled, and its result dropped.
    pub(crate) fn take(&mut self, open: Option<DocumentId>) -> Option<Result<T>> {
        let task = self.0.take()?;
        if task.about != About::Anything && task.about != About::Document(open) {
            task.progress.cancel();
            return None;
        }
        let Task {
            promise,
            progress,
            about,
        } = task;
        match promise.try_take() {
            Ok(result) => Some(result),
            Err(promise) => {
                self.0 = Some(Task {
                    promise,
                    progress,
                    about,
                });
                None
            }
        }
    }
}

/// A value about one document: it is there only while that document is open.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bound<T> {
    document: Option<DocumentId>,
    value: T,
}

impl<T> Bound<T> {
    /// Binds `value` to the document that `scene` shows.
    pub(crate) fn to(scene: &Scene<'_>, value: T) -> Self {
        Self {
            document: scene.document_id(),
            value,
        }
    }

    /// Binds to the document that `scene` shows what is yet to be made.
    pub(crate) fn of(scene: &Scene<'_>) -> impl FnOnce(T) -> Self + use<T> {
        let document = scene.document_id();
        move |value| Self { document, value }
    }

    /// The value, whatever document is open.
    pub(crate) fn any(&self) -> &T {
        &self.value
    }

    /// The value, while its document is the open one.
    pub(crate) fn get(&self, open: Option<DocumentId>) -> Option<&T> {
        (self.document == open).then_some(&self.value)
    }

    /// The value itself, while its document is the open one.
    pub(crate) fn into_inner(self, open: Option<DocumentId>) -> Option<T> {
        (self.document == open).then_some(self.value)
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, open: Option<DocumentId>) -> Option<&mut T> {
        (self.document == open).then_some(&mut self.value)
    }
}
