//! Bytes at a place in a file, wherever the file is.
//!
//! Enters: an offset and a buffer; leaves: the buffer filled. Positioned reads rather than a
//! memory map: a file that is cut short while it is read is then an error and not a crash, the
//! memory in use is the caller's buffer and no more, and a file behind HTTP ranges is read alike.

use std::fmt;
use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::error::{Error, Problem, Result};
use crate::progress::Progress;
use crate::source::open_regular;

/// Something with a length whose bytes can be read at any offset, by any number of threads.
pub trait ReadAt: fmt::Debug + Send + Sync {
    /// Fills `buffer` from `offset` on.
    ///
    /// # Errors
    /// When the bytes are not there or cannot be read; the error names the file.
    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> Result<()>;

    /// Length in bytes.
    fn length(&self) -> u64;

    /// The file's path or address, for messages.
    fn path(&self) -> &Path;

    /// Checks that the file is still as it was when it was opened, as far as its length and time of
    /// writing tell.
    ///
    /// # Errors
    /// [`Error::Problem`] where it has changed: what was read of it is of two states.
    fn check_unchanged(&self) -> Result<()> {
        Ok(())
    }

    /// The file as one that is far away, where each read costs a round trip; `None` for others.
    fn far(&self) -> Option<&dyn Far> {
        None
    }
}

/// A file that is far away: what is to be read of it is better fetched whole, and beforehand.
pub trait Far: Send + Sync {
    /// As [`ReadAt::read_exact_at`], ended at once where `progress` is canceled.
    ///
    /// # Errors
    /// As [`ReadAt::read_exact_at`], and [`Error::Canceled`].
    fn fetch(&self, offset: u64, buffer: &mut [u8], progress: &Progress) -> Result<()>;

    /// Fetches small ranges (offset, length) together, and keeps them: reading them is quick
    /// from then on. One that cannot be had is left for its reader to find out.
    fn expect(&self, ranges: &[(u64, usize)]);
}

/// The error for a file that was written to while it was read.
#[must_use]
pub fn changed(path: &Path) -> Error {
    Error::from(
        Problem::input(
            path,
            "was changed while it was read, so that its values are of two states",
        )
        .advice("scan it again when nothing writes to it any more"),
    )
}

/// A file on disk, opened once.
#[derive(Debug)]
pub struct LocalFile {
    path: PathBuf,
    file: File,
    length: u64,
    written: Option<SystemTime>,
}

impl LocalFile {
    /// Opens `path` for reading.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be opened, or is a folder, a pipe or a device.
    pub fn open(path: &Path) -> Result<Arc<dyn ReadAt>> {
        let opened = open_regular(path).and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, file) = opened.map_err(Error::io(path, "open the file"))?;
        Ok(Arc::new(Self {
            path: path.to_path_buf(),
            file,
            length: metadata.len(),
            written: written(&metadata),
        }))
    }
}

/// When a file was last written, where the system knows.
fn written(metadata: &Metadata) -> Option<SystemTime> {
    metadata.modified().ok()
}

impl ReadAt for LocalFile {
    fn check_unchanged(&self) -> Result<()> {
        let now = self
            .file
            .metadata()
            .map_err(Error::io(&self.path, "look at the file"))?;
        if now.len() == self.length && written(&now) == self.written {
            return Ok(());
        }
        Err(changed(&self.path))
    }

    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        read_at(&self.file, offset, buffer).map_err(Error::io(
            &self.path,
            "read (was the file changed while it was open?)",
        ))
    }

    fn length(&self) -> u64 {
        self.length
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(unix)]
fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut offset: u64, mut buffer: &mut [u8]) -> std::io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, offset)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => {
                buffer = &mut buffer[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

/// Bytes in memory, as if they were a file.
#[derive(Debug)]
pub struct InMemory(pub Vec<u8>);

impl ReadAt for InMemory {
    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let bytes = usize::try_from(offset)
            .ok()
            .and_then(|start| self.0.get(start..start.checked_add(buffer.len())?));
        match bytes {
            Some(bytes) => {
                buffer.copy_from_slice(bytes);
                Ok(())
            }
            None => Err(Error::io(self.path(), "read")(
                std::io::ErrorKind::UnexpectedEof.into(),
            )),
        }
    }

    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    fn path(&self) -> &Path {
        Path::new("(memory)")
    }
}

/// A part of a file that is far away, fetched into memory: read as if it were the file.
#[derive(Debug)]
pub struct Held {
    path: PathBuf,
    length: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl Held {
    /// Fetches `length` bytes of `file` from `start` on; `None` of a file that is not far away.
    ///
    /// # Errors
    /// As [`Far::fetch`], and [`Error::Io`] when memory is short.
    pub fn fetch(
        file: &dyn ReadAt,
        start: u64,
        length: u64,
        progress: &Progress,
    ) -> Result<Option<Self>> {
        let Some(far) = file.far() else {
            return Ok(None);
        };
        let size = usize::try_from(length).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        let room = bytes.try_reserve_exact(size);
        room.map_err(|error| Error::io(file.path(), "fetch a matrix of it")(error.into()))?;
        bytes.resize(size, 0);
        far.fetch(start, &mut bytes, progress)?;
        Ok(Some(Self {
            path: file.path().to_path_buf(),
            length: file.length(),
            start,
            bytes,
        }))
    }
}

impl ReadAt for Held {
    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let from = offset
            .checked_sub(self.start)
            .and_then(|from| usize::try_from(from).ok());
        let bytes = from.and_then(|from| self.bytes.get(from..from.checked_add(buffer.len())?));
        let end = || Error::io(&self.path, "read")(std::io::ErrorKind::UnexpectedEof.into());
        buffer.copy_from_slice(bytes.ok_or_else(end)?);
        Ok(())
    }

    fn length(&self) -> u64 {
        self.length
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

/// A file that is known by name only: it is missing, or refused. Keeps its place among a model's
/// files, so that messages can name it.
#[derive(Debug)]
pub struct Unreadable(pub PathBuf);

impl ReadAt for Unreadable {
    fn read_exact_at(&self, _offset: u64, _buffer: &mut [u8]) -> Result<()> {
        Err(Error::io(&self.0, "read")(
            std::io::ErrorKind::NotFound.into(),
        ))
    }

    fn length(&self) -> u64 {
        0
    }

    fn path(&self) -> &Path {
        &self.0
    }
}
