//! Logs told from everything else by their first bytes.

use std::path::Path;

use layerscope::run::is_log;

use crate::support::{fixture, shared};

fn head(path: &Path, length: usize) -> Vec<u8> {
    let mut bytes = std::fs::read(path).expect("a file");
    bytes.truncate(length);
    bytes
}

#[test]
fn every_layout_is_a_log_by_its_first_bytes() {
    let folder = fixture(".");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("fixtures") {
        let path = entry.expect("a fixture").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(is_log(&head(&path, 4096), &name), "{name}");
        seen += 1;
    }
    assert!(seen >= 15);
    for name in [
        "jsonl/full.jsonl",
        "trainer_state/full.trainer_state.json",
        "mlflow/metrics.csv",
    ] {
        let Some(path) = shared(name) else { return };
        assert!(is_log(&head(&path, 4096), name), "{name}");
    }
}

#[test]
fn what_else_is_opened_is_no_log() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in [
        "tests/fixtures/snr_results_tiny-mixed.json",
        "tests/fixtures/snr_results_tiny-mixed_sorted.json",
        "tests/fixtures/snr_results_tiny-mixed_unfrozenparameters_25percent.yaml",
        "assets/sample/snr_results_SmolLM2-135M-Instruct.json",
        "assets/sample/snr_results_SmolLM2-135M-Instruct.spectra.safetensors",
        "assets/sample/runs/spectrum-50.yaml",
        "assets/sample/README.md",
        "Cargo.toml",
        "README.md",
        "src/lib.rs",
    ] {
        assert!(!is_log(&head(&root.join(name), 4096), name), "{name}");
    }
    for (name, text) in [
        (
            "config.json",
            r#"{"architectures": ["LlamaForCausalLM"], "hidden_size": 576}"#,
        ),
        (
            "adapter_config.json",
            r#"{"peft_type": "LORA", "r": 16, "target_modules": "model\\.layers\\.1"}"#,
        ),
        (
            "results.json",
            r#"{"model.layers.0.mlp.up_proj": {"snr": 0.5, "type": "mlp.up_proj"}, "model.l"#,
        ),
        (
            "axolotl.yaml",
            "base_model: x\nlearning_rate: 2e-4\nnum_epochs: 3\nunfrozen_parameters:\n  - ^lm_head.weight$\n",
        ),
        ("numbers.yaml", "a: 1\nb: 2\nc: 3\n"),
        (
            "names.txt",
            "model.layers.0.mlp.up_proj\nmodel.layers.1.mlp.up_proj\n",
        ),
        (
            "args.sh",
            "--train_type full \\\n--freeze_parameters_ratio 1 \\\n--trainable_parameters a b\n",
        ),
        ("empty", ""),
    ] {
        assert!(!is_log(text.as_bytes(), name), "{name}");
    }
}
