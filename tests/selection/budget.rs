//! The largest set within a budget, held against all sets there are.

use layerscope::report::{ReportBuilder, SnrReport};
use layerscope::selection::{
    Budget, Choice, FreezeSet, Mark, Optimizer, Percent, Pool, Ranking, Rules,
};
use proptest::prelude::*;

use crate::{any_ratio, set, weight};

/// A head tied to the embedding or not, and blocks of three types with sizes of their own.
fn any_model() -> impl Strategy<Value = SnrReport> {
    let modules = prop::collection::vec((0..3_usize, any_ratio(), 0..40_u64), 0..24);
    (modules, any::<bool>()).prop_map(|(modules, tied)| {
        let mut builder = ReportBuilder::new("model");
        let owner = tied.then_some("model.embed_tokens");
        for (name, owner) in [("lm_head", owner), ("model.embed_tokens", None)] {
            let module = builder.push(name, name);
            module.snr = Some(1.5);
            module.weight = Some(weight(50, owner));
        }
        let mut total = if tied { 50 } else { 100 };
        for (block, (layer_type, snr, parameters)) in modules.into_iter().enumerate() {
            let name = format!("mlp.t{layer_type}");
            let module = builder.push(&format!("model.layers.{block}.{name}"), &name);
            module.snr = snr;
            module.weight = Some(weight(parameters, None));
            total += parameters;
        }
        let mut report = builder.finish();
        report.total_parameters = Some(total);
        report
    })
}

/// A choice with marks, own percentages and types left out, all of them now and then.
fn any_choice() -> impl Strategy<Value = Choice> {
    let mark = prop_oneof![Just(Mark::Pin), Just(Mark::Drop)];
    let marks = prop::collection::vec((0..24_usize, 0..3_usize, mark), 0..6);
    let own = prop::option::of(0..=100_u32);
    let pool = prop_oneof![Just(Pool::Type), Just(Pool::All)];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (marks, own, pool, flags).prop_map(|(marks, own, pool, (head, embeddings, out))| {
        let mut choice = Choice {
            head,
            embeddings,
            rules: Rules {
                pool,
                ..Rules::default()
            },
            ..Choice::default()
        };
        for (block, layer_type, mark) in marks {
            choice.set_mark(
                &format!("model.layers.{block}.mlp.t{layer_type}"),
                Some(mark),
            );
        }
        if let Some(percent) = own {
            choice
                .type_percent
                .insert("mlp.t1".into(), Percent::whole(percent));
        }
        if out {
            choice.excluded.insert("mlp.t2".into());
        }
        choice
    })
}

/// Every set that a common percentage makes of `choice`, the smallest first.
fn every_set(report: &SnrReport, choice: &Choice) -> Vec<FreezeSet> {
    let ranking = Ranking::of(report, choice);
    let entries = (0..report.modules.len()).filter_map(|module| ranking.enters_at(module));
    let mut percents: Vec<Percent> = entries.chain([Percent::ZERO]).collect();
    percents.sort_unstable();
    let of = |percent| Choice {
        percent,
        budget: None,
        ..choice.clone()
    };
    let sets = percents
        .into_iter()
        .map(|percent| set(report, &of(percent)));
    sets.collect()
}

fn parameters(set: &FreezeSet) -> u64 {
    set.counts.parameters.unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_set_is_the_largest_within_the_budget(
        report in any_model(),
        choice in any_choice(),
        limit in 0..600_u64,
    ) {
        let every = every_set(&report, &choice);
        let choice = Choice { budget: Some(Budget::Parameters(limit)), ..choice };
        let made = set(&report, &choice);
        let solved = made.budget.expect("shapes are known");
        prop_assert_eq!(solved.limit, Some(limit));
        prop_assert_eq!(solved.smallest, parameters(&every[0]));
        prop_assert_eq!(solved.by_hand + solved.fixed, solved.smallest);
        prop_assert_eq!(solved.fits(), parameters(&every[0]) <= limit);
        let within = every.iter().filter(|set| parameters(set) <= limit);
        // More modules at the same cost is larger, too.
        let largest = within.max_by_key(|set| (parameters(set), set.counts.modules));
        let expected = largest.unwrap_or(&every[0]);
        prop_assert_eq!(&made.types, &expected.types);
        prop_assert_eq!(&made.chosen, &expected.chosen);
        prop_assert_eq!(made.counts, expected.counts);
        if let Some((percent, next)) = solved.next {
            prop_assert!(next > limit || !solved.fits());
            let more = set(&report, &Choice { percent, budget: None, ..choice.clone() });
            prop_assert_eq!(parameters(&more), next);
        }
        // The percentage that is told makes the set by itself.
        let plain = Choice { percent: made.top, budget: None, ..choice };
        prop_assert_eq!(&set(&report, &plain).types, &made.types);
    }

    #[test]
    fn a_larger_budget_never_makes_a_smaller_set(
        report in any_model(),
        choice in any_choice(),
        a in 0..600_u64,
        b in 0..600_u64,
    ) {
        let of = |limit| {
            let budget = Some(Budget::Parameters(limit));
            set(&report, &Choice { budget, ..choice.clone() }).chosen
        };
        let (small, large) = (of(a.min(b)), of(a.max(b)));
        prop_assert!(small.iter().zip(&large).all(|(small, large)| small <= large));
    }

    #[test]
    fn a_memory_budget_is_kept_and_used_up(
        report in any_model(),
        bytes in 0..12_000_u64,
        optimizer in prop::sample::select(&Optimizer::ALL[..]),
    ) {
        let choice = Choice { budget: Some(Budget::Memory(bytes)), optimizer, ..Choice::default() };
        let made = set(&report, &choice);
        let solved = made.budget.expect("shapes are known");
        let total = report.total_parameters.unwrap_or(0);
        let memory = |trained| optimizer.memory(total, trained).total();
        prop_assert_eq!(solved.fits(), memory(solved.smallest) <= bytes);
        prop_assert_eq!(solved.fits(), memory(parameters(&made)) <= bytes);
        if let Some((_, next)) = solved.next {
            prop_assert!(memory(next) > bytes);
        }
    }
}

#[test]
fn a_budget_without_shapes_is_not_solved() {
    let report = crate::report_of(&[(0, Some(1.0)), (0, Some(2.0))]);
    let choice = Choice {
        budget: Some(Budget::Parameters(10)),
        percent: Percent::whole(50),
        ..Choice::default()
    };
    let made = set(&report, &choice);
    assert_eq!((made.budget, made.top), (None, Percent::whole(50)));
    assert_eq!(made.types, [Some(vec![1])]);
}

#[test]
fn the_percentage_that_is_told_is_short() {
    let mut report = crate::report_of(&[(0, Some(3.0)), (0, Some(2.0)), (0, Some(1.0))]);
    for module in &mut report.modules {
        module.weight = Some(weight(10, None));
    }
    report.total_parameters = Some(30);
    let top = |limit| {
        let budget = Some(Budget::Parameters(limit));
        set(
            &report,
            &Choice {
                budget,
                ..Choice::default()
            },
        )
        .top
        .to_string()
    };
    // One of three enters at 33.333334 %, two at 66.666667 %.
    assert_eq!(
        (&*top(9), &*top(10), &*top(29), &*top(30)),
        ("0", "34", "67", "100")
    );
}
