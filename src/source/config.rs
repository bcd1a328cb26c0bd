//! What a model's `config.json` says that bears on its modules.
//!
//! Enters: the model's folder. Leaves: [`Config`]; every field may be absent.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Problem, Result};
use crate::source::whole::small_file;

/// The file's name in a model's folder.
pub(super) const CONFIG: &str = "config.json";
/// Files with the settings of a quantizer, where `config.json` has none.
const QUANTIZERS: [&str; 2] = ["quantize_config.json", "quant_config.json"];
/// The longest that is read, in bytes: those with the names of 20,000 classes have 1 MB.
const LONGEST: u64 = 8 << 20;

/// The fields of `config.json` that this program reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The classes the checkpoint is loaded with: `LlamaForCausalLM`.
    pub architectures: Option<Vec<String>>,
    /// The family: `llama`.
    pub model_type: Option<String>,
    /// Whether the output head shares the input embedding; absent where the class's default holds.
    pub tie_word_embeddings: Option<bool>,
    /// How the weights were quantized, in whatever form their quantizer writes it.
    pub quantization_config: Option<Value>,
    /// The same where MLX writes it.
    pub quantization: Option<Value>,
    /// The configurations of the model's parts, such as `vision_config`.
    #[serde(flatten)]
    pub parts: BTreeMap<String, Value>,
}

impl Config {
    /// Reads the configuration in `folder`; an empty one where there is none.
    ///
    /// # Errors
    /// [`Error::Problem`] when the file is there and is not the JSON that is expected.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(CONFIG);
        let mut config = match small_file(&path, LONGEST, "a configuration")? {
            Some(text) => Self::parse(&path, &text),
            None => Ok(Self::default()),
        }?;
        if config.quantization().is_none() {
            // Before `config.json` had the settings, GPTQ and AWQ wrote files of their own.
            for name in QUANTIZERS {
                let path = folder.join(name);
                if let Some(text) = small_file(&path, LONGEST, "a configuration")? {
                    config.quantization_config = serde_json::from_slice(&text).ok();
                }
            }
        }
        Ok(config)
    }

    /// Reads the configuration that `text` is, from a file called `path`.
    ///
    /// # Errors
    /// [`Error::Problem`] when it is not the JSON that is expected.
    pub fn parse(path: &Path, text: &[u8]) -> Result<Self> {
        let read = serde_json::from_slice(text).map_err(|error| {
            Error::from(
                Problem::input(path, format!("is not a model's configuration: {error}")).advice(
                    "a tied output head cannot be told without it; download the file again",
                ),
            )
        });
        let mut config: Self = read?;
        config
            .parts
            .retain(|_, value| value.get("model_type").is_some());
        Ok(config)
    }

    /// Whether the checkpoint is that of a causal language model, which has an output head.
    #[must_use]
    pub fn is_causal_lm(&self) -> bool {
        self.architectures.iter().flatten().any(|architecture| {
            architecture.ends_with("ForCausalLM") || architecture.ends_with("LMHeadModel")
        })
    }

    /// The quantizer's settings.
    #[must_use]
    pub fn quantization(&self) -> Option<&Value> {
        let own = self.quantization.as_ref();
        own.or(self.quantization_config.as_ref())
    }

    /// The quantizer's name: `gptq`, `awq`, `fp8`.
    #[must_use]
    pub fn quantization_method(&self) -> Option<&str> {
        self.quantization_config
            .as_ref()?
            .get("quant_method")?
            .as_str()
    }

    /// Rows and columns of the blocks that 8-bit weights have a factor for.
    #[must_use]
    pub fn weight_block_size(&self) -> Option<(usize, usize)> {
        let size = self
            .quantization_config
            .as_ref()?
            .get("weight_block_size")?;
        let length = |place: usize| usize::try_from(size.get(place)?.as_u64()?).ok();
        Some((length(0)?, length(1)?))
    }
}
