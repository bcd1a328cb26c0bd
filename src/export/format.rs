//! The formats that a report and its freeze set are written in: the one list for the command line
//! and the window.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use serde::{Serialize, Serializer};

use crate::error::{Error, Problem, Result};
use crate::export::writer::{loading_losses, spectrum_losses};
use crate::export::{
    Consumer, Exported, FreezeFile, Naming, export_renamed, flat_file_name, names, python_loop,
    read_freeze_text, regular_expression, sorted_file_name, spectrum_file_name, spectrum_yaml,
};
use crate::names::Names;
use crate::report::{SnrReport, flat_json, sorted_json};
use crate::selection::FreezeSet;

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// The freeze set as the Spectrum program writes it, byte for byte.
    Spectrum,
    /// The freeze set for a program that reads one.
    For(Consumer),
    /// The freeze set as one regular expression.
    Regex,
    /// The freeze set as a function in Python.
    Python,
    /// The names of the chosen modules, one per line.
    Names,
    /// The results by module.
    Results,
    /// The results by type, each type sorted by SNR.
    SortedResults,
}

/// How many of [`Format::ALL`] are freeze sets.
const SETS: usize = 13;

impl Format {
    /// All formats in the order they are offered: freeze sets, then results.
    pub const ALL: [Self; 15] = [
        Self::Spectrum,
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
        Self::Results,
        Self::SortedResults,
    ];

    /// The name on the command line and in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Spectrum => "spectrum",
            Self::For(consumer) => consumer.id(),
            Self::Regex => "regex",
            Self::Python => "python",
            Self::Names => "names",
            Self::Results => "results",
            Self::SortedResults => "results-sorted",
        }
    }

    /// The name in menus and in the command line's help.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Spectrum => "Freeze set (Spectrum YAML)",
            Self::For(consumer) => consumer.name(),
            Self::Regex => "Freeze set (regular expression)",
            Self::Python => "Freeze set (Python function)",
            Self::Names => "Freeze set (names)",
            Self::Results => "Results JSON",
            Self::SortedResults => "Results JSON, sorted",
        }
    }

    /// What reads it, and how.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Spectrum => {
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
            Self::Names => "One chosen module per line, for your own scripts",
            Self::Results => "model_snr_results/snr_results_….json as spectrum.py writes it",
            Self::SortedResults => "snr_results_…_sorted.json as spectrum.py writes it",
        }
    }

    /// Whether it is a freeze set rather than results.
    #[must_use]
    pub fn is_set(self) -> bool {
        !matches!(self, Self::Results | Self::SortedResults)
    }

    /// The consumer whose rule the dry run follows; none for names, code and results.
    #[must_use]
    pub fn consumer(self) -> Option<Consumer> {
        match self {
            Self::Spectrum => Some(Consumer::Aws),
            Self::For(consumer) => Some(consumer),
            Self::Regex => Some(Consumer::MsSwiftRegex),
            Self::Python | Self::Names | Self::Results | Self::SortedResults => None,
        }
    }

    /// The format with that id among those that have a rule to dry-run.
    pub(crate) fn with_rule(id: &str) -> Option<Consumer> {
        let wanted = id.to_ascii_lowercase().replace('_', "-");
        let mut formats = Self::ALL.into_iter();
        let found = formats.find(|format| format.id() == wanted);
        found.and_then(Self::consumer)
    }

    /// The usual file name.
    #[must_use]
    pub fn file_name(self, slug: &str, set: &FreezeSet) -> String {
        match self {
            Self::Spectrum | Self::For(Consumer::Aws | Consumer::AwsRecipes) => {
                spectrum_file_name(slug, set)
            }
            Self::For(consumer) => super::writer::short_file_name(consumer, slug),
            Self::Regex => format!("{slug}_regex.txt"),
            Self::Python => format!("{slug}_freeze.py"),
            Self::Names => format!("{slug}_names.txt"),
            Self::Results => flat_file_name(slug),
            Self::SortedResults => sorted_file_name(slug),
        }
    }

    /// The text to write, with notes on its use and what of the set it cannot express.
    #[must_use]
    pub fn render(self, report: &SnrReport, set: &FreezeSet, naming: Naming) -> Exported {
        let text = match self {
            Self::For(consumer) => return export_renamed(consumer, report, set, naming),
            Self::Spectrum if naming.rename.is_some() => {
                return export_renamed(Consumer::Aws, report, set, naming);
            }
            Self::Spectrum => {
                let text = spectrum_yaml(report, set);
                return Exported {
                    losses: spectrum_losses(report, set, &text),
                    text,
                    ..export_renamed(Consumer::Aws, report, set, Names::Checkpoint.into())
                };
            }
            Self::Regex => {
                let by_regex = export_renamed(Consumer::MsSwiftRegex, report, set, naming);
                return Exported {
                    text: regular_expression(report, set, naming),
                    file_name: self.file_name(&report.slug, set),
                    losses: by_regex.losses,
                    is_exact: by_regex.is_exact,
                    ..Exported::default()
                };
            }
            Self::Python => python_loop(report, set, naming),
            Self::Names => names(report, set, naming),
            Self::Results => flat_json(report),
            Self::SortedResults => sorted_json(report),
        };
        let losses = match self {
            Self::Python | Self::Names => loading_losses(report, set, naming),
            _ => Vec::new(),
        };
        Exported {
            text,
            file_name: self.file_name(&report.slug, set),
            losses,
            is_exact: true,
            ..Exported::default()
        }
    }

    /// Reads a rendered text back for the dry run.
    ///
    /// # Errors
    /// When the text is not a freeze set, such as one of no modules.
    pub fn read_back(self, text: &str) -> Result<FreezeFile> {
        if self == Self::Regex {
            return Ok(FreezeFile::of_patterns(
                Consumer::MsSwiftRegex,
                [text.trim_end()],
            ));
        }
        read_freeze_text(Path::new("export"), text)
    }
}

impl ValueEnum for Format {
    /// The freeze sets: results are written by `scan`.
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL[..SETS]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.id()).help(self.text()))
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Consumer {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Format::with_rule(text);
        found.ok_or_else(|| {
            Error::from(Problem::argument(
                text,
                format!(
                    "is not a consumer; choose one of {}",
                    Self::ALL.map(Self::id).join(", ")
                ),
            ))
        })
    }
}
