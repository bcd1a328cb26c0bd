//! Computes each matrix on the device that was chosen, or on the processor where that fails.
//!
//! A card is proven before it is used: a part of one of the matrices that are meant for it is
//! computed on both devices. Whatever goes wrong later on, the processor computes that matrix, and
//! a line says so.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::error::{Problem, Result};
use crate::progress::Progress;
use crate::spectral::device::card::{Absent, Card, Trouble};
use crate::spectral::device::{Compute, Device};
use crate::spectral::{singular_values, work};
use crate::tensor::Matrix;

/// The smaller side from which a matrix is faster on a card, for [`Device::Auto`].
const AUTO_FROM: usize = 512;

/// Work of such matrices from which a card is worth starting, for [`Device::Auto`]: about ten
/// seconds of a core, where starting takes up to two.
const AUTO_WORK: u64 = 500_000_000_000;

/// Matrices that may fail on a card before it is given up.
const MOST_FAILURES: usize = 3;

/// The part of a matrix that is computed on both devices: a sixth of a second of a core.
const PART: (usize, usize) = (1024, 4096);

/// How far two devices' singular values may differ, as a share of the largest.
const AGREE: f64 = 1e-9;

/// Computes singular values. Shared by the threads of a scan.
pub(in crate::spectral) struct Solver {
    card: Option<Card>,
    device: Device,
    /// Whether the card has agreed with the processor.
    is_proven: AtomicBool,
    is_used: AtomicBool,
    failures: AtomicUsize,
    warnings: Mutex<Vec<String>>,
}

impl Solver {
    /// A solver for these matrices, with `threads` in all.
    ///
    /// # Errors
    /// [`crate::Error::Problem`] where a card is asked for by name and cannot be had.
    pub(in crate::spectral) fn new<'a>(
        compute: Compute,
        matrices: impl Iterator<Item = &'a Matrix>,
        threads: usize,
    ) -> Result<Self> {
        let mut solver = Self {
            card: None,
            device: compute.device,
            is_proven: AtomicBool::new(false),
            is_used: AtomicBool::new(false),
            failures: AtomicUsize::new(0),
            warnings: Mutex::default(),
        };
        let costs = matrices.filter(|matrix| solver.is_meant_for_card(matrix));
        let costs = costs.map(|matrix| work(matrix.rows(), matrix.cols()));
        let work = costs.fold(0, u64::saturating_add);
        let is_wanted = match compute.device {
            Device::Cpu => false,
            Device::Auto => work >= AUTO_WORK,
            Device::Cuda => true,
        };
        if !is_wanted {
            return Ok(solver);
        }
        match Card::open(threads) {
            Ok(card) => solver.card = Some(card),
            Err(absent) if compute.device == Device::Cuda => {
                return Err(Problem::argument("--device cuda", absent.reason())
                    .advice("--device auto takes the processor instead")
                    .into());
            }
            Err(Absent::Missing(_)) => {}
            Err(Absent::Broken(reason)) => {
                solver.warn(format!("{reason}; the processor computes everything"));
            }
        }
        Ok(solver)
    }

    /// Whether a matrix is to be computed on a card, if there is one.
    fn is_meant_for_card(&self, matrix: &Matrix) -> bool {
        let short = matrix.rows().min(matrix.cols());
        let least = match self.device {
            Device::Cpu => usize::MAX,
            Device::Auto => AUTO_FROM,
            Device::Cuda => 1,
        };
        short >= least && Card::fits(matrix)
    }

    /// The card that takes `matrix`, unless it was given up.
    fn card_for(&self, matrix: &Matrix) -> Option<&Card> {
        let given_up = self.failures.load(Ordering::Relaxed) >= MOST_FAILURES;
        let card = self.card.as_ref().filter(|_| !given_up)?;
        self.is_meant_for_card(matrix).then_some(card)
    }

    /// Computes a part of one of `matrices` on both devices; if they agree, the card is used from
    /// then on. It is the first that can be read and is not all zero: the
    /// smallest of those that have as much as the part, then those that have less.
    ///
    /// # Errors
    /// [`crate::Error::Canceled`], and a hub that is lost.
    pub(in crate::spectral) fn prove<'a>(
        &self,
        matrices: impl Iterator<Item = &'a Matrix>,
        threads: usize,
        progress: &Progress,
    ) -> Result<()> {
        let meant = matrices.filter(|matrix| self.card_for(matrix).is_some());
        let mut meant: Vec<&Matrix> = meant.collect();
        meant.sort_by_key(|matrix| {
            let cost = work(matrix.rows(), matrix.cols());
            (Reverse(cost.min(work(PART.0, PART.1))), cost)
        });
        for matrix in meant {
            let Some(card) = self.card_for(matrix) else {
                return Ok(());
            };
            // What cannot be read is told in its turn.
            let part = match leading_part(matrix, progress) {
                Err(error) if error.is_canceled() || error.is_of_hub() => return Err(error),
                part => part.ok(),
            };
            let own = part.as_ref().map(|part| {
                let own = singular_values(part, threads, &progress.uncounted());
                own.map(|own| (part, own))
            });
            let (part, own) = match own {
                Some(Ok((part, own))) if own.first().is_some_and(|&first| first > 0.0) => {
                    (part, own)
                }
                Some(Err(error)) if error.is_canceled() => return Err(error),
                _ => continue,
            };
            match card.singular_values(part, threads, progress) {
                Ok(values) => match difference(&own, &values) {
                    None => self.is_proven.store(true, Ordering::Relaxed),
                    Some(off) => self.give_up(&format!(
                        "{}: its singular values differ from the processor's by {off:.1e} of the \
                         largest",
                        card.name
                    )),
                },
                Err(Trouble::Matrix(error)) => return Err(error),
                Err(Trouble::Card(reason)) => self.give_up(&format!("{}: {reason}", card.name)),
            }
            return Ok(());
        }
        Ok(())
    }

    fn give_up(&self, reason: &str) {
        self.failures.store(MOST_FAILURES, Ordering::Relaxed);
        self.warn(format!("{reason}; the processor computes everything"));
    }

    /// The singular values of `matrix`, of the module `name`, as [`singular_values`] has them.
    ///
    /// # Errors
    /// As [`singular_values`].
    pub(in crate::spectral) fn values(
        &self,
        matrix: &Matrix,
        name: &str,
        threads: usize,
        progress: &Progress,
    ) -> Result<Vec<f64>> {
        if let Some(card) = self.card_for(matrix)
            && self.is_proven.load(Ordering::Relaxed)
        {
            match card.singular_values(matrix, threads, progress) {
                Ok(values) => {
                    self.is_used.store(true, Ordering::Relaxed);
                    progress.advance(work(matrix.rows(), matrix.cols()));
                    return Ok(values);
                }
                Err(Trouble::Matrix(error)) => return Err(error),
                Err(Trouble::Card(reason)) => self.fail(card, name, &reason),
            }
        }
        singular_values(matrix, threads, progress)
    }

    fn fail(&self, card: &Card, name: &str, reason: &str) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        let rest = if failures == MOST_FAILURES {
            "it, and all that follow"
        } else {
            "it"
        };
        self.warn(format!(
            "{name}: {}: {reason}; the processor computes {rest}",
            card.name
        ));
    }

    fn warn(&self, line: String) {
        self.warnings().push(line);
    }

    /// What did not go as chosen.
    pub(in crate::spectral) fn warnings(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The card that computed some of the matrices, with the version of its libraries.
    pub(in crate::spectral) fn device(&self) -> Option<String> {
        let card = self.card.as_ref()?;
        let is_used = self.is_used.load(Ordering::Relaxed);
        is_used.then(|| card.name.clone())
    }
}

/// The beginning of a matrix, at most [`PART`] in size, in memory.
fn leading_part(matrix: &Matrix, progress: &Progress) -> Result<Matrix> {
    let (short, long) = PART;
    let is_tall = matrix.rows() > matrix.cols();
    let (rows, cols) = if is_tall {
        (long, short)
    } else {
        (short, long)
    };
    let (rows, cols) = (matrix.rows().min(rows), matrix.cols().min(cols));
    let mut values = vec![0.0; rows * cols];
    let near = matrix.fetched(progress)?;
    near.read_block(0..rows, 0..cols, &mut Vec::new(), &mut values)?;
    Ok(Matrix::from_f64(rows, cols, &values))
}

/// How far the two differ where that is more than rounding, as a share of the largest value.
///
/// The rounding of an N × N Gram matrix is some N·ε of its largest eigenvalue, which is a great
/// part of the small ones' roots: there the squares are compared.
fn difference(own: &[f64], card: &[f64]) -> Option<f64> {
    if own.len() != card.len() {
        return Some(f64::INFINITY);
    }
    let largest = own.first().copied().unwrap_or(0.0);
    let rounding = 4.0 * own.len() as f64 * f64::EPSILON * largest * largest;
    let pairs = own.iter().zip(card);
    let off = pairs.filter(|(a, b)| {
        // Written so that a NaN does not pass.
        let is_near = (*a - *b).abs() <= AGREE * largest || (*a * *a - *b * *b).abs() <= rounding;
        !is_near
    });
    off.map(|(a, b)| (a - b).abs() / largest)
        .max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn rounding_is_no_difference_and_all_else_is_one() {
        assert_eq!(
            difference(&[2.0, 1.0, 1e-9], &[2.0, 1.0 + 1e-12, 0.0]),
            None
        );
        assert_eq!(difference(&[], &[]), None);
        assert!(difference(&[2.0, 1.0], &[2.0, 1.0 + 1e-6]).is_some_and(|off| off > 4e-7));
        assert!(difference(&[2.0, 1e-5], &[2.0, 0.0]).is_some());
        assert!(difference(&[2.0], &[f64::NAN]).is_some());
        assert!(difference(&[2.0, 1.0], &[2.0]).is_some());
    }
}
