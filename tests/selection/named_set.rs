//! Named sets: their algebra, what becomes of them on a report, and the way back to a choice.

use std::collections::BTreeSet;

use layerscope::report::SnrReport;
use layerscope::selection::{
    Bulk, Choice, Combine, FreezeSet, Mark, Members, Membership, NamedSet, Part, Percent, Ranking,
    Region, SetDifference,
};
use proptest::prelude::*;

use crate::{any_marks, any_report, report_of, set, weight};

fn names() -> impl Strategy<Value = BTreeSet<String>> {
    prop::collection::btree_set("[a-d]{1,2}", 0..12)
}

fn members(names: &BTreeSet<String>) -> Members {
    names.iter().cloned().collect()
}

fn plain(members: &Members) -> BTreeSet<String> {
    members.iter().map(str::to_owned).collect()
}

fn named(name: &str, names: &BTreeSet<String>) -> NamedSet {
    NamedSet {
        name: name.to_owned(),
        modules: members(names),
        ..NamedSet::default()
    }
}

fn kept(report: &SnrReport, choice: &Choice) -> (NamedSet, FreezeSet) {
    let set = set(report, choice);
    let kept = NamedSet::of_selection("kept", report, &set, choice);
    (kept, set)
}

proptest! {
    #[test]
    fn the_algebra_is_that_of_sets(a in names(), b in names(), name in "[a-d]{1,2}") {
        let (x, y) = (members(&a), members(&b));
        prop_assert_eq!(plain(&x.union(&y)), a.union(&b).cloned().collect());
        prop_assert_eq!(plain(&x.intersection(&y)), a.intersection(&b).cloned().collect());
        prop_assert_eq!(plain(&x.difference(&y)), a.difference(&b).cloned().collect());
        prop_assert_eq!(x.contains(&name), a.contains(&name));
        prop_assert_eq!(x.len(), a.len());
    }

    #[test]
    fn two_sets_are_the_union_of_what_tells_them_apart_and_what_they_share(
        a in names(), b in names(),
    ) {
        let (a, b) = (named("A", &a), named("B", &b));
        let join = |x: &NamedSet, y: &NamedSet| x.combine(Combine::Union, y);
        let only_a = a.combine(Combine::Difference, &b);
        let only_b = b.combine(Combine::Difference, &a);
        let both = a.combine(Combine::Intersection, &b);
        let again = join(&join(&only_a, &both), &only_b);
        prop_assert_eq!(again.modules, join(&a, &b).modules);
        prop_assert!(only_a.modules.intersection(&only_b.modules).is_empty());
    }

    #[test]
    fn a_selection_kept_and_made_current_again_is_the_same_set(
        report in any_report(), marks in any_marks(), percent in 0..=100_u32, head: bool,
        embeddings: bool, excluded in prop::collection::btree_set(0..4_usize, 0..3),
    ) {
        let mut choice = Choice {
            percent: Percent::whole(percent),
            excluded: excluded.iter().map(|number| format!("mlp.t{number}")).collect(),
            head,
            embeddings,
            ..Choice::default()
        };
        for (module, mark) in marks {
            if let Some(module) = report.modules.get(module) {
                choice.set_mark(&module.name, Some(mark));
            }
        }
        let ranking = Ranking::new(&report);
        let (kept, before) = kept(&report, &choice);
        prop_assert_eq!(&kept.choice_on(&report, &ranking), &choice, "as it was made");
        let bare = NamedSet { choice: None, ..kept };
        let after = FreezeSet::new(&report, &ranking, &bare.choice_on(&report, &ranking));
        prop_assert_eq!(&after.chosen, &before.chosen);
        prop_assert_eq!((after.head, after.embeddings), (head, embeddings));
        prop_assert_eq!(bare.resolve(&report).chosen, before.chosen);
        prop_assert_eq!(after.counts, before.counts);
    }

    #[test]
    fn a_difference_counts_every_module_once(report in any_report(), a in 0..=100_u32, b in 0..=100_u32) {
        let of = |percent| {
            let choice = Choice { percent: Percent::whole(percent), ..Choice::default() };
            set(&report, &choice)
        };
        let (a, b) = (of(a), of(b));
        let difference = SetDifference::new(&report, &a.chosen, &b.chosen);
        prop_assert_eq!(difference.total.modules(), report.modules.len());
        let chosen_a = difference.total.only_a.modules + difference.total.both.modules;
        prop_assert_eq!(chosen_a, a.counts.modules);
        let chosen_b = difference.total.only_b.modules + difference.total.both.modules;
        prop_assert_eq!(chosen_b, b.counts.modules);
        for part in Part::ALL {
            let of_types: usize = difference.types.iter().map(|(_, row)| row.get(part).modules).sum();
            let of_blocks: usize = difference.blocks.iter().map(|(_, row)| row.get(part).modules).sum();
            prop_assert_eq!(of_types, difference.total.get(part).modules);
            prop_assert_eq!(of_blocks, of_types);
        }
        let members = Membership::new(&report, &[&a.chosen, &b.chosen]);
        let sum: usize = members.rows.iter().map(|(_, _, counts)| counts[1]).sum();
        prop_assert_eq!(sum, b.counts.modules);
    }
}

#[test]
fn a_set_whose_choice_makes_another_set_now_becomes_pins() {
    let before = report_of(&[
        (0, Some(1.0)),
        (0, Some(2.0)),
        (0, Some(3.0)),
        (0, Some(4.0)),
    ]);
    let (kept, _) = kept(&before, &Choice::default());
    let after = report_of(&[
        (0, Some(4.0)),
        (0, Some(3.0)),
        (0, Some(2.0)),
        (0, Some(1.0)),
    ]);
    let ranking = Ranking::new(&after);
    let choice = kept.choice_on(&after, &ranking);
    assert_eq!(choice.percent, Percent::ZERO);
    let pinned = ("model.layers.3.mlp.t0".to_owned(), Mark::Pin);
    assert_eq!(choice.marks, [pinned].into());
    let set = FreezeSet::new(&after, &ranking, &choice);
    assert_eq!(set.chosen, [false, false, false, true]);
}

#[test]
fn members_that_the_report_lacks_are_named_but_for_the_fixed_lines() {
    let report = report_of(&[(0, Some(1.0))]);
    let (mut kept, _) = kept(&report, &Choice::default());
    let more = ["lm_head", "model.embed_tokens", "model.layers.7.mlp.t0"].map(str::to_owned);
    kept.modules = kept.modules.union(&more.into_iter().collect());
    let resolved = kept.resolve(&report);
    assert_eq!(resolved.missing, ["model.layers.7.mlp.t0"]);
    assert!(resolved.head && resolved.embeddings);
    assert_eq!((resolved.modules, resolved.parameters), (0, None));
}

#[test]
fn parameters_count_a_tied_tensor_once_in_a_set_and_in_the_total() {
    let mut report = report_of(&[(0, Some(1.0)), (1, Some(2.0)), (2, Some(3.0))]);
    report.modules[0].weight = Some(weight(100, None));
    report.modules[1].weight = Some(weight(100, Some("model.layers.0.mlp.t0")));
    report.modules[2].weight = Some(weight(7, None));
    let all = NamedSet::of_modules("all", "by hand", &report, &[0, 1, 2]);
    assert_eq!(all.resolve(&report).parameters, Some(107));
    let none = [false; 3];
    let difference = SetDifference::new(&report, &all.resolve(&report).chosen, &none);
    assert!(difference.shapes);
    assert_eq!(difference.total.only_a.parameters, 107);
    let rows: Vec<u64> = (difference.types.iter())
        .map(|(_, row)| row.only_a.parameters)
        .collect();
    assert_eq!(rows, [100, 100, 7]);
}

#[test]
fn a_set_says_how_it_was_made() {
    let report = report_of(&[(0, Some(1.0)), (0, Some(2.0)), (1, Some(3.0))]);
    assert_eq!(
        kept(&report, &Choice::default()).0.made,
        "25 % of each type"
    );
    let mut choice = Choice {
        head: false,
        ..Choice::default()
    };
    choice.excluded.insert("mlp.t1".to_owned());
    let ranking = Ranking::new(&report);
    let now = FreezeSet::new(&report, &ranking, &choice);
    let all = Region::Modules(vec![0, 1]);
    Bulk::All.apply(&mut choice, &report, &now, &all);
    assert_eq!(
        kept(&report, &choice).0.made,
        "25 % of each type, 1 left out, 2 pinned, without the head"
    );
}

#[test]
fn combined_sets_say_of_what() {
    let a = named("mine", &["x".to_owned()].into());
    let b = named("theirs", &["y".to_owned()].into());
    let merged = a.combine(Combine::Union, &b);
    assert_eq!(merged.name, "mine + theirs");
    assert_eq!(merged.made, "mine merged with theirs");
    assert_eq!(a.combine(Combine::Intersection, &b).name, "mine & theirs");
    assert_eq!(a.combine(Combine::Difference, &b).name, "mine − theirs");
}

#[test]
fn a_stored_set_comes_back_and_missing_fields_take_defaults() {
    let report = report_of(&[(0, Some(1.0))]);
    let (kept, _) = kept(&report, &Choice::default());
    let text = serde_json::to_string(&kept).expect("a set can be written");
    let again: NamedSet = serde_json::from_str(&text).expect("and read");
    assert_eq!(again, kept);
    let unsorted = r#"{"name": "by hand", "modules": ["b", "a", "b"]}"#;
    let set: NamedSet = serde_json::from_str(unsorted).expect("a set is read");
    assert_eq!(set.modules.iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(set.choice, None);
}
