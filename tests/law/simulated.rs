//! The law against matrices of random numbers, with and without something in them.

use layerscope::spectral::law::{Fit, Profile, ScaleMethod};

use crate::noise::{Random, gaussian, spectrum};

/// Fits of each method to noise of entry scale 0.02: the scale within `tolerance`, the bulk
/// within `ks` of the law, nothing above the 99 % point beyond what chance allows. Of a matrix
/// with few values, and from the quartiles always, the scale is less sure than the room between
/// the edge and that point: one value may then lie above it.
fn is_noise(rows: usize, cols: usize, tolerance: f64, ks: f64) {
    let scale = 0.02;
    let values = spectrum(rows, cols, &gaussian(7, rows, cols, scale));
    for method in ScaleMethod::ALL {
        let fit = Fit::of(&values, rows, cols, method).unwrap();
        let found = fit.law.scale();
        let place = format!("{rows} × {cols} by {}: {fit:?}", method.name());
        let beyond = values.iter().filter(|&&value| value > fit.tw99).count();
        let unsure = method == ScaleMethod::Iqr || rows.min(cols) < 512;
        let (room, tolerance) = if unsure {
            (2, 2.0 * tolerance)
        } else {
            (1, tolerance)
        };
        assert!((found / scale - 1.0).abs() < tolerance, "{place}");
        assert!(fit.ks < ks, "{place}");
        assert!(fit.spikes <= room, "{place}");
        assert!(beyond < room, "{place}");
    }
    let profile = Profile::of(&values, rows, cols, ScaleMethod::Median).unwrap();
    assert!((profile.soft_rank.unwrap() - 1.0).abs() < 0.05);
    if let Some(excess) = profile.excess {
        assert!(excess.abs() < 0.05, "noise is its own control: {excess}");
    }
}

#[test]
fn noise_is_found_to_be_noise() {
    is_noise(256, 1024, 0.01, 0.02);
    is_noise(400, 300, 0.02, 0.03);
}

#[test]
fn few_long_rows_still_tell_the_scale() {
    // All values lie within 10 % of s·√M: their place tells the scale, their distances do not.
    let values = spectrum(20, 2000, &gaussian(7, 20, 2000, 0.02));
    for method in [
        ScaleMethod::Median,
        ScaleMethod::Variance,
        ScaleMethod::LeastKs,
    ] {
        let fit = Fit::of(&values, 20, 2000, method).unwrap();
        assert!((fit.law.scale() / 0.02 - 1.0).abs() < 0.02, "{fit:?}");
        assert!(fit.spikes <= 1 && fit.ks < 0.2, "{fit:?}");
    }
}

/// The larger shapes, at the accuracy asked of them.
#[test]
fn large_noise_is_found_to_be_noise() {
    for (rows, cols) in [(512, 512), (512, 2048), (1024, 4096)] {
        is_noise(rows, cols, 0.01, 0.02);
    }
}

/// Noise of `rows` × `cols` and entry scale 1 with `strengths` added along random directions.
fn with_spikes(rows: usize, cols: usize, strengths: &[f64]) -> Vec<f64> {
    let mut entries = gaussian(11, rows, cols, 1.0);
    let mut random = Random(12);
    let mut direction = |length: usize| {
        let values: Vec<f64> = (0..length).map(|_| random.normal()).collect();
        let norm = values.iter().map(|v| v * v).sum::<f64>().sqrt();
        values.into_iter().map(|v| v / norm).collect::<Vec<_>>()
    };
    for strength in strengths {
        let (left, right) = (direction(rows), direction(cols));
        for (row, l) in entries.chunks_exact_mut(cols).zip(&left) {
            for (entry, r) in row.iter_mut().zip(&right) {
                *entry += strength * l * r;
            }
        }
    }
    spectrum(rows, cols, &entries)
}

#[test]
fn planted_spikes_are_all_counted() {
    // The edge is at 16 + 32 = 48; what is planted at θ is seen at √((1+θ²)(β+θ²))/θ, θ in units
    // of √M (Benaych-Georges & Nadakuditi 2012).
    let strengths = [50.0, 60.0, 80.0, 120.0, 300.0];
    let values = with_spikes(256, 1024, &strengths);
    for method in [ScaleMethod::Median, ScaleMethod::Iqr, ScaleMethod::LeastKs] {
        let fit = Fit::of(&values, 256, 1024, method).unwrap();
        assert_eq!(fit.spikes, strengths.len(), "{fit:?}");
        assert!((fit.law.scale() - 1.0).abs() < 0.03, "{fit:?}");
        assert!(fit.ks < 0.03, "{fit:?}");
    }
    for (value, strength) in values.iter().zip(strengths.iter().rev()) {
        let theta = strength / 32.0;
        let seen = 32.0 * ((1.0 + theta * theta) * (0.25 + theta * theta)).sqrt() / theta;
        assert!((value / seen - 1.0).abs() < 0.02, "{value} for {seen}");
    }
}

#[test]
fn planted_energy_raises_the_variance_but_not_the_median() {
    let values = with_spikes(256, 1024, &[300.0, 280.0, 260.0]);
    let estimate = |method: ScaleMethod| method.estimate(&values, 256, 1024).unwrap();
    assert!(estimate(ScaleMethod::Variance) > 1.2);
    assert!((estimate(ScaleMethod::Median) - 1.0).abs() < 0.02);
}

#[test]
fn a_scale_by_hand_is_taken_as_it_is() {
    let values = spectrum(64, 64, &gaussian(3, 64, 64, 1.0));
    let fit = Fit::of(&values, 64, 64, ScaleMethod::ByHand(0.5)).unwrap();
    assert!((fit.law.s_edges().1 - 8.0).abs() < 1e-12);
    assert!(
        fit.spikes > 20,
        "half the edge leaves many above: {}",
        fit.spikes
    );
    let by_method = Fit::of(&values, 64, 64, ScaleMethod::Median).unwrap();
    assert!(fit.snr_at_edge > by_method.snr_at_edge);
    assert_eq!(Fit::of(&values, 64, 64, ScaleMethod::ByHand(-1.0)), None);
}

#[test]
fn the_kernels_scale_does_not_matter() {
    let entries = gaussian(5, 48, 96, 1.0);
    let small: Vec<f64> = entries.iter().map(|value| value * 1e-150).collect();
    let (plain, small) = (spectrum(48, 96, &entries), spectrum(48, 96, &small));
    let of = |values: &[f64]| Profile::of(values, 48, 96, ScaleMethod::LeastKs).unwrap();
    let (plain, small) = (of(&plain), of(&small));
    let (a, b) = (plain.fit.unwrap(), small.fit.unwrap());
    assert_eq!(a.spikes, b.spikes);
    assert!((a.ks - b.ks).abs() < 1e-9);
    assert!((b.law.scale() / a.law.scale() / 1e-150 - 1.0).abs() < 1e-9);
    for (a, b) in [
        (plain.stable_rank, small.stable_rank),
        (plain.effective_rank, small.effective_rank),
        (plain.tail.unwrap().alpha, small.tail.unwrap().alpha),
    ] {
        assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
    }
}
