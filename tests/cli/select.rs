//! `select`.

use std::fs;

use serde_json::Value;

use crate::{error_line, fixture, layerscope, results, run};

fn select(arguments: &[&str]) -> (i32, String, String) {
    run(layerscope().arg("select").arg(results()).args(arguments))
}

fn listed(arguments: &[&str]) -> Vec<String> {
    let (code, stdout, stderr) = select(arguments);
    assert_eq!((code, stderr.as_str()), (0, ""));
    stdout.lines().map(str::to_owned).collect()
}

#[test]
fn the_default_is_the_reference_yaml() {
    for (arguments, percent) in [
        (&[][..], "25"),
        (&["--top-percent", "62.5"], "62.5"),
        (&["--top-percent=100", "--format", "spectrum"], "100"),
    ] {
        let name = format!("snr_results_tiny-mixed_unfrozenparameters_{percent}percent.yaml");
        let expected = fs::read_to_string(fixture(&name)).expect("is there");
        assert_eq!(select(arguments), (0, expected, String::new()));
    }
}

#[test]
fn names_follow_percentages_pins_drops_and_toggles() {
    let names = [
        "--format",
        "names",
        "--no-head",
        "--no-embeddings",
        "--top-percent",
    ];
    let with = |more: &[&str]| listed(&[&names[..], more].concat());
    assert!(with(&["0"]).is_empty());
    assert_eq!(
        with(&["0", "--type-percent", "norm=34"]),
        ["model.layers.0.norm"]
    );
    assert_eq!(
        with(&[
            "0",
            "--type-percent",
            "*=100",
            "--type-percent",
            "mlp.*=0",
            "--type-percent",
            "[lm]*=0"
        ]),
        [
            "model.layers.0.self_attn.q_proj",
            "model.layers.0.norm",
            "model.layers.1.norm",
            "model.layers.2.norm"
        ]
    );
    assert_eq!(
        with(&["25", "--pin", "*.3.*_proj", "--drop", "*.[13].mlp.*"]),
        [
            "model.layers.5.mlp.down_proj",
            "model.layers.0.self_attn.q_proj",
            "model.layers.3.self_attn.q_proj"
        ]
    );
}

#[test]
fn patterns_that_match_nothing_name_the_option() {
    let line =
        |arguments: &[&str]| error_line(layerscope().arg("select").arg(results()).args(arguments));
    let refused = line(&["--pin", "*.k_proj"]);
    assert!(
        refused.starts_with("error: --pin *.k_proj: matches no module; "),
        "{refused}"
    );
    let refused = line(&["--type-percent", "mlp.down_porj=50"]);
    assert!(
        refused.starts_with(
            "error: --type-percent mlp.down_porj: matches no layer type; close to it: mlp.down_proj"
        ),
        "{refused}"
    );
}

#[test]
fn a_file_is_written_once_and_replaced_only_by_force() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("set.yaml");
    let write = |arguments: &[&str]| {
        let mut command = layerscope();
        command.arg("select").arg(results()).arg("-o").arg(&path);
        command.args(arguments);
        command
    };
    let (code, stdout, stderr) = run(&mut write(&[]));
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert!(
        stderr.ends_with("set.yaml: written, 5 of 18 modules\n"),
        "{stderr}"
    );
    let expected = fixture("snr_results_tiny-mixed_unfrozenparameters_25percent.yaml");
    assert_eq!(fs::read(&path).ok(), fs::read(expected).ok());
    let (code, _, stderr) = run(&mut write(&[]));
    assert_eq!(code, 0);
    assert!(stderr.contains("unchanged"), "{stderr}");
    let line = error_line(&mut write(&["--top-percent", "50"]));
    assert!(line.ends_with("or replace it with --force"), "{line}");
    let (code, _, stderr) = run(&mut write(&["--top-percent", "50", "--force", "--quiet"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let (_, expected, _) = select(&["--top-percent", "50"]);
    assert_eq!(fs::read_to_string(&path).ok(), Some(expected));
    let names: Vec<_> = fs::read_dir(folder.path()).expect("is there").collect();
    assert_eq!(names.len(), 1, "no temporary file stays");
}

#[test]
fn the_document_holds_lists_counts_and_text() {
    let (code, stdout, _) = select(&["--json", "--top-percent", "12.5"]);
    assert_eq!(code, 0);
    let document: Value = serde_json::from_str(&stdout).expect("is JSON");
    assert_eq!(document["format"], "spectrum");
    assert_eq!(document["top_percent"], 12.5);
    assert_eq!(document["types"][0]["type"], "mlp.down_proj");
    assert_eq!(
        document["types"][0]["trained"],
        serde_json::json!(["model.layers.1.mlp.down_proj"])
    );
    // One of a type, and the two fixed lines.
    assert_eq!(document["modules"], 3);
    assert_eq!(document["modules_total"], 18);
    assert_eq!(document["parameters"], Value::Null);
    let text = document["text"].as_str().expect("is text");
    assert!(text.starts_with("unfrozen_parameters:\n"), "{text}");
    let (_, stdout, _) = select(&["--json", "--no-head"]);
    let document: Value = serde_json::from_str(&stdout).expect("is JSON");
    assert_eq!(document["top_percent"], Value::Null);
}

/// The document of `select sample`.
fn sample(arguments: &[&str]) -> Value {
    let mut command = layerscope();
    let (code, stdout, stderr) = run(command.args(["select", "sample", "--json"]).args(arguments));
    assert_eq!(code, 0, "{stderr}");
    serde_json::from_str(&stdout).expect("is JSON")
}

fn refused(arguments: &[&str]) -> String {
    error_line(layerscope().args(["select", "sample"]).args(arguments))
}

#[test]
fn a_budget_in_parameters_is_used_up_and_kept() {
    for (text, limit) in [
        ("40M", 40_000_000),
        ("0.04e9", 40_000_000),
        ("134515008", 134_515_008),
    ] {
        let document = sample(&["--budget-params", text]);
        let trained = document["parameters"].as_u64().expect("is known");
        assert!(trained <= limit, "{trained} for {text}");
        let budget = &document["budget"];
        assert_eq!(budget["limit_parameters"], limit);
        if let Some(next) = budget["next_parameters"].as_u64() {
            assert!(next > limit, "{next} for {text}");
        } else {
            assert_eq!(document["modules"], document["modules_total"]);
        }
        // The same set by the percentage that is told.
        let percent = budget["percent"].to_string();
        let plain = sample(&["--top-percent", &percent]);
        assert_eq!(plain["types"], document["types"]);
        assert_eq!(plain["text"], document["text"]);
    }
}

#[test]
fn a_budget_in_memory_is_used_up_and_kept() {
    let document = sample(&["--budget-memory", "1.0", "--optimizer", "adamw-bf16"]);
    let memory = &document["memory"];
    let total = memory["set"]["total"].as_u64().expect("is known");
    assert!(total <= 1 << 30, "{total}");
    assert_eq!(memory["set"]["weights"], 2 * 134_515_008_u64);
    assert_eq!(memory["full"]["total"], 16 * 134_515_008_u64);
    assert_eq!(memory["activations"], "not included");
    let trained = document["parameters"].as_u64().expect("is known");
    assert_eq!(memory["set"]["gradients"], 2 * trained);
    assert_eq!(memory["set"]["optimizer"], 12 * trained);
    let next = document["budget"]["next_parameters"]
        .as_u64()
        .expect("there is more");
    assert!(2 * 134_515_008 + 14 * next > 1 << 30);
}

#[test]
fn a_budget_that_cannot_be_kept_is_refused_with_what_is_over_it() {
    let line = refused(&["--budget-params", "1M"]);
    for part in [
        "error: --budget-params 1000000: the smallest set trains 28,311,552 parameters",
        "head and embedding 28,311,552",
        "27,311,552 too many",
        "--no-embeddings",
    ] {
        assert!(line.contains(part), "{line}");
    }
    let line = refused(&["--budget-memory", "0.3"]);
    assert!(
        line.contains("0.2506 of them the model's weights"),
        "{line}"
    );
    let line = error_line(
        layerscope()
            .arg("select")
            .arg(results())
            .args(["--budget-params", "9"]),
    );
    assert!(line.contains("shapes are not known"), "{line}");
    for wrong in [
        &["--budget-params", "many"][..],
        &["--budget-memory", "-1"],
        &["--budget-params", "1M", "--budget-memory", "1"],
        &["--budget-params", "1M", "--top-percent", "5"],
        &["--blocks", "9-3"],
        &["--rank-by", "size"],
    ] {
        let (code, _, _) = run(layerscope().args(["select", "sample"]).args(wrong));
        assert_eq!(code, 2, "{wrong:?}");
    }
}

#[test]
fn rules_change_what_is_taken() {
    let blocks = sample(&["--blocks", "0-4", "--top-percent", "40"]);
    let text = blocks["text"].as_str().expect("is text");
    assert!(text.contains("model.layers.4.") && !text.contains("model.layers.5."));
    assert_eq!(blocks["top_percent"], Value::Null);
    let all = sample(&["--pool", "all", "--top-percent", "10"]);
    assert_eq!(all["pool"], "all");
    let excess = sample(&["--rank-by", "excess", "--top-percent", "100"]);
    let warning = excess["warnings"][0].as_str().expect("is there");
    assert!(
        warning.contains("have no excess and are never taken"),
        "{warning}"
    );
    let line = refused(&["--blocks", "70-80"]);
    assert!(
        line.ends_with("no module is in these blocks; the last block is 29"),
        "{line}"
    );
    let line = refused(&["--tower", "vision*"]);
    assert!(
        line.starts_with("error: --tower vision*: matches no tower"),
        "{line}"
    );
    let line = error_line(
        layerscope()
            .arg("select")
            .arg(results())
            .args(["--rank-by", "excess"]),
    );
    assert!(line.contains("no excess is known"), "{line}");
}

#[test]
fn picks_that_all_fall_in_one_tower_are_warned_of() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("snr_results_audio.json");
    let mut modules = serde_json::Map::new();
    for (tower, level) in [("audio_tower", 5), ("language_model.model", 1)] {
        for block in 0..8 {
            let name = format!("{tower}.layers.{block}.self_attn.q_proj");
            let snr = f64::from(level) + f64::from(block) / 10.0;
            modules.insert(
                name,
                serde_json::json!({"snr": snr, "type": "self_attn.q_proj"}),
            );
        }
    }
    fs::write(&path, Value::Object(modules).to_string()).expect("is written");
    let select = |arguments: &[&str]| run(layerscope().arg("select").arg(&path).args(arguments));
    let (code, stdout, stderr) = select(&["--top-percent", "30"]);
    assert_eq!(code, 0);
    assert!(!stdout.contains("language_model"));
    assert_eq!(
        stderr,
        "warning: all picks of self_attn.q_proj fall in audio_tower, none in language_model; \
         --pool type-and-tower ranks each tower by itself\n"
    );
    let (_, stdout, stderr) = select(&["--top-percent", "30", "--pool", "type-and-tower"]);
    assert_eq!(stderr, "");
    for block in [6, 7] {
        for tower in ["audio_tower", "language_model.model"] {
            assert!(
                stdout.contains(&format!("- {tower}.layers.{block}.")),
                "{stdout}"
            );
        }
    }
    let (_, stdout, stderr) = select(&["--top-percent", "30", "--tower", "language*"]);
    assert_eq!(stderr, "");
    assert!(stdout.contains("language_model") && !stdout.contains("audio_tower"));
}

#[test]
fn the_percentage_that_inspect_prints_takes_the_module() {
    let module = "model.layers.27.self_attn.v_proj";
    let (code, text, _) = run(layerscope().args(["inspect", "sample", module]));
    assert_eq!(code, 0);
    let line = text
        .lines()
        .find(|line| line.contains("enters at"))
        .unwrap();
    let mut words = line.split_whitespace();
    let percent = words.find(|word| word.parse::<f64>().is_ok()).unwrap();
    let (_, names, _) = run(layerscope().args([
        "select",
        "sample",
        "--format",
        "names",
        "--top-percent",
        percent,
    ]));
    assert!(names.lines().any(|name| name == module), "{percent}");
}
