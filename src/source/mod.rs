//! A model's files, and reading bytes from them.
//!
//! Enters: a path or a hub's id that the user gave. Leaves: [`ModelFiles`] (which files to read, what the index and
//! the configuration say) and [`ReadAt`] (bytes at a place in one of them).

mod adapter;
mod bytes;
mod config;
mod files;
mod folder;
pub mod hub;
mod index;
mod kind;
mod pairs;
mod regular;
mod remote;
mod seek;
mod shard;
pub mod slug;
mod whole;

pub use bytes::{Far, Held, InMemory, LocalFile, ReadAt, Unreadable, changed};
pub use config::Config;
pub use files::{ModelFiles, WeightFile};
pub use index::Index;
pub use pairs::Pairs;
pub use regular::{look, open_regular};
pub use remote::RemoteFile;
pub use seek::Stream;
pub use whole::{LONGEST_HEADER, too_long, whole_file};
