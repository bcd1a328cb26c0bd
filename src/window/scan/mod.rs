//! The scan room: the open model's ratios, computed or taken from an earlier scan.

pub(crate) mod earlier;
pub(crate) mod state;
mod update;
pub(crate) mod view;

pub use state::Command;
