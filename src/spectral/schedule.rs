//! Which matrix is worked on next, and by how many threads.
//!
//! Enters: what each matrix costs in work and memory. Leaves: [`Turn`]s, at most one a thread.
//!
//! One matrix a thread, largest first: threads inside a matrix wait for one another, threads on
//! matrices of their own do not. Threads work together inside a matrix where too few others are
//! left, or none fits into the memory beside it. One that fits only alone waits until it is
//! alone; smaller ones go before it meanwhile.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often a waiting thread looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);

/// What a matrix takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    /// Floating-point operations.
    pub(super) work: u64,
    /// Bytes of memory while it is worked on.
    pub(super) bytes: u64,
}

/// Hands out tasks. Shared by the threads that work on them.
#[derive(Debug)]
pub(super) struct Schedule {
    threads: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// Tasks not begun, most work first.
    queue: VecDeque<(usize, Cost)>,
    free_threads: usize,
    free_memory: u64,
}

/// A task to be done now; its threads and memory are given back when this is dropped.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    schedule: &'a Schedule,
    /// Which task: its place in the costs given to [`Schedule::new`].
    pub(super) task: usize,
    /// How many threads may work inside it.
    pub(super) threads: usize,
    memory: u64,
}

impl Schedule {
    /// A schedule of one task a cost, for `threads` threads and `memory` bytes.
    pub(super) fn new(costs: &[Cost], threads: usize, memory: u64) -> Self {
        let mut queue: Vec<(usize, Cost)> = costs.iter().copied().enumerate().collect();
        // Stable: equals keep the model's order.
        queue.sort_by_key(|(_, cost)| std::cmp::Reverse(cost.work));
        let threads = threads.max(1);
        Self {
            threads,
            state: Mutex::new(State {
                queue: queue.into(),
                free_threads: threads,
                free_memory: memory,
            }),
            changed: Condvar::new(),
        }
    }

    /// Waits for the next task; `None` when all are begun or `stop` says so.
    pub(super) fn next(&self, stop: impl Fn() -> bool) -> Option<Turn<'_>> {
        let mut state = self.lock();
        loop {
            if stop() || state.queue.is_empty() {
                return None;
            }
            if let Some(turn) = self.take(&mut state) {
                return Some(turn);
            }
            // The time-out is for `stop`, which nobody announces.
            let waited = self.changed.wait_timeout(state, LOOK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Begins the first task that fits, if one does.
    fn take(&self, state: &mut State) -> Option<Turn<'_>> {
        if state.free_threads == 0 {
            return None;
        }
        let alone = state.free_threads == self.threads;
        let memory = state.free_memory;
        let fits = |(_, cost): &(usize, Cost)| cost.bytes <= memory;
        // One beyond all memory is begun all the same once it is alone: it may just fit.
        let place = state.queue.iter().position(fits).or(alone.then_some(0))?;
        let (task, cost) = state.queue.remove(place)?;
        let memory = cost.bytes.min(state.free_memory);
        state.free_memory -= memory;
        let threads = state.free_threads.div_ceil(1 + state.beside(cost));
        state.free_threads -= threads;
        Some(Turn {
            schedule: self,
            task,
            threads,
            memory,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How many of the free threads but one will find other matrices to work on while one of
    /// `cost` is worked on: as many as fit into the memory, and have about as much work.
    fn beside(&self, cost: Cost) -> usize {
        let most = self.free_threads - 1;
        let mut memory = self.free_memory;
        let (mut count, mut work) = (0, 0_u64);
        for (_, other) in &self.queue {
            if other.bytes > self.free_memory {
                continue;
            }
            work = work.saturating_add(other.work);
            if other.bytes <= memory && count < most {
                memory -= other.bytes;
                count += 1;
            }
            if count == most && work / most.max(1) as u64 >= cost.work {
                return most;
            }
        }
        let worth = work.saturating_add(cost.work / 2) / cost.work.max(1);
        count.min(usize::try_from(worth).unwrap_or(most))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.schedule.lock();
        state.free_threads += self.threads;
        state.free_memory += self.memory;
        drop(state);
        self.schedule.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{Cost, Schedule, Turn};

    fn schedule(costs: &[(u64, u64)], threads: usize, memory: u64) -> Schedule {
        let costs: Vec<Cost> = costs
            .iter()
            .map(|&(work, bytes)| Cost { work, bytes })
            .collect();
        Schedule::new(&costs, threads, memory)
    }

    fn now(schedule: &Schedule) -> Option<Turn<'_>> {
        schedule.take(&mut schedule.lock())
    }

    #[test]
    fn the_largest_goes_first_with_one_thread_each() {
        let schedule = schedule(&[(1, 1), (5, 1), (5, 1), (9, 1)], 2, 10);
        let first = now(&schedule).unwrap();
        let second = now(&schedule).unwrap();
        assert_eq!((first.task, first.threads), (3, 1));
        assert_eq!((second.task, second.threads), (1, 1));
        assert!(now(&schedule).is_none(), "both threads are busy");
        drop(first);
        assert_eq!(now(&schedule).unwrap().task, 2);
    }

    #[test]
    fn the_last_one_gets_all_threads() {
        let schedule = schedule(&[(9, 1), (0, 1), (0, 1)], 4, 10);
        let turn = now(&schedule).unwrap();
        assert_eq!(
            (turn.task, turn.threads),
            (0, 4),
            "the rest is not worth a thread"
        );
    }

    #[test]
    fn threads_without_a_matrix_share() {
        let schedule = schedule(&[(9, 1), (9, 1)], 5, 10);
        let first = now(&schedule).unwrap();
        let second = now(&schedule).unwrap();
        assert_eq!((first.threads, second.threads), (3, 2));
    }

    #[test]
    fn one_that_fits_only_alone_waits_and_gets_all_threads() {
        let schedule = schedule(&[(9, 6), (8, 6), (3, 2)], 2, 10);
        let first = now(&schedule).unwrap();
        assert_eq!(
            (first.task, first.threads),
            (0, 2),
            "nothing large fits beside it"
        );
        drop(first);
        let second = now(&schedule).unwrap();
        assert_eq!((second.task, second.threads), (1, 2));
    }

    #[test]
    fn smaller_ones_pass_one_that_does_not_fit() {
        let schedule = schedule(&[(9, 6), (8, 3), (8, 6), (7, 3)], 2, 10);
        let first = now(&schedule).unwrap();
        let second = now(&schedule).unwrap();
        assert_eq!((first.task, second.task), (0, 1));
        drop(second);
        let third = now(&schedule).unwrap();
        assert_eq!(third.task, 3);
    }

    #[test]
    fn one_beyond_all_memory_is_done_alone() {
        let schedule = schedule(&[(9, 60), (1, 1)], 2, 10);
        let small = now(&schedule).unwrap();
        assert_eq!(small.task, 1);
        assert!(now(&schedule).is_none());
        drop(small);
        let large = now(&schedule).unwrap();
        assert_eq!((large.task, large.threads), (0, 2));
        drop(large);
        assert!(schedule.next(|| false).is_none());
    }

    #[test]
    fn a_waiting_thread_stops() {
        let schedule = schedule(&[(1, 1), (1, 1)], 1, 10);
        let _busy = now(&schedule).unwrap();
        assert!(schedule.next(|| true).is_none());
    }
}
