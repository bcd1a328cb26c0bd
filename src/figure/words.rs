//! Layer types in plain words: `self_attn.q_proj` is "query", `mlp.experts.*.down_proj` is
//! "experts · down". Names that no rule knows keep their own text.

/// Endings of layer types, their words, in the order rows are shown in. The longest ending that
/// fits decides.
const WORDS: [(&str, &str); 76] = [
    ("q_proj", "query"),
    ("query", "query"),
    ("to_q", "query"),
    ("q_a_proj", "query A"),
    ("q_b_proj", "query B"),
    ("k_proj", "key"),
    ("key", "key"),
    ("to_k", "key"),
    ("kv_a_proj_with_mqa", "key-value A"),
    ("kv_b_proj", "key-value B"),
    ("v_proj", "value"),
    ("value", "value"),
    ("to_v", "value"),
    ("qkv_proj", "query, key, value"),
    ("query_key_value", "query, key, value"),
    ("attn.c_attn", "query, key, value"),
    ("o_proj", "output"),
    ("out_proj", "output"),
    ("to_out.0", "output"),
    ("attn.c_proj", "output"),
    ("attention.output.dense", "output"),
    ("attention.dense", "output"),
    ("mixer.in_proj", "input"),
    ("mixer.conv1d", "convolution"),
    ("mixer.x_proj", "selection"),
    ("mixer.dt_proj", "time step"),
    ("mixer.out_proj", "output"),
    ("mlp.gate", "router"),
    ("block_sparse_moe.gate", "router"),
    ("shared_expert_gate", "shared expert gate"),
    ("gate_proj", "gate"),
    ("w1", "gate"),
    ("gate_up_proj", "gate and up"),
    ("up_proj", "up"),
    ("w3", "up"),
    ("ff.net.0.proj", "up"),
    ("mlp.c_fc", "up"),
    ("fc1", "up"),
    ("intermediate.dense", "up"),
    ("dense_h_to_4h", "up"),
    ("down_proj", "down"),
    ("w2", "down"),
    ("ff.net.2", "down"),
    ("mlp.c_proj", "down"),
    ("fc2", "down"),
    ("output.dense", "down"),
    ("dense_4h_to_h", "down"),
    ("input_layernorm", "input norm"),
    ("layer_norm1", "input norm"),
    ("layernorm_before", "input norm"),
    ("ln_1", "input norm"),
    ("q_norm", "query norm"),
    ("q_a_layernorm", "query norm"),
    ("k_norm", "key norm"),
    ("kv_a_layernorm", "key-value norm"),
    ("attention.output.LayerNorm", "post-attention norm"),
    ("post_attention_layernorm", "post-attention norm"),
    ("layer_norm2", "post-attention norm"),
    ("layernorm_after", "post-attention norm"),
    ("ln_2", "post-attention norm"),
    ("pre_feedforward_layernorm", "pre-MLP norm"),
    ("post_feedforward_layernorm", "post-MLP norm"),
    ("output.LayerNorm", "output norm"),
    ("embeddings.LayerNorm", "embedding norm"),
    ("model.norm", "final norm"),
    ("ln_f", "final norm"),
    ("norm_f", "final norm"),
    ("embed_tokens", "token embedding"),
    ("word_embeddings", "token embedding"),
    ("token_embedding", "token embedding"),
    ("backbone.embeddings", "token embedding"),
    ("wte", "token embedding"),
    ("position_embeddings", "position embedding"),
    ("position_embedding", "position embedding"),
    ("wpe", "position embedding"),
    ("lm_head", "output head"),
];

/// What every group's types begin with, and a heading says already.
const PREFIXES: [&str; 6] = [
    "self_attn.",
    "attn.",
    "attention.",
    "mlp.",
    "model.",
    "transformer.",
];

/// A row's label and place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Words {
    /// Place among its group's rows: known words first, then experts, then unknown names.
    pub(super) place: usize,
    /// The label.
    pub(super) label: String,
}

/// The words for a layer type, or a folded one.
pub(super) fn words(layer_type: &str) -> Words {
    let known = WORDS
        .iter()
        .enumerate()
        .filter(|(_, (ending, _))| ends_with(layer_type, ending))
        .max_by_key(|(_, (ending, _))| ending.len());
    let (place, plain) = match known {
        Some((place, &(_, plain))) => (place, plain),
        None => (WORDS.len(), stripped(layer_type)),
    };
    let (kind, label) = if known.is_none() {
        (0, plain.to_owned())
    } else if layer_type.contains("shared_expert") {
        (1, format!("shared expert · {plain}"))
    } else if layer_type.contains("experts") {
        (2, format!("experts · {plain}"))
    } else {
        (0, plain.to_owned())
    };
    Words {
        place: place + kind * (WORDS.len() + 1),
        label,
    }
}

/// Whether `ending` ends the name at the start of a part.
fn ends_with(name: &str, ending: &str) -> bool {
    name.strip_suffix(ending)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn stripped(name: &str) -> &str {
    PREFIXES
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name)
}
