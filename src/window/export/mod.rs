//! The export room: the very text that will be written, beside what its reader would train.

pub(crate) mod check;
mod check_view;
pub(crate) mod state;
mod update;
mod view;

pub use state::Command;
