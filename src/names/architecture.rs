//! What of a model's configuration decides the names it is loaded under.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::source::Config;

/// How deep configurations lie inside each other: an omni model has four levels.
const DEEPEST: usize = 6;

/// What of a model's configuration decides the names it is loaded under.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Architecture {
    /// The class the checkpoint is loaded with: `LlamaForCausalLM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The family: `llama`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_type: Option<String>,
    /// Whether the output head shares the input embedding; absent where the class decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tie_word_embeddings: Option<bool>,
    /// The configurations of parts, such as `vision_config`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, Architecture>,
}

impl Architecture {
    /// The architecture that a configuration names; `None` where it names no class and no family.
    #[must_use]
    pub fn of(config: &Config) -> Option<Self> {
        let class = config.architectures.iter().flatten().next().cloned();
        if class.is_none() && config.model_type.is_none() {
            return None;
        }
        let parts = config.parts.iter();
        Some(Self {
            class,
            model_type: config.model_type.clone(),
            tie_word_embeddings: config.tie_word_embeddings,
            parts: parts
                .filter_map(|(name, value)| Some((name.clone(), part(value, 1)?)))
                .collect(),
        })
    }

    /// The class, or else the family: what messages call the model.
    #[must_use]
    pub fn text(&self) -> &str {
        let name = self.class.as_deref().or(self.model_type.as_deref());
        name.unwrap_or("an unknown architecture")
    }
}

/// A nested configuration.
fn part(value: &Value, depth: usize) -> Option<Architecture> {
    let map = value.as_object().filter(|_| depth < DEEPEST)?;
    let text = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
    let model_type = text("model_type")?;
    let inner = map.iter();
    Some(Architecture {
        class: None,
        model_type: Some(model_type),
        tie_word_embeddings: map.get("tie_word_embeddings").and_then(Value::as_bool),
        parts: inner
            .filter_map(|(name, value)| Some((name.clone(), part(value, depth + 1)?)))
            .collect(),
    })
}
