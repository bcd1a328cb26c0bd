//! The shuffled control: the same entries in no order.
//!
//! Enters: a matrix. Leaves: the singular values of a matrix with the same shape and the same
//! entries, permuted at random: what is left when the arrangement is gone and the distribution
//! of the entries, heavy tails and all, stays. The permutation comes from a fixed seed, so the
//! control of a matrix is always the same.

use std::sync::Arc;

use crate::error::{Problem, Result};
use crate::progress::Progress;
use crate::source::InMemory;
use crate::spectral::singular_values;
use crate::tensor::{DType, Matrix};

/// Rows read at a time.
const ROWS: usize = 256;

/// The singular values, descending, of `matrix` with its entries permuted. Takes 8 bytes an entry
/// besides what the singular values take; `memory` limits that.
///
/// # Errors
/// [`Error::Problem`](crate::Error::Problem) where it does not fit into `memory` bytes, or as [`singular_values`];
/// [`Error::Canceled`](crate::Error::Canceled).
pub fn shuffled_values(
    matrix: &Matrix,
    threads: usize,
    memory: u64,
    progress: &Progress,
) -> Result<Vec<f64>> {
    let (rows, cols) = (matrix.rows(), matrix.cols());
    let needed = 8 * rows as u64 * cols as u64;
    if needed > memory {
        return Err(Problem::spectrum(
            format!("{rows} × {cols} matrix"),
            format!(
                "shuffling its entries takes {} MiB, more than the {} MiB allowed",
                needed >> 20,
                memory >> 20
            ),
        )
        .into());
    }
    let mut entries: Vec<f32> = Vec::with_capacity(rows * cols);
    let (mut raw, mut block) = (Vec::new(), vec![0.0; ROWS.min(rows) * cols]);
    for first in (0..rows).step_by(ROWS) {
        progress.check()?;
        let last = rows.min(first + ROWS);
        let block = &mut block[..(last - first) * cols];
        matrix.read_block(first..last, 0..cols, &mut raw, block)?;
        entries.extend(block.iter().map(|&value| value as f32));
    }
    permute(&mut entries);
    progress.check()?;
    let bytes = entries
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    drop(entries);
    let shuffled = Matrix::new(Arc::new(InMemory(bytes)), 0, DType::F32, rows, cols);
    singular_values(&shuffled, threads, progress)
}

/// Fisher and Yates' shuffle (Durstenfeld, Algorithm 235, 1964), from a fixed seed.
fn permute(entries: &mut [f32]) {
    let mut random = SplitMix(0x5eed);
    for last in (1..entries.len()).rev() {
        entries.swap(last, random.below(last as u64 + 1) as usize);
    }
}

/// Steele, Lea & Flood, "Fast splittable pseudorandom number generators" (2014).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// Below `bound`, even but for 2⁻⁶⁴ · bound (Lemire 2019, without the rejection).
    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::shuffled_values;
    use crate::progress::Progress;
    use crate::spectral::singular_values;
    use crate::tensor::Matrix;

    /// A rank-1 matrix with entries of many sizes.
    fn rank_one() -> Matrix {
        let entries: Vec<f64> = (0..64 * 96)
            .map(|at| f64::from((at / 96) as f32 + 1.0) * f64::from((at % 96) as f32 - 40.0))
            .collect();
        Matrix::from_f64(64, 96, &entries)
    }

    #[test]
    fn keeps_the_norm_and_loses_the_structure() {
        let (matrix, progress) = (rank_one(), Progress::default());
        let own = singular_values(&matrix, 1, &progress).unwrap();
        let shuffled = shuffled_values(&matrix, 1, 1 << 20, &progress).unwrap();
        let norm = |values: &[f64]| values.iter().map(|s| s * s).sum::<f64>();
        assert!((norm(&own) / norm(&shuffled) - 1.0).abs() < 1e-9);
        assert!(own[1] < 1e-6 * own[0]);
        assert!(shuffled[1] > 0.05 * shuffled[0]);
        assert_eq!(
            shuffled,
            shuffled_values(&matrix, 2, 1 << 20, &progress).unwrap()
        );
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let error = shuffled_values(&rank_one(), 1, 1000, &Progress::default()).unwrap_err();
        assert!(error.to_string().contains("MiB allowed"), "{error}");
    }
}
