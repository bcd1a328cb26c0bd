//! scan

pub(crate) mod earlier;
