//! The noise control.

use layerscope::spectral::law::{Control, Controls, MarchenkoPastur};
use layerscope::spectral::{Snr, snr};

use crate::noise::{gaussian, spectrum};

#[test]
fn square_noise_is_a_quarter_signal_to_spectrum() {
    let Some(Control::Separates { signal_share, .. }) = Control::of_shape(1024, 1024) else {
        panic!("τ lies inside the bulk of a square matrix");
    };
    assert!((signal_share - 0.24).abs() < 0.01, "{signal_share}");
}

#[test]
fn all_of_a_wide_matrix_lies_above_tau() {
    assert_eq!(Control::of_shape(1024, 4096), Some(Control::NothingBelow));
    assert_eq!(Control::of_shape(4096, 1024), Some(Control::NothingBelow));
    assert_eq!(Control::of_shape(1, 576), Some(Control::NothingBelow));
    assert_eq!(Control::of_shape(0, 576), None);
    let control = Control::NothingBelow;
    let noise = snr(&[3.0, 2.0, 1.0, 0.1], 4, 4).unwrap();
    assert_eq!((control.snr(1.0), control.excess(&noise)), (None, None));
}

#[test]
fn a_drawn_matrix_agrees_with_its_control() {
    for (rows, cols) in [(300, 300), (300, 330)] {
        let control = Control::of_shape(rows, cols).unwrap();
        let drawn = snr(
            &spectrum(rows, cols, &gaussian(9, rows, cols, 0.3)),
            rows,
            cols,
        )
        .unwrap();
        let expected = control.snr(0.3).unwrap();
        assert!(
            (drawn.snr / expected - 1.0).abs() < 0.05,
            "{rows}: {} {expected}",
            drawn.snr
        );
        let excess = control.excess(&drawn).unwrap();
        // One draw of this size strays by some hundredths.
        assert!(excess.abs() < 0.1, "{rows}×{cols}: {excess}");
    }
}

#[test]
fn the_control_is_its_own_zero_at_any_scale() {
    for scale in [1e-9, 1.0, 1e9] {
        let law = MarchenkoPastur::of_shape(500, 600, scale).unwrap();
        let noise = snr(&law.midpoints_s(500), 500, 600).unwrap();
        let control = Control::of_shape(500, 600).unwrap();
        assert!(control.excess(&noise).unwrap().abs() < 1e-9);
        assert!((control.snr(scale).unwrap() / noise.snr - 1.0).abs() < 1e-9);
    }
}

#[test]
fn more_signal_is_excess() {
    let control = Control::of_shape(100, 100).unwrap();
    let law = MarchenkoPastur::of_shape(100, 100, 1.0).unwrap();
    let mut values = law.midpoints_s(100);
    values[0] *= 100.0;
    assert!(control.excess(&snr(&values, 100, 100).unwrap()).unwrap() > 1.0);
    // 70 equal values and 30 zeros: the quartiles are 1 and 0, and τ lies between.
    values.fill(1.0);
    values[70..].fill(0.0);
    let snr_without_noise = Snr {
        tau: 0.5,
        signal_sum: 70.0,
        noise_sum: 0.0,
        signal_count: 70,
        ..snr(&values, 100, 100).unwrap()
    };
    assert_eq!(control.excess(&snr_without_noise), Some(f64::INFINITY));
    let no_signal = snr(&values, 100, 100).unwrap();
    assert_eq!(control.excess(&no_signal), Some(f64::NEG_INFINITY));
}

#[test]
fn each_shape_is_computed_once_either_way_up() {
    let mut controls = Controls::default();
    let first = controls.get(200, 210);
    assert_eq!(first, Control::of_shape(200, 210));
    assert_eq!(controls.get(210, 200), first);
    assert_eq!(controls.get(0, 7), None);
}
