//! `check`, and the formats of `select` that it reads back.

use std::fs;

use serde_json::{Value, json};

use crate::{error_line, fixture, layerscope, results, run};

fn set() -> std::path::PathBuf {
    fixture("snr_results_tiny-mixed_unfrozenparameters_25percent.yaml")
}

#[test]
fn the_text_says_what_trains() {
    let (code, stdout, stderr) = run(layerscope().arg("check").arg(set()).arg(results()));
    assert_eq!(code, 0, "{stderr}");
    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "consumer: aws (AWS SageMaker sample (train_spectrum.py))",
            "entries: 5",
            "train: 5 of 18 parameter tensors, in 5 of 18 modules",
            "every entry matches what it names, and nothing else",
        ]
    );
    assert!(
        stderr.contains("warning: the results list weights only"),
        "{stderr}"
    );
}

#[test]
fn the_document_names_everything() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("set.yaml");
    let text = "unfrozen_parameters:\n- model.layers.1\n- nothing.here\n- (?=x)\n";
    fs::write(&path, text).expect("is written");
    let mut command = layerscope();
    command.args(["check", "--json"]).arg(&path).arg(results());
    let (code, stdout, _) = run(&mut command);
    assert_eq!(code, 0);
    let document: Value = serde_json::from_str(&stdout).expect("is JSON");
    assert_eq!(document["consumer"], "aws");
    assert_eq!(document["unmatched"], json!(["nothing.here"]));
    assert_eq!(document["unreadable"][0]["line"], 4);
    assert_eq!(document["trainable_parameters"], Value::Null);
    let trainable = document["trainable"].as_array().expect("is a list");
    assert!(trainable.contains(&json!("model.layers.1.mlp.down_proj.weight")));
    for name in trainable {
        assert!(
            name.as_str()
                .is_some_and(|name| name.starts_with("model.layers.1"))
        );
    }
    let line = error_line(
        layerscope()
            .args(["check", "--strict", "--json", "-q"])
            .arg(&path)
            .arg("none"),
    );
    assert!(
        line.contains("none: there is no such folder or file"),
        "{line}"
    );
    let (code, _, stderr) = run(layerscope()
        .args(["check", "--strict", "-q"])
        .arg(&path)
        .arg(results()));
    assert_eq!(code, 1);
    assert!(stderr.contains("1 entries match nothing"), "{stderr}");
}

#[test]
fn names_that_change_and_sets_rewritten_for_them() {
    let check = |more: &[&str]| {
        let mut command = layerscope();
        command
            .args(["check", "--json"])
            .arg(set())
            .arg(results())
            .args(more);
        let (code, stdout, stderr) = run(&mut command);
        assert_eq!(code, 0, "{stderr}");
        let document: Value = serde_json::from_str(&stdout).expect("is JSON");
        document["trainable"].as_array().map(Vec::len)
    };
    assert_eq!(check(&["--rename", "peft"]), Some(0));
    assert_eq!(check(&["--rename", "peft", "--rewrite"]), Some(5));
    assert_eq!(
        check(&["--rename", "fsdp", "--rewrite", "--consumer", "axolotl"]),
        Some(5)
    );
    let (code, _, stderr) = run(layerscope().args(["check", "a", "b", "--consumer", "trl"]));
    assert_eq!(code, 2);
    assert!(
        stderr.contains("is not a consumer; choose one of aws,"),
        "{stderr}"
    );
}

#[test]
fn every_format_is_read_back_for_its_consumer() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for format in [
        "spectrum",
        "aws",
        "snippet",
        "axolotl",
        "ms-swift",
        "ms-swift-regex",
        "peft",
        "names",
    ] {
        let path = folder.path().join(format);
        let mut command = layerscope();
        command
            .args(["select", "--format", format, "-q", "-o"])
            .arg(&path)
            .arg(results());
        let (code, _, stderr) = run(&mut command);
        assert_eq!((code, stderr.as_str()), (0, ""), "{format}");
        let mut command = layerscope();
        command
            .args(["check", "--strict", "--json"])
            .arg(&path)
            .arg(results());
        let (code, stdout, stderr) = run(&mut command);
        assert_eq!(code, 0, "{format}: {stderr}");
        let document: Value = serde_json::from_str(&stdout).expect("is JSON");
        assert_eq!(
            document["trainable"].as_array().map(Vec::len),
            Some(5),
            "{format}: {stdout}"
        );
    }
    let (code, stdout, stderr) = run(layerscope()
        .args(["select", "--format", "llama-factory"])
        .arg(results()));
    assert_eq!(code, 0);
    assert!(stdout.starts_with("finetuning_type: freeze\n"), "{stdout}");
    assert!(stderr.contains("would not train"), "{stderr}");
    let (code, stdout, _) = run(layerscope()
        .args(["select", "--format", "python"])
        .arg(results()));
    assert_eq!(code, 0);
    assert!(
        stdout.contains("def freeze_all_but_trained(model):"),
        "{stdout}"
    );
}
