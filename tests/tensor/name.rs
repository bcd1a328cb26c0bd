//! Names: block, type, expert, group.

use std::fs;

use layerscope::tensor::{Group, ModuleName, name};
use proptest::prelude::*;
use serde_json::{Map, Value};

#[test]
fn block_and_type_are_read_from_the_first_number() {
    for (name, prefix, block, layer_type) in [
        (
            "model.layers.7.mlp.down_proj",
            Some("model.layers"),
            Some(7),
            "mlp.down_proj",
        ),
        (
            "transformer.h.0.attn.c_attn",
            Some("transformer.h"),
            Some(0),
            "attn.c_attn",
        ),
        (
            "encoder.block.3.layer.1.norm",
            Some("encoder.block"),
            Some(3),
            "layer.1.norm",
        ),
        ("3.fc", Some(""), Some(3), "fc"),
        ("model.embed_tokens", None, None, "model.embed_tokens"),
        ("classifier.0", None, None, "classifier.0"),
        ("h1.2a.x", None, None, "h1.2a.x"),
        ("layers.99999999999.fc", Some("layers"), None, "fc"),
        ("", None, None, ""),
    ] {
        assert_eq!(
            ModuleName::parse(name),
            ModuleName {
                prefix,
                block,
                layer_type
            },
            "{name}"
        );
    }
}

#[test]
fn experts_fold_into_one_row() {
    let layer_type = "mlp.experts.12.down_proj";
    assert_eq!(name::expert(layer_type), Some(12));
    assert_eq!(name::folded(layer_type), "mlp.experts.*.down_proj");
    let switch = "layer.1.mlp.experts.expert_7.wi";
    assert_eq!(name::expert(switch), Some(7));
    assert_eq!(name::folded(switch), "layer.1.mlp.experts.*.wi");
    assert_eq!(name::expert("mlp.shared_experts.down_proj"), None);
    assert_eq!(name::folded("layer.1.norm"), "layer.1.norm");
}

#[test]
fn layer_types_of_known_families_land_in_their_group() {
    use Group::{Attention, Convolution, EmbeddingAndHead, Mlp, Norm, Other, StateSpace};
    for (group, types) in [
        (
            Attention,
            "self_attn.q_proj attn.c_attn attention.self.key attention.output.dense \
             attention.attention.query self_attention.query_key_value layer.0.SelfAttention.q \
             self_attn.kv_a_proj_with_mqa norm_attn_norm.attn.Wqkv attention.wq",
        ),
        (
            Mlp,
            "mlp.down_proj mlp.c_fc intermediate.dense output.dense mlp.gate mlp.experts.3.up_proj \
             mlp.shared_experts.up_proj block_sparse_moe.gate block_sparse_moe.experts.0.w1 \
             layer.1.DenseReluDense.wi feed_forward.w2 fc1 ff.net.0.proj mixer.up_proj",
        ),
        (
            Norm,
            "input_layernorm post_attention_layernorm self_attn.k_norm self_attn.q_a_layernorm \
             ln_1 transformer.ln_f output.LayerNorm embeddings.LayerNorm model.norm \
             layernorm_before norm_attn_norm.norm_1 ffn_norm attn_ln norm1.linear ln1",
        ),
        (
            EmbeddingAndHead,
            "model.embed_tokens lm_head transformer.wte transformer.wpe embed_out shared \
             embeddings.word_embeddings vit.embeddings.patch_embeddings.projection classifier \
             tok_embeddings output",
        ),
        (StateSpace, "mixer.in_proj mixer.conv1d mamba.x_proj"),
        (
            Convolution,
            "resnets.0.conv1 resnets.1.time_emb_proj downsamplers.0.conv model.encoder.conv1",
        ),
        (Other, "pooler.dense proj_out"),
    ] {
        for layer_type in types.split_whitespace() {
            assert_eq!(Group::of(layer_type), group, "{layer_type}");
        }
    }
}

#[test]
fn towers_are_told_by_a_part_of_the_name_or_by_the_stack() {
    for (module, tower) in [
        ("audio_tower.layers.3.self_attn.q_proj", Some("audio_tower")),
        (
            "language_model.model.layers.3.self_attn.q_proj",
            Some("language_model"),
        ),
        (
            "model.language_model.layers.3.self_attn.q_proj",
            Some("language_model"),
        ),
        (
            "vision_tower.vision_model.encoder.layers.0.mlp.fc1",
            Some("vision_tower"),
        ),
        ("visual.blocks.0.attn.qkv", Some("visual")),
        ("visual.merger.mlp", Some("visual")),
        ("model.layers.0.self_attn.q_proj", Some("model.layers")),
        (
            "talker.model.layers.0.mlp.up_proj",
            Some("talker.model.layers"),
        ),
        ("text_model.encoder.layers.1.mlp.fc1", Some("text_model")),
        ("encoder.block.0.layer.0.SelfAttention.q", Some("encoder")),
        ("model.decoder.layers.0.fc1", Some("decoder")),
        (
            "base_model.model.model.layers.0.fc1",
            Some("base_model.model.model.layers"),
        ),
        ("transformer.h.0.attn.c_attn", Some("transformer.h")),
        ("multi_modal_projector.linear_1", None),
        ("model.embed_tokens", None),
        ("lm_head", None),
        ("0.weight", None),
        ("", None),
    ] {
        assert_eq!(name::tower(module), tower, "{module}");
    }
}

#[test]
fn no_type_of_the_published_results_is_without_a_group() {
    let Some(folder) = crate::require::shared("snr_results") else {
        return;
    };
    let files = fs::read_dir(folder).unwrap();
    let mut seen = 0;
    for file in files {
        // Bare `Infinity` is for the report's reader: here the names are enough.
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let text = text.replace("Infinity", "0").replace("NaN", "0");
        let Ok(modules) = serde_json::from_str::<Map<String, Value>>(&text) else {
            continue;
        };
        for (module, value) in modules {
            let flat = value.get("type").and_then(Value::as_str);
            let layer_type = flat.unwrap_or(&module);
            assert_ne!(Group::of(layer_type), Group::Other, "{layer_type}");
            seen += 1;
        }
    }
    assert!(seen > 28_800, "{seen}");
}

proptest! {
    #[test]
    fn any_name_is_taken_apart(name in "\\PC*|([a-z0-9]{0,3}\\.){0,6}[0-9]{0,12}") {
        let parsed = ModuleName::parse(&name);
        prop_assert!(name.ends_with(parsed.layer_type));
        prop_assert!(name.is_empty() || !parsed.layer_type.is_empty());
        prop_assert!(parsed.block.is_none() || parsed.layer_type.len() < name.len());
        let _ = Group::of(&name);
        prop_assert!(name::tower(&name).is_none_or(|tower| name.contains(tower)));
        let folded = name::folded(&name);
        prop_assert_eq!(name::folded(&folded), folded.clone());
        prop_assert_eq!(name::expert(&name).is_some() && folded == name, false);
    }
}
