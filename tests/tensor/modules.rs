//! Which tensors are modules, their matrices, and heads that share an embedding.

use layerscope::tensor::Model;
use safetensors::Dtype::{self, F32};

use crate::fixture::{model, module, names, says};

const LLAMA: &str = r#"{"architectures": ["LlamaForCausalLM"]}"#;

/// Rows and columns of a module's matrices.
fn shapes(model: &Model, name: &str) -> Vec<(usize, usize)> {
    let matrices = model.matrices(module(model, name)).unwrap();
    matrices
        .iter()
        .map(|matrix| (matrix.rows(), matrix.cols()))
        .collect()
}

fn tied(tensors: &[(&str, Dtype, &[usize])], config: &str) -> Option<String> {
    let (_folder, model) = model(tensors, config);
    let head = model
        .modules
        .iter()
        .find(|module| module.name == "lm_head")?;
    head.tied_to.clone()
}

#[test]
fn weights_are_modules_and_nothing_else_is() {
    let (_folder, model) = model(
        &[
            ("h.0.fc.weight", F32, &[4, 3]),
            ("h.0.fc.bias", F32, &[4]),
            ("h.0.fc.inner.bias", F32, &[7]),
            ("h.0.fc.weight_scale_inv", F32, &[1, 1]),
            ("h.0.rotary.inv_freq", F32, &[2]),
            ("h.0.moe.experts.up_bias", F32, &[2, 2, 2]),
        ],
        "",
    );
    assert_eq!(names(&model), ["h.0.fc"]);
    let fc = module(&model, "h.0.fc");
    assert_eq!((fc.parameters, fc.companions), (12, 5));
    // The frequencies of the positions are a buffer: nothing trains them.
    assert_eq!(model.parameters, 12 + 4 + 7 + 1 + 8);
}

#[test]
fn shapes_become_matrices() {
    let (_folder, model) = model(
        &[
            ("norm.weight", F32, &[6]),
            ("conv1.weight", F32, &[4, 3, 2]),
            ("conv2.weight", F32, &[4, 3, 2, 5]),
            ("conv3.weight", F32, &[4, 3, 2, 5, 2]),
            ("h.0.mlp.experts.gate_up_proj", F32, &[3, 4, 5]),
            ("h.0.mlp.experts.gate_up_proj_bias", F32, &[3, 5]),
            ("h.0.mlp.expert_fc.weight", F32, &[2, 4, 5]),
            ("h.0.mlp.mixer", F32, &[2, 4, 5]),
        ],
        "",
    );
    assert_eq!(shapes(&model, "norm"), [(1, 6)]);
    assert_eq!(shapes(&model, "conv1"), [(4, 6)]);
    assert_eq!(shapes(&model, "conv2"), [(4, 30)]);
    assert_eq!(shapes(&model, "conv3"), [(4, 60)]);
    assert_eq!(shapes(&model, "h.0.mlp.experts.gate_up_proj"), [(4, 5); 3]);
    assert_eq!(shapes(&model, "h.0.mlp.expert_fc"), [(4, 5); 2]);
    assert_eq!(module(&model, "h.0.mlp.experts.gate_up_proj").companions, 0);
    assert_eq!(model.modules.len(), 6);
}

#[test]
fn the_matrices_of_experts_follow_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let values: Vec<u8> = (0..12_u8)
        .flat_map(|value| f32::from(value).to_le_bytes())
        .collect();
    let view = safetensors::tensor::TensorView::new(F32, vec![3, 2, 2], &values).unwrap();
    let path = folder.path().join("fused.safetensors");
    safetensors::serialize_to_file([("h.0.experts.w", view)], None, &path).unwrap();
    let model = Model::open(&path).unwrap();
    let matrices = model.matrices(&model.modules[0]).unwrap();
    for (matrix, first) in matrices.iter().zip([0.0, 4.0, 8.0]) {
        let mut block = [0.0; 2];
        matrix
            .read_block(0..2, 1..2, &mut Vec::new(), &mut block)
            .unwrap();
        assert_eq!(block, [first + 1.0, first + 3.0]);
    }
}

#[test]
fn numbers_and_empty_weights_have_a_problem() {
    let (_folder, model) = model(&[("a.weight", F32, &[]), ("b.weight", F32, &[0, 64])], "");
    for (name, cause) in [
        ("a", "single number"),
        ("b", "is empty: its shape is [0, 64]"),
    ] {
        let problem = module(&model, name).problem.clone().unwrap();
        says(
            &problem,
            &["model.safetensors", &format!("tensor {name}.weight"), cause],
        );
    }
    assert_eq!(model.parameters, 1);
}

#[test]
fn types_are_grouped_by_their_first_part_and_blocks_count_up() {
    let weights = [
        "h.10.attn.q",
        "h.2.attn.q",
        "h.2.attn-b.q",
        "h.2.attn.k.x",
        "h.2.attn.k",
        "zeta",
        "h.0.ln",
        "Beta",
    ]
    .map(|name| format!("{name}.weight"));
    let tensors = weights
        .each_ref()
        .map(|name| (&**name, F32, &[1_usize] as &[usize]));
    let (_folder, model) = model(&tensors, "");
    // `attn-b` sorts before `attn.k` as text, and after it as a group.
    let expected = [
        "Beta",
        "h.2.attn.k",
        "h.2.attn.k.x",
        "h.2.attn.q",
        "h.10.attn.q",
        "h.2.attn-b.q",
        "h.0.ln",
        "zeta",
    ];
    assert_eq!(names(&model), expected);
}

#[test]
fn a_causal_models_missing_head_shares_the_embedding() {
    let embedding: &[(&str, Dtype, &[usize])] = &[
        ("model.visual.embed_tokens.weight", F32, &[9, 2]),
        ("model.embed_tokens.weight", F32, &[4, 2]),
        ("lm_head.bias", F32, &[4]),
    ];
    let (_folder, model) = model(embedding, LLAMA);
    let head = module(&model, "lm_head");
    assert_eq!(head.tied_to.as_deref(), Some("model.embed_tokens"));
    assert_eq!(
        (head.shape.as_slice(), head.parameters, head.companions),
        (&[4, 2][..], 8, 4)
    );
    assert_eq!(shapes(&model, "lm_head"), [(4, 2)]);
    assert_eq!(model.parameters, 18 + 8 + 4, "the shared tensor once");
}

#[test]
fn the_embedding_is_found_by_the_names_that_models_give_it() {
    for name in [
        "transformer.wte",
        "wte",
        "model.decoder.embed_tokens",
        "transformer.word_embeddings",
    ] {
        let weight = format!("{name}.weight");
        let config = r#"{"architectures": ["GPT2LMHeadModel"]}"#;
        assert_eq!(
            tied(&[(&weight, F32, &[4, 2])], config).as_deref(),
            Some(name)
        );
    }
    assert_eq!(tied(&[("fc.weight", F32, &[4, 2])], LLAMA), None);
}

#[test]
fn no_head_is_invented() {
    let embedding: (&str, Dtype, &[usize]) = ("model.embed_tokens.weight", F32, &[4, 2]);
    for config in [
        "",
        r#"{"architectures": ["BertModel"]}"#,
        r#"{"architectures": null}"#,
    ] {
        assert_eq!(tied(&[embedding], config), None, "{config}");
    }
    for head in ["lm_head", "language_model.lm_head", "embed_out", "output"] {
        let head = format!("{head}.weight");
        assert_eq!(
            tied(&[embedding, (&head, F32, &[4, 2])], LLAMA),
            None,
            "{head}"
        );
    }
    let untied = r#"{"architectures": ["LlamaForCausalLM"], "tie_word_embeddings": false}"#;
    let (_folder, model) = model(&[embedding], untied);
    assert_eq!(names(&model), ["model.embed_tokens"]);
    says(
        &model.warnings[0],
        &["config.json", "no file holds lm_head.weight"],
    );
}

#[test]
fn quantized_weights_under_other_names_are_mentioned() {
    let (_folder, model) = model(
        &[
            ("h.0.fc.qweight", Dtype::I32, &[4, 2]),
            ("h.0.ln.weight", F32, &[4]),
        ],
        "",
    );
    assert_eq!(names(&model), ["h.0.fc", "h.0.ln"]);
    says(&model.warnings[0], &["h.0.fc", "before it was quantized"]);
}
