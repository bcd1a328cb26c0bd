//! Logs that are still being written: only what was added is read.
//!
//! Enters: paths, and a call now and then. Leaves: the runs as they are now, when something
//! changed.

use std::path::{Path, PathBuf};

use super::gather::{Part, assemble};
use super::import::Watched;
use super::mapping::Mapping;
use super::model::Run;
use crate::error::Result;
use crate::progress::Progress;

/// Watches logs that are still being written.
#[derive(Debug, Default)]
pub struct Follow {
    files: Vec<Watched>,
}

impl Follow {
    /// Watches these files; nothing is read yet. A file that is not there yet is waited for. A
    /// table of no known layout is read by the guess at its columns.
    #[must_use]
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self {
            files: paths.into_iter().map(Watched::new).collect(),
        }
    }

    /// Reads the file at `path`, which is a table of no known layout, as `mapping` says.
    #[must_use]
    pub fn with_mapping(mut self, path: &Path, mapping: &Mapping) -> Self {
        for file in self.files.iter_mut().filter(|file| file.path() == path) {
            file.map(mapping.clone());
        }
        self
    }

    /// All runs of all files, joined, when something changed since the last call; the first call
    /// reads the files whole. None when nothing changed.
    ///
    /// A last line that is not finished waits. A file that was cut short or replaced by another
    /// is read anew; what was there before stays where the new file goes on from it.
    ///
    /// # Errors
    /// As [`super::import()`]; the next call tries again.
    pub fn poll(&mut self, progress: &Progress) -> Result<Option<Vec<Run>>> {
        let mut changed = false;
        for file in &mut self.files {
            changed |= file.poll(progress)?;
        }
        let runs = || {
            self.files
                .iter()
                .flat_map(|file| file.runs().iter().cloned())
        };
        Ok(changed.then(|| assemble(runs().map(Part::from).collect()).runs))
    }
}
