//! Marks by type, block and rectangle.

use layerscope::report::SnrReport;
use layerscope::selection::{Bulk, Choice, Percent, Region};
use proptest::prelude::*;

use crate::{any_report, report_of, set};

fn report() -> SnrReport {
    let ratios = [(0, 1.0), (0, 2.0), (1, 3.0), (1, 4.0)];
    report_of(&ratios.map(|(layer_type, snr)| (layer_type, Some(snr))))
}

fn apply(bulk: Bulk, choice: &mut Choice, report: &SnrReport, region: &Region) -> Vec<bool> {
    let before = set(report, choice);
    bulk.apply(choice, report, &before, region);
    set(report, choice).chosen
}

#[test]
fn regions_hold_their_modules() {
    let report = report();
    assert_eq!(Region::Type(1).modules(&report), [2, 3]);
    assert_eq!(Region::Block(2).modules(&report), [2]);
    assert_eq!(Region::Modules(vec![3, 0]).modules(&report), [3, 0]);
    assert!(Region::Type(7).modules(&report).is_empty());
    assert!(Region::Block(7).modules(&report).is_empty());
}

#[test]
fn all_none_invert_and_clear() {
    let report = report();
    let mut choice = Choice {
        percent: Percent::whole(50),
        ..Choice::default()
    };
    let first = Region::Type(0);
    let chosen = apply(Bulk::All, &mut choice, &report, &first);
    assert_eq!(chosen, [true, true, false, true]);
    let chosen = apply(Bulk::None, &mut choice, &report, &Region::Block(3));
    assert_eq!(chosen, [true, true, false, false]);
    // By hand means by hand: the slider changes none of it.
    choice.percent = Percent::FULL;
    let chosen = apply(Bulk::Invert, &mut choice, &report, &first);
    assert_eq!(chosen, [false, false, true, false]);
    let chosen = apply(Bulk::Clear, &mut choice, &report, &first);
    assert_eq!(chosen, [true, true, true, false]);
    let every = Region::Modules((0..4).collect());
    let chosen = apply(Bulk::Clear, &mut choice, &report, &every);
    assert_eq!(chosen, [true; 4]);
    assert!(choice.marks.is_empty());
}

#[test]
fn modules_that_are_not_there_are_passed_over() {
    let report = report();
    let mut choice = Choice::default();
    let chosen = apply(
        Bulk::All,
        &mut choice,
        &report,
        &Region::Modules(vec![9, 0]),
    );
    assert_eq!(chosen, [true, false, false, false]);
}

proptest! {
    #[test]
    fn inverting_twice_gives_the_same_set(report in any_report(), value in 0.0..=100.0_f64) {
        let mut choice = Choice { percent: Percent::from_slider(value), ..Choice::default() };
        let every = Region::Modules((0..report.modules.len()).collect());
        let before = set(&report, &choice).chosen;
        let inverted = apply(Bulk::Invert, &mut choice, &report, &every);
        prop_assert!(before.iter().zip(&inverted).all(|(before, after)| before != after));
        prop_assert_eq!(apply(Bulk::Invert, &mut choice, &report, &every), before);
    }
}
