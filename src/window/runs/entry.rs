//! A run in the table: its log, and what it is given here (name, color, freeze set).

use std::path::PathBuf;
use std::sync::Arc;

use crate::run::{self, Run};
use crate::window::runs::link::FreezeLink;

/// Names a run for as long as the program is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(pub(crate) u64);

/// A run on screen.
#[derive(Debug, Clone)]
pub struct RunEntry {
    /// What the program calls it.
    pub id: RunId,
    /// What was logged.
    pub run: Arc<Run>,
    /// Its name as logged: what it is found by when its log has grown.
    pub logged_name: String,
    /// Its place among the series colors: the same in every plot, table and figure.
    pub color: usize,
    /// Whether it is left out of the plots.
    pub hidden: bool,
    /// The freeze set it was trained with, where that is known.
    pub link: Option<Arc<FreezeLink>>,
}

impl RunEntry {
    /// The files that it came from.
    pub(crate) fn logs(&self) -> impl Iterator<Item = &PathBuf> {
        self.run.sources.iter().map(|source| &source.path)
    }

    /// Rows of its logs that could not be read.
    pub(crate) fn bad_rows(&self) -> u64 {
        self.run.sources.iter().map(|source| source.bad_rows).sum()
    }

    /// Adds the series of `parts`.
    pub(crate) fn join(&mut self, parts: Vec<Run>) {
        let whole = Arc::unwrap_or_clone(std::mem::take(&mut self.run));
        let name = whole.name.clone();
        let parts = parts.into_iter().map(|mut part| {
            part.name.clone_from(&name);
            part
        });
        let all: Vec<Run> = std::iter::once(whole).chain(parts).collect();
        self.run = run::join(all).into_iter().next().unwrap_or_default().into();
    }
}
