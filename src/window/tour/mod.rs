//! The tour room: four steps over the window.

pub(crate) mod state;
mod update;
pub(crate) mod view;
