//! A model's files, and reading bytes from them.
//!
//! Enters: a path the user gave. Leaves: [`ModelFiles`] (which files to read, what the index and
//! the configuration say) and [`ReadAt`] (bytes at a place in one of them).

mod bytes;
mod config;
mod files;
mod index;
mod kind;
mod pairs;
mod seek;
pub mod slug;

pub use bytes::{InMemory, LocalFile, ReadAt, Unreadable};
pub use config::Config;
pub use files::{ModelFiles, WeightFile};
pub use index::Index;
pub use pairs::Pairs;
pub use seek::Stream;
