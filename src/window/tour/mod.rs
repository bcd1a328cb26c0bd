//! tour

pub(crate) mod state;
pub(crate) mod view;
