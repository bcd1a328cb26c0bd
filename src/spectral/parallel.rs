//! The threads inside one matrix.
//!
//! The caller divides the work into tasks that write to separate memory. The division never depends
//! on the number of threads, so that the results are the same bits for any number of them.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};
use std::thread;

use faer::MatMut;

/// Calls `work` on every task, on at most `threads` threads, this one included.
///
/// Scoped threads rather than a shared pool: a pool's thread that waits for its own tasks would
/// start another matrix, whose memory is not in the budget.
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

/// The columns of `matrix` in `ranges`, which ascend and do not overlap.
pub(crate) fn column_blocks<'a>(
    matrix: MatMut<'a, f64>,
    ranges: &[Range<usize>],
) -> Vec<(Range<usize>, MatMut<'a, f64>)> {
    let mut blocks = Vec::with_capacity(ranges.len());
    let mut rest = matrix;
    let mut first = 0;
    for range in ranges {
        let (_, behind) = rest.split_at_col_mut(range.start - first);
        let (block, behind) = behind.split_at_col_mut(range.len());
        blocks.push((range.clone(), block));
        rest = behind;
        first = range.end;
    }
    blocks
}

/// Rows to allocate for columns of `size` values: a whole number of vector registers, and no
/// multiple of 512 bytes, at which the columns would fall on each other in the caches.
pub(crate) fn leading_dimension(size: usize) -> usize {
    let rows = size.next_multiple_of(8);
    if rows.is_multiple_of(64) {
        rows + 8
    } else {
        rows
    }
}
