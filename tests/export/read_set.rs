//! Freeze sets are told by their content, and what is none is refused with a place.

use layerscope::export::{Consumer, FreezeFile, Settings, read_freeze_file, read_freeze_text};

use crate::{fixture, shared};

fn read(text: &str) -> FreezeFile {
    read_freeze_text(std::path::Path::new("set"), text).expect("is a set")
}

fn refused(text: &str) -> String {
    let error = read_freeze_text(std::path::Path::new("set"), text).expect_err("is no set");
    error.to_string()
}

fn entries(file: &FreezeFile) -> Vec<(&str, usize)> {
    let patterns = file.patterns.iter();
    patterns.map(|one| (one.text.as_str(), one.line)).collect()
}

#[test]
fn each_kind_is_told_by_its_content() {
    let cases = [
        ("unfrozen_parameters:\n- a.b\n", Consumer::Aws),
        ("- a.b\n- c.d\n", Consumer::Aws),
        (
            "base_model: x\nunfrozen_parameters:\n  - a.b\n",
            Consumer::Axolotl,
        ),
        (
            "base_model: x\nspectrum_top_fraction: 0.1\n",
            Consumer::AxolotlPlugin,
        ),
        ("finetuning_type: freeze\n", Consumer::LlamaFactory),
        (
            "train_type: full\ntrainable_parameters:\n- a\n",
            Consumer::MsSwift,
        ),
        ("trainable_parameters_regex: a.*\n", Consumer::MsSwiftRegex),
        (
            "#!/bin/sh\nswift sft --trainable_parameters a.b",
            Consumer::MsSwift,
        ),
        (
            "{\"peft_type\": \"LORA\", \"target_modules\": [\"q\"]}",
            Consumer::Peft,
        ),
        ("[\"a.b.\", \"c\"]", Consumer::Snippet),
        ("model.layers.0.up\nlm_head\n", Consumer::Snippet),
        ("\u{feff}unfrozen_parameters:\r\n- a.b\r\n", Consumer::Aws),
        ("unfrozen_parameters:\n- a.b\n- {broken\n", Consumer::Aws),
    ];
    for (text, consumer) in cases {
        assert_eq!(read(text).consumer, consumer, "{text}");
    }
}

#[test]
fn entries_keep_their_lines() {
    let file =
        read("# a set\nunfrozen_parameters:\n- ^a$\n# b layers\n- a.1.b\n\n- 'a.10.b'\n- a.1.b\n");
    assert_eq!(
        entries(&file),
        [("^a$", 3), ("a.1.b", 5), ("a.10.b", 7), ("a.1.b", 8)]
    );
    let file = read("swift sft \\\n  --trainable_parameters a.b \\\n  \"c d\" # the end\n");
    assert_eq!(entries(&file), [("a.b", 2), ("c d", 3)]);
}

#[test]
fn what_yaml_takes_for_something_else_is_told() {
    let file = read("unfrozen_parameters:\n- 5\n- [0-9]\n- a: b\n- ~\n- a.b\n");
    assert_eq!(entries(&file), [("a.b", 6)]);
    assert_eq!(file.warnings.len(), 4, "{:?}", file.warnings);
    assert!(
        file.warnings[1].contains("needs quotes"),
        "{:?}",
        file.warnings
    );
    let file = read("unfrozen_parameters:\nother: 1\n");
    assert_eq!(file.warnings, ["unfrozen_parameters lists nothing"]);
}

#[test]
fn what_is_no_set_is_refused_with_its_place() {
    assert!(refused("").contains("line 1: holds nothing"));
    assert!(refused("{\"a\": ").contains("set: line 1 column"));
    assert!(refused("{\"a\": {\"snr\": 1.0, \"type\": \"b\"}}").contains("results of a scan"));
    assert!(refused("{\"a\": {\"snr\": Infinity}}").contains("looks like Spectrum's results"));
    assert!(refused("learning_rate: 1\n").contains("holds no freeze set"));
    assert!(refused("some words that are no set\n").contains("holds no freeze set"));
    assert!(refused("a: [\n").contains("line "));
    assert!(refused("--trainable_parameters 'a").contains("a quote is not closed"));
    assert!(
        refused("--trainable_parameters a --freeze_parameters_ratio x").contains("is no number")
    );
    assert!(refused("unfrozen_parameters: 5\n").contains("unfrozen_parameters: is no list"));
}

#[test]
fn files_that_are_no_text_are_refused() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("set.yaml");
    std::fs::write(&path, b"unfrozen_parameters:\n- \xff\n").expect("is written");
    let line = read_freeze_file(&path).expect_err("is no text").to_string();
    assert!(
        line.contains("set.yaml: line 2: is no UTF-8 text"),
        "{line}"
    );
    let line = read_freeze_file(folder.path())
        .expect_err("is a folder")
        .to_string();
    assert!(line.contains("is a folder"), "{line}");
    assert!(read_freeze_file(&folder.path().join("none")).is_err());
}

#[test]
fn the_plugins_fraction_has_a_default() {
    let file = read("spectrum_model_name: m\n");
    assert_eq!(file.settings, Settings::AxolotlPlugin { top_fraction: 0.5 });
    assert!(refused("spectrum_top_fraction: many\n").contains("is no number"));
}

#[test]
fn real_sets_are_read_whole() {
    let path = fixture("snr_results_tiny-mixed_unfrozenparameters_25percent.yaml");
    let file = read_freeze_file(&path).expect("is a set");
    assert_eq!(file.path.as_deref(), Some(path.as_path()));
    assert!(file.warnings.is_empty(), "{:?}", file.warnings);
    for percent in [10, 25, 50] {
        let Some(path) = shared(&format!("runs/spectrum-{percent}.yaml")) else {
            return;
        };
        let text = std::fs::read_to_string(&path).expect("is text");
        let lines = text.lines().enumerate();
        let listed: Vec<(&str, usize)> = lines
            .filter_map(|(index, line)| Some((line.strip_prefix("- ")?, index + 1)))
            .collect();
        assert_eq!(entries(&read_freeze_file(&path).expect("is a set")), listed);
    }
}
