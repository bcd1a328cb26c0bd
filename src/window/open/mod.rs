//! open

pub(crate) mod view;
