//! What a GGUF file's names are called in the checkpoint it was made from.
//!
//! Enters: the file's architecture and a name such as `blk.3.ffn_down.weight`. Leaves: the
//! checkpoint's name, `model.layers.3.mlp.down_proj.weight`, or none where it is not known.
//! Source: the architectures of llama.cpp, `gguf-py/gguf/tensor_mapping.py` and `constants.py`, which
//! give for each GGUF name the checkpoints' names of all architectures at once; here they are
//! sorted by architecture, since only one name is the right one.

use super::llama::{
    DEEPSEEK, FUSED, GEMMA2, GLM4, GRANITE, LLAMA, LLAMA4, LLAMA4_OUTSIDE, MIXTRAL, OUTSIDE, PHI2,
    PHI2_OUTSIDE, PHI3, STARCODER2,
};
use super::others::{
    BERT, BERT_OUTSIDE, BLOOM_OUTSIDE, CHATGLM_OUTSIDE, CLIP, CLIP_OUTSIDE, EXAONE, FALCON_OUTSIDE,
    GPT2, GPT2_OUTSIDE, GPTJ, GPTNEOX, GPTNEOX_OUTSIDE, INTERNLM2, INTERNLM2_OUTSIDE, MAMBA,
    MAMBA_OUTSIDE, MEGATRON, MODERN_BERT, MODERN_BERT_OUTSIDE, MPT, MPT_OUTSIDE, NOMIC,
    NOMIC_OUTSIDE, OPENELM, OPENELM_OUTSIDE, QWEN, T5_DECODER, T5_ENCODER, T5_OUTSIDE,
};
use super::table::Names;

/// Architectures whose checkpoints have the same names.
struct Family {
    /// Architectures as GGUF files call them.
    architectures: &'static [&'static str],
    /// The checkpoint's name of the list of blocks.
    blocks: &'static str,
    /// Names outside the blocks.
    outside: Names,
    /// Names inside a block, the first that fits.
    inside: &'static [Names],
}

/// What one tensor is called.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Called {
    /// One tensor of that name.
    One(String),
    /// One tensor per expert, with the expert's number between these two.
    Experts(String, String),
}

/// A family of architectures after Llama.
const fn like_llama(architectures: &'static [&'static str], inside: &'static [Names]) -> Family {
    Family {
        architectures,
        blocks: "model.layers",
        outside: OUTSIDE,
        inside,
    }
}

const fn family(
    architectures: &'static [&'static str],
    blocks: &'static str,
    outside: Names,
    inside: &'static [Names],
) -> Family {
    Family {
        architectures,
        blocks,
        outside,
        inside,
    }
}

static FAMILIES: [Family; 26] = [
    like_llama(
        &[
            "deepseek",
            "deepseek2",
            "deepseek2-ocr",
            "glm4moe",
            "dots1",
            "bailingmoe",
            "bailingmoe2",
            "ernie4_5-moe",
            "exaone-moe",
            "kimi-linear",
            "glm-dsa",
            "mistral4",
        ],
        &[DEEPSEEK, LLAMA],
    ),
    like_llama(&["glm4"], &[GLM4, LLAMA]),
    like_llama(&["minimax-m2", "phimoe"], &[MIXTRAL, LLAMA]),
    like_llama(&["gpt-oss"], &[FUSED, LLAMA]),
    like_llama(&["granitemoe"], &[GRANITE, LLAMA]),
    like_llama(
        &["gemma2", "gemma3", "gemma3n", "gemma-embedding"],
        &[GEMMA2, LLAMA],
    ),
    like_llama(&["phi3"], &[PHI3, LLAMA]),
    like_llama(&["starcoder2"], &[STARCODER2, LLAMA]),
    family(
        &["llama4"],
        "language_model.model.layers",
        LLAMA4_OUTSIDE,
        &[LLAMA4, LLAMA],
    ),
    family(&["phi2"], "model.layers", PHI2_OUTSIDE, &[PHI2, LLAMA]),
    family(
        &["gpt2", "starcoder"],
        "transformer.h",
        GPT2_OUTSIDE,
        &[GPT2],
    ),
    family(&["gptj"], "transformer.h", GPT2_OUTSIDE, &[GPTJ]),
    family(&["qwen"], "transformer.h", GPT2_OUTSIDE, &[QWEN]),
    family(&["exaone"], "transformer.h", GPT2_OUTSIDE, &[EXAONE]),
    family(
        &["gptneox"],
        "gpt_neox.layers",
        GPTNEOX_OUTSIDE,
        &[GPTNEOX, MEGATRON],
    ),
    family(&["falcon"], "transformer.h", FALCON_OUTSIDE, &[MEGATRON]),
    family(&["bloom"], "h", BLOOM_OUTSIDE, &[MEGATRON]),
    family(
        &["chatglm"],
        "transformer.encoder.layers",
        CHATGLM_OUTSIDE,
        &[MEGATRON],
    ),
    family(&["mpt"], "transformer.blocks", MPT_OUTSIDE, &[MPT]),
    family(
        &["openelm"],
        "transformer.layers",
        OPENELM_OUTSIDE,
        &[OPENELM],
    ),
    family(
        &["internlm2"],
        "model.layers",
        INTERNLM2_OUTSIDE,
        &[INTERNLM2],
    ),
    family(
        &["mamba", "mamba2"],
        "backbone.layers",
        MAMBA_OUTSIDE,
        &[MAMBA],
    ),
    family(&["bert"], "encoder.layer", BERT_OUTSIDE, &[BERT]),
    family(&["nomic-bert"], "encoder.layers", NOMIC_OUTSIDE, &[NOMIC]),
    family(
        &["modern-bert"],
        "layers",
        MODERN_BERT_OUTSIDE,
        &[MODERN_BERT],
    ),
    family(
        &["clip"],
        "vision_tower.vision_model.encoder.layers",
        CLIP_OUTSIDE,
        &[CLIP],
    ),
];
static T5: [Family; 2] = [
    family(
        &["t5", "t5encoder"],
        "encoder.block",
        T5_OUTSIDE,
        &[T5_ENCODER],
    ),
    family(&[], "decoder.block", &[], &[T5_DECODER, T5_ENCODER]),
];
/// Llama, and every architecture that is not in the list: nearly all follow it.
static OTHERS: [Family; 2] = [
    like_llama(&[], &[LLAMA]),
    like_llama(&[], &[MIXTRAL, LLAMA]),
];

/// Architectures without an output head.
const ENCODERS: [&str; 11] = [
    "bert",
    "nomic-bert",
    "nomic-bert-moe",
    "modern-bert",
    "neo-bert",
    "jina-bert-v2",
    "jina-bert-v3",
    "eurobert",
    "t5encoder",
    "clip",
    "gemma-embedding",
];

/// Whether the architecture is that of a language model with an output head of its own kind: the
/// encoders and the encoder-decoder models are not.
pub(super) fn is_causal_lm(architecture: &str) -> bool {
    !ENCODERS.contains(&architecture) && architecture != "t5"
}

impl Family {
    /// The family of an architecture. Mixtral's files call it `llama`, with experts.
    fn of(architecture: &str, experts: bool) -> &'static Self {
        let knows = |family: &&Self| family.architectures.contains(&architecture);
        let listed = FAMILIES.iter().chain(&T5).find(knows);
        listed.unwrap_or(&OTHERS[usize::from(architecture == "llama" && experts)])
    }

    fn inside(&self, name: &str) -> Option<&'static str> {
        self.inside.iter().find_map(|names| look_up(names, name))
    }
}

fn look_up(names: Names, name: &str) -> Option<&'static str> {
    let found = names.iter().find(|(gguf, _)| *gguf == name);
    found.map(|(_, checkpoint)| *checkpoint)
}

/// What of a file decides about its names. Of a sharded model only the first file says it.
#[derive(Debug, Clone)]
pub(in crate::tensor) struct Origin {
    /// The architecture.
    pub(super) architecture: String,
    /// Whether it has experts.
    pub(super) experts: bool,
    /// Whether its feed-forward layers have a gate.
    pub(super) gated: bool,
}

/// What the checkpoint calls the tensor `name` of a file of that origin; `None` where that is not
/// known.
pub(super) fn checkpoint_name(origin: &Origin, name: &str) -> Option<Called> {
    let mut family = Family::of(&origin.architecture, origin.experts);
    // The last part is the parameter; `ssm_a` and `ssm_d` have none.
    let (stem, parameter) = match name.rsplit_once('.') {
        Some((stem, parameter @ ("weight" | "bias"))) => (stem, format!(".{parameter}")),
        _ => (name, String::new()),
    };
    if let Some(outside) = look_up(family.outside, stem) {
        return Some(Called::One(format!("{outside}{parameter}")));
    }
    let (before, inside) = stem.split_once("blk.")?;
    match before {
        "" | "enc." | "v." => {}
        "dec." => family = &T5[1],
        _ => return None,
    }
    let (block, inside) = inside.split_once('.')?;
    block.parse::<u32>().ok()?;
    let blocks = family.blocks;
    // Files from before experts were fused number them: `ffn_gate.7`.
    if let Some((projection, expert)) = inside.rsplit_once('.')
        && expert.parse::<u32>().is_ok()
    {
        let of_expert = family.inside(&format!("{projection}_exps"))?;
        let inside = of_expert.replace("{e}", expert);
        return Some(Called::One(format!("{blocks}.{block}.{inside}{parameter}")));
    }
    let inside = family.inside(inside)?;
    // T5 numbers its input projection only where there is a gate beside it.
    if !origin.gated
        && let Some(plain) = inside.strip_suffix("wi_1")
    {
        return Some(Called::One(format!(
            "{blocks}.{block}.{plain}wi{parameter}"
        )));
    }
    let full = format!("{blocks}.{block}.{inside}{parameter}");
    Some(match full.split_once("{e}") {
        Some((before, after)) => Called::Experts(before.to_owned(), after.to_owned()),
        None => Called::One(full),
    })
}
