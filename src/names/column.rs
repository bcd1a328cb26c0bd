//! Whose names a set is written in.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Whose names a set is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Names {
    /// Those of the model as transformers 5 loads it.
    #[default]
    Loaded,
    /// Those of the checkpoint's files.
    Checkpoint,
    /// Those of the model as transformers 4 loads it.
    #[value(name = "transformers-4")]
    #[serde(rename = "transformers-4")]
    Transformers4,
}

impl Names {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Loaded, Self::Transformers4, Self::Checkpoint];

    /// The name on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::Checkpoint => "checkpoint",
            Self::Transformers4 => "transformers-4",
        }
    }

    /// The name in the window and in messages.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Loaded => "as transformers 5 loads the model",
            Self::Checkpoint => "as in the checkpoint",
            Self::Transformers4 => "as transformers 4 loads the model",
        }
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Names {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, true)
    }
}
