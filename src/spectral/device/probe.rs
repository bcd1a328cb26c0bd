//! Checks a Gram matrix and its eigenvalues against the weights, by random vectors.
//!
//! Enters: the weights, panel by panel, on their way to where the Gram matrix G is made. Leaves:
//! whether a product `G·x` and the eigenvalues of G agree with them.
//!
//! ```text
//! G·x  against  Σ_p P_p·(P_pᵀ·x)           x random, entries ±1: E‖(G − G')·x‖² = ‖G − G'‖_F²
//! Σλ   against  Σ w²                        the trace
//! Σλ²  against  ‖G‖_F²
//! ```
//!
//! Source: Freivalds, "Probabilistic machines can use less running time", IFIP 1977. It costs
//! 4·N·M operations beside the N²·M of the Gram matrix, and finds broken hardware too.

use std::ops::Range;

use crate::spectral::parallel;

/// Rows whose sums are made by one thread.
const ROWS: usize = 256;

/// How far `G·x` may be off, as a share of the trace: rounding leaves some 1e-15.
const PRODUCT: f64 = 1e-12;
/// How far a sum over the eigenvalues may be off, as a share of it.
const SUM: f64 = 1e-10;

/// A random vector, and what the weights make of it.
pub(super) struct Probe {
    vector: Vec<f64>,
    product: Vec<f64>,
    /// Σ w²: the trace of G.
    squares: f64,
}

/// What one thread makes of some rows of a panel.
struct Part {
    rows: Range<usize>,
    sums: Vec<f64>,
    squares: f64,
}

impl Probe {
    /// For a Gram matrix of `size`.
    pub(super) fn new(size: usize) -> Self {
        // The same in every run: whether a matrix passes must not depend on luck.
        let mut state = 0x9E37_79B9_7F4A_7C15_u64 ^ size as u64;
        let mut sign = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            if state & (1 << 40) == 0 { 1.0 } else { -1.0 }
        };
        Self {
            vector: (0..size).map(|_| sign()).collect(),
            product: vec![0.0; size],
            squares: 0.0,
        }
    }

    /// x.
    pub(super) fn vector(&self) -> &[f64] {
        &self.vector
    }

    /// Takes a panel of N × `width`, stored column by column or row by row. `false` if a value
    /// in it is NaN or infinite.
    pub(super) fn take(&mut self, panel: &[f64], by_columns: bool, threads: usize) -> bool {
        let size = self.vector.len();
        let width = panel.len() / size.max(1);
        if by_columns {
            // A stored row is a column p of P: product += p·(pᵀ·x).
            let parts = self.parts(panel, size, size, threads, |row, _, sums, vector| {
                add(sums, row, dot(row, vector));
            });
            for part in &parts {
                add(&mut self.product, &part.sums, 1.0);
            }
        } else {
            // A stored row is a row of P: first Pᵀ·x, then P times that.
            let parts = self.parts(panel, width, width, threads, |row, index, sums, vector| {
                add(sums, row, vector[index]);
            });
            let mut inner = vec![0.0; width];
            for part in &parts {
                add(&mut inner, &part.sums, 1.0);
            }
            let blocks = self.product.chunks_mut(ROWS).enumerate().collect();
            parallel::for_each(threads, blocks, |(block, out): (usize, &mut [f64])| {
                let rows = panel[block * ROWS * width..].chunks_exact(width);
                for (out, row) in out.iter_mut().zip(rows) {
                    *out += dot(row, &inner);
                }
            });
        }
        self.squares.is_finite()
    }

    /// Makes sums over the rows of a panel of `length` values each.
    fn parts(
        &mut self,
        panel: &[f64],
        length: usize,
        sums: usize,
        threads: usize,
        each: impl Fn(&[f64], usize, &mut [f64], &[f64]) + Sync,
    ) -> Vec<Part> {
        let rows = panel.len() / length.max(1);
        let starts = (0..rows).step_by(ROWS);
        let mut parts: Vec<Part> = starts
            .map(|start| Part {
                rows: start..rows.min(start + ROWS),
                sums: vec![0.0; sums],
                squares: 0.0,
            })
            .collect();
        let vector = &self.vector;
        parallel::for_each(threads, parts.iter_mut().collect(), |part: &mut Part| {
            for index in part.rows.clone() {
                let row = &panel[index * length..(index + 1) * length];
                part.squares += dot(row, row);
                each(row, index, &mut part.sums, vector);
            }
        });
        self.squares += parts.iter().map(|part| part.squares).sum::<f64>();
        parts
    }

    /// Whether `product` is G·x as the weights have it; else a sentence.
    pub(super) fn check_product(&self, product: &[f64]) -> Result<(), String> {
        let pairs = self.product.iter().zip(product);
        let off = pairs.map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
        // Written so that a NaN does not pass.
        if product.len() == self.product.len() && off <= PRODUCT * self.squares {
            return Ok(());
        }
        let share = off / self.squares;
        Err(format!(
            "its Gram matrix is not that of the weights (off by {share:.1e} of the trace)"
        ))
    }

    /// Whether the eigenvalues of G can be `values`, where ‖G‖_F² is `norm`; else a sentence.
    pub(super) fn check_eigenvalues(&self, values: &[f64], norm: f64) -> Result<(), String> {
        let sum: f64 = values.iter().sum();
        let squares: f64 = values.iter().map(|value| value * value).sum();
        let is_near = |found: f64, due: f64| (found - due).abs() <= SUM * due;
        if values.len() == self.vector.len() && is_near(sum, self.squares) && is_near(squares, norm)
        {
            return Ok(());
        }
        Err("its eigenvalues do not add up to those of its Gram matrix".to_owned())
    }
}

/// `sums += factor·row`.
fn add(sums: &mut [f64], row: &[f64], factor: f64) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += factor * value;
    }
}

/// Σ left·right, in as many lanes as a vector register has.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    const LANES: usize = 8;
    let (lefts, left_rest) = left.as_chunks::<LANES>();
    let (rights, right_rest) = right.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (left, right) in lefts.iter().zip(rights) {
        for lane in 0..LANES {
            sums[lane] += left[lane] * right[lane];
        }
    }
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::Probe;

    /// P = [[1, 2, 3], [4, 5, 6]] and G = P·Pᵀ = [[14, 32], [32, 77]].
    fn filled(by_columns: bool) -> Probe {
        let mut probe = Probe::new(2);
        let panels: [&[f64]; 2] = if by_columns {
            [&[1.0, 4.0], &[2.0, 5.0, 3.0, 6.0]]
        } else {
            [&[1.0, 4.0], &[2.0, 3.0, 5.0, 6.0]]
        };
        for panel in panels {
            assert!(probe.take(panel, by_columns, 1));
        }
        probe
    }

    #[test]
    fn the_right_product_and_eigenvalues_pass() {
        for by_columns in [true, false] {
            let probe = filled(by_columns);
            let [x, y] = [probe.vector()[0], probe.vector()[1]];
            let product = [14.0 * x + 32.0 * y, 32.0 * x + 77.0 * y];
            probe.check_product(&product).unwrap();
            let root = (45.5_f64 * 45.5 - 54.0).sqrt();
            let norm = 14.0 * 14.0 + 2.0 * 32.0 * 32.0 + 77.0 * 77.0;
            probe
                .check_eigenvalues(&[45.5 - root, 45.5 + root], norm)
                .unwrap();
        }
    }

    #[test]
    fn a_wrong_one_is_found() {
        let probe = filled(true);
        let [x, y] = [probe.vector()[0], probe.vector()[1]];
        let off = [14.0 * x + 32.000_001 * y, 32.0 * x + 77.0 * y];
        assert!(probe.check_product(&off).is_err());
        assert!(probe.check_product(&[f64::NAN; 2]).is_err());
        assert!(probe.check_product(&[]).is_err());
        let norm = 14.0 * 14.0 + 2.0 * 32.0 * 32.0 + 77.0 * 77.0;
        assert!(probe.check_eigenvalues(&[0.6, 90.4], norm).is_err());
        assert!(probe.check_eigenvalues(&[f64::NAN; 2], norm).is_err());
    }

    #[test]
    fn a_value_that_is_not_finite_is_told() {
        for by_columns in [true, false] {
            let mut probe = Probe::new(2);
            assert!(!probe.take(&[1.0, f64::NAN, 2.0, 3.0], by_columns, 2));
        }
    }
}
