//! Floats of 8 bits with and without factors, and weights that a quantizer has packed.

use std::fs;
use std::path::Path;

use layerscope::tensor::Model;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, serialize_to_file};
use tempfile::{TempDir, tempdir};

use crate::fixture::{model, module, names, says};

/// Writes tensors with their bytes.
fn write(path: &Path, tensors: &[(&str, Dtype, &[usize], Vec<u8>)]) {
    let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
        (
            *name,
            TensorView::new(*dtype, shape.to_vec(), bytes).unwrap(),
        )
    });
    serialize_to_file(views, None, path).unwrap();
}

fn floats(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

fn open(tensors: &[(&str, Dtype, &[usize], Vec<u8>)], config: &str) -> (TempDir, Model) {
    let folder = tempdir().unwrap();
    write(&folder.path().join("model.safetensors"), tensors);
    fs::write(folder.path().join("config.json"), config).unwrap();
    let model = Model::open(folder.path()).unwrap();
    (folder, model)
}

fn values(model: &Model, name: &str, number: usize) -> Vec<f64> {
    let matrices = model.matrices(module(model, name)).unwrap();
    let (rows, cols) = (matrices[number].rows(), matrices[number].cols());
    let mut out = vec![0.0; rows * cols];
    matrices[number]
        .read_block(0..rows, 0..cols, &mut Vec::new(), &mut out)
        .unwrap();
    out
}

/// 1, -2, 0.5 in E4M3, and NaN.
const E4M3: [u8; 4] = [0x38, 0xc0, 0x30, 0x7f];

#[test]
fn plain_8_bit_floats_are_read() {
    let tensors: [(&str, Dtype, &[usize], Vec<u8>); 2] = [
        ("h.0.a.weight", Dtype::F8_E4M3, &[1, 4], E4M3.to_vec()),
        ("h.0.b.weight", Dtype::F8_E5M2, &[1, 2], vec![0x3c, 0xc2]),
    ];
    let (_folder, model) = open(&tensors, "{}");
    let read = values(&model, "h.0.a", 0);
    assert_eq!(read[..3], [1.0, -2.0, 0.5]);
    assert!(read[3].is_nan());
    assert_eq!(values(&model, "h.0.b", 0), [1.0, -3.0]);
}

#[test]
fn block_factors_multiply_their_blocks() {
    // Blocks of 2 × 2, the last of a row and of a column cut.
    let config = r#"{"quantization_config": {"quant_method": "fp8", "weight_block_size": [2, 2]}}"#;
    let factors = floats(&[1.0, 10.0, 100.0, 1000.0]);
    let tensors =
        |shape: &'static [usize]| -> [(&'static str, Dtype, &'static [usize], Vec<u8>); 2] {
            [
                ("h.0.a.weight", Dtype::F8_E4M3, &[3, 3], vec![0x38; 9]),
                ("h.0.a.weight_scale_inv", Dtype::F32, shape, factors.clone()),
            ]
        };
    let (_folder, model) = open(&tensors(&[2, 2]), config);
    assert_eq!(names(&model), ["h.0.a"]);
    let expected = [1.0, 1.0, 10.0, 1.0, 1.0, 10.0, 100.0, 100.0, 1000.0];
    assert_eq!(values(&model, "h.0.a", 0), expected);
    let matrices = model.matrices(module(&model, "h.0.a")).unwrap();
    let mut part = [0.0; 4];
    matrices[0]
        .read_block(1..3, 1..3, &mut Vec::new(), &mut part)
        .unwrap();
    assert_eq!(
        part,
        [1.0, 10.0, 100.0, 1000.0],
        "a part of it is what the whole has there"
    );
    let (_folder, wrong) = open(&tensors(&[4, 1]), config);
    let problem = module(&wrong, "h.0.a").problem.clone().unwrap();
    says(&problem, &["h.0.a.weight", "[4, 1]", "equal blocks"]);
}

#[test]
fn one_factor_a_row_or_a_matrix_needs_no_configuration() {
    let tensors: [(&str, Dtype, &[usize], Vec<u8>); 6] = [
        ("h.0.a.weight", Dtype::F8_E4M3, &[2, 2], vec![0x38; 4]),
        (
            "h.0.a.weight_scale",
            Dtype::F32,
            &[2, 1],
            floats(&[3.0, 5.0]),
        ),
        ("h.0.b.weight", Dtype::F8_E4M3, &[2, 2], vec![0x38; 4]),
        ("h.0.b.weight_scale", Dtype::F32, &[], floats(&[7.0])),
        ("h.0.experts.up", Dtype::F8_E4M3, &[2, 1, 2], vec![0x38; 4]),
        (
            "h.0.experts.up_scale_inv",
            Dtype::F32,
            &[2, 1, 1],
            floats(&[2.0, 4.0]),
        ),
    ];
    let (_folder, model) = open(&tensors, "{}");
    assert_eq!(names(&model), ["h.0.a", "h.0.b", "h.0.experts.up"]);
    assert_eq!(values(&model, "h.0.a", 0), [3.0, 3.0, 5.0, 5.0]);
    assert_eq!(values(&model, "h.0.b", 0), [7.0; 4]);
    assert_eq!(values(&model, "h.0.experts.up", 1), [4.0, 4.0]);
}

#[test]
fn factors_of_another_kind_are_a_reason_not_a_guess() {
    let tensors: [(&str, Dtype, &[usize], Vec<u8>); 2] = [
        ("h.0.a.weight", Dtype::F8_E4M3, &[1, 2], vec![0x38; 2]),
        ("h.0.a.weight_scale", Dtype::I32, &[1], vec![0; 4]),
    ];
    let (_folder, model) = open(&tensors, "{}");
    let problem = module(&model, "h.0.a").problem.clone().unwrap();
    says(&problem, &["weight_scale of type I32", "cannot be read"]);
}

/// The module's name in its block, who packed it, and its tensors.
type Case = (&'static str, &'static str, &'static [(&'static str, Dtype)]);

#[test]
fn packed_weights_are_listed_with_who_packed_them() {
    let cases: [Case; 8] = [
        (
            "fc",
            "GPTQ",
            &[("h.0.fc.qweight", Dtype::I32), ("h.0.fc.g_idx", Dtype::I32)],
        ),
        (
            "fc",
            "GPTQ or AWQ",
            &[
                ("h.0.fc.qweight", Dtype::I32),
                ("h.0.fc.qzeros", Dtype::I32),
            ],
        ),
        (
            "fc",
            "compressed-tensors",
            &[("h.0.fc.weight_packed", Dtype::I32)],
        ),
        (
            "fc",
            "bitsandbytes 4-bit",
            &[
                ("h.0.fc.weight", Dtype::U8),
                ("h.0.fc.weight.absmax", Dtype::F32),
                ("h.0.fc.weight.quant_state.bitsandbytes__nf4", Dtype::U8),
            ],
        ),
        (
            "fc",
            "bitsandbytes int8",
            &[("h.0.fc.weight", Dtype::I8), ("h.0.fc.SCB", Dtype::F32)],
        ),
        (
            "fc",
            "NVFP4",
            &[
                ("h.0.fc.weight", Dtype::U8),
                ("h.0.fc.weight_scale", Dtype::F8_E4M3),
                ("h.0.fc.weight_scale_2", Dtype::F32),
            ],
        ),
        (
            "experts.gate_up_proj",
            "MXFP4",
            &[
                ("h.0.experts.gate_up_proj_blocks", Dtype::U8),
                ("h.0.experts.gate_up_proj_scales", Dtype::U8),
            ],
        ),
        ("fc", "type U8", &[("h.0.fc.weight", Dtype::U8)]),
    ];
    for (name, by, tensors) in cases {
        let mut all: Vec<(&str, Dtype, &[usize])> = tensors
            .iter()
            .map(|(name, dtype)| (*name, *dtype, &[4, 2][..]))
            .collect();
        all.push(("h.0.ln.weight", Dtype::F32, &[4]));
        let (_folder, model) = model(&all, "");
        let full = format!("h.0.{name}");
        assert_eq!(names(&model), [&*full, "h.0.ln"], "{by}");
        let module = module(&model, &full);
        says(
            module.problem.as_deref().unwrap(),
            &["model.safetensors", by, "before it was quantized"],
        );
        assert!(model.matrices(module).is_err());
    }
}

#[test]
fn the_configuration_tells_awq_from_gptq() {
    let config = r#"{"quantization_config": {"quant_method": "awq"}}"#;
    let tensors: &[(&str, Dtype, &[usize])] = &[
        ("h.0.fc.qweight", Dtype::I32, &[4, 2]),
        ("h.1.fc.qweight", Dtype::I32, &[4, 2]),
    ];
    let (_folder, model) = model(tensors, config);
    says(
        &model.warnings[0],
        &["2 weights are packed by AWQ", "h.0.fc"],
    );
}
