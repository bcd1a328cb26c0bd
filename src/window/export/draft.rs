//! The export being prepared: its format, its text as it will be written, and where to.
//!
//! Enters: a document. Leaves: the very bytes the dialog shows.

use std::path::PathBuf;
use std::sync::Arc;

use crate::export::{self, Consumer, Rename};
use crate::report::{flat_json, sorted_json};
use crate::window::document::Document;
use crate::window::export::check::ExportCheck;

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// The freeze set as Spectrum writes it.
    SpectrumYaml,
    /// The freeze set for one of its readers.
    For(Consumer),
    /// The freeze set as one regular expression.
    Regex,
    /// The freeze set as a function in Python.
    Python,
    /// The chosen names, one a line.
    Names,
    /// The results by module.
    ResultsJson,
    /// The results by type, each sorted by SNR.
    SortedJson,
}

impl Format {
    /// All formats, in the order they are offered.
    pub const ALL: [Self; 15] = [
        Self::SpectrumYaml,
        Self::For(Consumer::Aws),
        Self::For(Consumer::AwsRecipes),
        Self::For(Consumer::Axolotl),
        Self::For(Consumer::AxolotlPlugin),
        Self::For(Consumer::MsSwift),
        Self::For(Consumer::MsSwiftRegex),
        Self::For(Consumer::LlamaFactory),
        Self::For(Consumer::Peft),
        Self::For(Consumer::Snippet),
        Self::Regex,
        Self::Python,
        Self::Names,
        Self::ResultsJson,
        Self::SortedJson,
    ];

    /// Its name in menus.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::SpectrumYaml => "Freeze set (Spectrum YAML)",
            Self::For(consumer) => consumer.name(),
            Self::Regex => "Freeze set (regular expression)",
            Self::Python => "Freeze set (Python function)",
            Self::Names => "Freeze set (names)",
            Self::ResultsJson => "Results JSON",
            Self::SortedJson => "Results JSON, sorted",
        }
    }

    /// What reads it.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::SpectrumYaml => {
                "The file that spectrum.py writes, byte for byte. The dry run is that of AWS's \
                 train_spectrum.py, which matches each line as a regular expression at the start \
                 of a parameter's name."
            }
            Self::For(consumer) => consumer.about(),
            Self::Regex => {
                "One regular expression for whole names of parameters: re.match, re.search and \
                 re.fullmatch read it alike."
            }
            Self::Python => {
                "A function that freezes all but the set, and stops where a name is not the model's."
            }
            Self::Names => "One chosen module a line, for scripts of your own",
            Self::ResultsJson => "model_snr_results/snr_results_….json as spectrum.py writes it",
            Self::SortedJson => "snr_results_…_sorted.json as spectrum.py writes it",
        }
    }

    /// Whether it is a freeze set, not results.
    #[must_use]
    pub fn is_set(self) -> bool {
        !matches!(self, Self::ResultsJson | Self::SortedJson)
    }

    /// By whose rule it is tried; none for names and code of one's own.
    #[must_use]
    pub fn consumer(self) -> Option<Consumer> {
        match self {
            Self::SpectrumYaml => Some(Consumer::Aws),
            Self::For(consumer) => Some(consumer),
            Self::Regex => Some(Consumer::MsSwiftRegex),
            _ => None,
        }
    }

    /// The text where it costs nothing; the others come with their dry run.
    fn text_of(self, document: &Document) -> String {
        match self {
            Self::SpectrumYaml => export::spectrum_yaml(&document.report, &document.set),
            Self::Names => export::names(&document.report, &document.set),
            Self::ResultsJson => flat_json(&document.report),
            Self::SortedJson => sorted_json(&document.report),
            Self::For(_) | Self::Regex | Self::Python => String::new(),
        }
    }

    fn file_name(self, document: &Document) -> String {
        let slug = &document.report.slug;
        match self {
            Self::SpectrumYaml => export::spectrum_file_name(slug, &document.set),
            Self::For(consumer) => export::export_file_name(consumer, slug, &document.set),
            Self::Regex => format!("{slug}_regex.txt"),
            Self::Python => format!("{slug}_freeze.py"),
            Self::Names => format!("{slug}_names.txt"),
            Self::ResultsJson => export::flat_file_name(slug),
            Self::SortedJson => export::sorted_file_name(slug),
        }
    }
}

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
            .join(format.file_name(document))
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
        draft.set_text(format.text_of(document));
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
