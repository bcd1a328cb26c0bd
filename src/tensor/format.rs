//! The format of a weight file, told by its first bytes and not by its name.
//!
//! Enters: an open file. Leaves: [`Contents`]: its tensors, and what else the file says of its
//! model; no value was read.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use crate::error::Result;
use crate::source::ReadAt;
use crate::tensor::archive::{self, Archive};
use crate::tensor::contents::Contents;
use crate::tensor::{gguf, header, npz, torch};

/// Reads the header of `bytes`, which is file number `file` of its model; `first` is the origin that
/// an earlier file of it has stated.
///
/// # Errors
/// When the file has no usable header; the line names the file, the place and what to do.
pub(super) fn read(
    bytes: &dyn ReadAt,
    file: usize,
    first: Option<&gguf::Origin>,
) -> Result<Contents> {
    let mut start = [0; 4];
    let length = bytes.length().min(start.len() as u64) as usize;
    bytes.read_exact_at(0, start.get_mut(..length).unwrap_or_default())?;
    if start == *gguf::MAGIC {
        return gguf::read(bytes, file, first);
    }
    if start == *archive::MAGIC {
        let archive = Archive::open(bytes)?;
        let is_array = |name: &String| name.ends_with(npz::ENDING);
        return if archive.names.iter().any(is_array) {
            npz::read(bytes, file, archive)
        } else {
            torch::read(bytes, file, archive)
        };
    }
    Ok(Contents {
        tensors: header::read(bytes, file)?,
        ..Contents::default()
    })
}
