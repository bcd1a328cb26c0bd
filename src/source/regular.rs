//! The one way in which a file that a user names is opened.
//!
//! Enters: a path. Leaves: the open file. It is looked at first: opening a named pipe waits until
//! someone writes to it, perhaps for ever, and a device has no end.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

/// Opens the regular file at `path` for reading.
///
/// # Errors
/// What the system says; [`io::ErrorKind::InvalidInput`] for what is not a regular file.
pub fn open_regular(path: &Path) -> io::Result<File> {
    look(path)?;
    File::open(path)
}

/// Reads the metadata of the regular file at `path`, which is not opened.
///
/// # Errors
/// As [`open_regular`].
pub fn look(path: &Path) -> io::Result<Metadata> {
    let metadata = fs::metadata(path)?;
    match kind(&metadata) {
        None => Ok(metadata),
        Some(kind) => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("is {kind}; give a regular file"),
        )),
    }
}

/// What it is that is not a regular file.
fn kind(metadata: &Metadata) -> Option<&'static str> {
    let file_type = metadata.file_type();
    if file_type.is_file() {
        return None;
    }
    if file_type.is_dir() {
        return Some("a folder");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if file_type.is_fifo() {
            return Some("a named pipe, of which nothing is read");
        }
        if file_type.is_socket() {
            return Some("a socket, of which nothing is read");
        }
        if file_type.is_char_device() || file_type.is_block_device() {
            return Some("a device, of which nothing is read");
        }
    }
    Some("neither a file nor a folder")
}
