//! What the header of a weight file says.

use crate::source::Config;
use crate::tensor::TensorInfo;
use crate::tensor::gguf::Origin;

/// What the header of a weight file says.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The tensors, in file order.
    pub(super) tensors: Vec<TensorInfo>,
    /// The model's configuration, where the file holds one.
    pub(super) config: Option<Config>,
    /// Lines about the file as a whole.
    pub(super) warnings: Vec<String>,
    /// What decides about the names of a GGUF model.
    pub(super) origin: Option<Origin>,
}
