//! The export being prepared: its format, its text as it will be written, and where to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::export::{Format, Naming};
use crate::window::action::Action;
use crate::window::document::{Document, DocumentId};
use crate::window::effect::Effect;
use crate::window::export::check::ExportCheck;
use crate::window::files::Written;
use crate::window::task::{Bound, Slot};

/// The export room: the draft in its dialog, and the work for it.
#[derive(Default)]
pub struct Export {
    /// The draft, while the document it was made of is open.
    pub(crate) draft: Option<Bound<Draft>>,
    /// The dry run of the draft.
    pub(crate) check: Slot<Arc<ExportCheck>>,
    /// The system's dialog that asks where to.
    pub(crate) pick: Slot<Option<PathBuf>>,
    /// The file being written.
    pub(crate) write: Slot<Written>,
}

impl Export {
    /// The draft, while `open` is the document it was made of.
    #[must_use]
    pub fn draft(&self, open: Option<DocumentId>) -> Option<&Draft> {
        self.draft.as_ref()?.get(open)
    }

    /// Whether anything is under way: a dry run, a system's dialog, a file being written.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.check.is_busy() || self.pick.is_busy() || self.write.is_busy()
    }

    pub(crate) fn draft_mut(&mut self, open: Option<DocumentId>) -> Option<&mut Draft> {
        self.draft.as_mut()?.get_mut(open)
    }
}

/// What the room can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Show the dialog, or change its format.
    Show(Format),
    /// Prepare the draft for other names.
    Names(Naming),
    /// Agree to write what would not train what is shown, or take that back.
    Confirm(bool),
    /// The path changed.
    EditPath(String),
    /// Ask the system for a path.
    PickPath,
    /// Put the text on the clipboard.
    CopyText,
    /// Write the file; `replace` allows writing over another one.
    Write {
        /// Whether a different file may be replaced.
        replace: bool,
    },
    /// Close the dialog.
    Close,
    /// Something outside this room.
    Ask(Effect),
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Ask(action.into())
    }
}

/// The export dialog's content.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What is written.
    pub format: Format,
    /// Whose names it is written in.
    pub naming: Naming,
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

impl Draft {
    /// Prepares `document` in `format`, to be written in `folder`.
    pub(crate) fn new(document: &Document, format: Format, folder: &Path) -> Self {
        let path = folder
            .join(format.file_name(&document.report.slug, &document.set))
            .display()
            .to_string();
        let mut draft = Self {
            format,
            naming: Naming::default(),
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

    /// The same under these names; the text comes with the dry run.
    pub(crate) fn named(mut self, naming: Naming) -> Self {
        self.naming = naming;
        self
    }

    /// Takes in what came of the dry run, and the text it was made of.
    pub(crate) fn take(&mut self, check: Arc<ExportCheck>) {
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
