//! What a choice amounts to.

use layerscope::report::{ReportBuilder, SnrReport};
use layerscope::selection::{Choice, Mark, Percent};
use proptest::prelude::*;

use crate::{any_marks, any_report, set, weight};

/// A head and an embedding (tied where asked for) and two blocks of one type.
fn model(tied: bool) -> SnrReport {
    let mut builder = ReportBuilder::new("model");
    let mut add = |name: &str, layer_type: &str, snr, weight| {
        let module = builder.push(name, layer_type);
        module.snr = Some(snr);
        module.weight = Some(weight);
    };
    let owner = tied.then_some("model.embed_tokens");
    add("lm_head", "lm_head", 1.0, weight(1000, owner));
    add(
        "model.embed_tokens",
        "model.embed_tokens",
        1.0,
        weight(1000, None),
    );
    let mut up = weight(30, None);
    up.companions = 2;
    add("model.layers.0.up", "up", 1.0, up);
    add("model.layers.1.up", "up", 2.0, weight(30, None));
    let mut report = builder.finish();
    report.total_parameters = Some(if tied { 1062 } else { 2062 });
    report
}

fn whole(percent: u32) -> Choice {
    Choice {
        percent: Percent::whole(percent),
        ..Choice::default()
    }
}

#[test]
fn parameters_are_counted_with_biases_and_once() {
    // Everything is listed: the fixed lines bring nothing more.
    for (tied, total) in [(false, 2062), (true, 1062)] {
        let counts = set(&model(tied), &whole(100)).counts;
        assert_eq!(
            (counts.listed, counts.modules, counts.modules_total),
            (4, 4, 4)
        );
        assert_eq!(counts.parameters, Some(total));
        assert_eq!(counts.head_parameters, Some(0));
        assert_eq!(counts.embedding_parameters, Some(0));
        assert_eq!(counts.share(), Some(1.0));
    }
}

#[test]
fn fixed_lines_cost_what_they_add() {
    let counts = set(&model(false), &whole(50)).counts;
    assert_eq!((counts.listed, counts.modules), (1, 3));
    assert_eq!(counts.parameters, Some(2030));
    assert_eq!(counts.head_parameters, Some(1000));
    assert_eq!(counts.embedding_parameters, Some(1000));
    // Tied, the embedding's line brings the shared tensor, the head's nothing more.
    let counts = set(&model(true), &whole(50)).counts;
    assert_eq!(counts.parameters, Some(1030));
    assert_eq!(counts.head_parameters, Some(0));
    assert_eq!(counts.embedding_parameters, Some(1000));
    let alone = Choice {
        embeddings: false,
        ..whole(50)
    };
    let counts = set(&model(true), &alone).counts;
    assert_eq!(counts.parameters, Some(1030));
    assert_eq!(counts.head_parameters, Some(1000));
    // A line that is off says what it would add.
    assert_eq!(counts.embedding_parameters, Some(0));
    let counts = set(&model(false), &alone).counts;
    assert_eq!(counts.parameters, Some(1030));
    assert_eq!(counts.embedding_parameters, Some(1000));
}

#[test]
fn without_shapes_there_are_no_parameters() {
    let mut report = model(false);
    for module in &mut report.modules {
        module.weight = None;
    }
    report.total_parameters = None;
    let counts = set(&report, &whole(50)).counts;
    assert_eq!(counts.parameters, None);
    assert_eq!(counts.head_parameters, None);
    assert_eq!(counts.share(), None);
}

#[test]
fn own_percentages_and_types_left_out_count_for_their_type() {
    let report = model(false);
    let mut choice = whole(0);
    choice.type_percent.insert("up".into(), Percent::FULL);
    choice.excluded.insert("lm_head".into());
    let made = set(&report, &choice);
    assert_eq!(made.types, [None, Some(vec![]), Some(vec![3, 2])]);
    assert_eq!(made.percent, None);
    // The head's line is no list's affair.
    assert_eq!(made.chosen, [true, true, true, true]);
}

#[test]
fn marks_of_modules_that_are_not_there_do_nothing() {
    let report = model(false);
    let mut choice = whole(50);
    choice.set_mark("another.model", Some(Mark::Pin));
    assert_eq!(set(&report, &choice), set(&report, &whole(50)));
}

proptest! {
    #[test]
    fn pins_and_drops_survive_every_percentage(
        report in any_report(),
        marks in any_marks(),
        value in 0.0..=100.0_f64,
    ) {
        let mut choice = Choice { percent: Percent::from_slider(value), ..Choice::default() };
        choice.set_mark("a.module.of.another.model", Some(Mark::Pin));
        choice.set_mark("model.layers.15.of.another.model", Some(Mark::Drop));
        for (module, mark) in marks {
            if let Some(module) = report.modules.get(module) {
                choice.set_mark(&module.name, Some(mark));
            }
        }
        let made = set(&report, &choice);
        let plain = set(&report, &Choice { marks: std::collections::BTreeMap::new(), ..choice.clone() });
        for (index, module) in report.modules.iter().enumerate() {
            let expected = match choice.marks.get(&module.name) {
                Some(Mark::Pin) => true,
                Some(Mark::Drop) => false,
                None => plain.chosen[index],
            };
            prop_assert_eq!(made.chosen[index], expected);
        }
        prop_assert_eq!(made.percent.is_some(), made.types == plain.types);
    }

    #[test]
    fn lists_flags_and_counts_agree(report in any_report(), value in 0.0..=100.0_f64) {
        let percent = Percent::from_slider(value);
        let made = set(&report, &Choice { percent, ..Choice::default() });
        let mut listed = vec![false; report.modules.len()];
        for (layer_type, list) in report.types.iter().zip(&made.types) {
            let list = list.as_ref().expect("no type is left out");
            prop_assert!(list.len() <= percent.of(layer_type.modules.len()));
            for &module in list {
                prop_assert!(!std::mem::replace(&mut listed[module as usize], true));
            }
        }
        prop_assert_eq!(&listed, &made.chosen);
        prop_assert_eq!(made.counts.listed, listed.iter().filter(|&&on| on).count());
    }
}
