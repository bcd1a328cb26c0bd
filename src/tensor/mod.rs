//! What is in a model's files: tensors, modules and their names, one matrix at a time.

mod archive;
mod blocks;
mod contents;
mod dtype;
mod format;
mod fp8;
mod gguf;
mod header;
mod info;
mod layout;
mod matrix;
mod model;
mod modules;
pub mod name;
mod npz;
mod open;
mod packed;
mod pickle;
mod state_dict;
mod torch;
mod widen;

pub use blocks::BlockType;
pub use dtype::DType;
pub use info::TensorInfo;
pub use layout::{Layout, of as layout};
pub use matrix::{Matrix, Scales};
pub use model::{Model, ModuleInfo, Scaling};
pub use name::{Group, ModuleName};
pub use packed::Packing;

pub(crate) use layout::elements;
