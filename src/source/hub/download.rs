//! A model from the hub into the cache.
//!
//! Enters: what the hub lists of it. Leaves: the folder it lies in, every file of it verified: by
//! its length, by its SHA-256 where the hub knows it, and a safetensors file by its header. A
//! file has its name only when it is whole; what has arrived of it stays, and the next try asks
//! for the rest.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::IgnoredAny;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::source::hub::cache::{Cached, lock_file, make_folder_of, not_a_stream};
use crate::source::hub::connection::Hub;
use crate::source::hub::problem::Problem;
use crate::source::hub::transfer::Remote;
use crate::source::hub::{HubFile, Listing};
use crate::source::{LONGEST_HEADER, Pairs};

/// How often it is looked whether another program has finished with a file.
const LOOK: Duration = Duration::from_millis(200);
/// Bytes read at once of what is hashed again.
const PIECE: usize = 1 << 20;

/// Fetches the files of `listing` that are not in the cache, and returns where they lie.
/// `progress` counts files, and work in bytes.
///
/// # Errors
/// [`Error::Problem`] when a file cannot be had or is not what the hub lists, [`Error::Io`] when it
/// cannot be stored, [`Error::Canceled`]; what has arrived stays for the next try.
pub fn download(hub: &Hub, listing: &Listing, progress: &Progress) -> Result<PathBuf> {
    let fetching = Fetching {
        hub,
        listing,
        progress,
        cached: Cached::new(hub.settings(), &listing.id),
    };
    progress.set_total(listing.files.len() as u64, listing.bytes());
    for file in &listing.files {
        fetching.file(file)?;
    }
    fetching.cached.note(&listing.id, &listing.commit)?;
    Ok(fetching.cached.place(listing))
}

/// Bytes of `listing` that a download would fetch: what is not in the cache.
#[must_use]
pub fn missing(hub: &Hub, listing: &Listing) -> u64 {
    let cached = Cached::new(hub.settings(), &listing.id);
    let files = listing.files.iter();
    files
        .filter(|file| !cached.has(&listing.commit, file) && !is_whole(&cached.blob(file), file))
        .map(|file| {
            let part = fs::metadata(cached.incomplete(file)).map_or(0, |part| part.len());
            file.size.saturating_sub(part)
        })
        .sum()
}

fn is_whole(path: &Path, file: &HubFile) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() == file.size)
}

struct Fetching<'a> {
    hub: &'a Hub,
    listing: &'a Listing,
    progress: &'a Progress,
    cached: Cached,
}

impl Fetching<'_> {
    fn file(&self, file: &HubFile) -> Result<()> {
        self.progress.check()?;
        self.progress.set_label(file.name.as_str());
        let commit = &self.listing.commit;
        if self.cached.has(commit, file) {
            self.progress.skip_item(file.size);
            return Ok(());
        }
        let _lock = self.lock(file)?;
        let blob = self.cached.blob(file);
        if is_whole(&blob, file) {
            // Another revision has it, or another program has fetched it meanwhile.
            self.progress.skip_item(file.size);
        } else {
            self.fetch(file)?;
            let incomplete = self.cached.incomplete(file);
            fs::rename(&incomplete, &blob)
                .map_err(Error::io(&blob, "put the file in its place"))?;
            self.progress.finish_item();
        }
        self.cached.link(commit, file)
    }

    /// Waits until no other program fetches the same content.
    fn lock(&self, file: &HubFile) -> Result<File> {
        let path = self.cached.lock(file);
        let lock = lock_file(&path)?;
        loop {
            match lock.try_lock() {
                // Some network file systems cannot lock.
                Ok(()) | Err(TryLockError::Error(_)) => return Ok(lock),
                Err(TryLockError::WouldBlock) => {
                    let label = format!("{}: another program fetches it; waiting", file.name);
                    self.progress.set_label(label);
                    self.progress.check()?;
                    std::thread::sleep(LOOK);
                }
            }
        }
    }

    /// Fetches what is missing of `file`, and verifies all of it.
    fn fetch(&self, file: &HubFile) -> Result<()> {
        let path = self.cached.incomplete(file);
        make_folder_of(&path)?;
        not_a_stream(&path)?;
        let mut part = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(Error::io(&path, "open the file"))?;
        let there = part
            .metadata()
            .map_err(Error::io(&path, "look at the file"))?
            .len();
        // More than there is cannot be the beginning of it.
        let there = if there > file.size { 0 } else { there };
        let mut arrived = self.arrive(file, &path, &mut part, there);
        if there > 0 && matches!(arrived, Ok(Some(_))) {
            // Perhaps only what an earlier try has left is damaged.
            arrived = self.arrive(file, &path, &mut part, 0);
        }
        drop(part);
        match arrived {
            Ok(None) => Ok(()),
            Ok(Some(problem)) => {
                // Neither kept nor taken up again.
                fs::remove_file(&path).map_err(Error::io(&path, "remove the damaged file"))?;
                Err(problem.error(&self.listing.id, self.hub.settings()))
            }
            Err(error) => {
                drop(remove_empty(&path));
                Err(error)
            }
        }
    }

    /// Takes the bytes from `there` on in, and says what is wrong with the whole, if anything.
    fn arrive(
        &self,
        file: &HubFile,
        path: &Path,
        part: &mut File,
        there: u64,
    ) -> Result<Option<Problem>> {
        let write = || Error::io(path, "write the file");
        part.set_len(there).map_err(write())?;
        let mut hash = Sha256::new();
        self.hash(part, there, &mut hash)
            .map_err(Error::io(path, "read the file"))?;
        self.progress.check()?;
        part.seek(SeekFrom::Start(there)).map_err(write())?;
        // As work done before, it does not count towards the speed.
        self.progress.skip_work(there);
        self.progress.set_label(file.name.as_str());
        let remote = Remote::new(self.hub, (&self.listing.id, &self.listing.commit), file);
        remote.read(self.hub, there..file.size, self.progress, |bytes| {
            part.write_all(bytes).map_err(write())?;
            hash.update(bytes);
            self.progress.advance(bytes.len() as u64);
            Ok(())
        })?;
        part.sync_all().map_err(write())?;
        let stored = part.metadata().map_err(write())?.len();
        if stored != file.size {
            let problem = Problem::OtherSize {
                file: file.name.clone(),
                listed: file.size,
                sent: stored,
            };
            return Ok(Some(problem));
        }
        if let Some(listed) = &file.sha256
            && *listed != hex(&hash.finalize())
        {
            return Ok(Some(Problem::OtherHash(file.name.clone())));
        }
        let why = if Path::new(&file.name)
            .extension()
            .is_some_and(|end| end == "safetensors")
        {
            header_problem(part, file.size).map_err(Error::io(path, "read the file"))?
        } else {
            None
        };
        Ok(why.map(|why| Problem::NotWeights(format!("{}: {why}", file.name))))
    }

    /// Hashes the first `length` bytes, which an earlier try has left.
    fn hash(&self, part: &mut File, length: u64, hash: &mut Sha256) -> io::Result<()> {
        part.seek(SeekFrom::Start(0))?;
        let mut piece = vec![0; PIECE.min(length as usize)];
        let mut left = length;
        while left > 0 && !self.progress.is_canceled() {
            let size = piece.len().min(left as usize);
            part.read_exact(&mut piece[..size])?;
            hash.update(&piece[..size]);
            left -= size as u64;
        }
        Ok(())
    }
}

/// A file that nothing has arrived of is not left behind.
fn remove_empty(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.len() == 0 {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// What is wrong with the header of a safetensors file of `size` bytes, if anything. What its
/// entries say is looked at when the model is opened.
fn header_problem(file: &mut File, size: u64) -> io::Result<Option<String>> {
    let mut length = [0; 8];
    if size < length.len() as u64 {
        return Ok(Some(format!("is no safetensors file: it has {size} bytes")));
    }
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut length)?;
    let header = u64::from_le_bytes(length);
    if header > size - length.len() as u64 {
        return Ok(Some(
            "is no safetensors file: its header reaches past its end".to_owned(),
        ));
    }
    if header > LONGEST_HEADER {
        return Ok(Some(format!(
            "is no safetensors file: its header is {header} bytes long"
        )));
    }
    let mut text = vec![0; header as usize];
    file.read_exact(&mut text)?;
    let entries: Result<Pairs<IgnoredAny>, _> = serde_json::from_slice(&text);
    Ok(entries
        .err()
        .map(|error| format!("its header is damaged: {error}")))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
