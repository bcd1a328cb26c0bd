//! What a set costs to train, beside training everything and beside QLoRA.
//!
//! Enters: a report that knows shapes, the parameters that train. Leaves: [`Costs`].

use crate::report::{Module, SnrReport};
use crate::selection::memory::{LORA_RANK, qlora_memory};
use crate::selection::{Memory, Optimizer};
use crate::tensor::Group;

/// What of a model its memory goes by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Parameters of the model, tied tensors once.
    pub parameters: u64,
    /// Of these, those in linear weights, which QLoRA quantizes: matrices, but the embeddings
    /// and the head. Weights that hold all experts' matrices, and convolutions, are not.
    pub linear: u64,
    /// Parameters of adapters of rank 16 on all linear weights: 16·(rows + columns) each.
    pub adapters: u64,
}

impl Sizes {
    /// Those of `report`'s model; `None` where the report does not know shapes.
    #[must_use]
    pub fn of(report: &SnrReport) -> Option<Self> {
        let mut sizes = Self {
            parameters: report.total_parameters?,
            ..Self::default()
        };
        let mut known = false;
        for module in &report.modules {
            let Some(weight) = &module.weight else {
                continue;
            };
            known = true;
            if let Some((rows, columns)) = linear_shape(report, module) {
                sizes.linear += weight.parameters;
                sizes.adapters += LORA_RANK * (rows as u64 + columns as u64);
            }
        }
        known.then_some(sizes)
    }
}

/// Rows and columns of a linear weight; none for what is none.
fn linear_shape(report: &SnrReport, module: &Module) -> Option<(usize, usize)> {
    let weight = module.weight.as_ref()?;
    let group = report.types[module.layer_type].group;
    match weight.shape[..] {
        [rows, columns]
            if !matches!(group, Group::EmbeddingAndHead | Group::Norm)
                && weight.tied_to.is_none() =>
        {
            Some((rows, columns))
        }
        _ => None,
    }
}

/// The memory of three ways to train a model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Costs {
    /// What the memory goes by.
    pub sizes: Sizes,
    /// The set.
    pub set: Memory,
    /// All parameters.
    pub full: Memory,
    /// QLoRA: 4-bit weights, adapters of rank 16 on all linear weights.
    pub qlora: Memory,
}

impl Costs {
    /// Of training `trained` parameters of a model of these `sizes`.
    #[must_use]
    pub fn new(sizes: Sizes, trained: u64, optimizer: Optimizer) -> Self {
        Self {
            sizes,
            set: optimizer.memory(sizes.parameters, trained),
            full: optimizer.memory(sizes.parameters, sizes.parameters),
            qlora: qlora_memory(sizes.parameters, sizes.linear, sizes.adapters),
        }
    }
}
