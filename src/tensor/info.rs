//! One tensor of a model's files.

use crate::tensor::DType;

/// One tensor as a weight file's header describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorInfo {
    /// Full name in the checkpoint.
    pub name: String,
    /// Stored type.
    pub dtype: DType,
    /// Shape, outermost dimension first.
    pub shape: Vec<usize>,
    /// Index into [`Model::files`](crate::tensor::Model::files).
    pub file: usize,
    /// First byte in the file (absolute).
    pub offset: u64,
    /// Whether the values of a matrix lie column by column.
    pub transposed: bool,
    /// Why the values cannot be read, where they cannot: one line with file and place.
    pub problem: Option<String>,
}
