//! What holds for the singular values of any matrix.

use faer::Mat;
use proptest::prelude::*;

use crate::support::{gaussian, kernel, kernel_on, orthonormal};

fn assert_near(left: &[f64], right: &[f64]) {
    let largest = left.iter().chain(right).fold(0.0_f64, |a, b| a.max(*b));
    assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(right) {
        assert!((left - right).abs() <= 1e-7 * largest, "{left} and {right}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn transposing_changes_nothing(rows in 1_usize..90, cols in 1_usize..90, seed in any::<u64>()) {
        let matrix = gaussian(rows, cols, seed);
        assert_near(&kernel(matrix.as_ref()), &kernel(matrix.transpose()));
    }

    #[test]
    fn rotating_changes_nothing(rows in 1_usize..70, cols in 1_usize..70, seed in any::<u64>()) {
        let matrix = gaussian(rows, cols, seed);
        let rotated = orthonormal(rows, rows, seed ^ 1) * &matrix * orthonormal(cols, cols, seed ^ 2);
        assert_near(&kernel(matrix.as_ref()), &kernel(rotated.as_ref()));
    }

    #[test]
    fn scaling_by_a_power_of_two_scales_every_bit(
        rows in 1_usize..60,
        cols in 1_usize..60,
        exponent in -300_i32..300,
        seed in any::<u64>(),
    ) {
        let scale = 2.0_f64.powi(exponent);
        let matrix = gaussian(rows, cols, seed);
        let scaled = &matrix * faer::Scale(scale);
        let expected: Vec<f64> = kernel(matrix.as_ref()).iter().map(|value| value * scale).collect();
        prop_assert_eq!(kernel(scaled.as_ref()), expected);
    }

    #[test]
    fn the_squares_sum_to_the_squares_of_the_entries(
        rows in 1_usize..80,
        cols in 1_usize..80,
        seed in any::<u64>(),
    ) {
        let matrix = gaussian(rows, cols, seed);
        let of_values: f64 = kernel(matrix.as_ref()).iter().map(|value| value * value).sum();
        let of_entries = matrix.squared_norm_l2();
        prop_assert!((of_values - of_entries).abs() <= 1e-10 * of_entries);
    }

    #[test]
    fn the_threads_do_not_change_a_bit(
        rows in 1_usize..400,
        cols in 1_usize..700,
        threads in 2_usize..6,
        seed in any::<u64>(),
    ) {
        let matrix = gaussian(rows, cols, seed);
        prop_assert_eq!(kernel_on(matrix.as_ref(), threads), kernel(matrix.as_ref()));
    }

    #[test]
    fn a_column_of_zeros_adds_a_zero_or_nothing(rows in 1_usize..50, cols in 1_usize..50, seed in any::<u64>()) {
        let matrix = gaussian(rows, cols, seed);
        let mut wider = Mat::zeros(rows, cols + 1);
        wider.as_mut().subcols_mut(0, cols).copy_from(&matrix);
        let mut expected = kernel(matrix.as_ref());
        expected.resize(rows.min(cols + 1), 0.0);
        assert_near(&kernel(wider.as_ref()), &expected);
    }
}
