//! Work off the interface thread: a promise, its progress, and the generation it was started in.
//!
//! Enters: a closure. Leaves: its result, once; a panic in it becomes an error the window shows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use eframe::egui;
use poll_promise::Promise;

use crate::error::{Error, Result};
use crate::progress::Progress;

/// How often a working job redraws the window: often enough for a bar, seldom enough to leave
/// the cores to the job.
const REDRAW: Duration = Duration::from_millis(50);

/// A running piece of work.
pub struct Job<T: Send + 'static> {
    promise: Promise<Result<T>>,
    /// How far it is; cancels it, too.
    pub progress: Progress,
    /// The state of the program it was started for: a result of an older one is dropped.
    pub generation: u64,
}

impl<T: Send + 'static> Job<T> {
    /// Starts `work` on a thread of its own.
    pub fn spawn(
        task: &'static str,
        ctx: &egui::Context,
        generation: u64,
        work: impl FnOnce(&Progress) -> Result<T> + Send + 'static,
    ) -> Self {
        let redraw = ctx.clone();
        let progress = Progress::with_wake(move || redraw.request_repaint_after(REDRAW));
        let (handle, done) = (progress.clone(), ctx.clone());
        let (sender, promise) = Promise::new();
        let worker = move || {
            let result = catch_unwind(AssertUnwindSafe(|| work(&handle)));
            sender.send(result.unwrap_or_else(|panic| Err(Error::panicked(task, &*panic))));
            done.request_repaint();
        };
        // Without a thread the sender is dropped unsent, and `take` reports that.
        drop(
            std::thread::Builder::new()
                .name(task.to_owned())
                .spawn(worker),
        );
        Self {
            promise,
            progress,
            generation,
        }
    }
}

/// Takes the result out of a slot when it is there; the slot is then free again.
pub(crate) fn take<T: Send + 'static>(slot: &mut Option<Job<T>>) -> Option<(u64, Result<T>)> {
    let job = slot.take()?;
    let generation = job.generation;
    match job.promise.try_take() {
        Ok(result) => Some((generation, result)),
        Err(promise) => {
            *slot = Some(Job {
                promise,
                progress: job.progress,
                generation,
            });
            None
        }
    }
}
