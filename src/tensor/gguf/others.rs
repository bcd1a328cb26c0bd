//! Names in the checkpoints of models that are not built after Llama: see [`super::names`].

use super::table::Names;

pub(super) const GPT2: Names = &[
    ("attn_norm", "ln_1"),
    ("attn_qkv", "attn.c_attn"),
    ("attn_output", "attn.c_proj"),
    ("ffn_norm", "ln_2"),
    ("ffn_up", "mlp.c_fc"),
    ("ffn_down", "mlp.c_proj"),
];
pub(super) const GPT2_OUTSIDE: Names = &[
    ("token_embd", "transformer.wte"),
    ("position_embd", "transformer.wpe"),
    ("output_norm", "transformer.ln_f"),
    ("output", "lm_head"),
];
pub(super) const GPTJ: Names = &[
    ("attn_norm", "ln_1"),
    ("attn_q", "attn.q_proj"),
    ("attn_k", "attn.k_proj"),
    ("attn_v", "attn.v_proj"),
    ("attn_output", "attn.out_proj"),
    ("ffn_up", "mlp.fc_in"),
    ("ffn_down", "mlp.fc_out"),
];
pub(super) const QWEN: Names = &[
    ("attn_norm", "ln_1"),
    ("attn_qkv", "attn.c_attn"),
    ("attn_output", "attn.c_proj"),
    ("ffn_norm", "ln_2"),
    ("ffn_gate", "mlp.w2"),
    ("ffn_up", "mlp.w1"),
    ("ffn_down", "mlp.c_proj"),
];
pub(super) const EXAONE: Names = &[
    ("attn_norm", "ln_1"),
    ("attn_q", "attn.attention.q_proj"),
    ("attn_k", "attn.attention.k_proj"),
    ("attn_v", "attn.attention.v_proj"),
    ("attn_output", "attn.attention.out_proj"),
    ("ffn_norm", "ln_2"),
    ("ffn_gate", "mlp.c_fc_0"),
    ("ffn_up", "mlp.c_fc_1"),
    ("ffn_down", "mlp.c_proj"),
];
/// The names of Megatron's layers, in GPT-NeoX, Falcon, BLOOM and ChatGLM.
pub(super) const MEGATRON: Names = &[
    ("attn_norm", "input_layernorm"),
    ("attn_norm_2", "ln_attn"),
    ("attn_qkv", "self_attention.query_key_value"),
    ("attn_output", "self_attention.dense"),
    ("ffn_norm", "post_attention_layernorm"),
    ("ffn_up", "mlp.dense_h_to_4h"),
    ("ffn_down", "mlp.dense_4h_to_h"),
];
pub(super) const GPTNEOX: Names = &[
    ("attn_qkv", "attention.query_key_value"),
    ("attn_output", "attention.dense"),
];
pub(super) const GPTNEOX_OUTSIDE: Names = &[
    ("token_embd", "gpt_neox.embed_in"),
    ("output_norm", "gpt_neox.final_layer_norm"),
    ("output", "embed_out"),
];
pub(super) const FALCON_OUTSIDE: Names = &[
    ("token_embd", "transformer.word_embeddings"),
    ("output_norm", "transformer.ln_f"),
    ("output", "lm_head"),
];
pub(super) const BLOOM_OUTSIDE: Names = &[
    ("token_embd", "word_embeddings"),
    ("token_embd_norm", "word_embeddings_layernorm"),
    ("output_norm", "ln_f"),
    ("output", "lm_head"),
];
pub(super) const CHATGLM_OUTSIDE: Names = &[
    ("token_embd", "transformer.embedding.word_embeddings"),
    ("output_norm", "transformer.encoder.final_layernorm"),
    ("output", "transformer.output_layer"),
];
pub(super) const MPT: Names = &[
    ("attn_norm", "norm_1"),
    ("attn_qkv", "attn.Wqkv"),
    ("attn_output", "attn.out_proj"),
    ("ffn_norm", "norm_2"),
    ("ffn_up", "ffn.up_proj"),
    ("ffn_down", "ffn.down_proj"),
];
pub(super) const MPT_OUTSIDE: Names = &[
    ("token_embd", "transformer.wte"),
    ("output_norm", "transformer.norm_f"),
    ("output", "lm_head"),
];
pub(super) const OPENELM: Names = &[
    ("attn_norm", "attn_norm"),
    ("attn_qkv", "attn.qkv_proj"),
    ("attn_output", "attn.out_proj"),
    ("attn_q_norm", "attn.q_norm"),
    ("attn_k_norm", "attn.k_norm"),
    ("ffn_norm", "ffn_norm"),
    ("ffn_up", "ffn.proj_1"),
    ("ffn_down", "ffn.proj_2"),
];
pub(super) const OPENELM_OUTSIDE: Names = &[
    ("token_embd", "transformer.token_embeddings"),
    ("output_norm", "transformer.norm"),
];
pub(super) const INTERNLM2: Names = &[
    ("attn_norm", "attention_norm"),
    ("attn_q", "attention.wq"),
    ("attn_k", "attention.wk"),
    ("attn_v", "attention.wv"),
    ("attn_output", "attention.wo"),
    ("ffn_norm", "ffn_norm"),
    ("ffn_gate", "feed_forward.w1"),
    ("ffn_down", "feed_forward.w2"),
    ("ffn_up", "feed_forward.w3"),
];
pub(super) const INTERNLM2_OUTSIDE: Names = &[
    ("token_embd", "model.tok_embeddings"),
    ("output_norm", "model.norm"),
    ("output", "output"),
];
pub(super) const MAMBA: Names = &[
    ("attn_norm", "norm"),
    ("ssm_in", "mixer.in_proj"),
    ("ssm_conv1d", "mixer.conv1d"),
    ("ssm_x", "mixer.x_proj"),
    ("ssm_dt", "mixer.dt_proj"),
    ("ssm_a", "mixer.A_log"),
    ("ssm_d", "mixer.D"),
    ("ssm_norm", "mixer.norm"),
    ("ssm_out", "mixer.out_proj"),
];
pub(super) const MAMBA_OUTSIDE: Names = &[
    ("token_embd", "backbone.embeddings"),
    ("output_norm", "backbone.norm_f"),
    ("output", "lm_head"),
];
pub(super) const BERT: Names = &[
    ("attn_q", "attention.self.query"),
    ("attn_k", "attention.self.key"),
    ("attn_v", "attention.self.value"),
    ("attn_output", "attention.output.dense"),
    ("attn_output_norm", "attention.output.LayerNorm"),
    ("ffn_up", "intermediate.dense"),
    ("ffn_down", "output.dense"),
    ("layer_output_norm", "output.LayerNorm"),
];
pub(super) const BERT_OUTSIDE: Names = &[
    ("token_embd", "embeddings.word_embeddings"),
    ("token_types", "embeddings.token_type_embeddings"),
    ("position_embd", "embeddings.position_embeddings"),
    ("token_embd_norm", "embeddings.LayerNorm"),
];
pub(super) const NOMIC: Names = &[
    ("attn_qkv", "attn.Wqkv"),
    ("attn_output", "attn.out_proj"),
    ("attn_output_norm", "norm1"),
    ("ffn_up", "mlp.fc11"),
    ("ffn_gate", "mlp.fc12"),
    ("ffn_down", "mlp.fc2"),
    ("layer_output_norm", "norm2"),
];
pub(super) const NOMIC_OUTSIDE: Names = &[
    ("token_embd", "embeddings.word_embeddings"),
    ("token_types", "embeddings.token_type_embeddings"),
    ("token_embd_norm", "emb_ln"),
];
pub(super) const MODERN_BERT: Names = &[
    ("attn_norm", "attn_norm"),
    ("attn_qkv", "attn.Wqkv"),
    ("attn_output", "attn.Wo"),
    ("ffn_norm", "mlp_norm"),
    ("ffn_up", "mlp.Wi"),
    ("ffn_down", "mlp.Wo"),
];
pub(super) const MODERN_BERT_OUTSIDE: Names = &[
    ("token_embd", "embeddings.tok_embeddings"),
    ("token_embd_norm", "embeddings.norm"),
    ("output_norm", "final_norm"),
];
pub(super) const CLIP: Names = &[
    ("ln1", "layer_norm1"),
    ("attn_q", "self_attn.q_proj"),
    ("attn_k", "self_attn.k_proj"),
    ("attn_v", "self_attn.v_proj"),
    ("attn_out", "self_attn.out_proj"),
    ("ln2", "layer_norm2"),
    ("ffn_up", "mlp.fc1"),
    ("ffn_down", "mlp.fc2"),
];
pub(super) const CLIP_OUTSIDE: Names = &[
    (
        "v.patch_embd",
        "vision_tower.vision_model.embeddings.patch_embedding",
    ),
    (
        "v.position_embd",
        "vision_tower.vision_model.embeddings.position_embedding",
    ),
    ("v.pre_ln", "vision_tower.vision_model.pre_layrnorm"),
    ("v.post_ln", "vision_tower.vision_model.post_layernorm"),
];
pub(super) const T5_OUTSIDE: Names = &[
    ("token_embd", "shared"),
    ("enc.output_norm", "encoder.final_layer_norm"),
    ("dec.output_norm", "decoder.final_layer_norm"),
    ("output", "lm_head"),
];
pub(super) const T5_ENCODER: Names = &[
    ("attn_norm", "layer.0.layer_norm"),
    ("attn_q", "layer.0.SelfAttention.q"),
    ("attn_k", "layer.0.SelfAttention.k"),
    ("attn_v", "layer.0.SelfAttention.v"),
    ("attn_o", "layer.0.SelfAttention.o"),
    (
        "attn_rel_b",
        "layer.0.SelfAttention.relative_attention_bias",
    ),
    ("ffn_norm", "layer.1.layer_norm"),
    ("ffn_gate", "layer.1.DenseReluDense.wi_0"),
    ("ffn_up", "layer.1.DenseReluDense.wi_1"),
    ("ffn_down", "layer.1.DenseReluDense.wo"),
];
pub(super) const T5_DECODER: Names = &[
    ("cross_attn_norm", "layer.1.layer_norm"),
    ("cross_attn_q", "layer.1.EncDecAttention.q"),
    ("cross_attn_k", "layer.1.EncDecAttention.k"),
    ("cross_attn_v", "layer.1.EncDecAttention.v"),
    ("cross_attn_o", "layer.1.EncDecAttention.o"),
    ("ffn_norm", "layer.2.layer_norm"),
    ("ffn_gate", "layer.2.DenseReluDense.wi_0"),
    ("ffn_up", "layer.2.DenseReluDense.wi_1"),
    ("ffn_down", "layer.2.DenseReluDense.wo"),
];
