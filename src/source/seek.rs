//! Positioned bytes as a stream, for readers of other crates that want to seek.
//!
//! Enters: [`ReadAt`]. Leaves: [`Stream`], which reads ahead in windows, so that a header read
//! number by number is few reads, from a disk as over a network; it stops with an error where
//! more is read than a header can need, so that a hostile file costs no memory.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};

use crate::source::ReadAt;

/// Bytes read at once.
const WINDOW: usize = 1 << 16;
/// Bytes read at once at a place that is not where the last read ended.
const AFTER_LEAP: usize = 1 << 12;

/// A stream over positioned bytes.
#[derive(Debug)]
pub struct Stream<'a> {
    bytes: &'a dyn ReadAt,
    position: u64,
    window: Vec<u8>,
    /// Where the window starts in the file.
    start: u64,
    reads: Budget,
    handed: Budget,
}

/// What may still be used of something.
#[derive(Debug, Clone, Copy)]
struct Budget(u64);

impl Budget {
    fn take(&mut self, amount: u64, what: &str) -> Result<()> {
        match self.0.checked_sub(amount) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => Err(Error::new(
                ErrorKind::InvalidData,
                format!("it holds more {what} than any header needs"),
            )),
        }
    }
}

impl<'a> Stream<'a> {
    /// A stream that hands out at most `limit` bytes, in at most `reads` reads.
    #[must_use]
    pub fn new(bytes: &'a dyn ReadAt, limit: u64, reads: u64) -> Self {
        Self {
            bytes,
            position: 0,
            window: Vec::new(),
            start: 0,
            reads: Budget(reads),
            handed: Budget(limit),
        }
    }

    /// What the window holds from the position on.
    fn ahead(&self) -> &[u8] {
        let place = self.position.checked_sub(self.start);
        let place = place.and_then(|place| usize::try_from(place).ok());
        place
            .and_then(|place| self.window.get(place..))
            .unwrap_or_default()
    }
}

impl Stream<'_> {
    /// Fills the window from the position on, if it holds nothing of that.
    fn look_ahead(&mut self, left: u64) -> Result<()> {
        if !self.ahead().is_empty() {
            return Ok(());
        }
        // What is read after a leap is often a few bytes, and what goes on is often much.
        let goes_on = self.position == self.start + self.window.len() as u64;
        let wanted = if goes_on { WINDOW } else { AFTER_LEAP };
        let mut window = vec![0; left.min(wanted as u64) as usize];
        self.bytes
            .read_exact_at(self.position, &mut window)
            .map_err(|error| Error::other(error.to_string()))?;
        self.window = window;
        self.start = self.position;
        Ok(())
    }
}

impl Read for Stream<'_> {
    /// Fills the whole buffer, unless the file ends before.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.reads.take(1, "values")?;
        // Before any of it is read: the buffer may be as large as the file claims.
        let left = self.bytes.length().saturating_sub(self.position);
        self.handed.take(left.min(buffer.len() as u64), "bytes")?;
        let mut filled = 0;
        while filled < buffer.len() {
            let left = self.bytes.length().saturating_sub(self.position);
            if left == 0 {
                break;
            }
            self.look_ahead(left)?;
            let ahead = self.ahead();
            let length = ahead.len().min(buffer.len() - filled);
            let to = buffer.get_mut(filled..filled + length);
            let (Some(to), Some(from)) = (to, ahead.get(..length)) else {
                break;
            };
            to.copy_from_slice(from);
            filled += length;
            self.position += length as u64;
        }
        Ok(filled)
    }
}

impl Seek for Stream<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.bytes.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = place.ok_or_else(|| {
            Error::new(ErrorKind::InvalidInput, "a place before the file's start")
        })?;
        Ok(self.position)
    }

    fn stream_position(&mut self) -> Result<u64> {
        Ok(self.position)
    }
}
