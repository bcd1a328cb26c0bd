//! The scan over a whole model: every chosen module's singular values and ratio.
//!
//! Enters: a model, which modules, how many threads and how much memory. Leaves: one
//! [`ModuleResult`] a module, handed over as soon as it is known, in no particular order. What is
//! handed over depends on the weights alone: not on the threads, the memory, or what a journal
//! held.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, ProblemKind, Result};
use crate::progress::Progress;
use crate::source::changed;
use crate::spectral::ahead::Ahead;
use crate::spectral::device::Solver;
use crate::spectral::module_result::{ModuleResult, Outcome};
use crate::spectral::plan::{Piece, Plan};
use crate::spectral::schedule::{Cost, Schedule};
use crate::spectral::{Compute, FileIdentity, Journal};
use crate::tensor::{Matrix, Model};

/// What to scan, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanOptions {
    /// Indices into [`Model::modules`].
    pub modules: Vec<usize>,
    /// Threads to work with.
    pub threads: usize,
    /// Memory in bytes that the matrices being worked on may take together. A single matrix that
    /// takes more is worked on alone.
    pub memory: u64,
    /// Where finished matrices are remembered in case the scan is stopped. The file stays when
    /// the scan is done: the caller removes it ([`Journal::remove`]) once the results are safe.
    pub journal: Option<PathBuf>,
    /// How to compute.
    pub compute: Compute,
}

/// How a scan went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScanSummary {
    /// Modules that were scanned now.
    pub scanned: usize,
    /// Modules that an earlier, stopped scan had done.
    pub resumed: usize,
    /// Modules that were to be scanned and could not be; another try may succeed. Those that the
    /// model itself marks as unreadable are not among them.
    pub failed: usize,
    /// The card that computed some of the matrices; `None` where the processor did it all.
    pub device: Option<String>,
    /// Lines about what went wrong without stopping the scan.
    pub warnings: Vec<String>,
}

/// Scans the modules that `options` names. `on_module` gets each one's index and result, from any
/// thread; modules that cannot be scanned are handed over with the reason. `progress` counts
/// modules, and work in floating-point operations.
///
/// # Errors
/// [`Error::Canceled`]; the modules handed over and journalled so far stay. [`Error::Io`] when
/// the journal cannot be opened. [`Error::Problem`] when a weight file changed meanwhile: what was
/// handed over is to be dropped.
pub fn scan<F>(
    model: &Model,
    options: &ScanOptions,
    progress: &Progress,
    on_module: F,
) -> Result<ScanSummary>
where
    F: Fn(usize, ModuleResult) + Sync,
{
    progress.check()?;
    let journal = options.journal.as_deref().map(Journal::open).transpose()?;
    let before = identities(model);
    let plan = Plan::new(model, &options.modules, journal.as_ref());
    let known = plan.settled.len();
    let items = known
        + plan
            .shares
            .iter()
            .map(|share| share.modules.len())
            .sum::<usize>();
    progress.set_total(items as u64, plan.total_work());
    let scan = Scan {
        plan: &plan,
        journal: journal.as_ref(),
        progress,
        on_module: &on_module,
        slots: plan.shares.iter().map(|_| Mutex::default()).collect(),
        summary: Mutex::default(),
        journal_broke: AtomicBool::new(false),
    };
    for (module, result) in &plan.settled {
        scan.hand_over(*module, result.clone(), 0);
    }
    scan.resume()?;
    scan.work(options)?;
    progress.check()?;
    // Other values under the same length and time of writing are told by the content.
    for (file, (before, now)) in model.files.iter().zip(before.iter().zip(identities(model))) {
        file.check_unchanged()?;
        if *before != now {
            return Err(changed(file.path()));
        }
    }
    let summary = scan.summary.into_inner();
    Ok(summary.unwrap_or_else(PoisonError::into_inner))
}

/// What each file on this machine holds; `None` for one far away, and one that cannot be read.
fn identities(model: &Model) -> Vec<Option<FileIdentity>> {
    let near = model
        .files
        .iter()
        .map(|file| file.far().is_none().then_some(file));
    near.map(|file| FileIdentity::of(file?.as_ref()).ok())
        .collect()
}

/// One matrix to work on: its tensor's place in the plan, its own place in the tensor, itself.
type Task<'a> = (usize, usize, &'a Piece);

/// A scan under way: what its threads share.
struct Scan<'a, F> {
    plan: &'a Plan,
    journal: Option<&'a Journal>,
    progress: &'a Progress,
    on_module: &'a F,
    /// For each share, the outcomes so far with the matrices' places.
    slots: Vec<Mutex<Vec<(usize, Outcome)>>>,
    summary: Mutex<ScanSummary>,
    journal_broke: AtomicBool,
}

impl<F: Fn(usize, ModuleResult) + Sync> Scan<'_, F> {
    /// Takes over what the journal holds.
    fn resume(&self) -> Result<()> {
        for (index, share) in self.plan.shares.iter().enumerate() {
            self.progress.check()?;
            for (place, piece) in share.matrices.iter().enumerate() {
                let (Some(journal), Some(key), true) = (self.journal, &piece.key, piece.journalled)
                else {
                    continue;
                };
                // One that cannot be read back any more is an error of the disk the results are
                // to be written to: better said now than after hours.
                let Some(values) = journal.values(key)? else {
                    continue;
                };
                self.settle(index, place, Outcome::Values(values));
            }
        }
        Ok(())
    }

    /// Works on everything that the journal does not hold. A hub that is lost ends it: what is
    /// done is kept.
    fn work(&self, options: &ScanOptions) -> Result<()> {
        let (threads, memory) = (options.threads, options.memory);
        let mut tasks = Vec::new();
        for (index, share) in self.plan.shares.iter().enumerate() {
            let pieces = share.matrices.iter().enumerate();
            let open = pieces.filter(|(_, piece)| !piece.journalled);
            tasks.extend(open.map(|(place, piece)| (index, place, piece)));
        }
        let matrices = tasks.iter().map(|(_, _, piece)| &piece.matrix);
        let solver = Solver::new(options.compute, matrices, threads)?;
        let matrices = tasks.iter().map(|(_, _, piece)| &piece.matrix);
        solver.prove(matrices, threads, self.progress)?;
        let costs: Vec<Cost> = tasks.iter().map(|(_, _, piece)| piece.cost()).collect();
        let far = tasks.iter().any(|(_, _, piece)| piece.matrix.is_far());
        let for_ahead = if far { memory / 4 } else { 0 };
        let matrices = tasks.iter().map(|(_, _, piece)| &piece.matrix).collect();
        let ahead = Ahead::new(
            matrices,
            |place| costs[place].work,
            for_ahead,
            self.progress,
        );
        let schedule = Schedule::new(&costs, threads, memory - for_ahead);
        let stopped = AtomicBool::new(false);
        let lost: Mutex<Option<Error>> = Mutex::default();
        let stop = || self.progress.is_canceled() || stopped.load(Ordering::Relaxed);
        let lane = || {
            while let Some(turn) = schedule.next(stop) {
                let (index, place, piece) = tasks[turn.task];
                self.progress
                    .set_label(self.plan.shares[index].name.as_str());
                let outcome = match ahead.take(turn.task) {
                    Ok(matrix) => outcome_of(
                        || {
                            let name = &self.plan.shares[index].name;
                            solver.values(&matrix, name, turn.threads, self.progress)
                        },
                        &matrix,
                    ),
                    Err(Error::Canceled) => None,
                    Err(error) if error.is_of_hub() => {
                        // The others would wait as long for nothing: better stopped and resumed.
                        stopped.store(true, Ordering::Relaxed);
                        *lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                        None
                    }
                    Err(error) => Some(Outcome::Failed(error.to_string())),
                };
                // The memory is free again; what follows takes none.
                drop(turn);
                let Some(outcome) = outcome else { return };
                if let Err(error) = self.keep((index, place, piece), outcome) {
                    stopped.store(true, Ordering::Relaxed);
                    *lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    return;
                }
            }
        };
        std::thread::scope(|scope| {
            let closing = ahead.closing();
            for _ in 0..ahead.threads() {
                // Without a thread each is fetched by whoever works on it.
                let fetch = || ahead.fetch();
                drop(std::thread::Builder::new().spawn_scoped(scope, fetch));
            }
            let more = 1..threads.min(tasks.len());
            let spawned: Vec<_> = more
                .filter_map(|_| std::thread::Builder::new().spawn_scoped(scope, lane).ok())
                .collect();
            lane();
            let joined = spawned.into_iter().map(std::thread::ScopedJoinHandle::join);
            let joined: Vec<_> = joined.collect();
            drop(closing);
            joined
                .into_iter()
                .try_for_each(|thread| thread.map_err(|panic| Error::panicked("the scan", &*panic)))
        })?;
        let mut summary = self.summary();
        summary.device = solver.device();
        summary.warnings.append(&mut solver.warnings());
        drop(summary);
        let lost = lost.into_inner().unwrap_or_else(PoisonError::into_inner);
        lost.map_or(Ok(()), Err)
    }

    /// Keeps the outcome of a matrix, unless its file changed meanwhile.
    fn keep(&self, (index, place, piece): Task<'_>, outcome: Outcome) -> Result<()> {
        piece.matrix.check_unchanged()?;
        if let Outcome::Values(values) = &outcome {
            self.remember(piece, values);
        }
        self.settle(index, place, outcome);
        Ok(())
    }

    /// Journals the values of a matrix. A journal that cannot be written is a pity, no failure.
    fn remember(&self, piece: &Piece, values: &[f64]) {
        let (Some(journal), Some(key)) = (self.journal, &piece.key) else {
            return;
        };
        if self.journal_broke.load(Ordering::Relaxed) {
            return;
        }
        if let Err(error) = journal.append(key, values)
            && !self.journal_broke.swap(true, Ordering::Relaxed)
        {
            let line = format!("{error}; the scan goes on, but cannot be resumed from here");
            self.summary().warnings.push(line);
        }
    }

    /// Puts an outcome in its place, and hands the tensor's modules over when it was the last.
    fn settle(&self, index: usize, place: usize, outcome: Outcome) {
        let share = &self.plan.shares[index];
        let slot = self.slots[index].lock();
        let mut slot = slot.unwrap_or_else(PoisonError::into_inner);
        slot.push((place, outcome));
        if slot.len() < share.matrices.len() {
            return;
        }
        let mut outcomes = std::mem::take(&mut *slot);
        drop(slot);
        outcomes.sort_by_key(|(place, _)| *place);
        let shapes = share.matrices.iter();
        let shapes = shapes.map(|piece| (piece.matrix.rows(), piece.matrix.cols()));
        let matrices = outcomes.into_iter().zip(shapes);
        let result = ModuleResult::of(
            matrices
                .map(|((_, outcome), (rows, cols))| (outcome, rows, cols))
                .collect(),
        );
        let resumed = share.is_journalled();
        let mut summary = self.summary();
        if result.snr.is_none() {
            summary.failed += share.modules.len();
        } else if resumed {
            summary.resumed += share.modules.len();
        } else {
            summary.scanned += share.modules.len();
        }
        drop(summary);
        let mut skipped = if resumed {
            share
                .matrices
                .iter()
                .map(Piece::work)
                .fold(0, u64::saturating_add)
        } else {
            0
        };
        for &module in &share.modules {
            self.hand_over(module, result.clone(), skipped);
            skipped = 0;
        }
    }

    /// Hands a module over, `skipped` work of which an earlier run has done.
    fn hand_over(&self, module: usize, result: ModuleResult, skipped: u64) {
        (self.on_module)(module, result);
        self.progress.skip_item(skipped);
    }

    fn summary(&self) -> std::sync::MutexGuard<'_, ScanSummary> {
        self.summary.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The outcome of one matrix; `None` when it was canceled.
fn outcome_of(compute: impl FnOnce() -> Result<Vec<f64>>, matrix: &Matrix) -> Option<Outcome> {
    if matrix.rows() == 0 || matrix.cols() == 0 {
        return Some(Outcome::NoRatio("it is empty".into()));
    }
    // Nothing that the closure touches is used again if it panics, but counters.
    let values = catch_unwind(AssertUnwindSafe(compute));
    Some(match values {
        Ok(Ok(values)) => Outcome::Values(values),
        Ok(Err(Error::Canceled)) => return None,
        Ok(Err(Error::Problem(problem))) if problem.kind == ProblemKind::Spectrum => {
            Outcome::NoRatio(problem.cause)
        }
        Ok(Err(error)) => Outcome::Failed(error.to_string()),
        Err(panic) => Outcome::Failed(Error::panicked("the singular values", &*panic).to_string()),
    })
}
