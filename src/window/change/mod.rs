//! The change room: the open report held against another one.

pub(crate) mod state;
mod update;
mod view;

pub use state::Command;
