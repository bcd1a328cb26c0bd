//! spectrum

pub(crate) mod controls;
pub(crate) mod state;
pub(crate) mod update;
pub(crate) mod view;
