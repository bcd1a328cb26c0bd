//! The archive that PyTorch and numpy put their tensors in: a zip file, nothing compressed.
//!
//! Enters: an open file. Leaves: the names of its entries, and where in the file each one's bytes
//! are, so that values are read where they lie.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::io::Read as _;
use std::ops::Range;

use zip::{CompressionMethod, ZipArchive};

use crate::error::{Error, Problem, Result};
use crate::source::{ReadAt, Stream};

/// The first bytes of an archive.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";
/// The most that is read of an archive, values aside, in bytes and in reads: an entry takes some
/// hundred bytes of it, and a checkpoint has one entry per tensor.
const MAX_READ: u64 = 1 << 26;
const MAX_READS: u64 = 1 << 24;

/// An archive opened for reading.
#[derive(Debug)]
pub(super) struct Archive<'a> {
    bytes: &'a dyn ReadAt,
    zip: ZipArchive<Stream<'a>>,
    /// The entries' names, in the archive's order.
    pub(super) names: Vec<String>,
}

impl<'a> Archive<'a> {
    /// Opens the archive in `bytes`.
    ///
    /// # Errors
    /// [`Error::Problem`] when its directory cannot be read.
    pub(super) fn open(bytes: &'a dyn ReadAt) -> Result<Self> {
        let refuse = |error: &dyn std::fmt::Display| {
            Error::from(
                Problem::input(
                    bytes.path(),
                    format!("its directory cannot be read: {error}"),
                )
                .at("archive")
                .advice("the file is cut short or damaged: download it again"),
            )
        };
        let stream = Stream::new(bytes, MAX_READ, MAX_READS);
        let zip = ZipArchive::new(stream).map_err(|error| refuse(&error))?;
        let names = zip
            .file_names()
            .map(|name| name.map(std::borrow::Cow::into_owned))
            .collect::<std::result::Result<_, _>>()
            .map_err(|error| refuse(&error))?;
        Ok(Self { bytes, zip, names })
    }

    /// Where in the file the bytes of entry number `entry` are.
    ///
    /// # Errors
    /// Why they cannot be read where they lie, as a phrase.
    pub(super) fn place(&mut self, entry: usize) -> std::result::Result<Range<u64>, String> {
        let entry = self
            .zip
            .by_index_raw(entry)
            .map_err(|error| format!("its entry in the archive cannot be read: {error}"))?;
        if entry.encrypted() {
            return Err("is encrypted".into());
        }
        if entry.compression() != CompressionMethod::Stored {
            return Err("is compressed".into());
        }
        let start = entry.data_start().unwrap_or(u64::MAX);
        match start.checked_add(entry.size()) {
            Some(end) if end <= self.bytes.length() => Ok(start..end),
            _ => Err("reaches past the end of the file, which is cut short".into()),
        }
    }

    /// The bytes of entry number `entry`, at most `limit`.
    ///
    /// # Errors
    /// Why they cannot be read, as a phrase.
    pub(super) fn read(
        &mut self,
        entry: usize,
        limit: u64,
    ) -> std::result::Result<Vec<u8>, String> {
        let place = self.place(entry)?;
        let length = place.end - place.start;
        if length > limit {
            return Err(format!(
                "is {length} bytes long, more than the {limit} that are read"
            ));
        }
        let mut bytes = Vec::with_capacity(length as usize);
        self.zip
            .by_index(entry)
            .map_err(|error| error.to_string())?
            .read_to_end(&mut bytes)
            .map_err(|error| format!("cannot be read: {error}"))?;
        Ok(bytes)
    }
}
