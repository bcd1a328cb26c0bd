//! Banded symmetric → tridiagonal: the second of the two stages.
//!
//! Enters: a symmetric N × N matrix with [`BAND`] diagonals below the main one. Leaves: a
//! tridiagonal matrix with the same eigenvalues.
//!
//! Sweep s clears column s below its first subdiagonal by a reflection of BAND rows. On the other
//! side that reflection fills a block below the band, a bulge; only the bulge's first column is
//! cleared, by the next reflection BAND rows further down, and so on to the end of the matrix:
//!
//! ```text
//! step k of sweep s, r = s + 1 + k·BAND, q = r + BAND, reflection H of the rows from r:
//!     A[r..q, r..q]       ← H · A · H
//!     A[q..q+BAND, r..q]  ← H' · (A · H)      H' clears the first column; H of the next step
//! ```
//!
//! Sources: Bischof, Lang, Sun, ACM TOMS 26 (2000); Haidar, Ltaief, Dongarra, SC '11, whose order
//! of steps is used here: sweep s + 1 follows two steps behind sweep s, so a group of sweeps
//! works on a window of the band that stays in the nearest cache. The order of any two steps that
//! touch the same element is kept, so the grouping does not change a bit.
//!
//! The vectors are of whatever width the machine has, found out as the program runs.
#![expect(
    clippy::inline_always,
    reason = "a function outside the dispatched one is compiled for the least machine"
)]

use pulp::{Arch, Simd, WithSimd};

use crate::error::Result;
use crate::spectral::eigen::Meter;
use crate::spectral::eigen::band::BAND;
use crate::spectral::symmetric::Symmetric;

/// Distance between the starts of two columns of the stored band. Column j holds the rows j to
/// j + 2·BAND − 1; with this distance the element (i, j) lies at j·STRIDE + i, so that any block
/// within the band is a plain matrix.
const STRIDE: usize = 2 * BAND;

/// Sweeps that go down the band together.
const GROUP: usize = 8;

/// A symmetric tridiagonal matrix.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tridiagonal {
    /// N values.
    pub(crate) diagonal: Vec<f64>,
    /// The N − 1 values beside it.
    pub(crate) beside: Vec<f64>,
}

/// Reduces the band of `matrix`, its main diagonal and the `BAND` below, to tridiagonal form.
///
/// # Errors
/// [`crate::Error::Canceled`].
pub(crate) fn band_to_tridiagonal(matrix: Symmetric, meter: &mut Meter<'_>) -> Result<Tridiagonal> {
    let size = matrix.size();
    let mut band = store(&matrix);
    drop(matrix);
    let sweeps = size.saturating_sub(2);
    let arch = Arch::new();
    for first in (0..sweeps).step_by(GROUP) {
        meter.check()?;
        arch.dispatch(SweepGroup {
            band: &mut band,
            size,
            sweeps: first..sweeps.min(first + GROUP),
        });
        let left = (size - first) as f64 / size as f64;
        meter.reach(1.0 - left * left);
    }
    let at = |row: usize, col: usize| band[col * STRIDE + row];
    Ok(Tridiagonal {
        diagonal: (0..size).map(|i| at(i, i)).collect(),
        beside: (1..size).map(|i| at(i, i - 1)).collect(),
    })
}

/// The band with zeros below and beyond it: as many as a step at the end reaches over.
fn store(matrix: &Symmetric) -> Vec<f64> {
    let size = matrix.size();
    let mut band = vec![0.0; (size + STRIDE) * (STRIDE + 1)];
    for col in 0..size {
        for row in col..size.min(col + BAND + 1) {
            band[col * STRIDE + row] = matrix.at(row, col);
        }
    }
    band
}

/// I − τ·v·vᵀ with v₀ = 1.
#[derive(Clone, Copy)]
struct Reflection {
    vector: [f64; BAND],
    tau: f64,
}

/// Consecutive sweeps, each two steps behind the one before.
struct SweepGroup<'a> {
    band: &'a mut [f64],
    size: usize,
    sweeps: std::ops::Range<usize>,
}

impl WithSimd for SweepGroup<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { band, size, sweeps } = self;
        let mut reflections = [Reflection {
            vector: [0.0; BAND],
            tau: 0.0,
        }; GROUP];
        let first_row = |sweep: usize, step: usize| sweep + 1 + step * BAND;
        let steps = (size - sweeps.start).div_ceil(BAND) + 2 * sweeps.len();
        for time in 0..steps {
            for (index, sweep) in sweeps.clone().enumerate() {
                let Some(step) = time.checked_sub(2 * index) else {
                    break;
                };
                let row = first_row(sweep, step);
                if row >= size {
                    continue;
                }
                let reflection = &mut reflections[index];
                if step == 0 {
                    let column = &mut band[sweep * STRIDE + row..][..BAND];
                    *reflection = reflect(simd, column);
                }
                both_sides(simd, &mut band[row * STRIDE + row..], reflection);
                let below = row + BAND;
                if below < size {
                    chase(simd, &mut band[row * STRIDE + below..], reflection);
                }
            }
        }
    }
}

/// The reflection that clears `column` but for its first value, applied to it.
#[inline(always)]
fn reflect<S: Simd>(simd: S, column: &mut [f64]) -> Reflection {
    let mut vector = [0.0; BAND];
    vector.copy_from_slice(column);
    let head = vector[0];
    vector[0] = 0.0;
    let tail = dot(simd, &registers(simd, &vector), &registers(simd, &vector));
    if tail == 0.0 {
        vector[0] = 1.0;
        return Reflection { vector, tau: 0.0 };
    }
    let beta = -(head * head + tail).sqrt().copysign(head);
    let scale = (head - beta).recip();
    for value in &mut vector {
        *value *= scale;
    }
    vector[0] = 1.0;
    column.fill(0.0);
    column[0] = beta;
    Reflection {
        vector,
        tau: (beta - head) / beta,
    }
}

/// `block ← H · block · H` for a symmetric block of which the lower triangle is stored; what lies
/// above it belongs to other columns and stays as it is.
#[inline(always)]
fn both_sides<S: Simd>(simd: S, block: &mut [f64], reflection: &Reflection) {
    let lanes = S::F64_LANES;
    let count = BAND / lanes;
    let v = registers(simd, &reflection.vector);
    // y = block · v: downwards along the columns, and across them for the upper triangle.
    let mut down = [simd.splat_f64s(0.0); BAND];
    let mut across = [0.0; BAND];
    for head in 0..count {
        for lane in 0..lanes {
            let col = head * lanes + lane;
            let (column, _) = S::as_simd_f64s(&block[col * STRIDE..][..BAND]);
            let from = mask(simd, lane);
            let value = simd.splat_f64s(reflection.vector[col]);
            let diagonal = simd.mul_f64s(column[head], from);
            down[head] = simd.mul_add_e_f64s(diagonal, value, down[head]);
            let below = simd.mul_f64s(column[head], mask(simd, lane + 1));
            let mut sum = simd.mul_f64s(below, v[head]);
            for part in head + 1..count {
                down[part] = simd.mul_add_e_f64s(column[part], value, down[part]);
                sum = simd.mul_add_e_f64s(column[part], v[part], sum);
            }
            across[col] = simd.reduce_sum_f64s(sum);
        }
    }
    let across = registers(simd, &across);
    let tau = simd.splat_f64s(reflection.tau);
    let mut w = down;
    for part in 0..count {
        w[part] = simd.mul_f64s(tau, simd.add_f64s(down[part], across[part]));
    }
    // w = τ·y − ½·τ·(τ·yᵀ·v)·v
    let half = simd.splat_f64s(-0.5 * reflection.tau * dot(simd, &w, &v));
    for part in 0..count {
        w[part] = simd.mul_add_e_f64s(half, v[part], w[part]);
    }
    let mut w_values = [0.0; BAND];
    S::as_mut_simd_f64s(&mut w_values)
        .0
        .copy_from_slice(&w[..count]);
    for head in 0..count {
        for lane in 0..lanes {
            let col = head * lanes + lane;
            let (column, _) = S::as_mut_simd_f64s(&mut block[col * STRIDE..][..BAND]);
            let from = mask(simd, lane);
            let v_here = simd.splat_f64s(-reflection.vector[col]);
            let w_here = simd.splat_f64s(-w_values[col]);
            let product = simd.mul_add_e_f64s(v[head], w_here, simd.mul_f64s(w[head], v_here));
            column[head] = simd.mul_add_e_f64s(product, from, column[head]);
            for part in head + 1..count {
                let sum = simd.mul_add_e_f64s(v[part], w_here, column[part]);
                column[part] = simd.mul_add_e_f64s(w[part], v_here, sum);
            }
        }
    }
}

/// `block ← H' · (block · H)`, where H' clears the block's first column; H' replaces H.
#[inline(always)]
fn chase<S: Simd>(simd: S, block: &mut [f64], reflection: &mut Reflection) {
    let count = BAND / S::F64_LANES;
    // w = −τ · block · v, in two halves so that one sum need not wait for the last.
    let mut even = [simd.splat_f64s(0.0); BAND];
    let mut odd = even;
    for col in (0..BAND).step_by(2) {
        let (column, _) = S::as_simd_f64s(&block[col * STRIDE..][..BAND]);
        let (beside, _) = S::as_simd_f64s(&block[(col + 1) * STRIDE..][..BAND]);
        let value = simd.splat_f64s(reflection.vector[col]);
        let value_beside = simd.splat_f64s(reflection.vector[col + 1]);
        for part in 0..count {
            even[part] = simd.mul_add_e_f64s(column[part], value, even[part]);
            odd[part] = simd.mul_add_e_f64s(beside[part], value_beside, odd[part]);
        }
    }
    let minus_tau = simd.splat_f64s(-reflection.tau);
    let mut w = even;
    for part in 0..count {
        w[part] = simd.mul_f64s(minus_tau, simd.add_f64s(even[part], odd[part]));
    }
    let (column, _) = S::as_mut_simd_f64s(&mut block[..BAND]);
    for part in 0..count {
        // v₀ = 1
        column[part] = simd.add_f64s(column[part], w[part]);
    }
    let next = reflect(simd, &mut block[..BAND]);
    let v = registers(simd, &next.vector);
    for col in 1..BAND {
        let (column, _) = S::as_mut_simd_f64s(&mut block[col * STRIDE..][..BAND]);
        let value = simd.splat_f64s(reflection.vector[col]);
        let mut updated = [simd.splat_f64s(0.0); BAND];
        let mut sum = simd.splat_f64s(0.0);
        for part in 0..count {
            updated[part] = simd.mul_add_e_f64s(w[part], value, column[part]);
            sum = simd.mul_add_e_f64s(updated[part], v[part], sum);
        }
        let factor = simd.splat_f64s(-next.tau * simd.reduce_sum_f64s(sum));
        for part in 0..count {
            column[part] = simd.mul_add_e_f64s(factor, v[part], updated[part]);
        }
    }
    *reflection = next;
}

/// The values in the machine's registers, of which the first BAND / lanes are used.
#[inline(always)]
fn registers<S: Simd>(simd: S, values: &[f64; BAND]) -> [S::f64s; BAND] {
    let mut registers = [simd.splat_f64s(0.0); BAND];
    let (parts, _) = S::as_simd_f64s(values);
    registers[..BAND / S::F64_LANES].copy_from_slice(parts);
    registers
}

#[inline(always)]
fn dot<S: Simd>(simd: S, left: &[S::f64s; BAND], right: &[S::f64s; BAND]) -> f64 {
    let mut sum = simd.splat_f64s(0.0);
    for part in 0..BAND / S::F64_LANES {
        sum = simd.mul_add_e_f64s(left[part], right[part], sum);
    }
    simd.reduce_sum_f64s(sum)
}

/// 0 before `lane`, 1 from there on.
#[inline(always)]
fn mask<S: Simd>(_: S, lane: usize) -> S::f64s {
    let (masks, _) = S::as_simd_f64s(&MASKS[BAND - lane..][..S::F64_LANES]);
    masks[0]
}

/// Ones behind zeros: a window into it is a mask.
const MASKS: [f64; 2 * BAND] = {
    let mut masks = [0.0; 2 * BAND];
    let mut index = BAND;
    while index < 2 * BAND {
        masks[index] = 1.0;
        index += 1;
    }
    masks
};
