//! The export being prepared: its format, its text as it will be written, and where to.
//!
//! Enters: a document. Leaves: the very bytes the dialog shows.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::document::Document;
use crate::app::export_check::ExportCheck;
use crate::export::{Format, Naming, Rename};

/// The export dialog's content.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportDraft {
    /// What is written.
    pub format: Format,
    /// For which names; none for the checkpoint's.
    pub rename: Option<Rename>,
    /// The text, whole.
    pub text: String,
    /// Where each line of the text starts, so that any stretch of it can be shown at once.
    pub lines: Vec<usize>,
    /// Where it goes, as typed.
    pub path: String,
    /// Whether another file is at that path: writing asks for permission first.
    pub conflict: bool,
    /// What went wrong with the last try.
    pub problem: Option<String>,
    /// What came of the dry run; none until it is done.
    pub check: Option<Arc<ExportCheck>>,
    /// Whether the user agreed to write what would not train what is shown.
    pub confirmed: bool,
}

impl ExportDraft {
    /// Prepares `document` in `format`, in `folder` unless a path was typed before.
    #[must_use]
    pub fn new(document: &Document, format: Format, folder: Option<PathBuf>) -> Self {
        let folder = folder
            .or_else(|| std::env::current_dir().ok())
            .unwrap_or_default();
        let path = folder
            .join(format.file_name(&document.report.slug, &document.set))
            .display()
            .to_string();
        let mut draft = Self {
            format,
            rename: None,
            text: String::new(),
            lines: Vec::new(),
            path,
            conflict: false,
            problem: None,
            check: None,
            confirmed: false,
        };
        // The text of a set comes with its dry run.
        if !format.is_set() {
            let results = format.render(&document.report, &document.set, Naming::default());
            draft.set_text(results.text);
        }
        draft
    }

    /// The same for other names; the text comes with the dry run.
    #[must_use]
    pub fn renamed(mut self, rename: Option<Rename>) -> Self {
        if rename.is_some() {
            self.set_text(String::new());
        }
        self.rename = rename;
        self
    }

    /// Takes in what came of the dry run, and the text it was made of.
    pub(super) fn take(&mut self, check: Arc<ExportCheck>) {
        if self.text != check.exported.text {
            self.set_text(check.exported.text.clone());
        }
        self.check = Some(check);
    }

    /// Whether it may be written or copied: the dry run is done, and what it found is agreed to.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        !self.format.is_set() || self.check.is_some() && (self.confirmed || !self.is_astray())
    }

    /// Whether what would train is not what is shown.
    #[must_use]
    pub fn is_astray(&self) -> bool {
        let run = self.check.as_ref().and_then(|check| check.run.as_ref());
        run.is_some_and(|run| !run.is_exact())
    }

    fn set_text(&mut self, text: String) {
        let newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).filter(|_| !text.is_empty());
        self.lines = starts
            .chain(newlines.filter(|&at| at < text.len()))
            .collect();
        self.text = text;
    }

    /// Line `index` of the text, without its end.
    #[must_use]
    pub fn line(&self, index: usize) -> &str {
        let start = self.lines[index];
        let end = self
            .lines
            .get(index + 1)
            .copied()
            .unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches('\n')
    }
}
