//! What the reference program writes, byte for byte.

use std::fmt::Write as _;

use layerscope::export::{flat_file_name, sorted_file_name, spectrum_file_name, spectrum_yaml};
use layerscope::report::{SnrReport, sorted_json};
use layerscope::selection::{Choice, Mark, Percent};
use sha2::{Digest as _, Sha256};

use crate::{fixture, mixed, set, shared};

fn plain(percent: &str) -> Choice {
    Choice {
        percent: percent.parse().expect("is a percentage"),
        ..Choice::default()
    }
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[test]
fn small_sets_are_byte_equal() {
    let report = mixed();
    for percent in ["25", "62.5", "100"] {
        let set = set(&report, &plain(percent));
        let name = spectrum_file_name(&report.slug, &set);
        assert_eq!(
            name,
            format!("snr_results_tiny-mixed_unfrozenparameters_{percent}percent.yaml")
        );
        let expected = std::fs::read_to_string(fixture(&name)).expect("is there");
        assert_eq!(spectrum_yaml(&report, &set), expected, "{percent}");
    }
}

#[test]
fn published_results_give_the_reference_files() {
    let Some(list) = shared("snr_results/expected.tsv") else {
        return;
    };
    let list = std::fs::read_to_string(list).expect("is there");
    let mut opened: Option<(String, SnrReport)> = None;
    let mut compared = 0;
    for line in list.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[results, percent, output, expected] = fields.as_slice() else {
            panic!("{line}");
        };
        if opened.as_ref().is_none_or(|(name, _)| name != results) {
            let path = shared(&format!("snr_results/{results}")).expect("is there");
            opened = Some((results.to_owned(), SnrReport::open(&path).expect("opens")));
        }
        let (_, report) = opened.as_ref().expect("was opened");
        let (name, text) = if percent == "sorted" {
            (sorted_file_name(&report.slug), sorted_json(report))
        } else {
            let set = set(report, &plain(percent));
            (
                spectrum_file_name(&report.slug, &set),
                spectrum_yaml(report, &set),
            )
        };
        assert_eq!(name, output);
        assert_eq!(sha256(&text), expected, "{output}");
        compared += 1;
    }
    assert_eq!(compared, 50, "45 sets and 5 sorted files");
}

#[test]
fn tiny_models_give_the_reference_files() {
    for (folder, slug) in [
        ("gpt2-f16", "tiny-gpt2-f16"),
        ("llama-tied-bf16-sharded", "tiny-llama-tied-bf16-sharded"),
    ] {
        let flat = flat_file_name(slug);
        let Some(path) = shared(&format!("models/{folder}/model_snr_results/{flat}")) else {
            continue;
        };
        let beside = |name: &str| {
            let path = shared(&format!("models/{folder}/{name}")).expect("is there");
            std::fs::read_to_string(path).expect("is text")
        };
        let report = SnrReport::open(&path).expect("opens");
        assert_eq!(
            sorted_json(&report),
            beside(&sorted_file_name(&report.slug))
        );
        let set = set(&report, &plain("25"));
        let name = spectrum_file_name(&report.slug, &set);
        assert_eq!(spectrum_yaml(&report, &set), beside(&name));
    }
}

#[test]
fn a_sorted_file_gives_the_same_sets() {
    let flat = mixed();
    let sorted = SnrReport::open(&fixture("snr_results_tiny-mixed_sorted.json")).expect("opens");
    for percent in ["0", "25", "62.5", "100"] {
        let choice = plain(percent);
        assert_eq!(
            spectrum_yaml(&flat, &set(&flat, &choice)),
            spectrum_yaml(&sorted, &set(&sorted, &choice))
        );
    }
}

#[test]
fn types_left_out_leave_no_trace() {
    let report = mixed();
    let mut choice = plain("25");
    choice.excluded.insert("mlp.down_proj".into());
    let set = set(&report, &choice);
    assert!(!spectrum_yaml(&report, &set).contains("mlp.down_proj"));
    assert!(spectrum_file_name(&report.slug, &set).ends_with("_25percent.yaml"));
}

#[test]
fn fixed_lines_follow_their_toggles() {
    let report = mixed();
    let text = |head, embeddings| {
        let choice = Choice {
            head,
            embeddings,
            ..plain("0")
        };
        let text = spectrum_yaml(&report, &set(&report, &choice));
        text.lines()
            .filter(|line| line.starts_with("- "))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (head, embeddings) = ("- ^lm_head.weight$", "- ^model.embed_tokens.weight$");
    assert_eq!(text(true, true), [head, embeddings]);
    assert_eq!(text(false, true), [embeddings]);
    assert_eq!(text(true, false), [head]);
    assert!(text(false, false).is_empty());
}

#[test]
fn a_set_tuned_by_hand_is_named_custom() {
    let report = mixed();
    let named = |choice: &Choice| spectrum_file_name("m", &set(&report, choice));
    let custom = "snr_results_m_unfrozenparameters_custom.yaml";
    let mut choice = plain("25");
    choice.set_mark("model.layers.3.mlp.down_proj", Some(Mark::Pin));
    assert_eq!(named(&choice), custom);
    let mut choice = plain("25");
    choice
        .type_percent
        .insert("mlp.down_proj".into(), Percent::whole(50));
    assert_eq!(named(&choice), custom);
    let choice = Choice {
        head: false,
        ..plain("25")
    };
    assert_eq!(named(&choice), custom);
    // A mark that changes nothing makes no other set.
    let mut choice = plain("25");
    choice.set_mark("model.layers.1.mlp.down_proj", Some(Mark::Pin));
    choice.set_mark("model.layers.3.mlp.down_proj", Some(Mark::Drop));
    assert_eq!(
        named(&choice),
        "snr_results_m_unfrozenparameters_25percent.yaml"
    );
}

#[test]
fn a_yaml_reader_sees_the_chosen_modules() {
    let report = mixed();
    let set = set(&report, &plain("62.5"));
    let document: std::collections::BTreeMap<String, Vec<String>> =
        serde_yaml::from_str(&spectrum_yaml(&report, &set)).expect("is YAML");
    let fixed = ["^lm_head.weight$", "^model.embed_tokens.weight$"].map(str::to_owned);
    let taken = set.types.iter().flatten().flatten();
    let modules = taken.map(|&module| report.modules[module as usize].name.clone());
    let expected: Vec<String> = fixed.into_iter().chain(modules).collect();
    assert_eq!(document["unfrozen_parameters"], expected);
}
