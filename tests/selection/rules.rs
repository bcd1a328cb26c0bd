//! Ways of choosing: by excess, over all types, by tower, in a range of blocks; near-ties.

use layerscope::report::{Noise, ReportBuilder, SnrReport};
use layerscope::selection::{
    Blocks, Budget, Choice, FreezeSet, Mark, Optimizer, Percent, Pool, Preset, RankBy, Ranking,
    Rules, Towers,
};
use layerscope::spectral::law::Stability;
use proptest::prelude::*;

use crate::{any_report, report_of, set};

fn by(rules: Rules, percent: u32) -> Choice {
    Choice {
        percent: Percent::whole(percent),
        rules,
        ..Choice::default()
    }
}

fn pooled(pool: Pool) -> Rules {
    Rules {
        pool,
        ..Rules::default()
    }
}

fn names<'a>(report: &'a SnrReport, set: &FreezeSet) -> Vec<&'a str> {
    let modules = report.modules.iter().zip(&set.chosen);
    let chosen = modules.filter(|(_, chosen)| **chosen);
    chosen.map(|(module, _)| module.name.as_str()).collect()
}

/// Qwen2-Audio in small: every q_proj in one type, the audio tower's ratios above the language
/// model's.
fn qwen2_audio() -> SnrReport {
    let mut builder = ReportBuilder::new("Qwen2-Audio");
    for block in 0..4_u32 {
        let name = format!("audio_tower.layers.{block}.self_attn.q_proj");
        builder.push(&name, "self_attn.q_proj").snr = Some(5.0 + f64::from(block));
    }
    for block in 0..8_u32 {
        let name = format!("language_model.model.layers.{block}.self_attn.q_proj");
        builder.push(&name, "self_attn.q_proj").snr = Some(1.0 + f64::from(block) / 10.0);
    }
    for block in 0..8_u32 {
        let name = format!("language_model.model.layers.{block}.mlp.up_proj");
        builder.push(&name, "mlp.up_proj").snr = Some(1.0 + f64::from(block));
    }
    builder
        .push(
            "multi_modal_projector.linear",
            "multi_modal_projector.linear",
        )
        .snr = Some(1.0);
    builder.finish()
}

#[test]
fn picks_that_all_fall_in_one_tower_are_told_and_split_on_request() {
    let report = qwen2_audio();
    let towers = Towers::of(&report);
    assert_eq!(towers.names, ["audio_tower", "language_model"]);
    let warnings = |choice: &Choice| {
        let out = |name: &str| choice.rules.towers_out.contains(name);
        towers.warnings(&report, &set(&report, choice), choice.rules.pool, out)
    };
    let mut choice = by(Rules::default(), 30);
    let picks = names(&report, &set(&report, &choice));
    assert_eq!(
        picks.iter().filter(|name| name.contains("q_proj")).count(),
        3
    );
    assert_eq!(
        warnings(&choice),
        ["all picks of self_attn.q_proj fall in audio_tower, none in language_model"]
    );
    let types = towers.pooled(&report, &set(&report, &choice));
    let shares: Vec<_> = types[0]
        .towers
        .iter()
        .map(|share| (share.taken, share.modules))
        .collect();
    assert_eq!((types.len(), types[0].layer_type), (1, 0));
    assert_eq!(shares, [(3, 4), (0, 8)]);

    choice.rules.pool = Pool::TypeAndTower;
    assert!(warnings(&choice).is_empty());
    let split = set(&report, &choice);
    assert_eq!(
        names(&report, &split),
        [
            "audio_tower.layers.3.self_attn.q_proj",
            "language_model.model.layers.6.self_attn.q_proj",
            "language_model.model.layers.7.self_attn.q_proj",
            "language_model.model.layers.6.mlp.up_proj",
            "language_model.model.layers.7.mlp.up_proj",
        ]
    );
    assert_eq!(split.percent, None, "Spectrum would make another set");
    // 60 % of both: no warning, for both are there.
    assert!(warnings(&by(Rules::default(), 60)).is_empty());

    choice.rules.pool = Pool::Type;
    choice.rules.towers_out.insert("audio_tower".into());
    assert!(warnings(&choice).is_empty(), "left out on purpose");
    let picks = set(&report, &choice);
    assert_eq!(picks.types[0], Some(vec![11, 10]));
    choice.set_mark("audio_tower.layers.0.self_attn.q_proj", Some(Mark::Pin));
    let picks = set(&report, &choice);
    assert_eq!(
        picks.types[0],
        Some(vec![0, 11, 10]),
        "a pin trains whatever the rules"
    );
}

#[test]
fn one_ranking_takes_the_highest_of_all_types() {
    let ratios = [(0, 1.0), (0, 2.0), (1, 30.0), (1, 40.0), (2, 0.1), (2, 0.2)];
    let report = report_of(&ratios.map(|(layer_type, snr)| (layer_type, Some(snr))));
    let mut choice = by(pooled(Pool::All), 50);
    assert_eq!(
        set(&report, &choice).chosen,
        [false, true, true, true, false, false]
    );
    // Its own percentage takes a type out of the ranking of all, and so does leaving it out.
    choice.type_percent.insert("mlp.t1".into(), Percent::ZERO);
    assert_eq!(
        set(&report, &choice).chosen,
        [true, true, false, false, false, false]
    );
    choice.excluded.insert("mlp.t0".into());
    assert_eq!(
        set(&report, &choice).chosen,
        [false, false, false, false, false, true]
    );
}

#[test]
fn a_range_of_blocks_is_what_the_percentage_is_of() {
    let ratios = [9.0, 8.0, 7.0, 1.0, 2.0, 3.0].map(|snr| (0, Some(snr)));
    let report = report_of(&ratios);
    let rules = Rules {
        blocks: Some(Blocks { first: 2, last: 5 }),
        ..Rules::default()
    };
    let mut choice = by(rules, 50);
    assert_eq!(set(&report, &choice).types, [Some(vec![2, 5])]);
    choice.set_mark("model.layers.0.mlp.t0", Some(Mark::Pin));
    assert_eq!(set(&report, &choice).types, [Some(vec![0, 2, 5])]);
    let ranking = Ranking::of(&report, &choice);
    assert_eq!(ranking.enters_at(0), None);
    assert_eq!(ranking.enters_at(4), Some(Percent::whole(75)));
    let range = |text: &str| {
        text.parse::<Blocks>()
            .ok()
            .map(|blocks| (blocks.first, blocks.last))
    };
    assert_eq!(range("8-23"), Some((8, 23)));
    assert_eq!(range(" 8 - 8"), Some((8, 8)));
    assert_eq!(range("8"), Some((8, 8)));
    for text in ["", "-", "9-8", "a-b", "1-2-3", "-1-4"] {
        assert_eq!(range(text), None, "{text}");
    }
}

/// What is known of noise, as far as a ranking looks at it.
fn noise(excess: Option<f64>) -> Noise {
    Noise {
        control_snr: None,
        excess,
        stability: Stability {
            width: 0.005,
            least: 1.0,
            greatest: 1.0,
        },
    }
}

#[test]
fn by_excess_a_module_without_one_is_never_taken() {
    let mut report = report_of(&[9.0, 8.0, 7.0, 6.0].map(|snr| (0, Some(snr))));
    for (module, excess) in [(0, None), (1, Some(-1.0)), (2, Some(2.0))] {
        report.modules[module].noise = Some(noise(excess));
    }
    let rules = Rules {
        by: RankBy::Excess,
        ..Rules::default()
    };
    let choice = by(rules, 100);
    assert_eq!(set(&report, &choice).types, [Some(vec![2, 1])]);
    let ranking = Ranking::of(&report, &choice);
    assert_eq!(ranking.unranked(), 2);
    assert_eq!(ranking.enters_at(2), Some(Percent::whole(25)));
    assert_eq!(ranking.enters_at(0), None);
    // A ranking by other rules is no obstacle.
    let made = FreezeSet::new(&report, &Ranking::new(&report), &choice);
    assert_eq!(made, set(&report, &choice));
}

#[test]
fn near_ties_lie_within_the_tolerance_of_the_cuts_other_side() {
    let ratios = [2.0, 1.01, 1.0, 0.995, 0.9, 0.5].map(|snr| (0, Some(snr)));
    let report = report_of(&ratios);
    let near = |choice: &Choice| set(&report, choice).near_ties;
    let mut choice = by(Rules::default(), 50);
    // Three are taken, the last at 1.0; the first that is not at 0.995, and 1.01 is 1.5 % above it.
    assert_eq!(near(&choice), [2, 3]);
    choice.tolerance = Percent::whole(2);
    assert_eq!(near(&choice), [1, 2, 3]);
    choice.set_mark("model.layers.2.mlp.t0", Some(Mark::Pin));
    assert_eq!(near(&choice), [1, 3], "what is settled by hand is settled");
    choice.tolerance = Percent::ZERO;
    assert!(near(&choice).is_empty());
    for percent in [0, 100] {
        assert!(
            near(&by(Rules::default(), percent)).is_empty(),
            "no cut at {percent} %"
        );
    }
    let report = report_of(&[f64::INFINITY; 4].map(|snr| (0, Some(snr))));
    let equal = set(&report, &by(Rules::default(), 50)).near_ties;
    assert_eq!(equal, [0, 1, 2, 3]);
}

#[test]
fn presets_keep_the_marks_of_the_model() {
    let mut choice = by(pooled(Pool::All), 40);
    choice.set_mark("a", Some(Mark::Pin));
    let preset = Preset::new("mine", &choice);
    let mut other = Choice::default();
    other.set_mark("b", Some(Mark::Drop));
    let applied = preset.applied_to(&other);
    assert_eq!(
        (applied.marks, applied.percent),
        (other.marks, Percent::whole(40))
    );
    assert!(preset.is_of(&choice));
    let [_, quarter, _] = Preset::built_in();
    assert_eq!(quarter.name, "Spectrum 25 %");
    assert_eq!(quarter.applied_to(&Choice::default()), Choice::default());
    let text = serde_json::to_string(&preset).expect("is written");
    assert_eq!(serde_json::from_str::<Preset>(&text).ok(), Some(preset));
}

#[test]
fn a_choice_kept_by_an_earlier_version_is_read() {
    let text = r#"{"percent":40000000,"type_percent":{"up":1000000},"excluded":["down"],
        "marks":{"a":"Pin"},"head":false,"embeddings":true}"#;
    let choice: Choice = serde_json::from_str(text).expect("is read");
    assert_eq!((choice.percent, choice.head), (Percent::whole(40), false));
    assert!(choice.rules.are_default() && choice.budget.is_none());
    let mut choice = by(pooled(Pool::TypeAndTower), 12);
    choice.rules.blocks = Some(Blocks { first: 1, last: 2 });
    choice.budget = Some(Budget::Memory(24 << 30));
    choice.optimizer = Optimizer::Adamw8bit;
    let text = serde_json::to_string(&choice).expect("is written");
    assert_eq!(serde_json::from_str::<Choice>(&text).ok(), Some(choice));
}

/// A report whose odd modules are in another tower.
fn two_towers(report: &SnrReport) -> SnrReport {
    let mut builder = ReportBuilder::new("two");
    for (index, module) in report.modules.iter().enumerate() {
        let layer_type = &report.types[module.layer_type].name;
        let tower = ["audio_tower", "language_model"][index % 2];
        builder
            .push(&format!("{tower}.layers.{index}.{layer_type}"), layer_type)
            .snr = module.snr;
    }
    builder.finish()
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let pool = prop_oneof![Just(Pool::Type), Just(Pool::TypeAndTower), Just(Pool::All)];
    let blocks = prop::option::of((0..20_u32, 0..30_u32));
    (pool, blocks, any::<bool>()).prop_map(|(pool, blocks, out)| Rules {
        by: RankBy::Snr,
        pool,
        towers_out: out.then(|| "audio_tower".to_owned()).into_iter().collect(),
        blocks: blocks.map(|(first, more)| Blocks {
            first,
            last: first + more,
        }),
    })
}

proptest! {
    #[test]
    fn by_all_rules_a_module_enters_where_it_is_said_to(report in any_report(), rules in any_rules()) {
        let report = two_towers(&report);
        let choice = Choice { rules, ..Choice::default() };
        let ranking = Ranking::of(&report, &choice);
        prop_assert!(ranking.fits(&choice));
        let mut seen = vec![false; report.modules.len()];
        for (pool, order) in ranking.order.iter().enumerate() {
            for (place, &module) in order.iter().enumerate() {
                let module = module as usize;
                prop_assert!(!std::mem::replace(&mut seen[module], true));
                prop_assert_eq!(ranking.pool_of(module), Some(pool));
                prop_assert_eq!(ranking.rank[module] as usize, place);
            }
        }
        for (module, &seen) in seen.iter().enumerate() {
            prop_assert_eq!(seen, ranking.pool_of(module).is_some());
            let taken = |percent| {
                let choice = Choice { percent, head: false, embeddings: false, ..choice.clone() };
                set(&report, &choice).chosen[module]
            };
            if let Some(percent) = ranking.enters_at(module) {
                prop_assert!(taken(percent));
                let below = format!("{:.6}", percent.value() - 1e-6);
                prop_assert!(!taken(below.parse().expect("is a percentage")));
            } else {
                prop_assert!(!taken(Percent::FULL));
            }
        }
    }
}
