//! Writing a file: wholly or not at all, and never over another one unasked.
//!
//! Enters: a path and bytes. Leaves: the file with these bytes, or as it was.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::error::{Error, Result};

/// Whether a file with other content may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Replace {
    /// Leave it and say so.
    #[default]
    No,
    /// The user agreed.
    Yes,
}

impl From<bool> for Replace {
    /// Whether the user agreed.
    fn from(agreed: bool) -> Self {
        if agreed { Self::Yes } else { Self::No }
    }
}

/// What writing a file came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There was none; it is there now.
    Created,
    /// One with other content was replaced.
    Replaced,
    /// One with the same content was there already, and was left alone.
    Unchanged,
}

/// Writes `bytes` to `path`: into a temporary file in the same folder, brought to disk, then
/// renamed, so that a reader or a power failure never meets half a file. A link is followed;
/// the permissions of a file that is replaced are kept.
///
/// # Errors
/// [`Error::Exists`] when a file with other content is there and `replace` is [`Replace::No`];
/// [`Error::Io`] when it cannot be written (the folder must exist).
pub fn write(path: &Path, bytes: &[u8], replace: Replace) -> Result<Outcome> {
    let write = |error| Error::io(path, "write the file")(error);
    // Renaming over a link would leave what it points at as it was. A link to nothing stays
    // itself, and is refused or replaced like a file.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let present = match (present(&target, bytes).map_err(write)?, replace) {
        (Present::Same, _) => return Ok(Outcome::Unchanged),
        (Present::Other, Replace::No) => return Err(exists(path)),
        (Present::Stream, _) => {
            let file = fs::OpenOptions::new().write(true).open(path);
            file.and_then(|mut file| file.write_all(bytes))
                .map_err(write)?;
            return Ok(Outcome::Created);
        }
        (Present::Other, Replace::Yes) => true,
        (Present::Nothing, _) => false,
    };
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = temporary(folder).map_err(write)?;
    file.write_all(bytes).map_err(write)?;
    if present {
        let permissions = fs::metadata(&target).map_err(write)?.permissions();
        file.as_file().set_permissions(permissions).map_err(write)?;
    }
    file.as_file().sync_all().map_err(write)?;
    match replace {
        Replace::Yes => file.persist(&target),
        // Refuses also what another program wrote there in the meantime.
        Replace::No => file.persist_noclobber(&target),
    }
    .map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => exists(path),
        _ => write(error.error),
    })?;
    sync_folder(folder);
    Ok(if present {
        Outcome::Replaced
    } else {
        Outcome::Created
    })
}

/// Fails where [`write`] would find a file with other content.
pub(super) fn check_free(path: &Path, bytes: &[u8]) -> Result<()> {
    match present(path, bytes).map_err(Error::io(path, "read the file"))? {
        Present::Other => Err(exists(path)),
        _ => Ok(()),
    }
}

fn exists(path: &Path) -> Error {
    Error::Exists {
        path: path.to_path_buf(),
    }
}

/// What is at a path, compared with the bytes that are to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Present {
    Nothing,
    Same,
    Other,
    /// A terminal, a pipe, `/dev/null`: nothing to compare or to rename over.
    Stream,
}

fn present(path: &Path, bytes: &[u8]) -> io::Result<Present> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Present::Nothing),
        Err(error) => return Err(error),
    };
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Ok(Present::Stream);
    }
    // A file of another length is another one; a large one is not read to learn that.
    let same = metadata.len() == bytes.len() as u64 && fs::read(path)? == bytes;
    Ok(if same { Present::Same } else { Present::Other })
}

/// A temporary file that its owner's group may read as the user's defaults have it: without
/// this it would be readable by its owner alone, and so would the file it becomes.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".layerscope-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Brings the rename itself to disk. Not every system can; the file is whole either way.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}
