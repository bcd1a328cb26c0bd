//! Values and ratio against a full SVD, for matrices that are hard in one way or another.

use faer::{Mat, MatRef};
use layerscope::spectral::snr;

use crate::support::{gaussian, kernel, kernel_on, svd, with_values};

/// Fails unless all values agree to half the digits of `f64`, relative to the largest, and the
/// ratio to a millionth.
fn assert_exact(name: &str, matrix: &Mat<f64>) {
    assert_close(name, matrix.as_ref(), &svd(matrix.as_ref()));
}

fn assert_close(name: &str, matrix: MatRef<'_, f64>, expected: &[f64]) {
    let (rows, cols) = matrix.shape();
    let found = kernel(matrix);
    assert_values_close(name, &found, expected);
    match (snr(&found, rows, cols), snr(expected, rows, cols)) {
        (Some(found), Some(expected)) => {
            let error = (found.snr - expected.snr).abs();
            assert!(
                error <= 1e-6 * expected.snr,
                "{name}: {} is not {}",
                found.snr,
                expected.snr
            );
        }
        (found, expected) => assert_eq!(found.is_some(), expected.is_some(), "{name}"),
    }
}

/// Only the values: where both quartiles are zero the ratio is one of rounding errors in any
/// arithmetic.
fn assert_values(name: &str, matrix: &Mat<f64>) {
    assert_values_close(name, &kernel(matrix.as_ref()), &svd(matrix.as_ref()));
}

fn assert_values_close(name: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{name}");
    assert!(found.is_sorted_by(|left, right| left >= right), "{name}");
    let largest = expected[0];
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = (found - expected).abs();
        assert!(
            error <= 1e-7 * largest,
            "{name}: value {index} is {found:e}, not {expected:e}"
        );
    }
}

fn noise_and_spikes(rows: usize, cols: usize) -> Mat<f64> {
    let spikes = with_values(rows, cols, &[90.0, 70.0, 55.0, 40.0, 35.0], 5);
    gaussian(rows, cols, 1) * faer::Scale(0.5) + spikes
}

/// Values from 1 down to 1 / `condition`, evenly on a logarithmic scale.
fn falling(count: usize, condition: f64) -> Vec<f64> {
    (0..count)
        .map(|index| condition.powf(-(index as f64) / (count - 1) as f64))
        .collect()
}

#[test]
fn noise_with_spikes() {
    for (rows, cols) in [(60, 200), (200, 60), (128, 128), (257, 300)] {
        assert_exact("noise and spikes", &noise_and_spikes(rows, cols));
    }
}

#[test]
fn a_large_matrix_takes_the_other_way_and_finds_the_same() {
    let matrix = noise_and_spikes(1040, 1100);
    let expected = svd(matrix.as_ref());
    assert_close("large and wide", matrix.as_ref(), &expected);
    assert_close("large and tall", matrix.transpose(), &expected);
    assert_eq!(kernel_on(matrix.as_ref(), 3), kernel(matrix.as_ref()));
}

#[test]
fn a_condition_of_a_million() {
    assert_exact("condition", &with_values(150, 260, &falling(150, 1e6), 2));
    let large = with_values(1030, 1030, &falling(1030, 1e6), 2);
    assert_exact("condition, large", &large);
}

#[test]
fn a_rank_below_the_size() {
    let values: Vec<f64> = (1..=40).rev().map(f64::from).collect();
    assert_exact("rank 40 of 100", &with_values(100, 170, &values, 3));
    assert_values("rank 1 of 100", &with_values(100, 170, &[2.0], 3));
}

#[test]
fn values_that_occur_more_than_once() {
    let values: Vec<f64> = (0..120).map(|index| f64::from(4 - index / 30)).collect();
    assert_exact("duplicates", &with_values(120, 150, &values, 4));
    assert_exact("identity", &Mat::identity(130, 130));
}

#[test]
fn vectors() {
    assert_exact("1 × n", &gaussian(1, 5000, 6));
    assert_exact("n × 1", &gaussian(5000, 1, 6));
    assert_exact("1 × 1", &gaussian(1, 1, 6));
}

#[test]
fn a_very_wide_matrix_is_read_in_several_panels() {
    assert_exact("very wide", &gaussian(3, 20_000, 7));
    assert_exact("very tall", &gaussian(20_000, 3, 7));
}

#[test]
fn scales_whose_squares_overflow_or_vanish() {
    let matrix = noise_and_spikes(40, 70);
    let expected = svd(matrix.as_ref());
    for scale in [1e-20, 1e20, 1e-160, 1e160, 1e-300, 1e300] {
        let scaled = &matrix * faer::Scale(scale);
        let expected: Vec<f64> = expected.iter().map(|value| value * scale).collect();
        assert_close(&format!("scale {scale:e}"), scaled.as_ref(), &expected);
    }
}

#[test]
fn denormal_values() {
    // Exact multiples of the least denormal: values that lose nothing when they are scaled up.
    let whole = Mat::from_fn(30, 50, |row, col| ((row * 37 + col * 91) % 101) as f64);
    let least = f64::from_bits(1);
    let expected: Vec<f64> = svd(whole.as_ref());
    let found = kernel((&whole * faer::Scale(least)).as_ref());
    for (found, expected) in found.iter().zip(&expected) {
        // In units of the least denormal, rounded to a whole number of them.
        let units = found / least;
        assert!(
            (units - expected).abs() <= 0.5 + 1e-7 * expected,
            "{units} is not {expected}"
        );
    }
}

#[test]
fn constant_and_zero_matrices() {
    assert_values("constant", &Mat::from_fn(50, 80, |_, _| 0.25));
    let zero = kernel(Mat::zeros(50, 80).as_ref());
    assert_eq!(zero, [0.0; 50]);
    assert!(snr(&zero, 50, 80).is_none());
}
