//! The made-up layer of the help says what the help says of it.

use layerscope::figure::{Lesson, SHORT};

#[test]
fn a_planted_direction_shows_from_its_threshold_on() {
    let spikes = |strength| {
        let lesson = Lesson::new(4 * SHORT, 8, strength).unwrap();
        lesson.profile.fit.unwrap().spikes
    };
    let threshold = Lesson::new(4 * SHORT, 0, 1.0).unwrap().threshold;
    assert!((threshold - 0.25_f64.powf(0.25)).abs() < 1e-12);
    assert_eq!(spikes(0.9 * threshold), 0);
    assert_eq!(spikes(2.0 * threshold), 8);
}

#[test]
fn the_lifted_value_is_where_theory_has_it() {
    // θ = 2, β = 1: √(5 · 5) / 2 = 2.5 on √M.
    let lesson = Lesson::new(SHORT, 1, 2.0).unwrap();
    assert!((lesson.values[0] / (SHORT as f64).sqrt() - 2.5).abs() < 1e-12);
    assert_eq!(lesson.values.len(), SHORT);
    assert!(lesson.values.is_sorted_by(|a, b| a >= b));
}

#[test]
fn of_pure_noise_a_square_layer_is_divided_by_tau_and_a_long_one_is_not() {
    let share = |long| Lesson::new(long, 0, 1.0).unwrap().share_above_tau();
    assert!((0.15..0.35).contains(&share(SHORT)), "{}", share(SHORT));
    assert!((share(8 * SHORT) - 1.0).abs() < 1e-12);
}

#[test]
fn noise_has_no_excess_and_a_few_strong_directions_little() {
    let excess = |planted| {
        let lesson = Lesson::new(SHORT, planted, 3.0).unwrap();
        lesson.profile.excess.unwrap()
    };
    assert!(excess(0).abs() < 1e-9);
    assert!((0.0..0.7).contains(&excess(8)), "{}", excess(8));
}

#[test]
fn there_is_no_layer_shorter_than_its_short_side() {
    assert_eq!(Lesson::new(SHORT - 1, 0, 1.0), None);
    assert_eq!(Lesson::new(SHORT, 0, f64::NAN), None);
}
