//! What a GGUF header says, watched while candle reads it.
//!
//! Enters: the stream. Leaves: the same bytes, but an error for an alignment of 0, by which candle
//! would divide.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};

use crate::source::Stream;

/// The key of the alignment.
const KEY: &[u8] = b"general.alignment";

/// A stream that refuses an alignment of 0.
#[derive(Debug)]
pub(super) struct Guard<'a> {
    stream: Stream<'a>,
    next: Next,
}

/// What the next read brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Anything,
    /// The number that stands for the type of the alignment.
    Type,
    Alignment,
}

impl<'a> Guard<'a> {
    pub(super) fn new(stream: Stream<'a>) -> Self {
        Self {
            stream,
            next: Next::Anything,
        }
    }
}

impl Read for Guard<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        // candle reads each number and each text by itself, and the stream gives all of it.
        let length = self.stream.read(buffer)?;
        let read = buffer.get(..length).unwrap_or_default();
        self.next = match self.next {
            Next::Anything if read == KEY => Next::Type,
            Next::Type => Next::Alignment,
            Next::Alignment if read.iter().all(|byte| *byte == 0) => {
                let problem = "the header states an alignment of 0";
                return Err(Error::new(ErrorKind::InvalidData, problem));
            }
            _ => Next::Anything,
        };
        Ok(length)
    }
}

impl Seek for Guard<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.stream.seek(to)
    }

    fn stream_position(&mut self) -> Result<u64> {
        self.stream.stream_position()
    }
}
