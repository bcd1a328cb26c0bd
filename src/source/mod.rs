//! A model's files, and reading bytes from them.

mod bytes;

pub use bytes::{InMemory, LocalFile, ReadAt};
