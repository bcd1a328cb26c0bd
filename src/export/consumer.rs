//! Who reads a freeze set: the programs met in the wild, each with its own rule for names.
//!
//! Enters: a name from the command line. Leaves: [`Consumer`], with what a person needs to know
//! of it.

use std::fmt;

/// A program that reads a freeze set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Consumer {
    /// AWS SageMaker's sample `train_spectrum.py`.
    #[default]
    Aws,
    /// AWS's recipes, `sft.py`.
    AwsRecipes,
    /// The snippet of Spectrum's README: substring.
    Snippet,
    /// axolotl's `unfrozen_parameters`.
    Axolotl,
    /// axolotl's Spectrum plugin, which chooses its own set.
    AxolotlPlugin,
    /// ms-swift's `--trainable_parameters`: `str.startswith`.
    MsSwift,
    /// ms-swift's `--trainable_parameters_regex`: `re.search`.
    MsSwiftRegex,
    /// LLaMA-Factory's freeze tuning.
    LlamaFactory,
    /// PEFT's `target_modules` and `modules_to_save`.
    Peft,
}

impl Consumer {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 9] = [
        Self::Aws,
        Self::AwsRecipes,
        Self::Snippet,
        Self::Axolotl,
        Self::AxolotlPlugin,
        Self::MsSwift,
        Self::MsSwiftRegex,
        Self::LlamaFactory,
        Self::Peft,
    ];

    /// Its name on the command line and in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsRecipes => "aws-recipes",
            Self::Snippet => "snippet",
            Self::Axolotl => "axolotl",
            Self::AxolotlPlugin => "axolotl-plugin",
            Self::MsSwift => "ms-swift",
            Self::MsSwiftRegex => "ms-swift-regex",
            Self::LlamaFactory => "llama-factory",
            Self::Peft => "peft",
        }
    }

    /// Its name in the window.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "AWS SageMaker sample (train_spectrum.py)",
            Self::AwsRecipes => "AWS recipes (sft.py)",
            Self::Snippet => "Spectrum's README snippet",
            Self::Axolotl => "axolotl",
            Self::AxolotlPlugin => "axolotl Spectrum plugin",
            Self::MsSwift => "ms-swift",
            Self::MsSwiftRegex => "ms-swift, one regular expression",
            Self::LlamaFactory => "LLaMA-Factory freeze tuning",
            Self::Peft => "PEFT (LoRA on the chosen modules)",
        }
    }

    /// What it reads and by what rule it matches, in one or two sentences.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Aws => {
                "Reads the YAML by lines: those that start with `- ` in column 0, quotes included. \
                 Each is a regular expression that must match at the start of a parameter's name \
                 (re.match)."
            }
            Self::AwsRecipes => {
                "Reads the YAML by lines that start with `- ` after any indent. Each is a regular \
                 expression that must match at the start of a parameter's name (re.match)."
            }
            Self::Snippet => {
                "A parameter trains if its name contains a line of the list, as plain text. \
                 Anchors such as ^ and $ then match nothing."
            }
            Self::Axolotl => {
                "`unfrozen_parameters` of its configuration: regular expressions that must match \
                 at the start of the name, with every dot taken literally (but for `.+`) and an \
                 optional range of rows, [a:b]."
            }
            Self::AxolotlPlugin => {
                "Reads the results JSON, not a set: it trains the top fraction of each type that \
                 `spectrum_top_fraction` names, 0 to 1, and the two fixed lines."
            }
            Self::MsSwift => {
                "`--train_type full --freeze_parameters_ratio 1 --trainable_parameters …`: a \
                 parameter trains if its name starts with one of them, as plain text."
            }
            Self::MsSwiftRegex => {
                "`--train_type full --freeze_parameters_ratio 1 --trainable_parameters_regex …`: a \
                 parameter trains if the regular expression matches anywhere in its name \
                 (re.search)."
            }
            Self::LlamaFactory => {
                "`finetuning_type: freeze`: the first or last blocks, and in them the components \
                 named. It cannot express a set that differs from type to type: exporting loses."
            }
            Self::Peft => {
                "`target_modules` get adapters, `modules_to_save` train whole. A list matches \
                 whole names or their ends after a dot; a string is a regular expression for the \
                 whole name (re.fullmatch)."
            }
        }
    }

    /// Whether a set of any shape can be handed over without loss.
    #[must_use]
    pub fn is_lossless(self) -> bool {
        !matches!(self, Self::AxolotlPlugin | Self::LlamaFactory)
    }
}

impl fmt::Display for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
