//! Axes and their ticks.

use layerscope::figure::Axis;

fn texts(axis: &Axis, most: usize) -> Vec<String> {
    axis.ticks(most).into_iter().map(|tick| tick.text).collect()
}

#[test]
fn linear_ticks_are_round_and_told_apart() {
    let axis = |low, high| Axis::new("x", false, low, high);
    assert_eq!(
        texts(&axis(0.0, 1.0), 5),
        ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    );
    assert_eq!(
        texts(&axis(0.0, 1.0), 4),
        ["0", "0.25", "0.50", "0.75", "1.00"]
    );
    assert_eq!(
        texts(&axis(1000.0, 1001.0), 4),
        ["1000.00", "1000.25", "1000.50", "1000.75", "1001.00"]
    );
    assert_eq!(texts(&axis(-2.0, 2.0), 4), ["-2", "-1", "0", "1", "2"]);
    assert_eq!(texts(&axis(0.0, 3e6), 3), ["0", "10⁶", "2×10⁶", "3×10⁶"]);
    assert_eq!(
        texts(&axis(0.0, 3e-9), 3),
        ["0", "10⁻⁹", "2×10⁻⁹", "3×10⁻⁹"]
    );
}

#[test]
fn logarithmic_ticks_are_powers_and_their_multiples() {
    let axis = |low, high| Axis::new("x", true, low, high);
    assert_eq!(texts(&axis(0.1, 10.0), 4), ["0.1", "1", "10"]);
    assert_eq!(
        texts(&axis(1e-8, 1e-5), 4),
        ["10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵"]
    );
    // Within less than a decade.
    assert_eq!(texts(&axis(2.7, 3.5), 4), ["2.8", "3.0", "3.2", "3.4"]);
    assert!(!axis(0.1, 10.0).minor().is_empty());
    assert!(Axis::new("x", false, 0.1, 10.0).minor().is_empty());
}

#[test]
fn an_axis_is_widened_to_round_numbers() {
    let rounded = |low, high| {
        let axis = Axis::new("x", false, low, high).rounded(8);
        (axis.low, axis.high)
    };
    assert_eq!(rounded(0.0, 521.0), (0.0, 600.0));
    assert_eq!(rounded(0.0, 600.0), (0.0, 600.0));
    assert_eq!(rounded(-3.2, 3.2), (-4.0, 4.0));
    let log = Axis::new("x", true, 0.2, 30.0);
    assert_eq!(log.clone().rounded(8), log);
}

#[test]
fn any_range_has_an_axis_with_ticks_in_order() {
    let odd = [
        0.0,
        1.0,
        -1.0,
        1e-300,
        1e300,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    for (low, high) in odd.iter().flat_map(|&low| odd.map(|high| (low, high))) {
        for log in [false, true] {
            let axis = Axis::new("x", log, low, high);
            assert!(axis.low < axis.high, "{low} {high} {axis:?}");
            let ticks = axis.ticks(6);
            assert!(ticks.len() <= 16, "{axis:?}: {ticks:?}");
            assert!(
                ticks
                    .windows(2)
                    .all(|t| t[0].position < t[1].position && t[0].text != t[1].text),
                "{axis:?}: {ticks:?}"
            );
        }
    }
}

#[test]
fn positions_and_values_are_each_others_inverse() {
    for log in [false, true] {
        let axis = Axis::new("x", log, 0.5, 80.0);
        for position in [0.0, 0.3, 1.0] {
            assert!((axis.position(axis.value(position)) - position).abs() < 1e-12);
        }
        assert!(axis.position(0.0) < 0.0);
    }
}
