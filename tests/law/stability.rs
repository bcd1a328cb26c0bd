//! The interval of a ratio, and of a rank.

use layerscope::spectral::law::{Stability, rank_intervals, snr_at, straddles_cut};
use layerscope::spectral::{Snr, snr};
use proptest::prelude::*;

#[test]
fn where_no_value_is_crossed_the_interval_is_the_ratio() {
    let values = [9.0, 7.0, 4.0, 3.0, 1.0, 0.5];
    let of = snr(&values, 6, 6).unwrap();
    let interval = Stability::of(&values, &of, 1e-6);
    assert_eq!((interval.least, interval.greatest), (of.snr, of.snr));
}

#[test]
fn a_value_near_tau_makes_it_wide() {
    let values = [10.0, 5.0, 4.0, 2.0, 1.0];
    let of = Snr {
        tau: 4.01,
        ..snr(&values, 5, 5).unwrap()
    };
    let of = Snr {
        signal_sum: 15.0,
        noise_sum: 7.0,
        signal_count: 2,
        snr: 15.0 / 7.0 / 10.0,
        ..of
    };
    let interval = Stability::of(&values, &of, 0.005);
    assert!((interval.least - 15.0 / 7.0 / 10.0).abs() < 1e-12);
    assert!((interval.greatest - 19.0 / 3.0 / 10.0).abs() < 1e-12);
}

#[test]
fn the_end_of_the_values_is_the_case_of_no_noise() {
    let values = [10.0, 2.0];
    let of = Snr {
        snr: 10.0 / 2.0 / 10.0,
        sigma_iqr: 1.0,
        tau: 2.001,
        s_max: 10.0,
        signal_sum: 10.0,
        noise_sum: 2.0,
        signal_count: 1,
        count: 2,
    };
    let interval = Stability::of(&values, &of, 0.005);
    assert!((interval.least - 0.5).abs() < 1e-12);
    assert!(
        (interval.greatest - 1.2).abs() < 1e-12,
        "Σ S over 1, over S_max"
    );
}

#[test]
fn ranks_without_overlap_are_certain() {
    let ranks = rank_intervals(&[(1.0, 1.1), (3.0, 3.0), (2.0, 2.5)]);
    assert_eq!(ranks, [(2, 2), (0, 0), (1, 1)]);
}

#[test]
fn overlapping_intervals_share_places() {
    let ranks = rank_intervals(&[(1.0, 2.0), (1.5, 3.0), (5.0, 6.0), (0.0, 0.5)]);
    assert_eq!(ranks, [(1, 2), (1, 2), (0, 0), (3, 3)]);
    let tied = rank_intervals(&[(1.0, 1.0), (1.0, 1.0)]);
    assert_eq!(tied, [(0, 1), (0, 1)]);
}

#[test]
fn what_has_no_ratio_comes_last() {
    let nan = (f64::NAN, f64::NAN);
    assert_eq!(
        rank_intervals(&[nan, (1.0, 1.0), nan]),
        [(1, 2), (0, 0), (1, 2)]
    );
    assert_eq!(
        rank_intervals(&[(1.0, f64::INFINITY), (2.0, 3.0)]),
        [(0, 1), (0, 1)]
    );
    assert!(rank_intervals(&[]).is_empty());
}

#[test]
fn a_near_tie_straddles_the_cut() {
    assert!(straddles_cut((1, 2), 2));
    assert!(!straddles_cut((1, 2), 1), "the cut is before both places");
    assert!(!straddles_cut((1, 2), 3), "the cut is behind both places");
    assert!(!straddles_cut((0, 0), 0) && !straddles_cut((3, 3), 4));
}

proptest! {
    #[test]
    fn the_interval_holds_every_ratio_in_reach(
        mut values in prop::collection::vec(0.01..10.0_f64, 2..60),
        width in 0.0..0.3_f64,
        part in -1.0..1.0_f64,
    ) {
        values.sort_by(|a, b| b.total_cmp(a));
        let of = snr(&values, values.len(), values.len()).unwrap();
        let interval = Stability::of(&values, &of, width);
        let moved = snr_at(&values, of.tau * (1.0 + width * part));
        prop_assert!(interval.least <= moved * (1.0 + 1e-9), "{interval:?} {moved}");
        prop_assert!(interval.greatest >= moved * (1.0 - 1e-9), "{interval:?} {moved}");
        prop_assert!(interval.least <= of.snr && of.snr <= interval.greatest);
    }

    #[test]
    fn every_order_in_reach_keeps_to_the_rank_intervals(
        intervals in prop::collection::vec((0.0..10.0_f64, 0.0..4.0_f64, 0.0..1.0_f64), 1..20),
    ) {
        let ends: Vec<(f64, f64)> = intervals.iter().map(|&(low, size, _)| (low, low + size)).collect();
        let points: Vec<f64> = intervals.iter().map(|&(low, size, at)| low + size * at).collect();
        for (index, (best, worst)) in rank_intervals(&ends).into_iter().enumerate() {
            let rank = points.iter().filter(|&&other| other > points[index]).count();
            prop_assert!(best <= rank && rank <= worst, "{best} {rank} {worst}");
        }
    }
}
