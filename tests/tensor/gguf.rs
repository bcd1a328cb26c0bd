//! GGUF files: values against the same weights in safetensors, names, and hostile headers.

use std::io::Cursor;
use std::path::PathBuf;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use layerscope::tensor::Model;
use tempfile::{TempDir, tempdir};

use crate::fixture::{file, module, names, says, tensor};

const TYPES: [(GgmlDType, &str); 15] = [
    (GgmlDType::F32, "F32"),
    (GgmlDType::F16, "F16"),
    (GgmlDType::BF16, "BF16"),
    (GgmlDType::Q4_0, "Q4_0"),
    (GgmlDType::Q4_1, "Q4_1"),
    (GgmlDType::Q5_0, "Q5_0"),
    (GgmlDType::Q5_1, "Q5_1"),
    (GgmlDType::Q8_0, "Q8_0"),
    (GgmlDType::Q8_1, "Q8_1"),
    (GgmlDType::Q2K, "Q2_K"),
    (GgmlDType::Q3K, "Q3_K"),
    (GgmlDType::Q4K, "Q4_K"),
    (GgmlDType::Q5K, "Q5_K"),
    (GgmlDType::Q6K, "Q6_K"),
    (GgmlDType::Q8K, "Q8_K"),
];

/// A tensor of values that differ, of that type.
fn quantized(shape: &[usize], dtype: GgmlDType) -> QTensor {
    let count: usize = shape.iter().product();
    let values: Vec<f32> = (0..count)
        .map(|i| ((i * i % 97) as f32 - 48.0) / 64.0)
        .collect();
    let tensor = Tensor::from_vec(values, shape, &Device::Cpu).unwrap();
    QTensor::quantize(&tensor, dtype).unwrap()
}

/// The bytes of a GGUF file.
fn bytes(metadata: &[(&str, Value)], tensors: &[(&str, QTensor)]) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (*key, value)).collect();
    let tensors: Vec<(&str, &QTensor)> = tensors
        .iter()
        .map(|(name, tensor)| (*name, tensor))
        .collect();
    gguf_file::write(&mut out, &metadata, &tensors).unwrap();
    out.into_inner()
}

fn architecture(name: &str) -> (&'static str, Value) {
    ("general.architecture", Value::String(name.into()))
}

fn open(bytes: &[u8]) -> (TempDir, Model) {
    let (folder, path) = file("tiny.gguf", bytes);
    let model = Model::open(&path).unwrap();
    (folder, model)
}

fn refusal(bytes: &[u8]) -> String {
    let (_folder, path) = file("bad.gguf", bytes);
    Model::open(&path).unwrap_err().to_string()
}

/// All values of a module of one matrix, read in odd pieces.
fn values(model: &Model, name: &str) -> (usize, usize, Vec<f64>) {
    let matrices = model.matrices(module(model, name)).unwrap();
    let [matrix] = &*matrices else {
        panic!("{name}")
    };
    let (rows, cols) = (matrix.rows(), matrix.cols());
    let mut all = vec![0.0; rows * cols];
    let mut start = 0;
    while start < cols {
        // Columns that start and end inside blocks.
        let end = cols.min(start + 45);
        let mut piece = vec![0.0; rows * (end - start)];
        matrix
            .read_block(0..rows, start..end, &mut Vec::new(), &mut piece)
            .unwrap();
        for row in 0..rows {
            let from = &piece[row * (end - start)..][..end - start];
            all[row * cols + start..][..end - start].copy_from_slice(from);
        }
        start = end;
    }
    (rows, cols, all)
}

#[test]
fn every_type_reads_as_the_same_weights_in_safetensors() {
    let shape = [5, 256];
    let tensors: Vec<(String, QTensor)> = TYPES
        .iter()
        .enumerate()
        .map(|(block, (dtype, _))| {
            (
                format!("blk.{block}.ffn_down.weight"),
                quantized(&shape, *dtype),
            )
        })
        .collect();
    let plain: std::collections::HashMap<String, Tensor> = tensors
        .iter()
        .enumerate()
        .map(|(block, (_, tensor))| {
            let name = format!("model.layers.{block}.mlp.down_proj.weight");
            (name, tensor.dequantize(&Device::Cpu).unwrap())
        })
        .collect();
    let tensors: Vec<(&str, QTensor)> = tensors
        .iter()
        .map(|(name, _)| &**name)
        .zip(TYPES.iter().map(|(dtype, _)| quantized(&shape, *dtype)))
        .collect();
    let (folder, gguf) = open(&bytes(&[architecture("llama")], &tensors));
    let path: PathBuf = folder.path().join("plain.safetensors");
    candle_core::safetensors::save(&plain, &path).unwrap();
    let safetensors = Model::open(&path).unwrap();
    assert_eq!(names(&gguf), names(&safetensors));
    for (block, (_, dtype)) in TYPES.iter().enumerate() {
        let name = format!("model.layers.{block}.mlp.down_proj");
        assert_eq!(module(&gguf, &name).dtype.to_string(), *dtype);
        assert_eq!(
            layerscope::tensor::DType::from_name(dtype),
            module(&gguf, &name).dtype
        );
        assert_eq!(values(&gguf, &name), values(&safetensors, &name), "{dtype}");
    }
    says(
        &gguf.warnings[0],
        &[
            "tiny.gguf",
            "12 of 15 tensors",
            "Q4_K",
            "describes the quantized",
        ],
    );
}

#[test]
fn the_head_shares_the_embedding_where_the_file_has_none() {
    let tensors = || vec![("token_embd.weight", quantized(&[4, 32], GgmlDType::Q8_0))];
    let (_folder, llama) = open(&bytes(&[architecture("llama")], &tensors()));
    assert_eq!(names(&llama), ["lm_head", "model.embed_tokens"]);
    assert_eq!(
        module(&llama, "lm_head").tied_to.as_deref(),
        Some("model.embed_tokens")
    );
    assert_eq!(llama.parameters, 128);
    let (_folder, bert) = open(&bytes(&[architecture("bert")], &tensors()));
    assert_eq!(names(&bert), ["embeddings.word_embeddings"]);
    let mut own = tensors();
    own.push(("output.weight", quantized(&[4, 32], GgmlDType::F32)));
    let (_folder, own) = open(&bytes(&[architecture("qwen2")], &own));
    assert_eq!(module(&own, "lm_head").tied_to, None);
}

/// Architecture, name in the file, module in the checkpoint.
const NAMES: &str = "\
llama blk.7.attn_q.weight model.layers.7.self_attn.q_proj
llama blk.7.ffn_norm.weight model.layers.7.post_attention_layernorm
qwen3 blk.0.attn_q_norm.weight model.layers.0.self_attn.q_norm
gemma2 blk.0.ffn_norm.weight model.layers.0.pre_feedforward_layernorm
gemma3 blk.0.post_ffw_norm.weight model.layers.0.post_feedforward_layernorm
phi2 blk.1.ffn_up.weight model.layers.1.mlp.fc1
phi3 blk.1.attn_qkv.weight model.layers.1.self_attn.qkv_proj
phi3 blk.1.ffn_up.weight model.layers.1.mlp.gate_up_proj
gpt2 blk.1.attn_qkv.weight transformer.h.1.attn.c_attn
gpt2 position_embd.weight transformer.wpe
gptneox blk.1.attn_qkv.weight gpt_neox.layers.1.attention.query_key_value
gptneox output.weight embed_out
gptj blk.1.ffn_up.weight transformer.h.1.mlp.fc_in
falcon blk.1.attn_output.weight transformer.h.1.self_attention.dense
bloom blk.1.ffn_up.weight h.1.mlp.dense_h_to_4h
mpt blk.1.attn_qkv.weight transformer.blocks.1.attn.Wqkv
starcoder blk.1.ffn_down.weight transformer.h.1.mlp.c_proj
starcoder2 blk.1.ffn_down.weight model.layers.1.mlp.c_proj
qwen blk.1.ffn_gate.weight transformer.h.1.mlp.w2
exaone blk.1.attn_k.weight transformer.h.1.attn.attention.k_proj
internlm2 blk.1.ffn_down.weight model.layers.1.feed_forward.w2
openelm blk.1.ffn_down.weight transformer.layers.1.ffn.proj_2
chatglm blk.1.ffn_up.weight transformer.encoder.layers.1.mlp.dense_h_to_4h
command-r blk.1.ffn_up.weight model.layers.1.mlp.up_proj
olmo2 blk.1.post_ffw_norm.weight model.layers.1.post_feedforward_layernorm
stablelm blk.1.attn_output.weight model.layers.1.self_attn.o_proj
deepseek2 blk.1.attn_kv_a_mqa.weight model.layers.1.self_attn.kv_a_proj_with_mqa
deepseek2 blk.1.ffn_up_shexp.weight model.layers.1.mlp.shared_experts.up_proj
qwen2moe blk.1.ffn_up_shexp.weight model.layers.1.mlp.shared_expert.up_proj
qwen2moe blk.1.ffn_gate_inp.weight model.layers.1.mlp.gate
llama4 blk.1.ffn_gate_inp.weight language_model.model.layers.1.feed_forward.router
glm4 blk.1.post_attention_norm.weight model.layers.1.post_self_attn_layernorm
mamba blk.1.ssm_x.weight backbone.layers.1.mixer.x_proj
mamba output_norm.weight backbone.norm_f
bert blk.1.attn_q.weight encoder.layer.1.attention.self.query
bert blk.1.layer_output_norm.weight encoder.layer.1.output.LayerNorm
nomic-bert blk.1.ffn_gate.weight encoder.layers.1.mlp.fc12
modern-bert blk.1.ffn_up.weight layers.1.mlp.Wi
t5 enc.blk.1.ffn_up.weight encoder.block.1.layer.1.DenseReluDense.wi
t5 dec.blk.1.ffn_down.weight decoder.block.1.layer.2.DenseReluDense.wo
t5 dec.blk.1.cross_attn_k.weight decoder.block.1.layer.1.EncDecAttention.k
clip v.blk.1.ln2.weight vision_tower.vision_model.encoder.layers.1.layer_norm2";

#[test]
fn names_are_those_of_the_architectures_checkpoints() {
    for line in NAMES.lines() {
        let [kind, gguf, checkpoint] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let tensors = [(gguf, quantized(&[2, 2], GgmlDType::F32))];
        let (_folder, model) = open(&bytes(&[architecture(kind)], &tensors));
        assert_eq!(model.modules[0].name, checkpoint, "{kind} {gguf}");
        assert_eq!(model.warnings, [""; 0], "{kind}");
    }
}

#[test]
fn a_gate_decides_what_t5_calls_its_input_projection() {
    let tensors = [
        (
            "enc.blk.0.ffn_gate.weight",
            quantized(&[2, 2], GgmlDType::F32),
        ),
        (
            "enc.blk.0.ffn_up.weight",
            quantized(&[2, 2], GgmlDType::F32),
        ),
    ];
    let (_folder, model) = open(&bytes(&[architecture("t5")], &tensors));
    let before = "encoder.block.0.layer.1.DenseReluDense";
    assert_eq!(
        names(&model),
        [format!("{before}.wi_0"), format!("{before}.wi_1")]
    );
}

#[test]
fn experts_are_taken_apart_into_the_checkpoints_tensors() {
    let fused = quantized(&[3, 2, 32], GgmlDType::Q8_0);
    let whole: Vec<f32> = fused
        .dequantize(&Device::Cpu)
        .unwrap()
        .flatten_all()
        .unwrap()
        .to_vec1()
        .unwrap();
    let tensors = [("blk.4.ffn_up_exps.weight", fused)];
    let (_folder, qwen) = open(&bytes(&[architecture("qwen3moe")], &tensors));
    for expert in 0..3 {
        let name = format!("model.layers.4.mlp.experts.{expert}.up_proj");
        let (rows, cols, read) = values(&qwen, &name);
        assert_eq!((rows, cols), (2, 32));
        let expected: Vec<f64> = whole[expert * 64..][..64]
            .iter()
            .map(|value| f64::from(*value))
            .collect();
        assert_eq!(read, expected, "expert {expert}");
    }
    let experts = ("llama.expert_count", Value::U32(3));
    let (_folder, mixtral) = open(&bytes(&[architecture("llama"), experts.clone()], &tensors));
    assert_eq!(
        mixtral.modules[2].name,
        "model.layers.4.block_sparse_moe.experts.2.w3"
    );
    let numbered = [(
        "blk.4.ffn_gate.2.weight",
        quantized(&[2, 2], GgmlDType::F32),
    )];
    let (_folder, older) = open(&bytes(&[architecture("llama"), experts], &numbered));
    assert_eq!(
        names(&older),
        ["model.layers.4.block_sparse_moe.experts.2.w1"]
    );
}

#[test]
fn shards_share_what_the_first_one_says() {
    let folder = tempdir().unwrap();
    let write = |number: usize, metadata: &[(&str, Value)], name: &str| {
        let tensors = [(name, quantized(&[2, 2], GgmlDType::F32))];
        let path = folder.path().join(format!("m-0000{number}-of-00002.gguf"));
        std::fs::write(path, bytes(metadata, &tensors)).unwrap();
    };
    write(1, &[architecture("deepseek2")], "token_embd.weight");
    write(2, &[], "blk.1.attn_q_a.weight");
    let model = Model::open(folder.path()).unwrap();
    let expected = [
        "lm_head",
        "model.embed_tokens",
        "model.layers.1.self_attn.q_a_proj",
    ];
    assert_eq!(names(&model), expected);
    assert_eq!(model.warnings, [""; 0]);
    std::fs::rename(
        folder.path().join("m-00002-of-00002.gguf"),
        folder.path().join("other.gguf"),
    )
    .unwrap();
    std::fs::rename(
        folder.path().join("m-00001-of-00002.gguf"),
        folder.path().join("one.gguf"),
    )
    .unwrap();
    let error = Model::open(folder.path()).unwrap_err().to_string();
    says(
        &error,
        &["2 GGUF files, each a model of its own", "one.gguf"],
    );
}

#[test]
fn names_that_are_not_known_stay_with_a_line() {
    let tensors = [
        ("blk.0.attn_q.weight", quantized(&[2, 2], GgmlDType::F32)),
        (
            "blk.0.time_mix_key.weight",
            quantized(&[2, 2], GgmlDType::F32),
        ),
    ];
    let (_folder, model) = open(&bytes(&[architecture("rwkv6")], &tensors));
    assert_eq!(
        names(&model),
        ["model.layers.0.self_attn.q_proj", "blk.0.time_mix_key"]
    );
    says(
        &model.warnings[0],
        &["1 weights keep", "\"rwkv6\"", "blk.0.time_mix_key.weight"],
    );
}

#[test]
fn hostile_headers_are_refused_with_a_line() {
    let good = bytes(
        &[architecture("llama")],
        &[("token_embd.weight", quantized(&[2, 2], GgmlDType::F32))],
    );
    let with = |place: usize, bytes: &[u8]| {
        let mut bad = good.clone();
        bad[place..place + bytes.len()].copy_from_slice(bytes);
        bad
    };
    let huge = u64::MAX.to_le_bytes();
    // Tensors, entries, the length of the first key.
    for place in [8, 16, 24] {
        says(
            &refusal(&with(place, &huge)),
            &["bad.gguf: header", "download it again"],
        );
    }
    says(&refusal(&with(4, &[9])), &["version"]);
    let zero = bytes(&[("general.alignment", Value::U32(0))], &[]);
    says(&refusal(&zero), &["alignment of 0"]);
    // Nine million texts: each takes a read, however short.
    let mut many = good[..16].to_vec();
    many.extend(1_u64.to_le_bytes());
    many.extend(1_u64.to_le_bytes());
    many.extend(b"k");
    many.extend(9_u32.to_le_bytes());
    many.extend(8_u32.to_le_bytes());
    many.extend(9_000_000_u64.to_le_bytes());
    many.resize(many.len() + 8 * 9_000_000, 0);
    says(&refusal(&many), &["more values than any header needs"]);
    // The values start at 128, two bytes after the header.
    for length in 0..126 {
        assert!(!refusal(&good[..length]).is_empty());
    }
}

#[test]
fn tensors_that_do_not_fit_are_marked_and_the_rest_opens() {
    let tensors = [
        ("blk.0.ffn_up.weight", quantized(&[2, 32], GgmlDType::Q4_0)),
        ("blk.1.ffn_up.weight", quantized(&[2, 32], GgmlDType::Q4_0)),
    ];
    let good = bytes(&[architecture("llama")], &tensors);
    // The last tensor has 36 bytes and 28 of padding.
    let (_folder, cut) = open(&good[..good.len() - 29]);
    assert_eq!(module(&cut, "model.layers.0.mlp.up_proj").problem, None);
    let problem = module(&cut, "model.layers.1.mlp.up_proj")
        .problem
        .clone()
        .unwrap();
    says(&problem, &["tiny.gguf", "past the end", "cut short"]);
    // Dimensions that multiply to more than 64 bits count, and ones that are not whole blocks.
    let name = b"blk.1.ffn_up.weight";
    let place = good.windows(name.len()).position(|at| at == name).unwrap() + name.len() + 4;
    for (dimension, cause) in [
        (u64::MAX, "whole blocks"),
        (7, "whole blocks"),
        (1 << 60, "past the end"),
    ] {
        let mut bad = good.clone();
        bad[place..place + 8].copy_from_slice(&dimension.to_le_bytes());
        let (_folder, model) = open(&bad);
        let info = tensor(&model, "model.layers.1.mlp.up_proj.weight");
        says(info.problem.as_deref().unwrap(), &[cause]);
    }
}

#[test]
fn a_type_that_is_not_known_marks_its_own_tensor() {
    let tensors = [
        ("blk.0.ffn_up.weight", quantized(&[2, 32], GgmlDType::Q4_0)),
        ("blk.1.ffn_up.weight", quantized(&[2, 32], GgmlDType::Q4_0)),
    ];
    let mut bad = bytes(&[architecture("llama")], &tensors);
    let name = b"blk.0.ffn_up.weight";
    let place = bad.windows(name.len()).position(|at| at == name).unwrap() + name.len() + 20;
    bad[place] = 99;
    let (_folder, model) = open(&bad);
    let problem = module(&model, "model.layers.0.mlp.up_proj").problem.clone();
    says(&problem.unwrap(), &["number 99 of ggml", "not read"]);
    assert_eq!(module(&model, "model.layers.1.mlp.up_proj").problem, None);
}
