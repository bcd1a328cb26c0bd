//! The export being prepared: its format, its text as it will be written, and where to.
//!
//! Enters: a document. Leaves: the very bytes the dialog shows.

use std::path::PathBuf;

use crate::app::document::Document;
use crate::export;
use crate::report::{flat_json, sorted_json};

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// The freeze set as Spectrum writes it.
    SpectrumYaml,
    /// The chosen names, one a line.
    Names,
    /// The results by module.
    ResultsJson,
    /// The results by type, each sorted by SNR.
    SortedJson,
}

impl Format {
    /// All formats, in the order they are offered.
    pub const ALL: [Self; 4] = [
        Self::SpectrumYaml,
        Self::Names,
        Self::ResultsJson,
        Self::SortedJson,
    ];

    /// Its name in menus.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::SpectrumYaml => "Freeze set (Spectrum YAML)",
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
                "The file that spectrum.py writes, byte for byte: read by axolotl and by AWS's \
                 train_spectrum.py, which match each line as a regular expression at the start \
                 of a parameter's name"
            }
            Self::Names => "One chosen module a line, for scripts of your own",
            Self::ResultsJson => "model_snr_results/snr_results_….json as spectrum.py writes it",
            Self::SortedJson => "snr_results_…_sorted.json as spectrum.py writes it",
        }
    }

    fn text_of(self, document: &Document) -> String {
        match self {
            Self::SpectrumYaml => export::spectrum_yaml(&document.report, &document.set),
            Self::Names => export::names(&document.report, &document.set),
            Self::ResultsJson => flat_json(&document.report),
            Self::SortedJson => sorted_json(&document.report),
        }
    }

    fn file_name(self, document: &Document) -> String {
        let slug = &document.report.slug;
        match self {
            Self::SpectrumYaml => export::spectrum_file_name(slug, &document.set),
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
}

impl ExportDraft {
    /// Prepares `document` in `format`, in `folder` unless a path was typed before.
    #[must_use]
    pub fn new(document: &Document, format: Format, folder: Option<PathBuf>) -> Self {
        let text = format.text_of(document);
        let folder = folder
            .or_else(|| std::env::current_dir().ok())
            .unwrap_or_default();
        let path = folder
            .join(format.file_name(document))
            .display()
            .to_string();
        let newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0)
            .chain(newlines.filter(|&at| at < text.len()))
            .collect();
        Self {
            format,
            text,
            lines,
            path,
            conflict: false,
            problem: None,
        }
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
