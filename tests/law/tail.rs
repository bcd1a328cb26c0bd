//! The power law of the tail.

use layerscope::spectral::law::{Tail, tail};
use proptest::prelude::*;

use crate::noise::Random;

/// S for the quantiles of a power law of λ with exponent `alpha` from `x_min` on, descending.
fn pareto(alpha: f64, x_min: f64, count: usize, long: usize) -> Vec<f64> {
    let lambda = |index: usize| {
        let above = (index as f64 + 0.5) / count as f64;
        x_min * above.powf(-1.0 / (alpha - 1.0))
    };
    (0..count)
        .map(|index| (lambda(index) * long as f64).sqrt())
        .collect()
}

#[test]
fn the_quantiles_of_a_power_law_give_its_exponent() {
    for alpha in [1.5, 2.0, 3.5, 6.0] {
        let found = tail(&pareto(alpha, 0.3, 2000, 3000), 3000).unwrap();
        assert!(
            (found.alpha / alpha - 1.0).abs() < 0.02,
            "{alpha}: {found:?}"
        );
        assert!(found.ks < 0.002, "{found:?}");
    }
}

#[test]
fn the_tail_begins_where_the_power_law_does() {
    // A flat bulk below 1, the power law from there on.
    let mut values = pareto(3.0, 1.0, 1000, 1);
    values.extend((1..1000).rev().map(|i| (f64::from(i) / 1000.0).sqrt()));
    let found = tail(&values, 1).unwrap();
    assert!((found.alpha - 3.0).abs() < 0.1, "{found:?}");
    assert!((0.9..1.6).contains(&found.x_min), "{found:?}");
    assert!((found.error - 2.0 / (found.count as f64).sqrt()).abs() < 0.1);
}

/// The formula as it is written, every candidate in full.
fn plainly(descending: &[f64], long: usize) -> Option<Tail> {
    let lambda = |s: &f64| s * s / long as f64;
    let all: Vec<f64> = descending
        .iter()
        .rev()
        .map(lambda)
        .filter(|&x| x > 0.0)
        .collect();
    let mut best: Option<Tail> = None;
    for (start, &x_min) in all.iter().enumerate().take(all.len().saturating_sub(1)) {
        if start > 0 && all[start - 1] >= x_min {
            continue;
        }
        let tail = &all[start..];
        let n = tail.len() as f64;
        let alpha = 1.0 + n / tail.iter().map(|x| (x / x_min).ln()).sum::<f64>();
        if !alpha.is_finite() {
            continue;
        }
        let gap = |(place, x): (usize, &f64)| {
            (1.0 - (x / x_min).powf(1.0 - alpha) - place as f64 / n).abs()
        };
        let ks = tail.iter().enumerate().map(gap).fold(0.0, f64::max);
        if best.is_none_or(|best| ks < best.ks) {
            let (count, error) = (tail.len(), (alpha - 1.0) / n.sqrt());
            best = Some(Tail {
                alpha,
                x_min,
                ks,
                count,
                error,
            });
        }
    }
    best
}

proptest! {
    #[test]
    fn what_is_skipped_does_not_matter(seed in any::<u64>(), count in 2_usize..300, power in 0.3..4.0_f64) {
        let mut random = Random(seed);
        let mut values: Vec<f64> = (0..count).map(|_| random.uniform().powf(-power)).collect();
        values.sort_by(|a, b| b.total_cmp(a));
        let (fast, plain) = (tail(&values, 500).unwrap(), plainly(&values, 500).unwrap());
        prop_assert_eq!(fast.count, plain.count);
        prop_assert!((fast.alpha / plain.alpha - 1.0).abs() < 1e-9);
        prop_assert!((fast.x_min / plain.x_min - 1.0).abs() < 1e-9);
        prop_assert!((fast.ks - plain.ks).abs() < 1e-9);
    }
}
