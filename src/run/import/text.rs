//! A log's bytes as UTF-8 text, whatever it is encoded in.
//!
//! Enters: a file. Leaves: its first part, to recognize it by, and a reader that counts progress,
//! stops when asked to, and gives no record more than its share of memory.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::Path;

use super::failed::fail;
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::source::open_regular;

/// The longest row: a table of 100,000 columns fits, a file without line ends does not.
pub(super) const LONGEST_ROW: usize = 16 << 20;
/// The message of a read that was stopped.
pub(super) const CANCELED: &str = "canceled";
/// How much of a file is looked at to recognize it.
const HEAD: u64 = 64 << 10;
/// The same, where three lines are longer than that.
const LONG_HEAD: u64 = 4 << 20;

/// How a file is encoded, told by its byte order mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8 { mark: bool },
    Utf16 { big: bool },
}

impl Encoding {
    pub(super) fn of(head: &[u8]) -> Self {
        match head {
            [0xff, 0xfe, ..] => Self::Utf16 { big: false },
            [0xfe, 0xff, ..] => Self::Utf16 { big: true },
            _ => Self::Utf8 {
                mark: head.starts_with(b"\xef\xbb\xbf"),
            },
        }
    }

    /// How many bytes the mark has.
    pub(super) fn mark(self) -> usize {
        match self {
            Self::Utf8 { mark: false } => 0,
            Self::Utf8 { mark: true } => 3,
            Self::Utf16 { .. } => 2,
        }
    }
}

/// The first part of a file.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) text: String,
    /// Whether that is all of it.
    pub(super) whole: bool,
    /// Whether it is text.
    pub(super) is_text: bool,
    pub(super) encoding: Encoding,
}

impl Head {
    pub(super) fn of(bytes: &[u8], whole: bool) -> Self {
        let encoding = Encoding::of(bytes);
        let body = &bytes[encoding.mark()..];
        let text = match encoding {
            Encoding::Utf8 { .. } => String::from_utf8_lossy(body).into_owned(),
            Encoding::Utf16 { big } => {
                let units = body.as_chunks::<2>().0.iter().map(|pair| unit(*pair, big));
                char::decode_utf16(units)
                    .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect()
            }
        };
        Self {
            is_text: !text.contains('\0'),
            text,
            whole,
            encoding,
        }
    }

    /// The lines of it that are whole.
    pub(super) fn whole_lines(&self) -> &str {
        if self.whole {
            return &self.text;
        }
        // A first line that is longer than the head still tells by its start.
        let end = self.text.rfind('\n').unwrap_or(self.text.len());
        &self.text[..end]
    }
}

/// A log that is in memory, and its first part: as [`open`] gives those of a file.
pub(super) fn of_bytes<'a>(log: &'a [u8], progress: &'a Progress) -> (Head, Text<'a, &'a [u8]>) {
    let part = |length: u64| log.get(..length as usize).unwrap_or(log);
    let is_long = part(HEAD).split(|&byte| byte == b'\n').take(4).count() <= 3;
    let start = part(if is_long { LONG_HEAD } else { HEAD });
    let head = Head::of(start, start.len() == log.len());
    let body = log.get(head.encoding.mark()..).unwrap_or_default();
    progress.set_total(1, body.len() as u64);
    let text = Text::new(body, head.encoding, progress);
    (head, text)
}

/// Opens a log and looks at its first part.
pub(super) fn open<'a>(path: &Path, progress: &'a Progress) -> Result<(Head, Text<'a, File>)> {
    let metadata = std::fs::metadata(path).map_err(Error::io(path, "open the file"))?;
    if metadata.is_dir() {
        return Err(fail(
            path,
            "whole",
            "is a folder, not a run log",
            "give the log file in it",
        ));
    }
    let mut file = open_regular(path).map_err(Error::io(path, "open the file"))?;
    let mut bytes = Vec::new();
    let mut limit = HEAD;
    loop {
        (&file)
            .take(limit - bytes.len() as u64)
            .read_to_end(&mut bytes)
            .map_err(Error::io(path, "read the file"))?;
        let whole = (bytes.len() as u64) < limit;
        let lines = bytes.split(|&byte| byte == b'\n').take(4).count();
        if whole || lines > 3 || limit == LONG_HEAD {
            let head = Head::of(&bytes, whole);
            let start = head.encoding.mark() as u64;
            file.seek(SeekFrom::Start(start))
                .map_err(Error::io(path, "read the file"))?;
            progress.set_total(1, metadata.len().saturating_sub(start));
            let text = Text::new(file, head.encoding, progress);
            return Ok((head, text));
        }
        limit = LONG_HEAD;
    }
}

/// A reader of a log's text.
#[derive(Debug)]
pub(super) struct Text<'a, R> {
    inner: R,
    progress: &'a Progress,
    utf16: Option<Utf16>,
    /// Spaces and tabs separate alike.
    tabs_as_spaces: bool,
    /// Bytes given since the last row began, and the most that may be.
    since_row: usize,
    longest: usize,
}

/// The state of decoding UTF-16.
#[derive(Debug, Default)]
struct Utf16 {
    big: bool,
    undecoded: Vec<u8>,
    decoded: Vec<u8>,
    given: usize,
}

impl<'a, R: Read> Text<'a, R> {
    /// Reads `inner`, which stands behind the byte order mark.
    pub(super) fn new(inner: R, encoding: Encoding, progress: &'a Progress) -> Self {
        let utf16 = match encoding {
            Encoding::Utf8 { .. } => None,
            Encoding::Utf16 { big } => Some(Utf16 {
                big,
                ..Utf16::default()
            }),
        };
        Self {
            inner,
            progress,
            utf16,
            tabs_as_spaces: false,
            since_row: 0,
            longest: LONGEST_ROW,
        }
    }

    /// Takes the whole text for one row of at most `longest` bytes.
    pub(super) fn in_one(mut self, longest: usize) -> Self {
        self.longest = longest;
        self
    }

    pub(super) fn tabs_as_spaces(mut self, yes: bool) -> Self {
        self.tabs_as_spaces = yes;
        self
    }

    /// Says that a row was read whole, so that the next may take its share.
    pub(super) fn row_read(&mut self) {
        self.since_row = 0;
    }

    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(utf16) = &mut self.utf16 else {
            let read = self.inner.read(buffer)?;
            self.progress.advance(read as u64);
            return Ok(read);
        };
        while utf16.given == utf16.decoded.len() {
            let mut chunk = [0; 8 << 10];
            let read = self.inner.read(&mut chunk)?;
            self.progress.advance(read as u64);
            utf16.take(&chunk[..read]);
            if read == 0 && utf16.decoded.is_empty() {
                return Ok(0);
            }
        }
        let left = &utf16.decoded[utf16.given..];
        let given = left.len().min(buffer.len());
        buffer[..given].copy_from_slice(&left[..given]);
        utf16.given += given;
        Ok(given)
    }
}

impl Utf16 {
    /// Decodes what `chunk` completes; an empty one is the end.
    fn take(&mut self, chunk: &[u8]) {
        self.decoded.clear();
        self.given = 0;
        self.undecoded.extend_from_slice(chunk);
        let (pairs, rest) = self.undecoded.as_chunks::<2>();
        let mut units: Vec<u16> = pairs.iter().map(|pair| unit(*pair, self.big)).collect();
        let mut keep = rest.to_vec();
        // The first half of a character waits for the second.
        if !chunk.is_empty()
            && let Some(&last) = units.last()
            && (0xd800..0xdc00).contains(&last)
        {
            units.pop();
            let from = pairs.len() * 2 - 2;
            keep = self.undecoded[from..].to_vec();
        }
        for c in char::decode_utf16(units) {
            let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.decoded
                .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.undecoded = if chunk.is_empty() { Vec::new() } else { keep };
    }
}

fn unit(pair: [u8; 2], big: bool) -> u16 {
    if big {
        u16::from_be_bytes(pair)
    } else {
        u16::from_le_bytes(pair)
    }
}

impl<R: Read> Read for Text<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.progress.is_canceled() {
            return Err(io::Error::other(CANCELED));
        }
        if self.since_row > self.longest {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!(
                    "more than {} MiB without the end of a row",
                    self.longest >> 20
                ),
            ));
        }
        let read = self.fill(buffer)?;
        self.since_row += read;
        if self.tabs_as_spaces {
            for byte in buffer[..read].iter_mut().filter(|byte| **byte == b'\t') {
                *byte = b' ';
            }
        }
        Ok(read)
    }
}

/// What a failed read means: the user's wish, a limit of ours, or the system's refusal.
pub(super) fn read_error(path: &Path, line: u64, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::Interrupted | io::ErrorKind::Other if error.to_string() == CANCELED => {
            Error::Canceled
        }
        io::ErrorKind::FileTooLarge => fail(
            path,
            &format!("line {line}"),
            error.to_string(),
            "check that it is a log, and that each quote in it is closed",
        ),
        kind => Error::io(path, "read the file")(io::Error::new(kind, error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a little at a time, and not at the ends of characters.
    struct Dribble<'a>(&'a [u8]);
    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let take = self.0.len().min(buffer.len()).min(1017);
            let (now, later) = self.0.split_at(take);
            buffer[..take].copy_from_slice(now);
            self.0 = later;
            Ok(take)
        }
    }

    #[test]
    fn utf16_is_decoded_across_any_cut() {
        let text = "step;Verlust\n1;2,5\n😀;é\n".repeat(3000);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let progress = Progress::default();
        let mut decoded = Vec::new();
        let encoding = Encoding::Utf16 { big: true };
        let read = Text::new(Dribble(&bytes), encoding, &progress).read_to_end(&mut decoded);
        assert_eq!(read.ok(), Some(text.len()));
        assert_eq!(decoded, text.as_bytes());
    }
}
