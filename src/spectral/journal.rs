//! The journal of an unfinished scan: the singular values of every finished matrix.
//!
//! Enters: a matrix's singular values as they are found. Leaves: the same bits, when the scan of
//! the same weights is started again after it was stopped or killed.
//!
//! ```text
//! file    = first line · record*
//! record  = length of payload: u32 · FNV-1a of payload: u64 · payload
//! payload = length of key: u32 · key as JSON · singular values: f64*       all little-endian
//! ```
//!
//! A record is one write, so a killed process leaves at most its last record torn; a torn record
//! fails its length or its hash and is cut off. A record counts only for the [`Key`] it was
//! written under, so that other weights never get its values.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::source::look;
use crate::spectral::FileIdentity;
use crate::spectral::identity::Fnv;

/// The first line: the format, and the program, since another version may round differently.
const FIRST_LINE: &str = concat!(
    "layerscope scan journal 1, by layerscope ",
    env!("CARGO_PKG_VERSION"),
    "\n"
);

/// Bytes in front of a payload.
const FRAME: usize = 12;

/// The longest payload, in bytes: the values of a matrix with eight million rows and columns, far
/// beyond what any machine could find them of.
const LONGEST: u64 = 64 << 20;

/// The matrix a record belongs to, down to the bytes of its file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The tensor's name in the checkpoint.
    pub tensor: String,
    /// Which of the tensor's matrices, from 0.
    pub matrix: usize,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
    /// Stored type.
    pub dtype: String,
    /// The tensor's first byte in the file.
    pub offset: u64,
    /// The file.
    pub file: FileIdentity,
    /// When the file was last written, where that is known.
    pub modified: Option<u64>,
}

/// An open journal. Only one process writes it at a time.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    records: HashMap<Key, Place>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    /// Where the next record goes: behind the last whole one.
    end: u64,
}

/// Where a record's values lie.
#[derive(Debug, Clone, Copy)]
struct Place {
    offset: u64,
    count: usize,
}

impl Journal {
    /// Opens the journal at `path` or starts one. What another version of the program wrote, and
    /// a torn end, are dropped.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read or written, or another scan is writing it.
    pub fn open(path: &Path) -> Result<Self> {
        // A pipe would keep the scan waiting.
        match look(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::io(path, "use the journal of the scan")(error));
            }
            _ => {}
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(Error::io(path, "open the journal of the scan"))?;
        match file.try_lock() {
            // Some network file systems cannot lock; the journal is of use there all the same.
            Ok(()) | Err(TryLockError::Error(_)) => {}
            Err(TryLockError::WouldBlock) => {
                let source = io::Error::other("another scan of this model is writing it");
                return Err(Error::io(path, "use the journal of the scan")(source));
            }
        }
        let (records, end) = restore(&mut file).map_err(Error::io(path, "read the journal"))?;
        Ok(Self {
            path: path.to_path_buf(),
            records,
            state: Mutex::new(State { file, end }),
        })
    }

    /// Number of records that were found in the file.
    #[must_use]
    pub fn found(&self) -> usize {
        self.records.len()
    }

    /// Whether `key` was found in the file.
    #[must_use]
    pub fn holds(&self, key: &Key) -> bool {
        self.records.contains_key(key)
    }

    /// The singular values found in the file for `key`.
    ///
    /// # Errors
    /// [`Error::Io`] when they cannot be read any more.
    pub fn values(&self, key: &Key) -> Result<Option<Vec<f64>>> {
        let Some(place) = self.records.get(key) else {
            return Ok(None);
        };
        let mut bytes = vec![0; place.count * size_of::<f64>()];
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let read = state.file.seek(SeekFrom::Start(place.offset));
        read.and_then(|_| state.file.read_exact(&mut bytes))
            .map_err(Error::io(&self.path, "read the journal"))?;
        let (values, _) = bytes.as_chunks();
        Ok(Some(
            values
                .iter()
                .map(|bytes| f64::from_le_bytes(*bytes))
                .collect(),
        ))
    }

    /// Writes a record. It outlives the process from here on.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be written (the disk is full, say); a later record takes the
    /// place of what was written of it.
    pub fn append(&self, key: &Key, values: &[f64]) -> Result<()> {
        let record = record(key, values).map_err(Error::io(&self.path, "write the journal"))?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let end = state.end;
        let written = state.file.seek(SeekFrom::Start(end));
        written
            .and_then(|_| state.file.write_all(&record))
            .map_err(Error::io(&self.path, "write the journal"))?;
        state.end = end + record.len() as u64;
        Ok(())
    }

    /// Removes the journal at `path`, if there is one.
    ///
    /// # Errors
    /// [`Error::Io`] when it is there and cannot be removed.
    pub fn remove(path: &Path) -> Result<()> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::io(path, "remove the journal of the scan")(error))
            }
            _ => Ok(()),
        }
    }
}

impl Drop for Journal {
    /// Gives the lock back at once. Closing the file would too, but not while a process that was
    /// just then begun from here still holds a copy of it.
    fn drop(&mut self) {
        let state = self.state.get_mut();
        let _ = state.unwrap_or_else(PoisonError::into_inner).file.unlock();
    }
}

fn record(key: &Key, values: &[f64]) -> io::Result<Vec<u8>> {
    let key = serde_json::to_vec(key)?;
    let payload = size_of::<u32>() + key.len() + size_of_val(values);
    let length = u32::try_from(payload).ok();
    let length = length.filter(|length| u64::from(*length) <= LONGEST);
    let length = length
        .ok_or_else(|| io::Error::other("a matrix has more singular values than a record holds"))?;
    let mut record = Vec::with_capacity(FRAME + payload);
    record.extend(length.to_le_bytes());
    record.extend([0; FRAME - size_of::<u32>()]);
    record.extend((key.len() as u32).to_le_bytes());
    record.extend(key);
    record.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    let hash = hash(&record[FRAME..]);
    record[size_of::<u32>()..FRAME].copy_from_slice(&hash.to_le_bytes());
    Ok(record)
}

fn hash(payload: &[u8]) -> u64 {
    let mut hash = Fnv::default();
    hash.write(payload);
    hash.0
}

/// Reads all whole records and cuts the file off behind them.
fn restore(file: &mut File) -> io::Result<(HashMap<Key, Place>, u64)> {
    let length = file.metadata()?.len();
    let mut records = HashMap::new();
    let mut reader = BufReader::with_capacity(1 << 20, &*file);
    let mut end = FIRST_LINE.len() as u64;
    let mut first = vec![0; FIRST_LINE.len()];
    let ours = length >= end && {
        reader.read_exact(&mut first)?;
        first == FIRST_LINE.as_bytes()
    };
    if !ours {
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(FIRST_LINE.as_bytes())?;
        return Ok((records, end));
    }
    let mut frame = [0; FRAME];
    let mut payload = Vec::new();
    while length - end >= FRAME as u64 {
        reader.read_exact(&mut frame)?;
        let [a, b, c, d, ref stated @ ..] = frame;
        let size = u64::from(u32::from_le_bytes([a, b, c, d]));
        let start = end + FRAME as u64;
        if size > length - start || size > LONGEST {
            break;
        }
        payload.resize(size as usize, 0);
        reader.read_exact(&mut payload)?;
        let Some((key, place)) = parse(&payload, start) else {
            break;
        };
        if hash(&payload).to_le_bytes() != *stated {
            break;
        }
        records.insert(key, place);
        end = start + size;
    }
    if end < length {
        file.set_len(end)?;
    }
    Ok((records, end))
}

/// The key of a payload that begins at `start` in the file, and where its values lie.
fn parse(payload: &[u8], start: u64) -> Option<(Key, Place)> {
    let (length, rest) = payload.split_first_chunk()?;
    let (key, values) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let key: Key = serde_json::from_slice(key).ok()?;
    let count = values.len() / size_of::<f64>();
    let whole = values.len() == count * size_of::<f64>() && count == key.rows.min(key.cols);
    let offset = start + (payload.len() - values.len()) as u64;
    whole.then_some((key, Place { offset, count }))
}
