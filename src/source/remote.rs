//! A weight file on the hub, read by ranges.
//!
//! Enters: a file that the hub lists. Leaves: its bytes at any place ([`ReadAt`]), nothing of
//! them stored on this machine. Small parts that are read often (the header, what tells which
//! weights these are) are kept in memory; a matrix is fetched in one piece by whoever works on it
//! ([`Far::fetch`]).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::Result;
use crate::progress::Progress;
use crate::source::hub::{Hub, HubFile, Listing, Remote};
use crate::source::{Far, ReadAt};

/// Bytes of a file's beginning that are fetched when it is opened: the header of a usual shard.
const BEGINNING: u64 = 64 << 10;
/// The longest header that is fetched with it; a longer one is read when it is asked for.
const LONGEST_HEADER: u64 = 32 << 20;
/// Ranges that are fetched at the same time.
const TOGETHER: usize = 8;

/// A weight file on the hub.
#[derive(Debug)]
pub struct RemoteFile {
    hub: Arc<Hub>,
    remote: Remote,
    path: PathBuf,
    /// What opened it: canceled, small reads end.
    opening: Progress,
    /// Parts that are kept, by where they begin.
    kept: Mutex<BTreeMap<u64, Vec<u8>>>,
}

/// Two are equal when they are the same file of the same commit.
impl PartialEq for RemoteFile {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.remote.url() == other.remote.url()
    }
}

impl Eq for RemoteFile {}

impl RemoteFile {
    /// `file` of the model that `listing` is of. Messages call it `path`.
    pub(in crate::source) fn new(
        hub: &Arc<Hub>,
        listing: &Listing,
        file: &HubFile,
        path: PathBuf,
        opening: &Progress,
    ) -> Self {
        Self {
            remote: Remote::new(hub, (&listing.id, &listing.commit), file),
            hub: Arc::clone(hub),
            path,
            opening: opening.clone(),
            kept: Mutex::default(),
        }
    }

    /// Fetches the beginning of the file, and the header that it says is there.
    pub(in crate::source) fn begin(&self, progress: &Progress) -> Result<()> {
        let mut start = vec![0; BEGINNING.min(self.remote.size) as usize];
        self.fetch(0, &mut start, progress)?;
        if let Some(length) = start.first_chunk() {
            let end = u64::from_le_bytes(*length).saturating_add(8);
            let more = BEGINNING..self.remote.size.min(LONGEST_HEADER) + 1;
            if more.contains(&end) {
                let there = start.len();
                start.resize(end as usize, 0);
                self.fetch(there as u64, &mut start[there..], progress)?;
            }
        }
        self.kept().insert(0, start);
        Ok(())
    }

    /// Copies what is kept of a range, where all of it is.
    fn copy_kept(&self, offset: u64, buffer: &mut [u8]) -> bool {
        let kept = self.kept();
        let Some((start, bytes)) = kept.range(..=offset).next_back() else {
            return false;
        };
        let from = usize::try_from(offset - start).ok();
        let part = from.and_then(|from| bytes.get(from..from.checked_add(buffer.len())?));
        part.map(|part| buffer.copy_from_slice(part)).is_some()
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<u64, Vec<u8>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReadAt for RemoteFile {
    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        self.fetch(offset, buffer, &self.opening)
    }

    fn length(&self) -> u64 {
        self.remote.size
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn far(&self) -> Option<&dyn Far> {
        Some(self)
    }
}

impl Far for RemoteFile {
    fn fetch(&self, offset: u64, buffer: &mut [u8], progress: &Progress) -> Result<()> {
        if self.copy_kept(offset, buffer) {
            return Ok(());
        }
        let end = offset.checked_add(buffer.len() as u64);
        let Some(end) = end.filter(|end| *end <= self.remote.size) else {
            let end = std::io::ErrorKind::UnexpectedEof.into();
            return Err(crate::error::Error::io(&self.path, "read")(end));
        };
        let mut rest = buffer;
        self.remote.read(&self.hub, offset..end, progress, |bytes| {
            // Never more than asked for: `Remote::read` counts.
            let (now, later) = std::mem::take(&mut rest).split_at_mut(bytes.len());
            now.copy_from_slice(bytes);
            rest = later;
            Ok(())
        })
    }

    fn expect(&self, ranges: &[(u64, usize)]) {
        let next = AtomicUsize::new(0);
        let lane = || {
            while let Some(&(offset, length)) = ranges.get(next.fetch_add(1, Ordering::Relaxed)) {
                let mut part = vec![0; length];
                let there = self.copy_kept(offset, &mut part);
                if !there && self.fetch(offset, &mut part, &self.opening).is_ok() {
                    self.kept().insert(offset, part);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..TOGETHER.min(ranges.len()) {
                // Without a thread the others do its part.
                drop(std::thread::Builder::new().spawn_scoped(scope, lane));
            }
            lane();
        });
    }
}
