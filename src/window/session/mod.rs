//! The session room: the work on a document saved in a file, and taken up again.

pub(crate) mod file;
mod path;
pub(crate) mod state;
mod update;

pub use state::Command;
