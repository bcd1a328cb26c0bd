//! The header of a GGUF file as it stands there.
//!
//! Enters: an open file. Leaves: [`Header`]: what bears on the tensors' names and places, and the
//! tensors with their types as numbers, so that one of a type that is not known keeps no other from
//! opening. Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::io::{Read as _, Seek as _, SeekFrom};

use crate::source::{ReadAt, Stream};

/// The first bytes of a GGUF file.
pub(in crate::tensor) const MAGIC: &[u8; 4] = b"GGUF";

/// The most that a header may hold, in bytes and in values. The largest real ones, of models with
/// a quarter of a million tokens, hold 20 MB and 2 million.
const MAX_HEADER: u64 = 1 << 28;
const MAX_VALUES: u64 = 1 << 23;
/// The most tensors of one file: ten times what any model has.
const MOST_TENSORS: u64 = 1 << 20;
/// The longest name or key, in bytes: the format allows 65,535 for keys and 64 for names.
const LONGEST_NAME: u64 = 1 << 16;
/// The most dimensions: ggml has 4.
const MOST_DIMENSIONS: u32 = 8;
/// The deepest nesting of arrays.
const MAX_DEPTH: usize = 64;
/// Where values start is a multiple of this, where the file does not state another.
const ALIGNMENT: u64 = 32;

/// What a header says.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// The architecture, where it is stated.
    pub(super) architecture: Option<String>,
    /// Keys that end in `.expert_count`, with their values.
    pub(super) expert_counts: Vec<(String, u64)>,
    /// The tensors, in the header's order.
    pub(super) tensors: Vec<Entry>,
    /// Where the values start in the file.
    pub(super) data: u64,
}

/// A tensor as the header has it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Outermost dimension first.
    pub(super) shape: Vec<usize>,
    /// ggml's number of the type.
    pub(super) number: u32,
    /// From where the values start.
    pub(super) offset: u64,
}

/// Reads the header of `bytes`.
///
/// # Errors
/// What is wrong with it, as a phrase.
pub(super) fn read(bytes: &dyn ReadAt) -> Result<Header, String> {
    let mut reader = Reader {
        stream: Stream::new(bytes, MAX_HEADER, MAX_VALUES),
        length: bytes.length(),
        version: 3,
    };
    if reader.array()? != *MAGIC {
        return Err("it does not start as a GGUF file does".into());
    }
    let version = u32::from_le_bytes(reader.array()?);
    match version {
        1..=3 => reader.version = version,
        _ if (1..=3).contains(&version.swap_bytes()) => {
            return Err("its numbers are stored with the highest byte first".into());
        }
        _ => {
            return Err(format!(
                "its version {version} is not one of those that are read"
            ));
        }
    }
    let (tensors, pairs) = (reader.count()?, reader.count()?);
    if tensors > MOST_TENSORS {
        return Err(format!(
            "it states {tensors} tensors, more than the {MOST_TENSORS} that are read"
        ));
    }
    let mut header = Header::default();
    let mut alignment = ALIGNMENT;
    for _ in 0..pairs {
        let key = reader.text()?;
        let kind = reader.number()?;
        match key.as_str() {
            "general.architecture" if kind == TEXT => header.architecture = Some(reader.text()?),
            "general.alignment" => match reader.value(kind)? {
                Some(0) => return Err("the header states an alignment of 0".into()),
                value => alignment = value.unwrap_or(ALIGNMENT),
            },
            _ if key.ends_with(".expert_count") => {
                if let Some(count) = reader.value(kind)? {
                    header.expert_counts.push((key, count));
                }
            }
            _ => {
                reader.value(kind)?;
            }
        }
    }
    for _ in 0..tensors {
        header.tensors.push(reader.entry()?);
    }
    let end = reader.position()?;
    header.data = end
        .checked_next_multiple_of(alignment)
        .ok_or("its alignment is beyond all")?;
    Ok(header)
}

/// The numbers of a text's and an array's type.
const TEXT: u32 = 8;
const ARRAY: u32 = 9;

struct Reader<'a> {
    stream: Stream<'a>,
    length: u64,
    version: u32,
}

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let mut bytes = [0; N];
        let read = self
            .stream
            .read(&mut bytes)
            .map_err(|error| error.to_string())?;
        if read == N {
            Ok(bytes)
        } else {
            Err("it ends within the header".into())
        }
    }

    fn number(&mut self) -> Result<u32, String> {
        self.array().map(u32::from_le_bytes)
    }

    fn long(&mut self) -> Result<u64, String> {
        self.array().map(u64::from_le_bytes)
    }

    /// A count or length: of 32 bits in version 1.
    fn count(&mut self) -> Result<u64, String> {
        if self.version == 1 {
            self.number().map(u64::from)
        } else {
            self.long()
        }
    }

    fn position(&mut self) -> Result<u64, String> {
        self.stream
            .stream_position()
            .map_err(|error| error.to_string())
    }

    fn skip(&mut self, bytes: u64) -> Result<(), String> {
        let to = self
            .position()?
            .checked_add(bytes)
            .filter(|to| *to <= self.length);
        let to = to.ok_or("it ends within the header")?;
        let moved = self.stream.seek(SeekFrom::Start(to));
        moved.map(drop).map_err(|error| error.to_string())
    }

    fn text(&mut self) -> Result<String, String> {
        let length = self.count()?;
        if length > LONGEST_NAME {
            return Err(format!("a name of {length} bytes is longer than any"));
        }
        let mut bytes = vec![0; length as usize];
        let read = self
            .stream
            .read(&mut bytes)
            .map_err(|error| error.to_string())?;
        if read < bytes.len() {
            return Err("it ends within the header".into());
        }
        // Version 1 counts a zero at the end.
        while bytes.last() == Some(&0) {
            bytes.pop();
        }
        String::from_utf8(bytes).map_err(|error| format!("a name in it is not UTF-8: {error}"))
    }

    /// Reads past a value; a whole number is returned.
    fn value(&mut self, kind: u32) -> Result<Option<u64>, String> {
        let unsigned = |number: i64| u64::try_from(number).ok();
        Ok(match kind {
            0 => Some(u64::from(u8::from_le_bytes(self.array()?))),
            1 => unsigned(i64::from(i8::from_le_bytes(self.array()?))),
            2 => Some(u64::from(u16::from_le_bytes(self.array()?))),
            3 => unsigned(i64::from(i16::from_le_bytes(self.array()?))),
            4 => Some(u64::from(self.number()?)),
            5 => unsigned(i64::from(self.number()?.cast_signed())),
            10 => Some(self.long()?),
            11 => unsigned(self.long()?.cast_signed()),
            TEXT => {
                let length = self.count()?;
                self.skip(length)?;
                None
            }
            ARRAY => {
                let kind = self.number()?;
                let count = self.count()?;
                self.items(kind, count, 1)?;
                None
            }
            _ => {
                self.skip(width(kind)?)?;
                None
            }
        })
    }

    /// Reads past the items of an array. Those of a fixed size are skipped at once.
    fn items(&mut self, kind: u32, count: u64, depth: usize) -> Result<(), String> {
        match kind {
            TEXT => {
                for _ in 0..count {
                    let length = self.count()?;
                    self.skip(length)?;
                }
                Ok(())
            }
            ARRAY if depth >= MAX_DEPTH => {
                Err(format!("arrays are nested more than {MAX_DEPTH} deep"))
            }
            ARRAY => {
                for _ in 0..count {
                    let (kind, count) = (self.number()?, self.count()?);
                    self.items(kind, count, depth + 1)?;
                }
                Ok(())
            }
            _ => {
                let bytes = width(kind)?.checked_mul(count);
                self.skip(bytes.ok_or("an array is longer than the file")?)
            }
        }
    }

    fn entry(&mut self) -> Result<Entry, String> {
        let name = self.text()?;
        let dimensions = self.number()?;
        if dimensions > MOST_DIMENSIONS {
            return Err(format!("a tensor has {dimensions} dimensions"));
        }
        let mut shape = Vec::with_capacity(dimensions as usize);
        for _ in 0..dimensions {
            let length = self.count()?;
            shape.push(
                usize::try_from(length)
                    .ok()
                    .ok_or("a dimension is too long")?,
            );
        }
        shape.reverse();
        Ok(Entry {
            name,
            shape,
            number: self.number()?,
            offset: self.long()?,
        })
    }
}

/// Bytes of a value of a fixed size.
fn width(kind: u32) -> Result<u64, String> {
    match kind {
        0 | 1 | 7 => Ok(1),
        2 | 3 => Ok(2),
        4..=6 => Ok(4),
        10..=12 => Ok(8),
        _ => Err(format!("it holds a value of the unknown type {kind}")),
    }
}
