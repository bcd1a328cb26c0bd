//! What training takes in memory, by stated formulas: weights, gradients, optimizer states.
//!
//! Enters: counts of parameters. Leaves: bytes. Activations are not in it: they go by batch size,
//! sequence length and checkpointing, which no set of layers knows of. Nor are the caching of an
//! allocator, temporary buffers and the copies that sharding over several GPUs makes.
//!
//! | optimizer | weights | gradients | states |
//! |---|---|---|---|
//! | AdamW, f32 | 4·Ψ | 4·T | 8·T: two moments in f32 |
//! | AdamW, bf16 mixed | 2·Ψ | 2·T | 12·T: two moments and a copy of the weights in f32 \[1\] |
//! | AdamW, 8-bit | 2·Ψ | 2·T | 2·T, and an f32 for each block of 2048 of each moment \[2\] |
//! | SGD | 2·Ψ | 2·T | none |
//!
//! Ψ: parameters of the model, T: those that train. QLoRA \[3\]: linear weights in 4 bits, and for
//! each block of 64 a constant in 8 bits, and for each 256 of these one in 32 bits; the rest of
//! the model in bf16; adapters of rank 16 on all linear weights, r·(rows + columns) parameters
//! each, in bf16 with gradients in bf16 and two moments in f32.
//!
//! 1. Rajbhandari et al., *ZeRO*, SC 2020, arXiv:1910.02054: 16 bytes a parameter.
//! 2. Dettmers et al., *8-bit Optimizers via Block-wise Quantization*, ICLR 2022, arXiv:2110.02861.
//!    The library that implements it updates bf16 weights in place: there is no f32 copy.
//! 3. Dettmers et al., *QLoRA*, NeurIPS 2023, arXiv:2305.14314: 4.127 bits a parameter.

use serde::{Deserialize, Serialize};

/// Values of a moment that share one f32 constant in the 8-bit optimizer.
const BLOCK: u64 = 2048;
/// Weights that share one 8-bit constant in NF4.
const NF4_BLOCK: u64 = 64;
/// Of these constants, how many share an f32 one.
const NF4_CONSTANTS: u64 = 256;
/// Rank of the adapters that QLoRA is estimated with.
pub const LORA_RANK: u64 = 16;

/// How a set is trained.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Optimizer {
    /// AdamW with all in f32.
    AdamwF32,
    /// AdamW in bf16 mixed precision: weights and gradients in bf16, the rest in f32.
    #[default]
    AdamwBf16,
    /// AdamW with moments in 8 bits, weights in bf16.
    Adamw8bit,
    /// Stochastic gradient descent without momentum, in bf16.
    Sgd,
}

/// Memory of a training, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Memory {
    /// All weights of the model, frozen ones too, and adapters.
    pub weights: u64,
    /// Gradients of what trains.
    pub gradients: u64,
    /// Optimizer states of what trains, with its f32 copy where there is one.
    pub optimizer: u64,
}

impl Memory {
    /// The sum.
    #[must_use]
    pub fn total(self) -> u64 {
        let states = self.gradients.saturating_add(self.optimizer);
        self.weights.saturating_add(states)
    }
}

impl Optimizer {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::AdamwBf16, Self::AdamwF32, Self::Adamw8bit, Self::Sgd];

    /// Its name.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::AdamwF32 => "AdamW, f32",
            Self::AdamwBf16 => "AdamW, bf16 mixed",
            Self::Adamw8bit => "AdamW, 8-bit",
            Self::Sgd => "SGD",
        }
    }

    /// Its formula, in words.
    #[must_use]
    pub fn formula(self) -> &'static str {
        match self {
            Self::AdamwF32 => {
                "f32: weights 4 bytes a parameter; of what trains, gradients 4 and two moments 8"
            }
            Self::AdamwBf16 => {
                "bf16 mixed: weights 2 bytes a parameter; of what trains, gradients 2, and 12 for \
                 an f32 copy and two f32 moments (Rajbhandari et al. 2020, ZeRO)"
            }
            Self::Adamw8bit => {
                "8-bit: weights 2 bytes a parameter in bf16; of what trains, gradients 2, two \
                 moments 1 each and an f32 for each 2048 of a moment, no f32 copy (Dettmers et \
                 al. 2022)"
            }
            Self::Sgd => {
                "SGD without momentum: weights 2 bytes a parameter in bf16; of what trains, \
                 gradients 2, no states"
            }
        }
    }

    /// The memory of training `trained` of a model's `parameters`.
    #[must_use]
    pub fn memory(self, parameters: u64, trained: u64) -> Memory {
        let times = u64::saturating_mul;
        let (weights, gradients, optimizer) = match self {
            Self::AdamwF32 => (4, 4, times(trained, 8)),
            Self::AdamwBf16 => (2, 2, times(trained, 12)),
            Self::Adamw8bit => {
                let constants = times(trained.div_ceil(BLOCK), 4);
                (2, 2, times(trained.saturating_add(constants), 2))
            }
            Self::Sgd => (2, 2, 0),
        };
        Memory {
            weights: times(parameters, weights),
            gradients: times(trained, gradients),
            optimizer,
        }
    }

    /// The most of a model's `parameters` that can be trained in `bytes`; `None` where its
    /// weights alone take more.
    #[must_use]
    pub fn most_trainable(self, parameters: u64, bytes: u64) -> Option<u64> {
        let fits = |trained: u64| self.memory(parameters, trained).total() <= bytes;
        if !fits(0) {
            return None;
        }
        // Memory rises with every parameter: `least` fits, `beyond` is more than there are.
        let (mut least, mut beyond) = (0, parameters.saturating_add(1));
        while beyond - least > 1 {
            let middle = least + (beyond - least) / 2;
            if fits(middle) {
                least = middle;
            } else {
                beyond = middle;
            }
        }
        Some(least)
    }
}

/// The memory of QLoRA on a model with `parameters`, of which `linear` are in linear weights, with
/// `adapters` parameters in its adapters.
#[must_use]
pub fn qlora_memory(parameters: u64, linear: u64, adapters: u64) -> Memory {
    let constants = linear.div_ceil(NF4_BLOCK);
    let quantized = linear.div_ceil(2) + constants + constants.div_ceil(NF4_CONSTANTS) * 4;
    let rest = parameters.saturating_sub(linear).saturating_mul(2);
    Memory {
        weights: quantized.saturating_add(rest).saturating_add(2 * adapters),
        gradients: 2 * adapters,
        optimizer: 8 * adapters,
    }
}
