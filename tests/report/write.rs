//! Both layouts written: against files that Python wrote.

use layerscope::report::{ReportBuilder, SnrReport, flat_json, sorted_json};
use layerscope::spectral::Snr;

use crate::{fixture, shared};

fn text(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).expect("is there")
}

#[test]
fn both_layouts_are_what_python_writes() {
    let path = fixture("snr_results_tiny-mixed.json");
    let report = SnrReport::open(&path).expect("opens");
    assert_eq!(flat_json(&report), text(&path));
    let sorted = fixture("snr_results_tiny-mixed_sorted.json");
    assert_eq!(sorted_json(&report), text(&sorted));
}

#[test]
fn the_sorted_layout_survives_reading() {
    let path = fixture("snr_results_tiny-mixed_sorted.json");
    let report = SnrReport::open(&path).expect("opens");
    assert_eq!(sorted_json(&report), text(&path));
}

#[test]
fn unscanned_modules_are_absent_and_computed_ratios_are_rounded() {
    let detail = Snr {
        snr: 0.1,
        sigma_iqr: 1.0,
        tau: 1.0,
        s_max: 1.0,
        signal_sum: 1.0,
        noise_sum: 10.0,
        signal_count: 1,
        count: 2,
    };
    let mut builder = ReportBuilder::new("mine");
    builder.push("a", "t");
    builder.push("b", "u").set_detail(detail);
    builder.push("c", "u").snr = Some(0.1);
    let forgotten = builder.push("d", "u");
    forgotten.detail = Some(detail);
    forgotten.snr = Some(detail.snr);
    let report = builder.finish();
    let rounded = f64::from(0.1_f32);
    assert_eq!(report.modules[1].snr, Some(rounded));
    let expected = format!(
        "{{\n    \"u\": {{\n        \"b\": {rounded},\n        \"d\": {rounded},\n        \"c\": 0.1\n    }}\n}}"
    );
    assert_eq!(sorted_json(&report), expected);
    assert!(
        flat_json(&report).starts_with("{\n    \"b\": {\n        \"snr\": 0.10000000149011612")
    );
}

#[test]
fn published_files_are_written_back_as_they_are() {
    let files = [
        "snr_results/snr_results_CohereForAI-c4ai-command-r-plus.json",
        "snr_results/snr_results_Qwen-Qwen2-7B.json",
        "snr_results/snr_results_TinyLlama-TinyLlama-v1.1.json",
        "snr_results/snr_results_deepseek-ai-DeepSeek-V2.json",
        "snr_results/snr_results_meta-llama-Meta-Llama-3.1-8B.json",
        "models/bert-f32/model_snr_results/snr_results_tiny-bert-f32.json",
        "models/gpt2-f16/model_snr_results/snr_results_tiny-gpt2-f16.json",
        "models/llama-tied-bf16-sharded/model_snr_results/snr_results_tiny-llama-tied-bf16-sharded.json",
    ];
    for path in files.into_iter().filter_map(shared) {
        let report = SnrReport::open(&path).expect("opens");
        let (written, there) = (flat_json(&report), text(&path));
        for (written, there) in written.lines().zip(there.lines()) {
            assert_eq!(written, there, "{}", path.display());
        }
        assert!(written == there.trim_end(), "{}", path.display());
    }
}
