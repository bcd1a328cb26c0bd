//! Fetches the next matrices while others are computed.
//!
//! Enters: the matrices of a scan in the order they are to be worked on. Leaves: each one with
//! its values at hand. Those on this machine are read where they are; those far away are fetched
//! whole, ahead of their turn as far as the memory set aside for it goes.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::Result;
use crate::progress::Progress;
use crate::tensor::Matrix;

/// How often a waiting thread checks whether to stop.
const LOOK: Duration = Duration::from_millis(100);

/// Fetches ahead. Shared by the threads that compute and those that fetch.
pub(super) struct Ahead<'a> {
    matrices: Vec<&'a Matrix>,
    /// Those far away that fit into the memory set aside, the first to be worked on first.
    order: Vec<usize>,
    memory: u64,
    progress: &'a Progress,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    slots: Vec<Slot>,
    /// Place in the order that fetching is at.
    next: usize,
    /// Bytes fetched, or being fetched, and not taken yet.
    held: u64,
    closed: bool,
}

enum Slot {
    /// Not begun.
    Open,
    /// It is being fetched ahead.
    Coming,
    /// Fetched, or failed.
    There(Result<Matrix>),
    /// Taken by the thread that computes with it.
    Taken,
}

/// See [`Ahead::closing`].
pub(super) struct Closing<'a>(&'a Ahead<'a>);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

impl<'a> Ahead<'a> {
    /// Of `matrices`, of which those with most of `work` are worked on first, with `memory` bytes
    /// for what is fetched ahead.
    pub(super) fn new(
        matrices: Vec<&'a Matrix>,
        work: impl Fn(usize) -> u64,
        memory: u64,
        progress: &'a Progress,
    ) -> Self {
        let fits = |&place: &usize| {
            let matrix = matrices[place];
            matrix.is_far() && matrix.stored().is_some_and(|bytes| bytes <= memory)
        };
        let mut order: Vec<usize> = (0..matrices.len()).filter(fits).collect();
        order.sort_by_key(|&place| std::cmp::Reverse(work(place)));
        let slots = matrices.iter().map(|_| Slot::Open).collect();
        Self {
            matrices,
            order,
            memory,
            progress,
            state: Mutex::new(State {
                slots,
                next: 0,
                held: 0,
                closed: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// Threads that [`Self::fetch`] is worth: none where nothing is far away.
    pub(super) fn threads(&self) -> usize {
        /// One connection seldom fills the line.
        const TOGETHER: usize = 2;
        self.order.len().min(TOGETHER)
    }

    /// The matrix at `place` with its values at hand: waits for it, or fetches it now.
    ///
    /// # Errors
    /// What fetching it returned, and [`crate::Error::Canceled`].
    pub(super) fn take(&self, place: usize) -> Result<Matrix> {
        let mut state = self.lock();
        loop {
            match std::mem::replace(&mut state.slots[place], Slot::Taken) {
                Slot::Coming => state.slots[place] = Slot::Coming,
                Slot::There(matrix) => {
                    state.held = state.held.saturating_sub(self.bytes(place));
                    self.changed.notify_all();
                    return matrix;
                }
                Slot::Open | Slot::Taken => {
                    drop(state);
                    return self.matrices[place].fetched(self.progress);
                }
            }
            self.progress.check()?;
            state = self.wait(state);
        }
    }

    /// Fetches one after the other until all are begun, or it is closed.
    pub(super) fn fetch(&self) {
        let mut state = self.lock();
        loop {
            if state.closed || self.progress.is_canceled() {
                return;
            }
            let Some(&place) = self.order.get(state.next) else {
                return;
            };
            let bytes = self.bytes(place);
            if !matches!(state.slots[place], Slot::Open) {
                state.next += 1;
            } else if state.held + bytes > self.memory {
                state = self.wait(state);
            } else {
                state.next += 1;
                state.held += bytes;
                state.slots[place] = Slot::Coming;
                drop(state);
                let matrix = self.matrices[place].fetched(self.progress);
                state = self.lock();
                state.slots[place] = Slot::There(matrix);
                self.changed.notify_all();
            }
        }
    }

    /// Ends [`Self::fetch`] when it is dropped: nothing more is needed then, or a thread panicked.
    pub(super) fn closing(&self) -> Closing<'_> {
        Closing(self)
    }

    fn bytes(&self, place: usize) -> u64 {
        self.matrices[place].stored().unwrap_or(0)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        // The time-out is for canceling, which nobody announces.
        let waited = self.changed.wait_timeout(state, LOOK);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
