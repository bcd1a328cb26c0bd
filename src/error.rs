//! One error for the whole program.
//!
//! Most failures are a [`Problem`]: what it is about, where in it, what is wrong, what to do. The
//! other variants are those that code treats differently. Every error prints as one line: the
//! command line prints it after `error: `, the window shows it as it is.

use std::any::Any;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What can go wrong.
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
    /// Something the user gave, or asked for, cannot be used.
    #[error(transparent)]
    Problem(Box<Problem>),
    /// A file already exists with different content.
    #[error("{}: is there already with other content; choose another name, or replace it (--force on the command line)", path.display())]
    Exists {
        /// The file that was left as it was.
        path: PathBuf,
    },
    /// The user stopped it. A state rather than a failure: nothing half-written is left.
    #[error("canceled")]
    Canceled,
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

/// Something that cannot be used, and what to do about it.
///
/// Prints as `subject: place: cause; advice`, leaving out what is empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[must_use = "a problem is to be returned as an error"]
pub struct Problem {
    /// What it is about: a file, a model, a module, an argument.
    pub subject: String,
    /// Where in it: `line 3`, `header`, `tensor NAME`.
    pub place: String,
    /// What is wrong.
    pub cause: String,
    /// What the user can do.
    pub advice: String,
    /// What sort of thing it is about.
    pub kind: ProblemKind,
}

/// What a [`Problem`] is about, where the caller's next step depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// A file or folder that is read.
    Input,
    /// A percentage, name or pattern that the user typed.
    Argument,
    /// A model on the Hugging Face hub.
    Hub,
    /// The hub itself, which cannot be reached now.
    HubAbsent,
    /// A matrix without a spectrum.
    Spectrum,
    /// A file, figure or window that cannot be made.
    Output,
}

impl Problem {
    /// A problem of any kind.
    pub fn new(kind: ProblemKind, subject: impl Into<String>, cause: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            place: String::new(),
            cause: cause.into(),
            advice: String::new(),
            kind,
        }
    }

    /// A file or folder that cannot be used.
    pub fn input(path: impl AsRef<Path>, cause: impl Into<String>) -> Self {
        Self::new(
            ProblemKind::Input,
            path.as_ref().display().to_string(),
            cause,
        )
    }

    /// A percentage, name or pattern that cannot be used.
    pub fn argument(text: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::new(ProblemKind::Argument, text, cause)
    }

    /// A module or matrix that has no spectrum.
    pub fn spectrum(module: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::new(ProblemKind::Spectrum, module, cause)
    }

    /// A file or figure that cannot be made.
    pub fn output(what: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::new(ProblemKind::Output, what, cause)
    }

    /// With the place in the subject.
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }

    /// With what the user can do.
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.subject, &self.place] {
            if !part.is_empty() {
                write!(f, "{part}: ")?;
            }
        }
        f.write_str(&self.cause)?;
        if !self.advice.is_empty() {
            write!(f, "; {}", self.advice)?;
        }
        Ok(())
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

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

    /// What a worker's panic becomes.
    pub(crate) fn panicked(task: &'static str, panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::Panicked {
            task,
            message: text.unwrap_or("no message").to_owned(),
        }
    }

    /// Whether the user stopped the work.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        matches!(self, Self::Canceled)
    }

    /// Whether a model on the hub cannot be had, for whatever reason.
    #[must_use]
    pub(crate) fn is_of_hub(&self) -> bool {
        matches!(self, Self::Problem(problem)
            if matches!(problem.kind, ProblemKind::Hub | ProblemKind::HubAbsent))
    }
}
