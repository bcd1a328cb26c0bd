//! Headers: what is refused whole, what is marked while the rest opens, and that nothing panics.

use std::fs;

use layerscope::tensor::{DType, Model};
use proptest::prelude::*;
use safetensors::Dtype;

use crate::fixture::{broken, bytes, entry, file, model, module, names, says, tensor};

/// The line that opening a file of these bytes ends with.
fn refusal(bytes: &[u8]) -> String {
    let (_folder, path) = file("weights.safetensors", bytes);
    Model::open(&path).unwrap_err().to_string()
}

/// A model of `good` and `bad`, of which `bad` is marked with `parts`, and `good` reads.
#[track_caller]
fn marked(header: &str, data: usize, parts: &[&str]) {
    let (_folder, model) = broken(header, data);
    let problem = tensor(&model, "bad.weight").problem.as_ref().unwrap();
    says(problem, &["broken.safetensors", "tensor bad.weight"]);
    says(problem, parts);
    let bad = module(&model, "bad");
    assert_eq!(bad.problem.as_ref(), Some(problem));
    says(&model.matrices(bad).unwrap_err().to_string(), parts);
    says(&model.warnings[0], &["broken.safetensors: tensor"]);
    let good = module(&model, "good");
    assert_eq!(good.problem, None);
    assert_eq!(model.matrices(good).unwrap().len(), 1);
}

fn good() -> String {
    entry("good.weight", &[2, 2], 0, 16)
}

#[test]
fn a_blank_file_is_refused() {
    says(&refusal(b""), &["weights.safetensors", "blank", "download"]);
}

#[test]
fn a_file_shorter_than_its_prefix_is_refused() {
    says(
        &refusal(&[1, 2, 3]),
        &["weights.safetensors", "header", "ends after 3", "download"],
    );
}

#[test]
fn a_header_longer_than_the_file_is_refused() {
    let mut bytes = bytes("{}", 10);
    bytes[0] = 200;
    says(
        &refusal(&bytes),
        &[
            "weights.safetensors: header",
            "200 bytes",
            "has 12",
            "download",
        ],
    );
    bytes[..8].fill(0xff);
    says(
        &refusal(&bytes),
        &["weights.safetensors: header", "download"],
    );
}

#[test]
fn a_header_over_the_limit_is_refused_before_it_is_read() {
    let (_folder, path) = file("weights.safetensors", &200_000_000_u64.to_le_bytes());
    // Sparse: the length is all that is looked at.
    let long = fs::OpenOptions::new().write(true).open(&path).unwrap();
    long.set_len(300_000_000).unwrap();
    let error = Model::open(&path).unwrap_err().to_string();
    says(
        &error,
        &[
            "weights.safetensors: header",
            "200000000",
            "100000000",
            "save the model again",
        ],
    );
}

#[test]
fn a_header_that_is_no_json_object_is_refused_with_its_place() {
    for (header, place) in [
        ("{\"a\":\n  oops}", "line 2 column 3"),
        ("[1, 2]", "line 1 column 0"),
        ("{\"a\": {}", "line 1 column 8"),
        ("", "line 1 column 0"),
        ("{} {}", "line 1 column 4"),
    ] {
        let error = refusal(&bytes(header, 4));
        says(
            &error,
            &[
                "weights.safetensors: header",
                "JSON object",
                place,
                "download",
            ],
        );
    }
}

#[test]
fn other_kinds_of_files_are_told_apart() {
    let lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 269060552\n";
    for (start, what, advice) in [
        (lfs, "git-lfs pointer", "git lfs pull"),
        ("GGUF\x03\0\0\0\x01\x01\x01\x01", "cut short", "download"),
        ("PK\x03\x04\0\0\x08\x08\0\0", "archive", "download"),
        ("<!DOCTYPE html><html>", "web page", "download"),
        (
            "{\n  \"model\": 1 }",
            "JSON text",
            "give the model's folder",
        ),
        ("# A card of the model", "text", "give the model's folder"),
    ] {
        says(
            &refusal(start.as_bytes()),
            &["weights.safetensors", what, advice],
        );
    }
}

#[test]
fn bytes_past_the_end_are_marked() {
    let header = format!("{{{},{}}}", good(), entry("bad.weight", &[2, 2], 16, 32));
    marked(&header, 31, &["16 to 32", "at 31", "cut short", "download"]);
    let far = entry("bad.weight", &[2, 2], u64::MAX - 16, u64::MAX);
    marked(
        &format!("{{{},{far}}}", good()),
        16,
        &["reach past the end"],
    );
}

#[test]
fn reversed_offsets_are_marked() {
    let header = format!("{{{},{}}}", good(), entry("bad.weight", &[2, 2], 32, 16));
    marked(
        &header,
        32,
        &["end at 16, before they start at 32", "save the model again"],
    );
}

#[test]
fn a_length_that_does_not_match_the_shape_is_marked() {
    let header = format!("{{{},{}}}", good(), entry("bad.weight", &[3, 2], 16, 32));
    marked(
        &header,
        32,
        &["has 16 bytes", "F32 of shape [3, 2] takes 24", "save"],
    );
    let huge = entry("bad.weight", &[usize::MAX, 2], 16, 32);
    marked(
        &format!("{{{},{huge}}}", good()),
        32,
        &["more bytes than can be counted"],
    );
}

#[test]
fn unknown_types_are_marked() {
    let bad = entry("bad.weight", &[2, 2], 16, 32).replace("F32", "F33");
    marked(
        &format!("{{{},{bad}}}", good()),
        32,
        &["type F33 is not known", "save"],
    );
}

#[test]
fn entries_of_another_form_are_marked() {
    for entry in [
        "7",
        r#"{"dtype":"F32","shape":[2,2]}"#,
        r#"{"dtype":"F32","shape":[2,-2],"data_offsets":[16,32]}"#,
        r#"{"dtype":"F32","shape":[2.5],"data_offsets":[16,32]}"#,
        r#"{"dtype":"F32","shape":[2,2],"data_offsets":[16]}"#,
    ] {
        let header = format!(r#"{{{},"bad.weight":{entry}}}"#, good());
        marked(&header, 32, &["header entry cannot be used", "save"]);
    }
}

#[test]
fn a_name_given_twice_is_marked() {
    let header = format!(
        "{{{},{},{}}}",
        entry("bad.weight", &[2, 2], 16, 32),
        good(),
        entry("bad.weight", &[2, 2], 32, 48)
    );
    marked(&header, 48, &["named twice in the header"]);
}

#[test]
fn overlapping_tensors_are_all_marked_and_others_are_not() {
    let header = [
        entry("around.weight", &[10], 16, 56),
        entry("good.weight", &[2, 2], 0, 16),
        entry("inside.weight", &[2], 20, 28),
        entry("bad.weight", &[2], 32, 40),
        entry("after.weight", &[2], 56, 64),
        entry("empty.weight", &[0], 20, 20),
    ];
    let header = format!("{{{}}}", header.join(","));
    marked(&header, 64, &["overlap those of tensor around.weight"]);
    let (_folder, model) = broken(&header, 64);
    says(
        &model.warnings[0],
        &["around.weight", "(and 2 more tensors)"],
    );
    let affected = |name: &str| {
        let problem = tensor(&model, name).problem.as_deref();
        problem.is_some_and(|problem| problem.contains("overlap"))
    };
    assert!(affected("around.weight") && affected("inside.weight"));
    assert!(!affected("after.weight") && !affected("empty.weight"));
}

#[test]
fn one_wild_entry_does_not_overlap_the_rest_away() {
    let header = format!(
        "{{{},{}}}",
        good(),
        entry("bad.weight", &[2, 2], 0, 1 << 40)
    );
    marked(&header, 16, &["takes 16 bytes"]);
}

#[test]
fn integer_and_quantized_weights_are_listed_but_not_scanned() {
    let (_folder, model) = model(
        &[
            ("a.weight", Dtype::U8, &[2, 2]),
            ("b.weight", Dtype::F8_E8M0, &[2, 2]),
            ("c.weight", Dtype::F32, &[2, 2]),
            ("position_ids", Dtype::I64, &[4]),
        ],
        "",
    );
    assert_eq!(names(&model), ["a", "b", "c"]);
    assert!(model.tensors.iter().all(|info| info.problem.is_none()));
    let packed = module(&model, "a");
    assert_eq!(packed.dtype, DType::Other("U8".into()));
    says(
        packed.problem.as_deref().unwrap(),
        &["model.safetensors", "tensor a.weight", "U8", "quantized"],
    );
    // Powers of two, one byte each: values like any others.
    assert_eq!(module(&model, "b").dtype, DType::F8E8M0);
    assert_eq!(module(&model, "b").problem, None);
    assert_eq!(module(&model, "c").problem, None);
    assert_eq!(model.parameters, 16);
}

#[test]
fn names_with_line_breaks_stay_on_one_line() {
    let bad = entry("a\\nb.weight", &[3], 0, 12);
    let (_folder, model) = broken(&format!("{{{bad}}}"), 12);
    assert!(model.tensors.is_empty());
    says(
        &model.warnings[0],
        &[
            "1 of the tensors' names",
            "broken.safetensors",
            r"a\nb.weight",
        ],
    );
}

proptest! {
    /// Whatever happens to a header's bytes, opening ends with a model or an error, and what it
    /// says can be read is read.
    #[test]
    fn no_change_of_a_good_header_panics(
        changes in prop::collection::vec((0_usize..600, any::<u8>()), 1..6),
        cut in 0_usize..600,
    ) {
        let header = format!(
            r#"{{"__metadata__":{{"format":"pt"}},{},{},{}}}"#,
            good(),
            entry("model.layers.0.mlp.experts.up", &[2, 2, 2], 16, 48),
            entry("model.embed_tokens.weight", &[2], 48, 56)
        );
        let mut bytes = bytes(&header, 56);
        for (place, byte) in changes {
            let place = place % bytes.len();
            bytes[place] = byte;
        }
        if cut % 3 == 0 {
            bytes.truncate(cut);
        }
        let (_folder, path) = file("changed.safetensors", &bytes);
        match Model::open(&path) {
            Err(error) => prop_assert!(error.to_string().contains("changed.safetensors")),
            Ok(model) => for module in &model.modules {
                let Ok(matrices) = model.matrices(module) else {
                    prop_assert!(module.problem.is_some());
                    continue;
                };
                for matrix in matrices {
                    let mut out = vec![0.0; matrix.rows() * matrix.cols()];
                    let (rows, cols) = (0..matrix.rows(), 0..matrix.cols());
                    prop_assert!(matrix.read_block(rows, cols, &mut Vec::new(), &mut out).is_ok());
                }
            }
        }
    }
}
