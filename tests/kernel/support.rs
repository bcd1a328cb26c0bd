//! Matrices to try the kernel on, and the values they have by another way.

use faer::{Mat, MatRef};
use layerscope::progress::Progress;
use layerscope::spectral::singular_values;
use layerscope::tensor::Matrix;

/// Normally distributed entries, the same every time for a `seed`.
pub(crate) fn gaussian(rows: usize, cols: usize, seed: u64) -> Mat<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut uniform = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    Mat::from_fn(rows, cols, |_, _| {
        let radius = (-2.0 * uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * uniform()).cos()
    })
}

/// Orthonormal columns.
pub(crate) fn orthonormal(rows: usize, cols: usize, seed: u64) -> Mat<f64> {
    gaussian(rows, cols, seed).qr().compute_thin_Q()
}

/// A matrix with these singular values.
pub(crate) fn with_values(rows: usize, cols: usize, values: &[f64], seed: u64) -> Mat<f64> {
    let left = orthonormal(rows, values.len(), seed);
    let right = orthonormal(cols, values.len(), seed + 1);
    let scaled = Mat::from_fn(rows, values.len(), |row, col| {
        left[(row, col)] * values[col]
    });
    &scaled * right.transpose()
}

/// What the kernel finds.
pub(crate) fn kernel(matrix: MatRef<'_, f64>) -> Vec<f64> {
    kernel_on(matrix, 1)
}

/// What the kernel finds on so many threads.
pub(crate) fn kernel_on(matrix: MatRef<'_, f64>, threads: usize) -> Vec<f64> {
    let (rows, cols) = matrix.shape();
    let entries: Vec<f64> = (0..rows * cols)
        .map(|index| matrix[(index / cols, index % cols)])
        .collect();
    let stored = Matrix::from_f64(rows, cols, &entries);
    singular_values(&stored, threads, &Progress::default()).unwrap()
}

/// What faer's SVD finds.
pub(crate) fn svd(matrix: MatRef<'_, f64>) -> Vec<f64> {
    matrix.singular_values().unwrap()
}
