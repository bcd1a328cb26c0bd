//! A store's bytes, read record by record.
//!
//! Enters: a file. Leaves: its bytes, counted as progress and canceled when asked to, and where a
//! file ends in the middle of something.

use std::io::{self, Read};

use crate::progress::Progress;
use crate::run::import::text::CANCELED;

/// The longest record that is looked into: histograms and pictures are longer, losses never.
pub(super) const LONGEST_RECORD: u64 = 64 << 20;

/// Bytes that count as progress.
#[derive(Debug)]
pub(super) struct Counted<'a, R> {
    inner: R,
    progress: &'a Progress,
    /// How many bytes were read.
    pub(super) at: u64,
}

/// What became of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// Nothing was left.
    End,
    /// The file ends in the middle.
    Torn,
}

impl<'a, R: Read> Counted<'a, R> {
    pub(super) fn new(inner: R, progress: &'a Progress) -> Self {
        Self {
            inner,
            progress,
            at: 0,
        }
    }

    /// Fills the buffer as far as there is something.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> io::Result<Part> {
        let mut filled = 0;
        while filled < buffer.len() {
            if self.progress.is_canceled() {
                return Err(io::Error::other(CANCELED));
            }
            let read = match self.inner.read(&mut buffer[filled..]) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if read == 0 {
                return Ok(if filled == 0 { Part::End } else { Part::Torn });
            }
            filled += read;
            self.at += read as u64;
            self.progress.advance(read as u64);
        }
        Ok(Part::Whole)
    }

    /// Passes over bytes; torn where there are fewer.
    pub(super) fn skip(&mut self, length: u64) -> io::Result<Part> {
        let mut sink = [0; 8 << 10];
        let mut left = length;
        while left > 0 {
            let now = left.min(sink.len() as u64) as usize;
            if self.fill(&mut sink[..now])? != Part::Whole {
                return Ok(Part::Torn);
            }
            left -= now as u64;
        }
        Ok(Part::Whole)
    }
}
