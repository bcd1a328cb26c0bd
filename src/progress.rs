//! What a long job carries: counters of work, a cancel flag, and a callback that wakes the window.
//!
//! Work is counted in the caller's unit (floating-point operations for a scan, bytes for a read),
//! so that the share done and the time left are honest when the items differ in cost.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

type Wake = Box<dyn Fn() + Send + Sync>;

/// A handle shared by the worker that advances it and those that watch it; a clone is the same
/// progress.
#[derive(Clone)]
pub struct Progress {
    inner: Arc<Inner>,
    /// Whether work counts.
    counts: bool,
}

struct Inner {
    work_total: AtomicU64,
    work_done: AtomicU64,
    /// Work that an earlier run did: counted as done, but not for the speed.
    work_skipped: AtomicU64,
    items_total: AtomicU64,
    items_done: AtomicU64,
    canceled: AtomicBool,
    label: Mutex<String>,
    started: Instant,
    wake: Option<Wake>,
}

/// The state of a [`Progress`] at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Share of the work done, 0 to 1.
    pub fraction: f32,
    /// Items finished.
    pub items_done: u64,
    /// Items in all; 0 while unknown.
    pub items_total: u64,
    /// What is being worked on.
    pub label: String,
    /// Time since the start.
    pub elapsed: Duration,
    /// Estimated time left, once there is enough to estimate from.
    pub time_left: Option<Duration>,
}

impl Default for Progress {
    fn default() -> Self {
        Self::build(None)
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Progress").field(&self.snapshot()).finish()
    }
}

impl Progress {
    /// A progress whose every change calls `wake`, so that a sleeping window redraws.
    pub fn with_wake(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self::build(Some(Box::new(wake)))
    }

    fn build(wake: Option<Wake>) -> Self {
        let inner = Arc::new(Inner {
            work_total: AtomicU64::new(0),
            work_done: AtomicU64::new(0),
            work_skipped: AtomicU64::new(0),
            items_total: AtomicU64::new(0),
            items_done: AtomicU64::new(0),
            canceled: AtomicBool::new(false),
            label: Mutex::new(String::new()),
            started: Instant::now(),
            wake,
        });
        Self {
            inner,
            counts: true,
        }
    }

    /// States how much there is to do: `items` items of `work` units in all.
    pub fn set_total(&self, items: u64, work: u64) {
        self.inner.items_total.store(items, Ordering::Relaxed);
        self.inner.work_total.store(work, Ordering::Relaxed);
        self.wake();
    }

    /// Names what is being worked on.
    pub fn set_label(&self, label: impl Into<String>) {
        *self
            .inner
            .label
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = label.into();
        self.wake();
    }

    /// The same progress for work beside what was stated: it stops with the rest and counts for
    /// nothing.
    pub(crate) fn uncounted(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            counts: false,
        }
    }

    /// Counts `work` units as done.
    pub(crate) fn advance(&self, work: u64) {
        let work = if self.counts { work } else { 0 };
        self.inner.work_done.fetch_add(work, Ordering::Relaxed);
        self.wake();
    }

    /// Counts one item as done.
    pub(crate) fn finish_item(&self) {
        self.inner.items_done.fetch_add(1, Ordering::Relaxed);
        self.wake();
    }

    /// Counts one item of `work` units as done by an earlier run.
    pub(crate) fn skip_item(&self, work: u64) {
        self.inner.work_skipped.fetch_add(work, Ordering::Relaxed);
        self.finish_item();
    }

    /// Counts `work` units of an unfinished item as done by an earlier run.
    pub(crate) fn skip_work(&self, work: u64) {
        self.inner.work_skipped.fetch_add(work, Ordering::Relaxed);
        self.wake();
    }

    /// Asks the worker to stop at its next check.
    pub fn cancel(&self) {
        self.inner.canceled.store(true, Ordering::Relaxed);
        self.wake();
    }

    /// Whether the worker was asked to stop.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        self.inner.canceled.load(Ordering::Relaxed)
    }

    /// # Errors
    /// [`Error::Canceled`] once the worker was asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.is_canceled() {
            Err(Error::Canceled)
        } else {
            Ok(())
        }
    }

    /// How far the work is.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let total = self.inner.work_total.load(Ordering::Relaxed);
        let done = self.inner.work_done.load(Ordering::Relaxed);
        let skipped = self.inner.work_skipped.load(Ordering::Relaxed);
        let elapsed = self.inner.started.elapsed();
        let fraction = if total == 0 {
            0.0
        } else {
            (done + skipped) as f64 / total as f64
        };
        let enough = done > 0 && elapsed > Duration::from_millis(500);
        let time_left = (enough && total > 0).then(|| {
            let left = total.saturating_sub(done + skipped) as f64 / done as f64;
            elapsed.mul_f64(left.min(1e6))
        });
        Snapshot {
            fraction: fraction.min(1.0) as f32,
            items_done: self.inner.items_done.load(Ordering::Relaxed),
            items_total: self.inner.items_total.load(Ordering::Relaxed),
            label: self
                .inner
                .label
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
            elapsed,
            time_left,
        }
    }

    fn wake(&self) {
        if let Some(wake) = &self.inner.wake {
            wake();
        }
    }
}
