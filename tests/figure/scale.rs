//! Scales for the values that files really hold.

use layerscope::figure::Scale;

#[test]
fn nothing_finite_has_no_scale() {
    assert_eq!(Scale::fit([], true), None);
    assert_eq!(Scale::fit([f64::INFINITY, f64::NAN], true), None);
    assert_eq!(Scale::fit([0.0, -1.0], true), None);
}

#[test]
fn equal_values_lie_in_the_middle() {
    for (value, log) in [(0.37, true), (0.37, false), (0.0, false), (1e27, true)] {
        let scale = Scale::fit([value; 5], log).unwrap();
        assert!((scale.position(value) - 0.5).abs() < 1e-6, "{scale:?}");
        assert_eq!((scale.below, scale.above), (0, 0));
    }
}

#[test]
fn ends_are_the_extremes_where_none_stands_out() {
    let scale = Scale::fit([0.01, 0.1, 1.0, 10.0, 100.0], true).unwrap();
    assert!((scale.low / 0.01 - 1.0).abs() < 1e-12 && (scale.high / 100.0 - 1.0).abs() < 1e-12);
    assert!((scale.position(1.0) - 0.5).abs() < 1e-12);
    let zero = scale.position(0.0);
    assert!(zero.abs() < 1e-12, "zero takes the lowest color");
}

#[test]
fn one_far_value_does_not_flatten_the_others() {
    let mut values: Vec<f64> = (10..110).map(f64::from).collect();
    values.push(8.99e27);
    values.push(0.0);
    let scale = Scale::fit(values, true).unwrap();
    assert!(scale.high < 1e8, "{scale:?}");
    assert_eq!((scale.below, scale.above), (1, 1));
    assert!((scale.position(8.99e27) - 1.0).abs() < 1e-12);
}

#[test]
fn ticks_are_round_and_few() {
    let texts = |low: f64, high: f64, log, most| -> Vec<String> {
        let scale = Scale::fit([low, high], log).unwrap();
        scale
            .ticks(most)
            .into_iter()
            .map(|tick| tick.text)
            .collect()
    };
    assert_eq!(
        texts(0.07, 135.0, true, 8),
        ["0.1", "0.3", "1", "3", "10", "30", "100"]
    );
    assert_eq!(
        texts(0.15, 0.8, true, 8),
        ["0.15", "0.2", "0.3", "0.4", "0.5", "0.7"]
    );
    assert_eq!(
        texts(1.0, 1e30, true, 6),
        ["1", "1e5", "1e10", "1e15", "1e20", "1e25", "1e30"]
    );
    assert_eq!(
        texts(0.0, 1.0, false, 5),
        ["0", "0.2", "0.4", "0.6", "0.8", "1"]
    );
    assert!(!texts(0.21, 0.22, true, 5).is_empty());
}

#[test]
fn the_histogram_counts_every_finite_value() {
    let values = [0.1, 0.1, 1.0, 10.0, f64::NAN, f64::INFINITY];
    let scale = Scale::fit(values, true).unwrap();
    assert_eq!(scale.histogram(values, 3), [2, 1, 1]);
}
