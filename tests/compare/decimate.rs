//! Thinning and finding points.

use layerscope::run::{decimate, nearest};
use proptest::prelude::*;

/// Ascending x with repeats, values with spikes and gaps.
fn points() -> impl Strategy<Value = Vec<[f64; 2]>> {
    let value = prop_oneof![
        8 => -1.0..1.0_f64,
        1 => Just(f64::NAN),
        1 => prop_oneof![Just(1e9), Just(-1e9), Just(f64::INFINITY)],
    ];
    let step = prop_oneof![4 => 0.0..1.0_f64, 1 => Just(0.0), 1 => 0.0..50.0_f64];
    prop::collection::vec((step, value), 0..600).prop_map(|rows| {
        let mut x = 0.0;
        let point = |(step, value)| {
            x += step;
            [x, value]
        };
        rows.into_iter().map(point).collect()
    })
}

fn bits(points: &[[f64; 2]]) -> Vec<[u64; 2]> {
    points.iter().map(|point| point.map(f64::to_bits)).collect()
}

/// The lowest and highest finite value of each of `pixels` columns.
fn extremes(points: &[[f64; 2]], range: (f64, f64), pixels: usize) -> Vec<Option<(f64, f64)>> {
    let mut columns = vec![None; pixels];
    for &[x, y] in points {
        if x < range.0 || x > range.1 || !y.is_finite() {
            continue;
        }
        let place = (x - range.0) / (range.1 - range.0) * pixels as f64;
        let column: &mut Option<(f64, f64)> = &mut columns[(place as usize).min(pixels - 1)];
        let (low, high) = column.unwrap_or((y, y));
        *column = Some((low.min(y), high.max(y)));
    }
    columns
}

proptest! {
    #[test]
    fn no_spike_is_lost(points in points(), pixels in 1_usize..80, cut in (0.0..0.5_f64, 0.5..1.0_f64)) {
        let end = points.last().map_or(1.0, |point| point[0]).max(1.0);
        let range = (cut.0 * end, cut.1 * end);
        let thin = decimate(&points, range, pixels);
        prop_assert!(thin.len() <= 4 * pixels + 2);
        prop_assert!(thin.is_sorted_by(|a, b| a[0] <= b[0]));
        // A subsequence of what there was.
        let (all, kept) = (bits(&points), bits(&thin));
        let mut rest = all.iter();
        prop_assert!(kept.iter().all(|point| rest.any(|other| other == point)));
        // The range's first and last points, and a neighbor on either side.
        let inside = |point: &&[f64; 2]| point[0] >= range.0 && point[0] <= range.1;
        let first = points.iter().find(inside);
        let last = points.iter().rev().find(inside);
        for end in [first, last].into_iter().flatten() {
            prop_assert!(kept.contains(&end.map(f64::to_bits)));
        }
        let before = points.iter().rev().find(|point| point[0] < range.0);
        let after = points.iter().find(|point| point[0] > range.1);
        prop_assert_eq!(before.map(|p| p.map(f64::to_bits)), kept.first().copied().filter(|_| before.is_some()));
        prop_assert_eq!(after.map(|p| p.map(f64::to_bits)), kept.last().copied().filter(|_| after.is_some()));
    }

    #[test]
    fn every_column_keeps_its_extremes(points in points(), pixels in 1_usize..80) {
        let end = points.last().map_or(1.0, |point| point[0]).max(1.0);
        let range = (0.0, end);
        let thin = decimate(&points, range, pixels);
        let (all, kept) = (extremes(&points, range, pixels), extremes(&thin, range, pixels));
        // A column's edge may round the other way here: its spike is then next door.
        for (index, extreme) in all.iter().enumerate() {
            let Some((low, high)) = extreme else { continue };
            let near = &kept[index.saturating_sub(1)..(index + 2).min(pixels)];
            prop_assert!(near.iter().flatten().any(|(l, _)| l <= low));
            prop_assert!(near.iter().flatten().any(|(_, h)| h >= high));
        }
    }

    #[test]
    fn the_nearest_is_the_nearest(points in points(), x in -10.0..500.0_f64) {
        let found = nearest(&points, x);
        let least = points.iter().map(|point| (point[0] - x).abs()).reduce(f64::min);
        prop_assert_eq!(found.map(|point| (point[0] - x).abs()), least);
    }
}

#[test]
fn few_points_stay_as_they_are() {
    let points: Vec<[f64; 2]> = (0..40).map(|i| [f64::from(i), 1.0]).collect();
    assert_eq!(decimate(&points, (0.0, 39.0), 10), points);
    let whole = (f64::NEG_INFINITY, f64::INFINITY);
    assert_eq!(decimate(&points, whole, 10), points);
    assert_eq!(decimate(&points, whole, 1).len(), 2);
    assert!(decimate(&[], whole, 10).is_empty());
    assert!(decimate(&points, (100.0, 200.0), 3).len() <= 1);
}

#[test]
fn a_gap_over_several_columns_stays_a_gap() {
    let value = |i| {
        if (300..700).contains(&i) {
            f64::NAN
        } else {
            1.0
        }
    };
    let points: Vec<[f64; 2]> = (0..1000).map(|i| [f64::from(i), value(i)]).collect();
    let thin = decimate(&points, (0.0, 999.0), 10);
    let gap: Vec<f64> = thin
        .iter()
        .filter(|p| p[1].is_nan())
        .map(|p| p[0])
        .collect();
    assert!(gap.first().is_some_and(|x| *x < 310.0), "{gap:?}");
    assert!(gap.last().is_some_and(|x| *x > 690.0), "{gap:?}");
}

#[test]
fn of_two_equally_near_the_earlier_is_taken() {
    let points = [[0.0, 1.0], [2.0, 2.0], [2.0, 3.0]];
    assert_eq!(nearest(&points, 1.0), Some([0.0, 1.0]));
    assert_eq!(nearest(&points, 1.1), Some([2.0, 2.0]));
    assert_eq!(nearest(&points, 9.0), Some([2.0, 3.0]));
    assert_eq!(nearest(&[], 9.0), None);
}
