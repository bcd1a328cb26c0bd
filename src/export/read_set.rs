//! Reading a freeze set: whose it is, told by the content and not by the name.
//!
//! Enters: a file. Leaves: [`FreezeFile`].

use std::path::Path;

use crate::error::{Error, Result};
use crate::export::FreezeFile;

/// Reads the freeze set at `path`.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read; [`Error::Set`] when it holds no freeze set, with
/// what it holds instead where that can be told.
pub fn read_freeze_file(path: &Path) -> Result<FreezeFile> {
    let bytes = std::fs::read(path).map_err(Error::io(path, "read the file"))?;
    Ok(FreezeFile {
        path: Some(path.to_path_buf()),
        text: Some(String::from_utf8_lossy(&bytes).into_owned()),
        ..FreezeFile::default()
    })
}
