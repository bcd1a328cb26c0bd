//! `layerscope inspect` from the outside.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use safetensors::tensor::{Dtype, TensorView};
use serde_json::Value;

use crate::noise::gaussian;

const MODULE: &str = "model.layers.0.mlp.down_proj";

fn inspect(arguments: &[&str]) -> Output {
    Command::new(assert_cmd::cargo::cargo_bin!("layerscope"))
        .arg("inspect")
        .args(arguments)
        .output()
        .unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = inspect(&[arguments, &["--json", "--quiet"]].concat());
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{complaint}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn error(arguments: &[&str]) -> String {
    let output = inspect(arguments);
    assert_eq!(output.status.code(), Some(1));
    let line = String::from_utf8(output.stderr).unwrap();
    assert!(
        line.starts_with("error: ") && line.lines().count() == 1,
        "{line}"
    );
    line
}

/// A model of two noise matrices, one of them of three experts.
fn model(folder: &Path) -> String {
    let tensors = [
        ("layers.0.mlp.up_proj.weight", vec![40, 44], 1),
        ("layers.0.mlp.experts.down_proj", vec![3, 10, 12], 2),
    ];
    let bytes = tensors.clone().map(|(_, shape, seed)| {
        let values = gaussian(seed, 1, shape.iter().product(), 0.1);
        let narrow = values.into_iter().map(|value| value as f32);
        narrow.flat_map(f32::to_le_bytes).collect::<Vec<u8>>()
    });
    let views = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
        (
            *name,
            TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap(),
        )
    });
    let file = folder.join("model.safetensors");
    fs::write(&file, safetensors::serialize(views, None).unwrap()).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn the_sample_has_every_number() {
    let document = json(&["sample", MODULE]);
    assert_eq!(document["module"], MODULE);
    assert_eq!(document["type"], "mlp.down_proj");
    assert_eq!(document["block"], 0);
    assert_eq!(document["shape"], serde_json::json!([576, 1536]));
    for key in [
        "parameters",
        "snr",
        "tau",
        "sigma_iqr",
        "s_max",
        "signal_sum",
        "noise_sum",
        "control_snr",
        "excess",
        "soft_rank",
        "stable_rank",
        "effective_rank",
        "enters_at_percent",
    ] {
        assert!(document[key].is_number(), "{key}: {}", document[key]);
    }
    for key in ["scale", "lambda_plus", "s_plus", "tw95", "spikes", "ks"] {
        assert!(document["mp"][key].is_number(), "mp.{key}");
    }
    assert_eq!(document["mp"]["method"], "median");
    for key in ["alpha", "x_min", "ks"] {
        assert!(document["alpha"][key].is_number(), "alpha.{key}");
    }
    // The numbers hang together.
    let number = |value: &Value| value.as_f64().unwrap();
    let snr = number(&document["signal_sum"])
        / number(&document["noise_sum"])
        / number(&document["s_max"]);
    assert!((snr / number(&document["snr"]) - 1.0).abs() < 1e-6);
    assert!(number(&document["interval"]["least"]) <= number(&document["snr"]) * (1.0 + 1e-6));
    let soft = (number(&document["mp"]["s_plus"]) / number(&document["s_max"])).powi(2);
    assert!((soft / number(&document["soft_rank"]) - 1.0).abs() < 1e-9);
}

#[test]
fn alpha_and_stable_rank_are_those_of_weightwatcher() {
    // Version 0.7.7 on the sample's kept spectra: `WWFit` and `stable_rank`, x_min over M.
    let expected = [
        (MODULE, 2.466_152_342_757, 0.023_233_346_127, 52.744_299_088),
        (
            "model.layers.3.self_attn.k_proj",
            7.991_315_650_624,
            0.140_803_244_532,
            37.453_065_870,
        ),
        (
            "model.layers.20.self_attn.q_proj",
            5.466_855_455_027,
            0.289_025_467_434,
            30.977_432_495,
        ),
    ];
    for (module, alpha, x_min, stable_rank) in expected {
        let document = json(&["sample", module]);
        for (value, expected) in [
            (&document["alpha"]["alpha"], alpha),
            (&document["alpha"]["x_min"], x_min),
            (&document["stable_rank"], stable_rank),
        ] {
            let value = value.as_f64().unwrap();
            assert!(
                (value / expected - 1.0).abs() < 1e-8,
                "{module}: {value} {expected}"
            );
        }
    }
}

#[test]
fn the_method_changes_the_law_alone() {
    let median = json(&["sample", MODULE]);
    for method in ["iqr", "variance", "ks"] {
        let other = json(&["sample", MODULE, "--method", method]);
        assert_eq!(other["mp"]["method"], method);
        assert_ne!(other["mp"]["scale"], median["mp"]["scale"]);
        assert_eq!(
            (&other["snr"], &other["alpha"]),
            (&median["snr"], &median["alpha"])
        );
    }
}

#[test]
fn the_text_says_what_the_numbers_are() {
    let output = inspect(&["sample", MODULE]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with(&format!("{MODULE}\n\n")), "{text}");
    for part in [
        "rows × columns as stored",
        "control SNR",
        "Marchenko–Pastur",
        "spikes",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn a_norm_says_that_tau_separates_nothing() {
    let document = json(&["sample", "model.layers.3.input_layernorm"]);
    assert!(document["control_snr"].is_null() && document["excess"].is_null());
    assert!(
        document["notes"][0]
            .as_str()
            .unwrap()
            .contains("separates nothing")
    );
}

#[test]
fn one_module_of_a_model_is_scanned_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = model(folder.path());
    let document = json(&[&file, "layers.0.mlp.up_proj.weight"]);
    assert_eq!(document["module"], "layers.0.mlp.up_proj");
    let scale = document["mp"]["scale"].as_f64().unwrap();
    assert!((scale - 0.1).abs() < 0.01, "{scale}");
    assert_eq!(document["mp"]["spikes"], 0);
    assert!(
        document["enters_at_percent"].is_null(),
        "nothing else was scanned"
    );
}

#[test]
fn experts_are_shown_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = model(folder.path());
    let name = "layers.0.mlp.experts.down_proj";
    let all = json(&[&file, name]);
    assert!(all["snr"].is_number() && all["tau"].is_null());
    assert!(
        all["notes"][0]
            .as_str()
            .unwrap()
            .contains("--expert 0 to 2")
    );
    let taus: Vec<f64> = ["0", "1", "2"]
        .map(|expert| {
            json(&[&file, name, "--expert", expert])["tau"]
                .as_f64()
                .unwrap()
        })
        .to_vec();
    assert!((taus[0] - taus[1]).abs() > 1e-9, "{taus:?}");
    assert!(error(&[&file, name, "--expert", "3"]).contains("3 matrices"));
}

#[test]
fn results_alone_say_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("snr_results_x.json");
    fs::write(
        &results,
        r#"{"a.0.q": {"snr": 0.5, "type": "q"}, "a.1.q": {"snr": Infinity, "type": "q"}}"#,
    )
    .unwrap();
    let results = results.to_str().unwrap();
    let document = json(&[results, "a.0.q"]);
    assert_eq!(
        (&document["snr"], &document["enters_at_percent"]),
        (&0.5.into(), &100.0.into())
    );
    assert!(document["tau"].is_null() && document["mp"].is_null());
    assert!(
        document["notes"][0]
            .as_str()
            .unwrap()
            .contains("layerscope scan")
    );
    assert_eq!(json(&[results, "a.1.q"])["snr"], "Infinity");
}

#[test]
fn an_unknown_module_is_answered_with_close_ones() {
    let line = error(&["sample", "model.layers.0.mlp.downproj"]);
    assert!(line.contains("close to it: model.layers.0.mlp."), "{line}");
    let line = error(&["sample", "model.layers.*.mlp.down_proj"]);
    assert!(line.contains("several modules"), "{line}");
    assert!(error(&["/no/such/file", "x"]).contains("/no/such/file"));
}
