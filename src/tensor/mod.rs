//! What is in a model's files: tensors, modules and their names, one matrix at a time.

mod dtype;
mod matrix;
mod model;
pub mod name;

pub use dtype::DType;
pub use matrix::Matrix;
pub use model::{Model, ModuleInfo, TensorInfo};
pub use name::{Group, ModuleName};
