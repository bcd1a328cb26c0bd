//! A table of names.

/// GGUF name to checkpoint name; in the latter `{e}` is the expert's number.
pub(super) type Names = &'static [(&'static str, &'static str)];
