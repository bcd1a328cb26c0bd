//! What a module's name says: its block, its layer type, its expert, its group.
//!
//! Enters: a name such as `model.layers.7.mlp.experts.12.down_proj`. Leaves: block 7, type
//! `mlp.experts.12.down_proj`, expert 12, folded type `mlp.experts.*.down_proj`, group MLP.
//! The rule for block and type is Spectrum's (arXiv:2406.06623 and its program), made exact.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::fmt;

/// The longest name of a tensor, module or layer type, in bytes: real ones have at most 200, and
/// the matching of patterns goes as deep as a name is long.
pub const LONGEST_NAME: usize = 1000;

/// Numbers from here on are not the number of a block: models have hundreds of blocks.
const MOST_BLOCKS: u32 = 1 << 16;

/// Whether a name can be one of a tensor, module or layer type: it has an end in sight, and no
/// control character. One that breaks lines would forge entries of lists with one name per line, and
/// one with an escape would command the terminal that it is printed on.
#[must_use]
pub fn is_sound(name: &str) -> bool {
    !name.is_empty() && name.len() <= LONGEST_NAME && !name.chars().any(char::is_control)
}

/// A name taken apart. `parse` borrows from the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModuleName<'a> {
    /// What stands before the block's number, without the dot; `None` where there is no number.
    pub prefix: Option<&'a str>,
    /// The number of the block: the first part of the name that is all digits.
    pub block: Option<u32>,
    /// What follows that part; the whole name where there is none.
    pub layer_type: &'a str,
}

impl<'a> ModuleName<'a> {
    /// Takes `name` (without the ending `.weight`) apart.
    #[must_use]
    pub fn parse(name: &'a str) -> Self {
        let mut start = 0;
        for part in name.split('.') {
            let end = start + part.len();
            let rest = name.get(end + 1..).unwrap_or_default();
            if !rest.is_empty() && is_number(part) {
                let block = part.parse().ok();
                return Self {
                    prefix: Some(name.get(..start.saturating_sub(1)).unwrap_or_default()),
                    block: block.filter(|block| *block < MOST_BLOCKS),
                    layer_type: rest,
                };
            }
            start = end + 1;
        }
        Self {
            prefix: None,
            block: None,
            layer_type: name,
        }
    }
}

/// The number of an expert, where a part of a name after `previous` is one: `experts.12`, or
/// `experts.expert_12`.
fn expert_number<'a>(previous: &str, part: &'a str) -> Option<&'a str> {
    let number = part.strip_prefix("expert_").unwrap_or(part);
    (previous.contains("experts") && is_number(number)).then_some(number)
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// The expert's number in a layer type, where it names one: the number after a part that holds
/// `experts`.
#[must_use]
pub fn expert(layer_type: &str) -> Option<u32> {
    let mut previous = "";
    for part in layer_type.split('.') {
        if let Some(number) = expert_number(previous, part) {
            return number.parse().ok();
        }
        previous = part;
    }
    None
}

/// The layer type with the expert's number as `*`: one text for all experts of a projection.
#[must_use]
pub fn folded(layer_type: &str) -> String {
    let mut previous = "";
    let parts: Vec<&str> = layer_type
        .split('.')
        .map(|part| {
            let shown = match expert_number(previous, part) {
                Some(_) => "*",
                None => part,
            };
            previous = part;
            shown
        })
        .collect();
    parts.join(".")
}

/// The part of a block that a layer type belongs to: what rows are grouped by on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Query, key, value and output projections.
    Attention,
    /// What mixes tokens without attention: state-space layers.
    StateSpace,
    /// Feed-forward projections, routers and experts.
    Mlp,
    /// Convolutions of a network of images or sound.
    Convolution,
    /// Layer norms, and what modulates them.
    Norm,
    /// Token and position embeddings, and the output head.
    EmbeddingAndHead,
    /// Anything the name does not tell.
    Other,
}

impl Group {
    /// All groups in the order they are shown in.
    pub const ALL: [Self; 7] = [
        Self::Attention,
        Self::StateSpace,
        Self::Mlp,
        Self::Convolution,
        Self::Norm,
        Self::EmbeddingAndHead,
        Self::Other,
    ];

    /// The group of a layer type, read from the words in it.
    #[must_use]
    pub fn of(layer_type: &str) -> Self {
        const ENDS: [&str; 9] = [
            "embed",
            "lm_head",
            "wte",
            "wpe",
            "classifier",
            "score",
            "output_layer",
            "predictions",
            "cls_token",
        ];
        const ENDS_WHOLE: [&str; 5] = [
            "shared",
            "head",
            "output",
            "text_projection",
            "visual_projection",
        ];
        const ATTENTION: [&str; 10] = [
            "attn",
            "attention",
            "query",
            "key",
            "qkv",
            "q_proj",
            "k_proj",
            "v_proj",
            "o_proj",
            "q_lin",
        ];
        const STATE_SPACE: [&str; 3] = ["mixer.", "mamba", "ssm"];
        const CONVOLUTION: [&str; 5] = ["conv", "resnets", "downsample", "upsample", "upsampler"];
        const MLP: [&str; 14] = [
            "mlp",
            "ff_context.",
            "ffn",
            "feed_forward",
            "experts",
            "intermediate",
            "output.dense",
            "fc1",
            "fc2",
            "densereludense",
            "moe",
            "gate_proj",
            "up_proj",
            "down_proj",
        ];
        let name = layer_type.to_ascii_lowercase();
        let last = name.rsplit('.').next().unwrap_or_default();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        // The last part only: `norm_attn_norm.attn.Wqkv` is attention.
        let is_norm = last.contains("norm") || last.starts_with("ln_") || last.ends_with("_ln");
        // What modulates a norm in diffusion transformers is a matrix beside it.
        let modulates = name.contains("norm") && last == "linear" || name.contains("adaln");
        if is_norm || modulates || matches!(last, "ln" | "ln1" | "ln2") {
            Self::Norm
        } else if has(&ENDS) || ENDS_WHOLE.contains(&&*name) {
            Self::EmbeddingAndHead
        } else if name.starts_with("ff.") || name.contains(".ff.") {
            // A diffusion network's `attentions` hold its feed-forward layers too.
            Self::Mlp
        } else if has(&ATTENTION) {
            Self::Attention
        } else if has(&MLP) || matches!(last, "w1" | "w2" | "w3" | "router" | "gate") {
            Self::Mlp
        } else if has(&STATE_SPACE) {
            Self::StateSpace
        } else if has(&CONVOLUTION) {
            Self::Convolution
        } else {
            Self::Other
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Attention => "Attention",
            Self::StateSpace => "State space",
            Self::Mlp => "MLP",
            Self::Convolution => "Convolutions",
            Self::Norm => "Norms",
            Self::EmbeddingAndHead => "Embedding and head",
            Self::Other => "Other",
        })
    }
}

/// The tower that a module belongs to, by the part of its name that says so: `audio_tower`,
/// `visual`, `language_model`, `encoder`. Where no part does, a module of a block is told by what
/// stands before its block's number (`model.layers`), and any other has none: two stacks of blocks
/// have different towers, whatever they are called.
#[must_use]
pub fn tower(module: &str) -> Option<&str> {
    const WHOLE: [&str; 5] = ["visual", "vision", "encoder", "decoder", "audio"];
    const ENDS: [&str; 5] = ["_tower", "_encoder", "_decoder", "_model", "_backbone"];
    let before = ModuleName::parse(module).prefix;
    let parts = before.unwrap_or_else(|| module.rsplit_once('.').map_or("", |(front, _)| front));
    let says = |part: &&str| {
        let ends = ENDS.iter().any(|end| part.ends_with(end));
        // PEFT puts `base_model` before every name.
        WHOLE.contains(part) || ends && *part != "base_model"
    };
    let named = parts.split('.').find(says);
    named.or_else(|| before.filter(|front| !front.is_empty()))
}

/// Whether a module is an output head by the names checkpoints use.
#[must_use]
pub fn is_head(module: &str) -> bool {
    module == "lm_head" || module.ends_with(".lm_head")
}
