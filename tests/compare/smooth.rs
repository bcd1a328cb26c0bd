//! TensorBoard's smoothing.

use layerscope::run::smooth;

use crate::support::{NAN, assert_close};

fn values(values: &[f64], weight: f64) -> Vec<f64> {
    let points: Vec<[f64; 2]> = values.iter().map(|&value| [7.0, value]).collect();
    let smoothed = smooth(&points, weight);
    assert!(smoothed.iter().all(|point| point[0] == 7.0));
    smoothed.into_iter().map(|point| point[1]).collect()
}

#[test]
fn it_is_tensorboards() {
    // The cases of TensorBoard's own test of `classicSmoothing`.
    let falling = values(&[1.0, 0.5, 0.0], 0.6);
    let rising = values(&[0.0, 0.5, 1.0], 0.6);
    let second = (0.5 * 0.4 + 0.6 * 0.4) / (1.0 - 0.36);
    for (got, wanted) in falling
        .iter()
        .zip([1.0, second, 0.6 * 0.44 / (1.0 - 0.216)])
    {
        assert_close(*got, wanted);
    }
    for (up, down) in rising.iter().zip(falling) {
        assert!((up + down - 1.0).abs() < 1e-12);
    }
}

#[test]
fn values_that_are_no_numbers_stay_and_do_not_count() {
    let with = values(&[NAN, 1.0, f64::INFINITY, 0.0, NAN, 2.0], 0.9);
    let without = values(&[1.0, 0.0, 2.0], 0.9);
    assert!(with[0].is_nan() && with[4].is_nan() && with[2].is_infinite());
    assert_eq!([with[1], with[3], with[5]], without[..]);
}

#[test]
fn a_constant_stays_and_weights_are_clamped() {
    assert_eq!(values(&[0.1; 50], 0.99), [0.1; 50]);
    let noisy = [1.0, 3.0, 2.0];
    for none in [0.0, -1.0, NAN] {
        assert_eq!(values(&noisy, none), noisy);
    }
    // As TensorBoard: nothing is let in.
    assert_eq!(values(&noisy, 1.0), [0.0; 3]);
    assert_eq!(values(&noisy, 7.0), [0.0; 3]);
    assert!(smooth(&[], 0.5).is_empty());
}

#[test]
fn a_million_points_keep_their_level() {
    let noisy: Vec<f64> = (0..1_000_000).map(|i| f64::from(i % 2)).collect();
    let smoothed = values(&noisy, 0.999);
    assert!((smoothed[999_999] - 0.5).abs() < 1e-3);
}
