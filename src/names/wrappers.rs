//! Parts of names that wrappers of PyTorch add, and that no loaded model has.

use std::borrow::Cow;

/// Parts that wrappers put anywhere in a name: torch.compile, FSDP, activation checkpointing.
const ANYWHERE: [&str; 3] = [
    "_orig_mod",
    "_fsdp_wrapped_module",
    "_checkpoint_wrapped_module",
];
/// The part that DistributedDataParallel puts first.
const FIRST: &str = "module";

/// The name without the parts that wrappers add.
pub(crate) fn unwrapped(name: &str) -> Cow<'_, str> {
    let is_wrapped = |part: &str| ANYWHERE.contains(&part);
    let has_any = name.split('.').any(is_wrapped);
    let start = name
        .strip_prefix(FIRST)
        .and_then(|rest| rest.strip_prefix('.'));
    if !has_any {
        return Cow::Borrowed(start.unwrap_or(name));
    }
    let parts: Vec<&str> = name.split('.').filter(|part| !is_wrapped(part)).collect();
    let parts = match parts.split_first() {
        Some((&FIRST, rest)) if !rest.is_empty() => rest,
        _ => &parts,
    };
    Cow::Owned(parts.join("."))
}
