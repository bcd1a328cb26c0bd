//! Packed weights: their values against the quantizers' own programs, and against sums by hand.

use std::fs;
use std::path::{Path, PathBuf};

use layerscope::tensor::{Model, ModuleInfo};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, serialize_to_file};
use tempfile::{TempDir, tempdir};

use crate::fixture::{module, says};

/// A tensor with its bytes.
type Tensor<'a> = (&'a str, Dtype, &'a [usize], Vec<u8>);

fn open(tensors: &[Tensor<'_>], config: &str) -> (TempDir, Model) {
    let folder = tempdir().unwrap();
    let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
        let view = TensorView::new(*dtype, shape.to_vec(), bytes).unwrap();
        (*name, view)
    });
    serialize_to_file(views, None, &folder.path().join("model.safetensors")).unwrap();
    fs::write(folder.path().join("config.json"), config).unwrap();
    let model = Model::open(folder.path()).unwrap();
    (folder, model)
}

/// All values of all matrices, one after the other.
fn values(model: &Model, info: &ModuleInfo) -> Vec<f64> {
    let matrices = model.matrices(info).unwrap();
    let mut all = Vec::new();
    for matrix in &matrices {
        let (rows, cols) = (matrix.rows(), matrix.cols());
        let mut out = vec![0.0; rows * cols];
        let all_rows = 0..rows;
        matrix
            .read_block(all_rows, 0..cols, &mut Vec::new(), &mut out)
            .unwrap();
        all.extend(out);
    }
    all
}

fn of(model: &Model, name: &str) -> Vec<f64> {
    values(model, module(model, name))
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn floats(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// Four bits each, the first in the lowest.
fn nibbles(codes: [u32; 8]) -> u32 {
    codes.iter().rev().fold(0, |word, code| word << 4 | code)
}

#[test]
fn gptq_stores_one_less_than_the_zero_and_groups_in_any_order() {
    // Eight inputs of one word, eight outputs; two groups, whose columns alternate.
    let code = |input: u32| (0..8).map(move |output| (input + output) % 16);
    let columns: Vec<Vec<u32>> = (0..8).map(|input| code(input).collect()).collect();
    let packed: Vec<u32> = (0..8)
        .map(|output| nibbles(std::array::from_fn(|input| columns[input][output])))
        .collect();
    let tensors = |format: &str| {
        let config = format!(
            r#"{{"quantization_config": {{"quant_method": "gptq", "bits": 4, "group_size": 4,
                "desc_act": true, "checkpoint_format": "{format}"}}}}"#
        );
        let scales: Vec<f32> = (0..16)
            .map(|place| if place < 8 { 1.0 } else { 10.0 })
            .collect();
        let tensors: [Tensor<'_>; 4] = [
            ("h.0.fc.qweight", Dtype::I32, &[1, 8], words(&packed)),
            (
                "h.0.fc.qzeros",
                Dtype::I32,
                &[2, 1],
                words(&[nibbles([7; 8]), nibbles([2; 8])]),
            ),
            ("h.0.fc.scales", Dtype::F32, &[2, 8], floats(&scales)),
            (
                "h.0.fc.g_idx",
                Dtype::I32,
                &[8],
                words(&[0, 1, 0, 1, 0, 1, 0, 1]),
            ),
        ];
        open(&tensors, &config)
    };
    for (format, less) in [("gptq", 1.0), ("gptq_v2", 0.0)] {
        let (_folder, model) = tensors(format);
        let fc = module(&model, "h.0.fc");
        assert_eq!(
            (&*fc.shape, fc.parameters, fc.companions),
            (&[8, 8][..], 64, 0)
        );
        assert_eq!(fc.dtype.to_string(), "GPTQ 4-bit");
        assert_eq!(model.parameters, 64);
        let expected: Vec<f64> = (0..64_u32)
            .map(|place| {
                let (output, input) = (place / 8, place % 8);
                let number = f64::from((input + output) % 16);
                if input % 2 == 0 {
                    number - 7.0 - less
                } else {
                    (number - 2.0 - less) * 10.0
                }
            })
            .collect();
        assert_eq!(of(&model, "h.0.fc"), expected, "{format}");
        says(&model.warnings[0], &["GPTQ 4-bit", "quantized weights"]);
    }
}

#[test]
fn codes_of_three_bits_cross_the_ends_of_words() {
    // 32 inputs in three words, one output in use of 32.
    let number = |input: u128| (input * 5 + 3) % 8;
    let bits = (0..32).fold(0_u128, |bits, input| bits | number(input) << (3 * input));
    let column: Vec<u32> = (0..3).map(|word| (bits >> (32 * word)) as u32).collect();
    let packed: Vec<u32> = column.iter().flat_map(|word| [*word; 32]).collect();
    let tensors: [Tensor<'_>; 3] = [
        ("h.0.fc.qweight", Dtype::I32, &[3, 32], words(&packed)),
        ("h.0.fc.qzeros", Dtype::I32, &[1, 3], words(&[0; 3])),
        ("h.0.fc.scales", Dtype::F32, &[1, 32], floats(&[1.0; 32])),
    ];
    let config = r#"{"quantization_config": {"quant_method": "gptq", "bits": 3}}"#;
    let (_folder, model) = open(&tensors, config);
    let expected: Vec<f64> = (0..32).map(|input| number(input) as f64 - 1.0).collect();
    assert_eq!(of(&model, "h.0.fc")[..32], expected);
}

#[test]
fn awq_has_an_order_of_its_own() {
    // One input, eight outputs: the code at place p of the word is output [0, 2, 4, 6, 1, 3, 5, 7][p].
    let tensors: [Tensor<'_>; 3] = [
        (
            "h.0.fc.qweight",
            Dtype::I32,
            &[1, 1],
            words(&[nibbles([0, 2, 4, 6, 1, 3, 5, 7])]),
        ),
        (
            "h.0.fc.qzeros",
            Dtype::I32,
            &[1, 1],
            words(&[nibbles([1; 8])]),
        ),
        ("h.0.fc.scales", Dtype::F32, &[1, 8], floats(&[0.5; 8])),
    ];
    let (_folder, model) = open(
        &tensors,
        r#"{"quantization_config": {"quant_method": "awq"}}"#,
    );
    let fc = module(&model, "h.0.fc");
    assert_eq!(
        (&*fc.shape, &*fc.dtype.to_string()),
        (&[8, 1][..], "AWQ 4-bit")
    );
    assert_eq!(
        of(&model, "h.0.fc"),
        [-0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    );
}

#[test]
fn mlx_adds_a_bias_and_takes_any_width() {
    // 32 codes of 3 bits in three words.
    let bits = (0..32_u128).fold(0, |bits, col| bits | (col % 8) << (3 * col));
    let packed: Vec<u32> = (0..3).map(|word| (bits >> (32 * word)) as u32).collect();
    let tensors: [Tensor<'_>; 3] = [
        ("h.0.fc.weight", Dtype::U32, &[1, 3], words(&packed)),
        ("h.0.fc.scales", Dtype::F32, &[1, 1], floats(&[2.0])),
        ("h.0.fc.biases", Dtype::F32, &[1, 1], floats(&[-1.0])),
    ];
    let config = r#"{"quantization": {"group_size": 64, "bits": 4,
                     "h.0.fc": {"group_size": 32, "bits": 3}}}"#;
    let (_folder, model) = open(&tensors, config);
    let expected: Vec<f64> = (0..32).map(|col| f64::from(col % 8) * 2.0 - 1.0).collect();
    assert_eq!(of(&model, "h.0.fc"), expected);
    assert_eq!(module(&model, "h.0.fc").dtype.to_string(), "MLX 3-bit");
}

#[test]
fn compressed_integers_have_half_the_range_taken_off() {
    let shape = [1_u64.to_le_bytes(), 6_u64.to_le_bytes()].concat();
    let tensors: [Tensor<'_>; 6] = [
        (
            "h.0.fc.weight_packed",
            Dtype::I32,
            &[1, 1],
            words(&[nibbles([0, 15, 8, 9, 7, 1, 0, 0])]),
        ),
        (
            "h.0.fc.weight_scale",
            Dtype::F32,
            &[1, 2],
            floats(&[1.0, 2.0]),
        ),
        (
            "h.0.fc.weight_zero_point",
            Dtype::I32,
            &[1, 2],
            words(&[8, 9]),
        ),
        ("h.0.fc.weight_shape", Dtype::I64, &[2], shape),
        ("h.0.up.weight", Dtype::I8, &[2, 2], vec![1, 0xff, 2, 0x80]),
        (
            "h.0.up.weight_scale",
            Dtype::F32,
            &[2, 1],
            floats(&[1.0, 10.0]),
        ),
    ];
    let (_folder, model) = open(&tensors, "{}");
    // Zeros of 0 and 1.
    assert_eq!(of(&model, "h.0.fc"), [-8.0, 7.0, 0.0, 0.0, -4.0, -16.0]);
    assert_eq!(of(&model, "h.0.up"), [1.0, -1.0, 20.0, -1280.0]);
    assert_eq!(model.parameters, 10);
}

#[test]
fn floats_of_four_bits_have_their_scales() {
    // 1 and -6 in turn.
    let codes = |bytes: usize| vec![0xf2; bytes];
    let tensors: [Tensor<'_>; 9] = [
        (
            "h.0.experts.up_blocks",
            Dtype::U8,
            &[2, 1, 1, 16],
            codes(32),
        ),
        (
            "h.0.experts.up_scales",
            Dtype::U8,
            &[2, 1, 1],
            vec![127, 129],
        ),
        ("h.0.ds.weight", Dtype::I8, &[1, 16], codes(16)),
        ("h.0.ds.scale", Dtype::F8_E8M0, &[1, 1], vec![126]),
        ("h.0.mo.weight", Dtype::U8, &[1, 8], codes(8)),
        ("h.0.mo.weight_scale", Dtype::F8_E4M3, &[1, 1], vec![0x40]),
        ("h.0.mo.weight_scale_2", Dtype::F32, &[], floats(&[0.25])),
        ("h.0.ct.weight_packed", Dtype::U8, &[1, 8], codes(8)),
        ("h.0.ct.weight_scale", Dtype::U8, &[1, 1], vec![128]),
    ];
    let (_folder, model) = open(&tensors, "{}");
    let up = module(&model, "h.0.experts.up");
    assert_eq!(up.shape, [2, 32, 1]);
    let all = values(&model, up);
    assert_eq!((all[0], all[1], all[32], all[33]), (1.0, -6.0, 4.0, -24.0));
    assert_eq!(of(&model, "h.0.ds")[..2], [0.5, -3.0]);
    assert_eq!(of(&model, "h.0.mo")[..2], [0.5, -3.0]);
    assert_eq!(of(&model, "h.0.ct")[..2], [2.0, -12.0]);
}

#[test]
fn bitsandbytes_runs_across_rows_the_upper_half_first() {
    let state = br#"{"quant_type": "fp4", "blocksize": 4, "dtype": "float16", "shape": [3, 3],
                     "nested_blocksize": 256, "nested_offset": 0.5}"#;
    let map: Vec<f32> = (0..16).map(|code| code as f32).collect();
    let nested: Vec<f32> = (0..256).map(|code| code as f32).collect();
    let tensors: [Tensor<'_>; 8] = [
        (
            "h.0.a.weight",
            Dtype::U8,
            &[5, 1],
            vec![0x12, 0x34, 0x56, 0x78, 0x90],
        ),
        ("h.0.a.weight.absmax", Dtype::U8, &[3], vec![1, 2, 3]),
        ("h.0.a.weight.quant_map", Dtype::F32, &[16], floats(&map)),
        (
            "h.0.a.weight.nested_absmax",
            Dtype::F32,
            &[1],
            floats(&[2.0]),
        ),
        (
            "h.0.a.weight.nested_quant_map",
            Dtype::F32,
            &[256],
            floats(&nested),
        ),
        (
            "h.0.a.weight.quant_state.bitsandbytes__fp4",
            Dtype::U8,
            &[state.len()],
            state.to_vec(),
        ),
        ("h.0.b.weight", Dtype::I8, &[1, 2], vec![127, 0x81]),
        ("h.0.b.SCB", Dtype::F32, &[1], floats(&[3.0])),
    ];
    let (_folder, model) = open(&tensors, "{}");
    assert_eq!(module(&model, "h.0.a").shape, [3, 3]);
    // Factors 2.5, 4.5 and 6.5.
    let expected = [2.5, 5.0, 7.5, 10.0, 22.5, 27.0, 31.5, 36.0, 58.5];
    assert_eq!(of(&model, "h.0.a"), expected);
    let int8 = of(&model, "h.0.b");
    assert!(
        (int8[0] - 3.0).abs() < 1e-6 && (int8[1] + 3.0).abs() < 1e-6,
        "{int8:?}"
    );
    assert_eq!(model.parameters, 11);
}

#[test]
fn tensors_that_do_not_fit_each_other_are_a_reason() {
    let tensors: [Tensor<'_>; 3] = [
        ("h.0.fc.weight", Dtype::U32, &[2, 3], words(&[0; 6])),
        ("h.0.fc.scales", Dtype::F32, &[3, 1], floats(&[1.0; 3])),
        ("h.0.fc.biases", Dtype::F32, &[3, 1], floats(&[1.0; 3])),
    ];
    let (_folder, model) = open(&tensors, "{}");
    let problem = module(&model, "h.0.fc").problem.clone().unwrap();
    says(&problem, &["packed by MLX", "scales of shape [3, 1]"]);
    assert!(model.matrices(module(&model, "h.0.fc")).is_err());
}

#[test]
fn a_column_of_a_group_that_is_not_there_is_refused() {
    let tensors: [Tensor<'_>; 4] = [
        ("h.0.fc.qweight", Dtype::I32, &[1, 8], words(&[0; 8])),
        ("h.0.fc.qzeros", Dtype::I32, &[1, 1], words(&[0])),
        ("h.0.fc.scales", Dtype::F32, &[1, 8], floats(&[1.0; 8])),
        (
            "h.0.fc.g_idx",
            Dtype::I32,
            &[8],
            words(&[0, 0, 0, 0, 0, 0, 0, 9]),
        ),
    ];
    let (_folder, model) = open(&tensors, "{}");
    let matrices = model.matrices(module(&model, "h.0.fc")).unwrap();
    let read = matrices[0].read_block(0..1, 0..1, &mut Vec::new(), &mut [0.0]);
    says(
        &read.unwrap_err().to_string(),
        &["a group that is not there"],
    );
}

fn shared() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/names");
    if !folder.is_dir() {
        println!("skipped: no {}", folder.display());
        return None;
    }
    Some(folder)
}

/// Compares each module of `right` bit by bit. Names of GGUF files are those of the file there, so
/// modules are told by their values.
fn compare(packed: &Path, right: &Path) {
    let (packed, right) = (Model::open(packed).unwrap(), Model::open(right).unwrap());
    let bits = |values: Vec<f64>| -> Vec<u64> { values.into_iter().map(f64::to_bits).collect() };
    let all: Vec<Vec<u64>> = packed
        .modules
        .iter()
        .filter(|module| module.problem.is_none())
        .map(|module| bits(values(&packed, module)))
        .collect();
    for expected in &right.modules {
        let wanted = bits(values(&right, expected));
        let same = packed
            .modules
            .iter()
            .find(|module| module.name == expected.name);
        if let Some(module) = same {
            assert_eq!(module.shape, expected.shape, "{}", expected.name);
            assert_eq!(bits(values(&packed, module)), wanted, "{}", expected.name);
        } else {
            let is_there = all.contains(&wanted);
            // Experts are taken apart: each is a part of the stack.
            let is_part = |part: &&Vec<u64>| {
                wanted
                    .chunks_exact(part.len())
                    .any(|chunk| chunk == part.as_slice())
            };
            let parts = all.iter().filter(is_part).count();
            assert!(
                is_there || parts >= expected.shape[0],
                "{}: {parts}",
                expected.name
            );
        }
    }
}

#[test]
fn every_packed_model_has_the_values_of_its_quantizers_program() {
    let Some(names) = shared() else { return };
    let mut compared = 0;
    for folder in [
        "quant",
        "odd/D8-one-IQ4_NL",
        "odd/D8-one-IQ4_XS",
        "odd/D8-one-MXFP4",
        "odd/D8-one-TQ2_0",
    ] {
        for entry in fs::read_dir(names.join(folder)).unwrap() {
            let right = entry.unwrap().path();
            let name = right.file_name().unwrap().to_str().unwrap();
            let Some(stem) = name.strip_suffix(".dequantised.safetensors") else {
                continue;
            };
            let plain = right.with_file_name(stem);
            let packed = if plain.is_dir() {
                plain
            } else {
                right.with_file_name(format!("{stem}.gguf"))
            };
            compare(&packed, &right);
            compared += 1;
        }
    }
    assert_eq!(compared, 18);
}
