//! The threads inside one matrix.
//!
//! Enters: tasks that do not share what they write, and how many threads may work on them.
//! Leaves: all tasks done. How the work is cut into tasks is the caller's and never depends on
//! the number of threads; that is what makes the results the same bits for any number of them.

use std::sync::{Mutex, PoisonError};
use std::thread;

use faer::MatMut;

/// Calls `work` on every task, on at most `threads` threads, this one included.
///
/// Plain scoped threads rather than a shared pool: a pool's thread that waits for its own tasks
/// would start on another matrix, which then lies in memory unbudgeted.
pub(crate) fn for_each<T: Send>(threads: usize, tasks: Vec<T>, work: impl Fn(T) + Sync) {
    if threads <= 1 {
        tasks.into_iter().for_each(work);
        return;
    }
    let queue = Mutex::new(tasks.into_iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let run = || {
        while let Some(task) = next() {
            work(task);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
}

/// The blocks of `width` columns of `matrix`, each with its first column's index.
pub(crate) fn column_blocks(
    matrix: MatMut<'_, f64>,
    width: usize,
) -> Vec<(usize, MatMut<'_, f64>)> {
    let mut blocks = Vec::with_capacity(matrix.ncols().div_ceil(width));
    let mut rest = matrix;
    let mut first = 0;
    while rest.ncols() > 0 {
        let count = width.min(rest.ncols());
        let (block, behind) = rest.split_at_col_mut(count);
        blocks.push((first, block));
        first += count;
        rest = behind;
    }
    blocks
}
