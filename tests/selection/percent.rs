//! Percentages are exact and print as they were typed.

use layerscope::selection::Percent;
use proptest::prelude::*;

fn percent(text: &str) -> Percent {
    text.parse().expect("is a percentage")
}

#[test]
fn they_print_as_they_were_typed() {
    for text in [
        "0",
        "1",
        "25",
        "100",
        "12.5",
        "33.333333",
        "0.000001",
        "99.9",
    ] {
        assert_eq!(percent(text).to_string(), text);
    }
    for (text, printed) in [
        ("25.0", "25"),
        (" 12.50 % ", "12.5"),
        (".5", "0.5"),
        ("007", "7"),
    ] {
        assert_eq!(percent(text).to_string(), printed);
    }
}

#[test]
fn what_is_none_is_refused() {
    for text in [
        "",
        ".",
        "%",
        "-1",
        "1e1",
        "100.1",
        "101",
        "99999999999999999999",
        "0.0000001",
        "NaN",
        "1,5",
    ] {
        let line = text.parse::<Percent>().expect_err("is refused").to_string();
        assert!(
            line.contains("give a percentage from 0 to 100"),
            "{text}: {line}"
        );
    }
}

#[test]
fn shares_are_exact_where_floating_point_is_not() {
    // 0.29 · 100 is 28.999… in floating point.
    assert_eq!(percent("29").of(100), 29);
    assert_eq!(percent("0.1").of(1000), 1);
    assert_eq!(percent("12.5").of(7), 0);
    assert_eq!(percent("12.5").of(8), 1);
    assert_eq!(Percent::FULL.of(28_800), 28_800);
    assert_eq!(Percent::ZERO.of(28_800), 0);
}

#[test]
fn a_slider_sets_hundredths() {
    for (value, printed) in [
        (12.344, "12.34"),
        (-3.0, "0"),
        (250.0, "100"),
        (f64::NAN, "0"),
    ] {
        assert_eq!(Percent::from_slider(value).to_string(), printed);
    }
}

#[test]
fn one_kept_between_runs_comes_back_and_a_damaged_one_is_cut() {
    let text = serde_json::to_string(&percent("12.5")).expect("is written");
    assert_eq!(
        serde_json::from_str::<Percent>(&text).ok(),
        Some(percent("12.5"))
    );
    assert_eq!(
        serde_json::from_str::<Percent>("4000000000").ok(),
        Some(Percent::FULL)
    );
}

proptest! {
    #[test]
    fn the_least_percentage_takes_just_so_many(count in 1..100_000_usize, share in 0.0..1.0_f64) {
        let taken = ((count as f64 * share) as usize).max(1);
        let least = Percent::least_for(taken, count);
        prop_assert_eq!(least.of(count), taken);
        let below = percent(&format!("{:.6}", (least.value() - 1e-6).max(0.0)));
        prop_assert_eq!(below.of(count), taken - 1);
    }

    #[test]
    fn printing_and_reading_give_the_same(units in 0..=100_000_000_u32) {
        let text = format!("{}.{:06}", units / 1_000_000, units % 1_000_000);
        let read = percent(&text);
        prop_assert_eq!(percent(&read.to_string()), read);
        prop_assert!((read.value() - f64::from(units) / 1e6).abs() < 1e-9);
    }
}
