//! The ratio's formula, on values small enough to work out by hand.

use layerscope::spectral::snr;
use proptest::prelude::*;

fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * b.abs(), "{a} is not {b}");
}

#[test]
fn all_above_the_threshold_divide_by_one() {
    // Equal values: no spread, so τ = 0.
    let found = snr(&[2.0; 4], 4, 4).unwrap();
    assert_eq!((found.signal_count, found.count), (4, 4));
    close(found.tau + 1.0, 1.0);
    close(found.snr, 4.0);
}

#[test]
fn none_above_the_threshold_is_zero() {
    // Quartiles 10 and 0.1: τ = 2·9.9/1.349 = 14.7 lies above the largest.
    let found = snr(&[10.0, 10.0, 0.1, 0.1], 4, 4).unwrap();
    assert_eq!(found.signal_count, 0);
    close(found.snr + 1.0, 1.0);
    close(found.noise_sum, 20.2);
}

#[test]
fn a_mixed_case() {
    // S = 9, 4, 3, 2, 1 of a 5 × 20 matrix: quartiles 4 and 2, β = 1/4,
    // σ̂ = 2/1.349 = 1.48258, τ = 1.5·σ̂ = 2.22387; above it 9 + 4 + 3, below 2 + 1.
    for (rows, cols) in [(5, 20), (20, 5)] {
        let found = snr(&[9.0, 4.0, 3.0, 2.0, 1.0], rows, cols).unwrap();
        close(found.sigma_iqr, 2.0 / 1.349);
        close(found.tau, 3.0 / 1.349);
        close(found.signal_sum, 16.0);
        close(found.noise_sum, 3.0);
        close(found.snr, 16.0 / 3.0 / 9.0);
    }
}

#[test]
fn quartiles_between_two_values_are_interpolated() {
    // numpy.quantile([1, 2, 4, 8], [.25, .75]) = [1.75, 5.0]
    let found = snr(&[8.0, 4.0, 2.0, 1.0], 4, 4).unwrap();
    close(found.sigma_iqr, 3.25 / 1.349);
}

#[test]
fn a_vector_has_ratio_one() {
    let found = snr(&[0.37], 1, 4096).unwrap();
    close(found.snr, 1.0);
}

#[test]
fn a_value_on_the_threshold_is_noise() {
    // Quartiles equal at 0: τ = 0, and the zeros lie at it.
    let found = snr(&[1.0, 0.0, 0.0, 0.0, 0.0, 0.0], 6, 6).unwrap();
    assert_eq!(found.signal_count, 1);
    assert_eq!(found.snr, f64::INFINITY, "noise that sums to exactly zero");
}

#[test]
fn nothing_has_no_ratio() {
    assert!(snr(&[], 0, 4).is_none());
    assert!(snr(&[0.0, 0.0], 2, 2).is_none());
    assert!(snr(&[f64::INFINITY, 1.0], 2, 2).is_none());
    assert!(snr(&[f64::NAN, 1.0], 2, 2).is_none());
}

proptest! {
    #[test]
    fn parts_add_up_and_scale(
        mut values in prop::collection::vec(1e-6..1e3_f64, 1..60),
        extra in 0..100_usize,
        power in -20..20_i32,
    ) {
        values.sort_by(|a, b| b.total_cmp(a));
        let n = values.len();
        let found = snr(&values, n, n + extra).unwrap();
        let sum: f64 = values.iter().sum();
        prop_assert!((found.signal_sum + found.noise_sum - sum).abs() <= 1e-9 * sum);
        prop_assert!(found.snr >= 0.0);
        // A power of two scales without rounding: the split stays where it is.
        let scale = 2.0_f64.powi(power);
        let scaled: Vec<f64> = values.iter().map(|value| value * scale).collect();
        let scaled = snr(&scaled, n + extra, n).unwrap();
        prop_assert_eq!(scaled.signal_count, found.signal_count);
        let expected = if found.signal_count == n { found.snr } else { found.snr / scale };
        prop_assert!((scaled.snr - expected).abs() <= 1e-12 * expected.abs());
    }
}
