//! Input at the ends of what there is: nothing panics, and what cannot be told is not told.

use layerscope::spectral::law::{
    Control, Fit, Profile, ScaleMethod, bulk_distance, effective_rank, snr_at, stable_rank, tail,
};
use layerscope::spectral::snr;
use proptest::prelude::*;

fn profile(values: &[f64], rows: usize, cols: usize) -> Option<Profile> {
    Profile::of(values, rows, cols, ScaleMethod::Median)
}

#[test]
fn what_has_no_ratio_has_no_profile() {
    for values in [
        &[][..],
        &[0.0],
        &[0.0, 0.0, 0.0],
        &[f64::NAN, 1.0],
        &[2.0, f64::NAN],
        &[f64::INFINITY, 1.0],
        &[1.0, -1.0],
    ] {
        assert_eq!(profile(values, 3, 5), None, "{values:?}");
    }
    assert_eq!(profile(&[1.0], 0, 5), None);
}

#[test]
fn a_vector_has_one_direction() {
    let profile = profile(&[2.5], 1, 576).unwrap();
    assert!((profile.stable_rank - 1.0).abs() < 1e-12);
    assert!((profile.effective_rank - 1.0).abs() < 1e-12);
    assert_eq!(profile.tail, None);
    assert_eq!(profile.control, Control::NothingBelow);
    assert_eq!((profile.excess, profile.control_snr), (None, None));
    let fit = profile.fit.unwrap();
    assert_eq!(fit.spikes, 0);
    assert_eq!(
        Fit::of(&[2.5], 1, 576, ScaleMethod::Iqr),
        None,
        "one value has no quartiles"
    );
}

#[test]
fn equal_values_have_full_rank_and_no_tail() {
    let values = [3.0; 40];
    let profile = profile(&values, 40, 80).unwrap();
    assert!((profile.stable_rank - 40.0).abs() < 1e-9);
    assert!((profile.effective_rank - 40.0).abs() < 1e-9);
    assert_eq!(profile.tail, None);
    assert_eq!(Fit::of(&values, 40, 80, ScaleMethod::Iqr), None);
    for method in [
        ScaleMethod::Median,
        ScaleMethod::Variance,
        ScaleMethod::LeastKs,
    ] {
        let fit = Fit::of(&values, 40, 80, method).unwrap();
        assert!(fit.ks > 0.3, "one step is far from the law: {fit:?}");
    }
}

#[test]
fn two_values_make_a_tail_of_two() {
    let tail = tail(&[2.0, 1.0], 4).unwrap();
    // λ = 1 and 1/4: α = 1 + 2/ln 4.
    assert!((tail.alpha - (1.0 + 2.0 / 4.0_f64.ln())).abs() < 1e-12);
    assert!((tail.x_min - 0.25).abs() < 1e-12);
    assert_eq!(tail.count, 2);
}

#[test]
fn mostly_zeros_have_no_scale_by_the_middle() {
    let values = [5.0, 4.0, 0.0, 0.0, 0.0, 0.0];
    let profile = profile(&values, 6, 6).unwrap();
    assert_eq!(profile.fit, None);
    assert_eq!(profile.soft_rank, None);
    assert!(profile.tail.is_some());
    assert!(Fit::of(&values, 6, 6, ScaleMethod::Variance).is_some());
    assert_eq!(Fit::of(&values, 6, 6, ScaleMethod::LeastKs), None);
}

#[test]
fn nothing_is_no_number() {
    assert!(stable_rank(&[]).is_nan() && stable_rank(&[0.0]).is_nan());
    assert!(effective_rank(&[]).is_nan() && effective_rank(&[0.0]).is_nan());
    assert!(snr_at(&[], 1.0).is_nan());
    assert_eq!(tail(&[], 4), None);
    assert_eq!(tail(&[1.0], 4), None);
    let law = layerscope::spectral::law::MarchenkoPastur::new(0.5, 1.0).unwrap();
    assert_eq!(bulk_distance(&[], &law), None);
}

#[test]
fn no_signal_is_zero_and_not_less() {
    let nothing_above = snr(&[1.0, 1.0, 0.1, 0.1], 4, 4).unwrap();
    assert_eq!(nothing_above.signal_count, 0);
    assert!(
        nothing_above.snr.is_sign_positive(),
        "{}",
        nothing_above.snr
    );
    assert!(snr_at(&[1.0], 2.0).is_sign_positive());
}

#[test]
fn the_order_of_the_values_does_not_matter_nor_their_width() {
    let values = [0.5_f32, 3.0, 1.5, 2.0, 0.25, 1.0];
    let mut descending = values.map(f64::from);
    descending.sort_by(|a, b| b.total_cmp(a));
    let narrow = Profile::of(&values, 6, 9, ScaleMethod::Median);
    assert_eq!(narrow, profile(&descending, 6, 9));
    assert!(narrow.is_some());
}

#[test]
fn huge_and_tiny_values_stay_numbers() {
    for unit in [1e-300, 1e300] {
        let values: Vec<f64> = (1..=64).rev().map(|i| f64::from(i) * unit).collect();
        for method in ScaleMethod::ALL {
            let profile = Profile::of(&values, 64, 64, method).unwrap();
            assert!(profile.stable_rank.is_finite() && profile.effective_rank.is_finite());
            assert!(profile.fit.unwrap().ks < 1.0);
        }
    }
}

proptest! {
    #[test]
    fn no_list_of_numbers_panics(
        values in prop::collection::vec(
            prop_oneof![
                4 => 0.0..10.0_f64,
                1 => Just(0.0),
                1 => Just(1.0),
                1 => prop::num::f64::ANY,
            ],
            0..40,
        ),
        cols in 0_usize..200,
    ) {
        let rows = values.len();
        for method in ScaleMethod::ALL.into_iter().chain([ScaleMethod::ByHand(1.0)]) {
            if let Some(profile) = Profile::of(&values, rows, cols, method) {
                prop_assert!(profile.stable_rank >= 1.0 - 1e-9);
                prop_assert!(profile.effective_rank <= rows as f64 + 1e-6);
                if let Some(fit) = profile.fit {
                    prop_assert!((0.0..=1.0).contains(&fit.ks), "{}", fit.ks);
                }
            }
        }
    }
}
