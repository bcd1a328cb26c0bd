//! The index of a sharded model: which file holds which tensor.
//!
//! Enters: `model.safetensors.index.json`. Leaves: [`Index`]; nothing it names was opened.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Problem, Result};
use crate::source::Pairs;
use crate::source::whole::{LONGEST_HEADER, small_file};

/// What an index says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Index {
    /// The index file.
    pub path: PathBuf,
    /// The files it names, as it names them, sorted.
    pub files: Vec<String>,
    /// Tensor names, each with its file's place in [`Self::files`], in the index's order.
    pub entries: Vec<(String, usize)>,
}

#[derive(Deserialize)]
struct Stored {
    weight_map: Pairs<String>,
}

impl Index {
    /// Reads the index at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read, [`Error::Problem`] when it is not an index; the line
    /// gives line and column.
    pub fn read(path: &Path) -> Result<Self> {
        // Of a hundred thousand tensors it has 10 MB, about as much as their headers.
        let text = small_file(path, LONGEST_HEADER, "an index")?;
        let missing = || Error::io(path, "read the file")(std::io::ErrorKind::NotFound.into());
        let text = text.ok_or_else(missing)?;
        Self::parse(path, &text)
    }

    /// Reads the index that `text` is, from a file called `path`.
    ///
    /// # Errors
    /// [`Error::Problem`] when it is not an index; the line gives line and column.
    pub fn parse(path: &Path, text: &[u8]) -> Result<Self> {
        let refuse = |problem: String| {
            Error::from(
                Problem::input(path, problem).advice("download the file again, or delete it"),
            )
        };
        if text.is_empty() {
            return Err(refuse("is blank".into()));
        }
        let Stored { weight_map } = serde_json::from_slice(text)
            .map_err(|error| refuse(format!("is not a safetensors index: {error}")))?;
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (_, file) in &weight_map.0 {
            places.entry(file.clone()).or_default();
        }
        for (place, value) in places.values_mut().enumerate() {
            *value = place;
        }
        let entries = weight_map.0.into_iter();
        Ok(Self {
            path: path.to_path_buf(),
            entries: entries
                .filter_map(|(name, file)| Some((name, *places.get(&file)?)))
                .collect(),
            files: places.into_keys().collect(),
        })
    }
}

/// Whether a file's name in an index stays inside the folder: every part of it is a plain name.
/// Links are left alone: the files of the Hugging Face cache are links to elsewhere.
pub(super) fn is_inside(name: &str) -> bool {
    let plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    // Backslashes and drive letters mean something on Windows only; no checkpoint has them.
    Path::new(name).file_name().is_some()
        && Path::new(name).components().all(plain)
        && !name.contains(['\\', ':', '\0'])
}
