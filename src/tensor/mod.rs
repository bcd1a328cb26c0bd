//! What is in a model's files: tensors, modules and their names, one matrix at a time.

mod dtype;
mod header;
mod layout;
mod matrix;
mod model;
mod modules;
pub mod name;
mod open;

pub use dtype::DType;
pub use layout::{Layout, of as layout};
pub use matrix::Matrix;
pub use model::{Model, ModuleInfo, TensorInfo};
pub use name::{Group, ModuleName};

use layout::elements;
