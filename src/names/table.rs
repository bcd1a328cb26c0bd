//! The table of names: what transformers does to a checkpoint's names, class by class.
//!
//! Source: `dist/names/make_table.py`, which reads it out of transformers.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::names::Names;

static TRANSFORMERS_5: LazyLock<Table> =
    LazyLock::new(|| Table::parse(include_str!("../../assets/names/transformers-5.json")));
static TRANSFORMERS_4: LazyLock<Table> =
    LazyLock::new(|| Table::parse(include_str!("../../assets/names/transformers-4.json")));

/// What one version of transformers does.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Table {
    /// The version.
    pub(super) transformers: String,
    /// The rules of version 5's conversion mapping.
    pub(super) transforms: Vec<Rule>,
    /// For a class or a model type, places in `transforms`.
    pub(super) lists: HashMap<String, Vec<usize>>,
    /// The class that a nested configuration of a model type becomes.
    pub(super) bases: HashMap<String, String>,
    pub(super) classes: HashMap<String, Class>,
    pub(super) mamba: Mamba,
    /// For a model type, the last parts of targets for which PEFT takes the fused experts or
    /// routers of every layer instead.
    pub(super) redirected: HashMap<String, Vec<String>>,
}

/// What one transform does to a name.
#[derive(Debug, Deserialize)]
pub(super) struct Rule {
    pub(super) kind: Kind,
    /// A regular expression of Python with a group `g0`, `g1` … for each source.
    #[serde(rename = "from")]
    pub(super) pattern: String,
    /// The text that replaces what matched; several where one tensor becomes several.
    pub(super) to: Vec<String>,
}

/// How a transform is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// Every one that matches, in turn.
    Rename,
    /// Each source has its own target; only where the first source is met in the checkpoint.
    Group,
    /// The first that matches, after the renames: it may fuse tensors or cut one up.
    Convert,
    /// A transform with code of its own, which the table does not tell.
    #[serde(other)]
    Other,
}

/// A model class.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub(super) struct Class {
    /// The base model's name in the class.
    pub(super) prefix: String,
    /// First parts of the names of its state.
    pub(super) top: Vec<String>,
    /// First parts of the names inside the base model.
    pub(super) inner: Vec<String>,
    /// Models inside it: path, class, model type, and the configuration's field.
    pub(super) parts: Vec<(String, String, Option<String>, Option<String>)>,
    /// Whether an instance could be built: without one only the steps of loading are known.
    pub(super) built: bool,
    /// Modules that have a weight, outside the models inside it; numbers as `*`.
    pub(super) weights: Vec<String>,
    /// Its other parameters, but for biases beside a weight; numbers as `*`.
    pub(super) direct: Vec<String>,
    /// Names of state that is not trained; numbers as `*`.
    pub(super) buffers: Vec<String>,
    /// Modules with parameters that LoRA does not wrap; numbers as `*`.
    pub(super) refused: Vec<String>,
    /// Names of one parameter each, the listed one first, where embeddings are tied.
    pub(super) tied: Vec<Vec<String>>,
    /// The same for those tied whatever the configuration says.
    pub(super) always: Vec<Vec<String>>,
    /// Whether embeddings are tied where the configuration does not say.
    pub(super) tie: bool,
    /// Regular expressions of names that loading leaves out.
    pub(super) ignored: Vec<String>,
    /// Version 4's renames: a regular expression and what replaces it.
    pub(super) renames: Vec<(String, String)>,
}

impl Default for Class {
    fn default() -> Self {
        Self {
            built: true,
            prefix: String::new(),
            top: Vec::new(),
            inner: Vec::new(),
            parts: Vec::new(),
            weights: Vec::new(),
            direct: Vec::new(),
            buffers: Vec::new(),
            refused: Vec::new(),
            tied: Vec::new(),
            always: Vec::new(),
            tie: false,
            ignored: Vec::new(),
            renames: Vec::new(),
        }
    }
}

/// The modules that PEFT refuses in models of these types.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Mamba {
    pub(super) modules: Vec<String>,
    pub(super) types: Vec<String>,
}

impl Table {
    /// The table of a version; `None` for the checkpoint's own names.
    pub(super) fn of(names: Names) -> Option<&'static Self> {
        match names {
            Names::Loaded => Some(&TRANSFORMERS_5),
            Names::Transformers4 => Some(&TRANSFORMERS_4),
            Names::Checkpoint => None,
        }
    }

    /// An asset that does not parse would be a table of nothing: a test reads both.
    fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}
