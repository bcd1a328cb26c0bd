//! The cache of models, laid out as Python's `huggingface_hub` lays it out, and shared with it
//! (<https://huggingface.co/docs/huggingface_hub/guides/manage-cache>).
//!
//! ```text
//! models--org--name/
//!   blobs/<hash>                  contents, by hash; <hash>.incomplete while they arrive
//!   snapshots/<commit>/<name>     links to them, a folder a commit
//!   refs/<revision>               the commit that a branch or tag stands for
//! .locks/models--org--name/<hash>.lock
//! ```
//!
//! Enters: an id. Leaves: places; links and refs made, a finished content before its link, and
//! the ref after all of them.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::source::files::LONGEST_REVISION;
use crate::source::hub::{HubFile, HubId, Listing, Settings};
use crate::source::slug::{CACHE_PREFIX, SNAPSHOTS};
use crate::source::{ModelFiles, look, whole_file};

/// One model's place in the cache.
#[derive(Debug, Clone)]
pub(super) struct Cached {
    cache: PathBuf,
    folder: String,
}

impl Cached {
    pub(super) fn new(settings: &Settings, id: &HubId) -> Self {
        Self {
            cache: settings.cache.clone(),
            folder: format!("{CACHE_PREFIX}{}", id.repo.replace('/', "--")),
        }
    }

    fn root(&self) -> PathBuf {
        self.cache.join(&self.folder)
    }

    pub(super) fn blob(&self, file: &HubFile) -> PathBuf {
        self.root().join("blobs").join(&file.blob)
    }

    /// Where a content is while it arrives.
    pub(super) fn incomplete(&self, file: &HubFile) -> PathBuf {
        self.root()
            .join("blobs")
            .join(format!("{}.incomplete", file.blob))
    }

    pub(super) fn lock(&self, file: &HubFile) -> PathBuf {
        let locks = self.cache.join(".locks").join(&self.folder);
        locks.join(format!("{}.lock", file.blob))
    }

    pub(super) fn snapshot(&self, commit: &str) -> PathBuf {
        self.root().join(SNAPSHOTS).join(commit)
    }

    /// Whether the file is there, whole, as the commit has it.
    pub(super) fn has(&self, commit: &str, file: &HubFile) -> bool {
        let link = self.snapshot(commit).join(&file.name);
        fs::metadata(link).is_ok_and(|found| found.is_file() && found.len() == file.size)
    }

    /// Puts a finished content under its name.
    pub(super) fn link(&self, commit: &str, file: &HubFile) -> Result<()> {
        let (blob, link) = (self.blob(file), self.snapshot(commit).join(&file.name));
        make_folder_of(&link)?;
        match fs::remove_file(&link) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Error::io(&link, "replace the link")(error));
            }
            _ => {}
        }
        // From the link's folder up to the model's.
        let up = 2 + file.name.matches('/').count();
        let to: PathBuf = std::iter::repeat_n("..", up).collect();
        let to = to.join("blobs").join(&file.blob);
        if symlink(&to, &link).is_err() {
            // Where links are not allowed, the content itself lies there, as Python puts it.
            fs::rename(&blob, &link).map_err(Error::io(&link, "put the file in its place"))?;
        }
        Ok(())
    }

    /// Notes the commit that a branch or tag stands for.
    pub(super) fn note(&self, id: &HubId, commit: &str) -> Result<()> {
        if id.revision() == commit {
            return Ok(());
        }
        let path = self.root().join("refs").join(id.revision());
        let folder = make_folder_of(&path)?;
        let write = || Error::io(&path, "note the commit");
        let mut builder = tempfile::Builder::new();
        // As readable as the rest of the cache, which several users may share.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(folder).map_err(write())?;
        file.write_all(commit.as_bytes()).map_err(write())?;
        file.persist(&path).map_err(|error| write()(error.error))?;
        Ok(())
    }

    /// The commit of `id` that is in the cache, by what was noted when it was fetched.
    fn commit(&self, id: &HubId) -> Option<String> {
        let revision = id.revision();
        let noted = whole_file(&self.root().join("refs").join(revision), LONGEST_REVISION);
        let noted = noted
            .ok()
            .flatten()
            .and_then(|text| String::from_utf8(text).ok());
        let commit = noted.map_or_else(|| revision.to_owned(), |text| text.trim().to_owned());
        let plain = commit.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let there = plain && !commit.is_empty() && self.snapshot(&commit).is_dir();
        there.then_some(commit)
    }

    /// Where the model that `id` is lies, where all of its files are there: a folder, or the one
    /// file that was asked for.
    pub(super) fn whole(&self, id: &HubId) -> Option<PathBuf> {
        let folder = self.snapshot(&self.commit(id)?);
        if let Some(file) = &id.file {
            return Some(folder.join(file)).filter(|file| file.is_file());
        }
        let files = ModelFiles::find(&folder).ok()?;
        let all = !files.partial && files.weights.iter().all(|weight| weight.path.is_file());
        // Fetched in part, a model has its index before its shards: it names those missing.
        all.then_some(folder)
    }

    /// The place in the cache of what `listing` lists.
    pub(super) fn place(&self, listing: &Listing) -> PathBuf {
        let folder = self.snapshot(&listing.commit);
        match &listing.id.file {
            Some(file) => folder.join(file),
            None => folder,
        }
    }
}

/// Makes the folder that `path` is to lie in.
pub(super) fn make_folder_of(path: &Path) -> Result<&Path> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(Error::io(folder, "make the folder"))?;
    Ok(folder)
}

#[cfg(unix)]
fn symlink(to: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(to, link)
}

#[cfg(windows)]
fn symlink(to: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_file(to, link)
}

/// Opens the file that two programs fetching the same content agree by.
pub(super) fn lock_file(path: &Path) -> Result<File> {
    make_folder_of(path)?;
    not_a_stream(path)?;
    File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(Error::io(path, "open the lock"))
}

/// Refuses what is at `path` where it is not a regular file: opening a pipe would wait for ever.
pub(super) fn not_a_stream(path: &Path) -> Result<()> {
    match look(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Error::io(path, "open the file")(error))
        }
        _ => Ok(()),
    }
}
