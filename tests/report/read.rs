//! What is read, and what is refused.

use std::path::Path;

use layerscope::Error;
use layerscope::report::{SnrReport, slug_of_file};

use crate::{fixture, shared};

fn read(text: &str) -> Result<SnrReport, Error> {
    SnrReport::from_json(text.as_bytes().to_vec(), Path::new("results.json"))
}

fn refusal(text: &str) -> String {
    read(text).expect_err("is refused").to_string()
}

fn names(report: &SnrReport) -> Vec<&str> {
    report.modules.iter().map(|m| m.name.as_str()).collect()
}

#[test]
fn the_flat_layout_keeps_order_types_blocks_and_bare_tokens() {
    let report = SnrReport::open(&fixture("snr_results_tiny-mixed.json")).expect("opens");
    assert_eq!(report.slug, "tiny-mixed");
    assert_eq!(report.modules.len(), 18);
    let types: Vec<&str> = report.types.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(types[..3], ["mlp.down_proj", "self_attn.q_proj", "lm_head"]);
    assert_eq!(report.types[0].modules, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(report.modules[4].block, Some(4));
    assert_eq!(report.modules[4].snr, Some(2.5));
    assert_eq!(report.modules[1].snr, Some(f64::INFINITY));
    assert!(report.modules[3].snr.is_some_and(f64::is_nan));
    assert_eq!(report.modules[17].snr, Some(f64::NEG_INFINITY));
    assert_eq!(report.modules[14].name, "model.größe.😀");
    assert!(report.warnings.is_empty());
}

#[test]
fn the_sorted_layout_holds_the_same_modules() {
    let flat = SnrReport::open(&fixture("snr_results_tiny-mixed.json")).expect("opens");
    let sorted = SnrReport::open(&fixture("snr_results_tiny-mixed_sorted.json")).expect("opens");
    assert_eq!(sorted.slug, "tiny-mixed");
    assert_eq!(sorted.types.len(), flat.types.len());
    assert_eq!(sorted.modules[0].name, "model.layers.1.mlp.down_proj");
    for module in &flat.modules {
        let found = sorted.find(&module.name).expect("is in both");
        assert_eq!(
            sorted.type_of(found).name,
            flat.types[module.layer_type].name
        );
        let bits = |snr: Option<f64>| snr.filter(|snr| !snr.is_nan()).map(f64::to_bits);
        assert_eq!(bits(sorted.modules[found].snr), bits(module.snr));
    }
}

#[test]
fn the_layout_is_told_by_content() {
    // A sorted file with a type and modules named like the keys of the flat layout.
    let report = read(r#"{"type": {"snr": NaN, "type": NaN}, "b": {"c": 1}}"#).expect("is sorted");
    assert_eq!(names(&report), ["snr", "type", "c"]);
    // A flat one whose first module has more members, null for a number, and a nested value.
    let text = r#"{"a": {"note": {"x": [1]}, "type": "t", "snr": null, "ok": true}}"#;
    let report = read(text).expect("is flat");
    assert_eq!(report.types[0].name, "t");
    assert!(report.modules[0].snr.is_some_and(f64::is_nan));
    // Bare tokens are told from text that looks like them, also behind an escaped quote.
    let text = r#"{"a\\": {"snr": -Infinity, "type": "x\": NaN"}, "Infinity": {"snr": "Infinity", "type": "t"}}"#;
    let report = read(text).expect("is flat");
    assert_eq!(names(&report), ["a\\", "Infinity"]);
    assert_eq!(report.types[0].name, "x\": NaN");
    assert_eq!(report.modules[0].snr, Some(f64::NEG_INFINITY));
    assert_eq!(report.modules[1].snr, Some(f64::INFINITY));
}

#[test]
fn a_byte_order_mark_is_no_obstacle() {
    let report = read("\u{feff}{\"t\": {\"m\": 1}}").expect("opens");
    assert_eq!(names(&report), ["m"]);
}

#[test]
fn a_repeated_module_warns_and_its_last_value_counts() {
    let report = read(r#"{"t": {"m": 1, "n": 2, "m": 3}, "u": {"n": 4}}"#).expect("opens");
    assert_eq!(names(&report), ["m", "n"]);
    assert_eq!(report.modules[0].snr, Some(3.0));
    assert_eq!(report.type_of(1).name, "u");
    assert_eq!(report.warnings.len(), 2);
    assert!(report.warnings[0].starts_with("m is listed more than once"));
}

#[test]
fn a_blank_file_says_that_it_is_blank() {
    for text in ["", "\r\n", " \t\n", "\u{feff}\n"] {
        let line = refusal(text);
        assert!(line.starts_with("results.json: "), "{line}");
        assert!(
            line.contains("is blank: no results in it; scan the model again"),
            "{line}"
        );
    }
}

#[test]
fn a_broken_file_says_where() {
    let cases = [
        (
            "{\n    \"a\": {\"snr\": Infinity, \"type\" 1}}",
            "line 2 column 35: expected `:`",
        ),
        ("{\"a\": {\"snr\": 1", "cut short"),
        ("[1, 2]", "line 1 column 0: invalid type: sequence"),
        ("hello", "line 1 column 1: expected value"),
        ("{\"a\": 5}", "expected an object; give a results file"),
        ("{\"a\": {\"snr\": Nan, \"type\": \"t\"}}", "line 1 column"),
        (
            "{\"a\": {\"snr\": 1, \"type\": \"t\"}} x",
            "trailing characters",
        ),
    ];
    for (text, part) in cases {
        let line = refusal(text);
        assert!(line.contains(part), "{line}");
    }
}

#[test]
fn a_wrong_shape_says_which_module() {
    let cases = [
        (
            r#"{"a": {"snr": 1, "type": "t"}, "b": {"snr": 2}}"#,
            "module b: has no \"type\"",
        ),
        (
            r#"{"a": {"snr": 1, "type": "t"}, "b": {"type": "t"}}"#,
            "module b: has no \"snr\"",
        ),
        (
            r#"{"a": {"snr": "much", "type": "t"}}"#,
            "module a: its \"snr\" is not a number",
        ),
        (
            r#"{"a": {"snr": 1, "type": "t"}, "b": {"snr": 1, "type": 2}}"#,
            "its \"type\" is not",
        ),
        (
            r#"{"t": {"a": 1, "b": [2]}}"#,
            "module b of t: its ratio is not a number",
        ),
        (r#"{"t": {"a\n- b": 1}}"#, "control character"),
        (r#"{"t": {"": 1}}"#, "empty"),
        (r#"{"": {"a": 1}}"#, "empty"),
        ("{}", "lists no modules"),
        (r#"{"t": {}}"#, "lists no modules"),
    ];
    for (text, part) in cases {
        let line = refusal(text);
        assert!(line.contains(part), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }
}

#[test]
fn no_cut_of_a_file_is_taken_for_a_whole_one() {
    let bytes = std::fs::read(fixture("snr_results_tiny-mixed.json")).expect("is there");
    for end in 0..bytes.len() {
        let result = SnrReport::from_json(bytes[..end].to_vec(), Path::new("cut.json"));
        assert!(result.is_err(), "cut at {end}");
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = fixture("");
    let line = SnrReport::open(&folder)
        .expect_err("is a folder")
        .to_string();
    assert!(line.contains("is a folder"), "{line}");
    let line = SnrReport::open(&folder.join("absent.json"))
        .expect_err("is absent")
        .to_string();
    assert!(line.contains("absent.json: cannot open the file"), "{line}");
}

#[test]
fn the_slug_is_read_from_the_name() {
    let cases = [
        ("a/snr_results_Qwen-Qwen2-7B.json", "Qwen-Qwen2-7B"),
        ("snr_results_a_sorted.json", "a"),
        ("snr_results_v1.1.json", "v1.1"),
        ("mine_sorted.json", "mine_sorted"),
        ("results", "results"),
    ];
    for (path, slug) in cases {
        assert_eq!(slug_of_file(Path::new(path)), slug);
    }
}

#[test]
fn published_files_open() {
    let cases = [
        ("CohereForAI-c4ai-command-r-plus", 576, 9),
        ("Qwen-Qwen2-7B", 196, 7),
        ("TinyLlama-TinyLlama-v1.1", 201, 12),
        ("akjindal53244-Llama-3.1-Storm-8B", 291, 12),
        ("deepseek-ai-DeepSeek-V2", 28_800, 491),
        ("meta-llama-Meta-Llama-3.1-8B", 291, 12),
    ];
    for (slug, modules, types) in cases {
        let Some(path) = shared(&format!("snr_results/snr_results_{slug}.json")) else {
            continue;
        };
        let report = SnrReport::open(&path).expect("opens");
        assert_eq!(report.slug, slug);
        assert_eq!(
            (report.modules.len(), report.types.len()),
            (modules, types),
            "{slug}"
        );
        assert_eq!(report.scanned(), modules);
        assert!(report.warnings.is_empty());
    }
}

#[test]
fn the_published_blank_file_says_so() {
    if let Some(path) = shared("snr_results/snr_results_deepseek-ai-DeepSeek-V3.1-Base.json") {
        let line = SnrReport::open(&path).expect_err("is blank").to_string();
        assert!(line.contains("is blank"), "{line}");
    }
}
