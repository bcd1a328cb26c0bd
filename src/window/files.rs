//! Asking the system for paths and writing files, for every room alike.
//!
//! A room starts a task with one of these, and takes the answer when it is there.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, Problem, Result};
use crate::export::{self, Outcome, Replace};

/// Whether the system may be asked for paths in dialogs of its own. Where not, it is as if it had
/// none: what is saved goes beside the last export.
#[derive(Debug, Clone, Copy)]
pub struct SystemDialogs {
    /// Whether it may be asked.
    pub allowed: bool,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// Whether it held just this already.
    pub unchanged: bool,
}

/// Writes a file whole or not at all.
pub(crate) fn write(path: PathBuf, bytes: &[u8], replace: Replace) -> Result<Written> {
    let outcome = export::write(&path, bytes, replace)?;
    Ok(Written {
        path,
        unchanged: outcome == Outcome::Unchanged,
    })
}

/// What came of asking the system for a path.
enum Asked<T> {
    /// A dialog was on screen; nothing, where the user closed it.
    Answered(Option<T>),
    /// The system has none.
    NoDialog,
}

impl SystemDialogs {
    /// Asks for something to open; `ask` says what.
    ///
    /// # Errors
    /// Where the system offers no dialog.
    pub(crate) fn open<T>(
        self,
        ask: impl FnOnce(rfd::FileDialog) -> Option<T>,
    ) -> Result<Option<T>> {
        match self.ask(ask) {
            Asked::Answered(picked) => Ok(picked),
            Asked::NoDialog => Err(no_dialog()),
        }
    }

    /// Asks for a folder to write to. Where the system offers no dialog it is `folder`.
    pub(crate) fn folder(self, folder: PathBuf) -> Option<PathBuf> {
        match self.ask(|dialog| dialog.set_directory(&folder).pick_folder()) {
            Asked::Answered(picked) => picked,
            Asked::NoDialog => Some(folder),
        }
    }

    /// Asks where to save `name`, starting in `folder`. Where the system offers no dialog it goes
    /// there, under a name that is free; the notice that it was written says where.
    pub(crate) fn save(
        self,
        folder: &Path,
        name: &str,
        (kind, endings): (&str, &[&str]),
    ) -> Option<PathBuf> {
        let picked = self.ask(|dialog| {
            let dialog = dialog.add_filter(kind, endings).set_directory(folder);
            dialog.set_file_name(name).save_file()
        });
        match picked {
            Asked::Answered(picked) => picked,
            Asked::NoDialog => Some(free_name(folder, name)),
        }
    }

    fn ask<T>(self, ask: impl FnOnce(rfd::FileDialog) -> Option<T>) -> Asked<T> {
        if !self.allowed {
            return Asked::NoDialog;
        }
        let started = Instant::now();
        let picked = ask(rfd::FileDialog::new());
        // A dialog that answers "nothing" at once was never on screen.
        if picked.is_none() && started.elapsed() < Duration::from_millis(250) {
            Asked::NoDialog
        } else {
            Asked::Answered(picked)
        }
    }
}

/// What to do where the system has no dialog.
fn no_dialog() -> Error {
    Problem::input(
        "file dialog",
        "this system offers none (no xdg-desktop-portal and no zenity)",
    )
    .advice("type the path, drop the file on the window, or give it as an argument")
    .into()
}

/// `name` in `folder`, numbered where there is such a file already.
fn free_name(folder: &Path, name: &str) -> PathBuf {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let numbered = (2..).map(|number| folder.join(format!("{stem}-{number}.{ending}")));
    let mut names = std::iter::once(folder.join(name)).chain(numbered);
    names.find(|path| !path.exists()).unwrap_or_default()
}
