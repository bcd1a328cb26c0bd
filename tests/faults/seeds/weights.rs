//! Seeds of weight files and spectra.

use std::io::{Cursor, Write as _};

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use layerscope::report::METADATA;
use safetensors::tensor::{Dtype, TensorView};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Seed;

/// The seeds of these formats.
pub(super) fn seeds() -> Vec<Seed> {
    let of = |target: &'static str, files: Vec<(&str, Vec<u8>)>| -> Vec<Seed> {
        let files = files.into_iter();
        files
            .map(|(name, bytes)| (target, name.to_owned(), bytes))
            .collect()
    };
    [
        of("safetensors_header", safetensors_files()),
        of("gguf", gguf_files()),
        of("packed", packed_files()),
        of("pickle_and_npz", archives()),
        of("spectra", spectra_files()),
    ]
    .concat()
}

/// A safetensors file by the format's own library.
fn stored(tensors: &[(&str, Dtype, &[usize])], metadata: Option<(&str, &str)>) -> Vec<u8> {
    let buffers: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(_, dtype, shape)| {
            let bytes = shape.iter().product::<usize>() * dtype.bitsize() / 8;
            (0..bytes).map(|byte| byte as u8 / 3).collect()
        })
        .collect();
    let views = tensors.iter().zip(&buffers);
    let views = views.map(|((name, dtype, shape), buffer)| {
        let view = TensorView::new(*dtype, shape.to_vec(), buffer);
        (*name, view.unwrap())
    });
    let metadata = metadata.map(|(key, value)| [(key.to_owned(), value.to_owned())].into());
    safetensors::serialize(views, metadata).unwrap()
}

/// A safetensors file with that header, right or wrong.
fn headed(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend((0..data).map(|byte| byte as u8));
    bytes
}

/// Packed weights, with the byte before them that chooses the configuration.
fn packed_files() -> Vec<(&'static str, Vec<u8>)> {
    let of = |kind: u8, tensors: &[(&str, Dtype, &[usize])]| {
        let mut bytes = vec![kind];
        bytes.extend(stored(tensors, None));
        bytes
    };
    vec![
        (
            "gptq",
            of(
                1,
                &[
                    ("h.0.a.qweight", Dtype::I32, &[1, 8]),
                    ("h.0.a.qzeros", Dtype::I32, &[4, 1]),
                    ("h.0.a.scales", Dtype::F16, &[4, 8]),
                    ("h.0.a.g_idx", Dtype::I32, &[8]),
                ],
            ),
        ),
        (
            "awq",
            of(
                3,
                &[
                    ("h.0.a.qweight", Dtype::I32, &[4, 1]),
                    ("h.0.a.qzeros", Dtype::I32, &[2, 1]),
                    ("h.0.a.scales", Dtype::F16, &[2, 8]),
                ],
            ),
        ),
        (
            "mlx",
            of(
                4,
                &[
                    ("h.0.a.weight", Dtype::U32, &[2, 4]),
                    ("h.0.a.scales", Dtype::F16, &[2, 1]),
                    ("h.0.a.biases", Dtype::F16, &[2, 1]),
                ],
            ),
        ),
        (
            "compressed",
            of(
                5,
                &[
                    ("h.0.a.weight_packed", Dtype::I32, &[8, 1]),
                    ("h.0.a.weight_scale", Dtype::BF16, &[8, 4]),
                    ("h.0.a.weight_zero_point", Dtype::I32, &[1, 4]),
                    ("h.0.b.weight_packed", Dtype::U8, &[2, 8]),
                    ("h.0.b.weight_scale", Dtype::F8_E4M3, &[2, 1]),
                    ("h.0.b.weight_global_scale", Dtype::F32, &[1]),
                ],
            ),
        ),
        (
            "fp4_and_bytes",
            of(
                0,
                &[
                    ("h.0.experts.up_blocks", Dtype::U8, &[2, 2, 1, 16]),
                    ("h.0.experts.up_scales", Dtype::U8, &[2, 2, 1]),
                    ("h.0.b.weight", Dtype::I8, &[2, 4]),
                    ("h.0.b.SCB", Dtype::F32, &[2]),
                    ("h.0.c.weight", Dtype::I8, &[2, 16]),
                    ("h.0.c.scale", Dtype::F8_E8M0, &[2, 1]),
                ],
            ),
        ),
        ("bitsandbytes", {
            let mut bytes = vec![0];
            let state = br#"{"quant_type":"nf4","blocksize":4,"shape":[2,4]}"#;
            let parts: [(&str, Dtype, &[usize], Vec<u8>); 4] = [
                ("h.0.a.weight", Dtype::U8, &[4, 1], vec![0x1f; 4]),
                ("h.0.a.weight.absmax", Dtype::F32, &[2], vec![0x3f; 8]),
                ("h.0.a.weight.quant_map", Dtype::F32, &[16], vec![0x3e; 64]),
                (
                    "h.0.a.weight.quant_state.bitsandbytes__nf4",
                    Dtype::U8,
                    &[state.len()],
                    state.to_vec(),
                ),
            ];
            let views = parts.iter().map(|(name, dtype, shape, bytes)| {
                (
                    *name,
                    TensorView::new(*dtype, shape.to_vec(), bytes).unwrap(),
                )
            });
            bytes.extend(safetensors::serialize(views, None).unwrap());
            bytes
        }),
    ]
}

fn safetensors_files() -> Vec<(&'static str, Vec<u8>)> {
    let dense = stored(
        &[
            ("model.embed_tokens.weight", Dtype::F32, &[5, 4]),
            ("model.layers.0.mlp.up_proj.weight", Dtype::BF16, &[3, 4]),
            ("model.layers.0.mlp.up_proj.bias", Dtype::F16, &[3]),
            ("model.norm.weight", Dtype::F64, &[4]),
        ],
        Some(("format", "pt")),
    );
    let experts = stored(
        &[
            ("layers.0.mlp.experts.gate_up_proj", Dtype::F32, &[2, 3, 4]),
            ("layers.0.conv.weight", Dtype::F32, &[2, 3, 1, 2]),
            ("layers.0.q.qweight", Dtype::I32, &[2, 2]),
            ("layers.0.x.weight", Dtype::F8_E4M3, &[4, 4]),
            ("layers.0.x.weight_scale_inv", Dtype::F32, &[2, 2]),
        ],
        None,
    );
    let cut = dense[..dense.len() / 2].to_vec();
    let overlap = r#"{"a.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]},"a.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    let huge = r#"{"a.weight":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,18446744073709551615]},"b.weight":{"dtype":"F4","shape":[3],"data_offsets":[9,4]},"c":7}"#;
    vec![
        ("dense", dense),
        ("experts_and_8_bits", experts),
        ("cut_short", cut),
        ("overlapping", headed(overlap, 24)),
        ("more_than_can_be_counted", headed(huge, 8)),
        ("nested_deep", headed(&"[".repeat(300), 0)),
        (
            "length_of_all",
            b"\xff\xff\xff\xff\xff\xff\xff\xff{}".to_vec(),
        ),
        (
            "git_lfs",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n".to_vec(),
        ),
    ]
}

fn gguf(metadata: &[(&str, Value)], tensors: &[(&str, &[usize], GgmlDType)]) -> Vec<u8> {
    let tensors: Vec<(&str, QTensor)> = tensors
        .iter()
        .map(|(name, shape, dtype)| {
            let count: usize = shape.iter().product();
            let values: Vec<f32> = (0..count).map(|i| (i % 7) as f32 - 3.0).collect();
            let tensor = Tensor::from_vec(values, *shape, &Device::Cpu).unwrap();
            (*name, QTensor::quantize(&tensor, *dtype).unwrap())
        })
        .collect();
    let tensors: Vec<(&str, &QTensor)> = tensors
        .iter()
        .map(|(name, tensor)| (*name, tensor))
        .collect();
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (*key, value)).collect();
    let mut out = Cursor::new(Vec::new());
    gguf_file::write(&mut out, &metadata, &tensors).unwrap();
    out.into_inner()
}

fn gguf_files() -> Vec<(&'static str, Vec<u8>)> {
    let name = |name: &str| ("general.architecture", Value::String(name.into()));
    let plain = gguf(
        &[name("llama"), ("general.alignment", Value::U32(32))],
        &[
            ("token_embd.weight", &[3, 32], GgmlDType::Q8_0),
            ("blk.0.attn_q.weight", &[2, 32], GgmlDType::Q4_0),
            ("blk.0.attn_norm.weight", &[8], GgmlDType::F32),
        ],
    );
    let experts = gguf(
        &[
            name("qwen3moe"),
            ("qwen3moe.expert_count", Value::U32(2)),
            (
                "tokenizer.ggml.tokens",
                Value::Array(vec![Value::String("a".into()), Value::String("b".into())]),
            ),
        ],
        &[
            ("blk.0.ffn_gate_exps.weight", &[2, 3, 4], GgmlDType::F32),
            ("blk.0.ffn_gate_inp.weight", &[2, 4], GgmlDType::F16),
            ("blk.0.odd", &[2, 4], GgmlDType::BF16),
        ],
    );
    let cut = plain[..120].to_vec();
    let alignment = gguf(&[("general.alignment", Value::U32(0))], &[]);
    let mut nested = b"GGUF\x03\0\0\0".to_vec();
    nested.extend(0_u64.to_le_bytes());
    nested.extend(1_u64.to_le_bytes());
    nested.extend(1_u64.to_le_bytes());
    nested.extend(b"a\x09\0\0\0");
    for _ in 0..100 {
        nested.extend(9_u32.to_le_bytes());
        nested.extend(1_u64.to_le_bytes());
    }
    let mut counts = b"GGUF\x02\0\0\0".to_vec();
    counts.extend([0xff; 16]);
    let mut first = b"GGUF\x01\0\0\0".to_vec();
    first.extend(b"\x01\0\0\0\0\0\0\0\x01\0\0\0a\x02\0\0\0\x02\0\0\0\x02\0\0\0\0\0\0\0");
    first.extend([0; 48]);
    vec![
        ("plain", plain),
        ("experts", experts),
        ("cut_short", cut),
        ("alignment_0", alignment),
        ("arrays_in_arrays", nested),
        ("counts_of_all", counts),
        ("version_1", first),
    ]
}

/// A pickle as PyTorch writes it, of one tensor.
fn pickle(storage: &str, shape: [u8; 2], stride: [u8; 2]) -> Vec<u8> {
    let mut out = b"\x80\x02}q\0(X\x08\0\0\0a.weight".to_vec();
    out.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storage");
    out.extend(format!("ctorch\n{storage}\n").as_bytes());
    out.extend(b"X\x01\0\0\x000X\x03\0\0\0cpuK\x08tQK\0");
    out.extend([b'K', shape[0], b'K', shape[1], 0x86]);
    out.extend([b'K', stride[0], b'K', stride[1], 0x86]);
    out.extend(b"\x89ccollections\nOrderedDict\n)RtRu.");
    out
}

/// An array as numpy writes it.
fn array(version: u8, header: &str, data: usize) -> Vec<u8> {
    let mut out = b"\x93NUMPY".to_vec();
    out.extend([version, 0]);
    if version == 1 {
        out.extend((header.len() as u16).to_le_bytes());
    } else {
        out.extend((header.len() as u32).to_le_bytes());
    }
    out.extend(header.as_bytes());
    out.extend(vec![1; data]);
    out
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn archives() -> Vec<(&'static str, Vec<u8>)> {
    let of = |kind: u8, bytes: &[u8]| [&[kind], bytes].concat();
    let good = pickle("FloatStorage", [2, 4], [4, 1]);
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
    let turned = "{'descr': '<f2', 'fortran_order': True, 'shape': (2, 3), }\n";
    let mut endless = array(2, header, 24);
    endless[8..12].fill(0xff);
    let code = b"\x80\x02cposix\nsystem\nX\x04\0\0\0true\x85R.".to_vec();
    let lists = [b"\x80\x02".to_vec(), b"](".repeat(100)].concat();
    let bomb = [
        b"\x80\x02]q\0".to_vec(),
        b"(h\0h\0eq\0".repeat(60),
        b".".to_vec(),
    ]
    .concat();
    let torch = archive(&[
        ("m/data.pkl", &good),
        ("m/byteorder", b"little"),
        ("m/data/0", &[3; 32]),
    ]);
    let numpy = archive(&[
        ("a.weight.npy", &array(1, header, 24)),
        ("b.npy", &array(1, turned, 12)),
    ]);
    vec![
        ("pickle", of(0, &good)),
        (
            "pickle_column_by_column",
            of(0, &pickle("HalfStorage", [4, 2], [1, 4])),
        ),
        (
            "pickle_view",
            of(0, &pickle("BFloat16Storage", [2, 2], [9, 9])),
        ),
        ("pickle_with_code", of(0, &code)),
        ("pickle_nested_deep", of(0, &lists)),
        ("pickle_that_doubles", of(0, &bomb)),
        ("array", of(1, &array(1, header, 24))),
        ("array_column_by_column", of(1, &array(2, turned, 12))),
        ("array_with_an_endless_header", of(1, &endless)),
        ("archive_of_torch", of(2, &torch)),
        ("archive_of_numpy", of(2, &numpy)),
        ("archive_cut_short", of(2, &numpy[..numpy.len() - 30])),
    ]
}

fn spectra_files() -> Vec<(&'static str, Vec<u8>)> {
    let document = |modules: &str| {
        format!(
            r#"{{"format":1,"program":"layerscope 0.1.0","model":"m","slug":"m","total_parameters":40,"files":[{{"name":"m","bytes":9,"fingerprint":"0"}}],"modules":[{modules}]}}"#
        )
    };
    let detail = r#""snr":0.5,"detail":{"snr":0.5,"sigma_iqr":1.0,"tau":1.5,"s_max":2.0,"signal_sum":2.0,"noise_sum":1.0,"signal_count":1,"count":2}"#;
    let modules = format!(
        r#"{{"name":"a","shape":[2,3],"dtype":"F32","parameters":6,"companions":0,{detail}}},{{"name":"b","shape":[2,2,3],"dtype":"BF16","parameters":12,"companions":1,"snr":"NaN","experts":[0.5,null]}},{{"name":"c","shape":[2,3],"dtype":"F32","parameters":6,"companions":0,"tied_to":"a","problem":"x"}}"#
    );
    let tensors: [(&str, Dtype, &[usize]); 2] =
        [("a", Dtype::F32, &[2]), ("b", Dtype::F32, &[2, 2])];
    let good = stored(&tensors, Some((METADATA, &document(&modules))));
    let wide = r#"{"name":"a","shape":[18446744073709551615,18446744073709551615,9],"dtype":"F32","parameters":6,"companions":0,"snr":0.5}"#;
    let wide = stored(&tensors, Some((METADATA, &document(wide))));
    let part = document(&modules).replace(
        r#""modules":[{"#,
        r#""part":{"shards":["1/2"],"modules":["a","b","c","d"]},"modules":[{"#,
    );
    let part = stored(&tensors, Some((METADATA, &part)));
    let whole = stored(
        &[("a", Dtype::I32, &[2])],
        Some((METADATA, &document(&modules))),
    );
    let cut = good[..good.len() - 3].to_vec();
    vec![
        ("good", good),
        ("part", part),
        ("shape_of_all", wide),
        ("whole_numbers", whole),
        ("cut_short", cut),
        ("without_entry", stored(&tensors, None)),
        (
            "header_of_all",
            headed(
                r#"{"a":{"dtype":"F32","shape":[2305843009213693952],"data_offsets":[0,9223372036854775808]}}"#,
                0,
            ),
        ),
    ]
}
