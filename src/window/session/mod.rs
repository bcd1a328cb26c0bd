//! session

pub(crate) mod file;
pub(crate) mod path;
pub(crate) mod update;
