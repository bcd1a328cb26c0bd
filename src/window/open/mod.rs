//! The open room: paths typed, picked, dropped or given, opened one after the other.

pub(crate) mod state;
mod update;
mod view;

pub use state::Command;
