//! One error for the whole program: a variant a stage, each with the path or name it is about.
//!
//! What leaves here is one line a person can act on: which file, where in it, what is wrong,
//! what to do. The command line prints it after `error: `, the window shows it as it is.

use std::io;
use std::path::{Path, PathBuf};

/// What can go wrong, by the stage it goes wrong in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused a file.
    #[error("{}: cannot {action}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, as a verb phrase: `open the file`.
        action: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// A model's folder, index or configuration is not usable.
    #[error("{}: {problem}; {advice}", path.display())]
    Source {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong, with the place in the file where there is one.
        problem: String,
        /// What the user can do.
        advice: String,
    },
    /// A model on the Hugging Face hub cannot be had.
    #[error("{id}: {problem}; {advice}")]
    Hub {
        /// The model, as `org/name@revision`.
        id: String,
        /// What is wrong.
        problem: String,
        /// What the user can do.
        advice: String,
        /// Whether it is only that the hub cannot be asked now.
        absent: bool,
    },
    /// A weight file, or one tensor in it, is not usable.
    #[error("{}: {place}: {problem}; {advice}", path.display())]
    Tensor {
        /// The weight file.
        path: PathBuf,
        /// The place in it: `header`, or `tensor NAME`.
        place: String,
        /// What is wrong.
        problem: String,
        /// What the user can do.
        advice: String,
    },
    /// A matrix has no spectrum.
    #[error("{module}: {problem}")]
    Spectral {
        /// The module.
        module: String,
        /// Why there is none.
        problem: String,
    },
    /// A results file is not usable.
    #[error("{}: {place}: {problem}; {advice}", path.display())]
    Report {
        /// The results file.
        path: PathBuf,
        /// The place in it: `line 3 column 9`, or a module's name.
        place: String,
        /// What is wrong.
        problem: String,
        /// What the user can do.
        advice: String,
    },
    /// A percentage, name or pattern that a selection cannot use.
    #[error("{what}: {problem}")]
    Selection {
        /// The offending text.
        what: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// A freeze set's file is not usable.
    #[error("{}: {place}: {problem}; {advice}", path.display())]
    Set {
        /// The file.
        path: PathBuf,
        /// The place in it: `line 3`.
        place: String,
        /// What is wrong.
        problem: String,
        /// What the user can do.
        advice: String,
    },
    /// A run's log is not usable.
    #[error("{}: {place}: {problem}; {advice}", path.display())]
    Run {
        /// The log.
        path: PathBuf,
        /// The place in it: `line 3`.
        place: String,
        /// What is wrong.
        problem: String,
        /// What the user can do.
        advice: String,
    },
    /// A file is there already and holds something else.
    #[error("{}: is there already with other content; choose another name, or replace it (--force on the command line)", path.display())]
    Exists {
        /// The file that was left as it was.
        path: PathBuf,
    },
    /// A file could not be made.
    #[error("{}: {problem}", path.display())]
    Export {
        /// The file.
        path: PathBuf,
        /// Why not, and what to do.
        problem: String,
    },
    /// A figure that cannot be drawn.
    #[error("{what}: {problem}")]
    Figure {
        /// The figure, or the module it was to show.
        what: String,
        /// Why not, and what to do.
        problem: String,
    },
    /// The window cannot be opened.
    #[error(
        "the window cannot be opened: {problem}; without a display use the commands \
         (scan, types, select, inspect, figure: see layerscope --help), or xvfb-run"
    )]
    Window {
        /// The system's reason.
        problem: String,
    },
    /// The user stopped it. A state rather than a failure: nothing half-written is left.
    #[error("cancelled")]
    Cancelled,
    /// A bug: a worker panicked. The rest of the program goes on.
    #[error("internal error in {task}: {message}; please report it")]
    Panicked {
        /// The job that stopped.
        task: &'static str,
        /// The panic's message.
        message: String,
    },
}

/// A result with this crate's [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Wraps a system error with the file it is about and what was tried.
    pub fn io(path: impl AsRef<Path>, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io {
            path,
            action,
            source,
        }
    }

    /// Whether the user stopped the work.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled)
    }
}
