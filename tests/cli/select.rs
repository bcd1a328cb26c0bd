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
