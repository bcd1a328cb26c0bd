//! What a trainer calls a model's parameters.
//!
//! A checkpoint's names are often not those of the loaded model: transformers adds or removes the
//! base model's prefix, renames modules, and fuses experts. A freeze set must use the loaded
//! names, or it trains nothing without a word.
//!
//! Enters: the model's architecture, read from its config.json. Leaves: [`Translation`], which
//! turns a checkpoint's name into the loaded ones. Source: the tables in `assets/names`, which
//! `dist/names/make_table.py` makes from transformers itself.

mod architecture;
mod column;
mod parts;
mod stars;
mod table;
mod transform;
mod translation;
mod wrappers;

pub use architecture::Architecture;
pub use column::Names;
pub use translation::{Loaded, Translation};
pub(crate) use wrappers::unwrapped;
