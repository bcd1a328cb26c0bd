//! A freeze set as a file holds it: patterns with their lines, and what else its reader takes
//! from it.
//!
//! Enters: what the readers found. Leaves: [`FreezeFile`].

use std::path::PathBuf;

use crate::export::Consumer;

/// One entry of a freeze set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pattern {
    /// The text, as its reader gets it.
    pub text: String,
    /// Its line in the file, from 1; 0 where there is none.
    pub line: usize,
}

impl Pattern {
    /// A pattern at a line of its file.
    #[must_use]
    pub fn new(text: impl Into<String>, line: usize) -> Self {
        Self {
            text: text.into(),
            line,
        }
    }
}

/// A freeze set that was read from a file, or made to be checked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FreezeFile {
    /// Who the file is written for, by its content.
    pub consumer: Consumer,
    /// Its entries, in order.
    pub patterns: Vec<Pattern>,
    /// What of it is read otherwise than it looks.
    pub warnings: Vec<String>,
    /// The file.
    pub path: Option<PathBuf>,
    /// The file's text: some consumers read it by lines, whatever else it is.
    pub text: Option<String>,
    /// What a consumer takes from it beside the patterns.
    pub settings: Settings,
}

/// What a consumer takes from its file beside a list of patterns.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Settings {
    /// Nothing.
    #[default]
    None,
    /// axolotl's Spectrum plugin.
    AxolotlPlugin {
        /// `spectrum_top_fraction`, 0 to 1 as it should be.
        top_fraction: f64,
    },
    /// ms-swift's full training; the patterns are its `trainable_parameters`.
    MsSwift(MsSwift),
    /// LLaMA-Factory's freeze tuning; the patterns are `freeze_trainable_modules`.
    LlamaFactory(LlamaFactory),
    /// PEFT; the patterns are its `target_modules`.
    Peft(Peft),
}

/// ms-swift's arguments of full training.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MsSwift {
    /// `freeze_parameters_ratio`: the share of the parameters that is frozen, from the first on.
    pub freeze_ratio: f64,
    /// `freeze_parameters`: prefixes that are frozen.
    pub freeze: Vec<Pattern>,
    /// `freeze_parameters_regex`.
    pub freeze_regex: Option<Pattern>,
    /// `trainable_parameters_regex`.
    pub trainable_regex: Option<Pattern>,
}

/// LLaMA-Factory's arguments of freeze tuning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LlamaFactory {
    /// `freeze_trainable_layers`: the last ones, or the first where it is negative.
    pub layers: i64,
    /// `freeze_extra_modules`: outside the blocks.
    pub extra: Vec<Pattern>,
    /// `use_llama_pro`: every so-manyeth block instead of the last ones.
    pub llama_pro: bool,
}

impl Default for LlamaFactory {
    fn default() -> Self {
        Self {
            layers: 2,
            extra: Vec::new(),
            llama_pro: false,
        }
    }
}

/// PEFT's arguments that say where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Peft {
    /// Whether `target_modules` is one string and not a list.
    pub is_string: bool,
    /// `modules_to_save`: trained whole.
    pub save: Vec<Pattern>,
    /// `target_parameters`: parameters that are no module's weight, such as fused experts.
    pub parameters: Vec<Pattern>,
    /// `exclude_modules`.
    pub exclude: Vec<Pattern>,
    /// Whether `exclude_modules` is one string and not a list.
    pub exclude_is_string: bool,
    /// `layers_to_transform`; empty where all blocks are meant.
    pub layers: Vec<i64>,
    /// `layers_pattern`: what stands before the block's number.
    pub layers_pattern: Vec<String>,
}

impl FreezeFile {
    /// A set of these patterns for `consumer`, of no file.
    #[must_use]
    pub fn of_patterns(
        consumer: Consumer,
        patterns: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let patterns = patterns.into_iter().enumerate();
        Self {
            consumer,
            patterns: patterns
                .map(|(index, text)| Pattern::new(text, index + 1))
                .collect(),
            ..Self::default()
        }
    }

    /// ms-swift's set; it is the regular expression's where there are no prefixes beside it.
    pub(super) fn of_ms_swift(patterns: Vec<Pattern>, settings: MsSwift) -> Self {
        let only_regex = patterns.is_empty() && settings.trainable_regex.is_some();
        Self {
            consumer: if only_regex {
                Consumer::MsSwiftRegex
            } else {
                Consumer::MsSwift
            },
            patterns,
            settings: Settings::MsSwift(settings),
            ..Self::default()
        }
    }
}
