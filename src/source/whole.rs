//! A file that is read whole, up to a limit.
//!
//! Enters: a path, and the most that such a file holds. Leaves: its bytes. What is longer is not
//! read, also where the file grows meanwhile or is a device without an end: weights, or a disk
//! image, given for a text cost no memory.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

use crate::error::{Error, Problem, Result};
use crate::source::open_regular;

/// The longest header of a safetensors file that is read, in bytes: the limit of the format's own
/// library. What is read of one takes up to twenty times as much memory.
pub const LONGEST_HEADER: u64 = 100_000_000;

/// Reads the file at `path`; `None` where it is longer than `limit` bytes.
///
/// # Errors
/// What the system says.
pub fn whole_file(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let file = open_regular(path)?;
    let length = file.metadata()?.len();
    if length > limit {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// Reads the small file at `path` that is `what`; `None` where there is none.
///
/// # Errors
/// [`Error::Io`] when it cannot be read, [`Error::Problem`] when it is longer than `limit` bytes.
pub(super) fn small_file(path: &Path, limit: u64, what: &str) -> Result<Option<Vec<u8>>> {
    match whole_file(path, limit) {
        Ok(Some(bytes)) => Ok(Some(bytes)),
        Ok(None) => Err(too_long(path, limit, what)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(path, "read the file")(error)),
    }
}

/// The error for a file that is longer than `what` ever is.
#[must_use]
pub fn too_long(path: &Path, limit: u64, what: &str) -> Error {
    Problem::input(
        path,
        format!(
            "is longer than the {} MiB that are read of {what}",
            limit.div_ceil(1 << 20)
        ),
    )
    .advice("check that it is the right file")
    .into()
}
