//! The sets room: freeze sets kept beside the selection, and what tells two of them apart.

mod bar;
mod columns;
mod drawn;
mod findings;
mod import;
mod list;
mod members;
mod pair;
mod picture;
pub(crate) mod state;
mod table;
mod tables;
mod unmatched;
mod update;
mod view;

pub use state::Command;
