//! The hub room: models of the hub, shown with their sizes, then downloaded or read where they are.

pub(crate) mod state;
mod update;
mod view;

pub use state::{Command, Stage, Work};
