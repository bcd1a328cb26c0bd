//! What each consumer's document says: axolotl's, ms-swift's, LLaMA-Factory's, PEFT's.
//!
//! Enters: a mapping told by its keys. Leaves: the set.

use serde_yaml::{Mapping, Value};

use super::document::Reading;
use super::refuse;
use crate::error::Result;
use crate::export::{Consumer, FreezeFile, LlamaFactory, MsSwift, Pattern, Peft, Settings};

/// Keys of an axolotl configuration beside `unfrozen_parameters`.
const AXOLOTL: [&str; 8] = [
    "base_model",
    "datasets",
    "micro_batch_size",
    "sequence_len",
    "plugins",
    "chat_template",
    "optimizer",
    "output_dir",
];

impl Reading<'_> {
    pub(super) fn unfrozen(&mut self, map: &Mapping) -> Result<FreezeFile> {
        let key = "unfrozen_parameters";
        let patterns = match map.get(key) {
            // axolotl takes one text for a list of one.
            Some(Value::String(one)) => vec![self.pattern(key, one)],
            Some(list) => self.list(key, list)?,
            None => Vec::new(),
        };
        if patterns.is_empty() {
            self.warnings.push(format!("{key} lists nothing"));
        }
        let is_axolotl = AXOLOTL.iter().any(|key| map.contains_key(*key));
        if is_axolotl && map.get("adapter").is_some_and(|value| !value.is_null()) {
            self.warnings.push(
                "the configuration sets an adapter: names then start with base_model.model., which \
                 the entries have to match"
                    .into(),
            );
        }
        Ok(FreezeFile {
            consumer: if is_axolotl {
                Consumer::Axolotl
            } else {
                Consumer::Aws
            },
            patterns,
            ..FreezeFile::default()
        })
    }

    pub(super) fn plugin(&mut self, map: &Mapping) -> Result<FreezeFile> {
        let key = "spectrum_top_fraction";
        let top_fraction = match map.get(key) {
            None | Some(Value::Null) => {
                self.warnings
                    .push(format!("{key} is not given: axolotl takes 0.5"));
                0.5
            }
            Some(value) => value.as_f64().ok_or_else(|| {
                refuse(
                    self.path,
                    key,
                    "is no number",
                    "give a fraction, such as 0.25",
                )
            })?,
        };
        Ok(FreezeFile {
            consumer: Consumer::AxolotlPlugin,
            settings: Settings::AxolotlPlugin { top_fraction },
            ..FreezeFile::default()
        })
    }

    pub(super) fn llama_factory(&mut self, map: &Mapping) -> Result<FreezeFile> {
        let mut settings = LlamaFactory::default();
        if let Some(layers) = map.get("freeze_trainable_layers") {
            settings.layers = layers.as_i64().ok_or_else(|| {
                let key = "freeze_trainable_layers";
                refuse(
                    self.path,
                    key,
                    "is no whole number",
                    "give a number of blocks",
                )
            })?;
        }
        if let Some(pro) = map.get("use_llama_pro").and_then(Value::as_bool) {
            settings.llama_pro = pro;
        }
        if let Some(kind) = map.get("finetuning_type").and_then(Value::as_str)
            && kind != "freeze"
        {
            self.warnings.push(format!(
                "finetuning_type is {kind}: LLaMA-Factory freezes by module only with freeze"
            ));
        }
        let patterns = self.comma_list("freeze_trainable_modules", map)?;
        settings.extra = self
            .comma_list("freeze_extra_modules", map)?
            .unwrap_or_default();
        Ok(FreezeFile {
            consumer: Consumer::LlamaFactory,
            patterns: patterns.unwrap_or_else(|| vec![Pattern::new("all", 0)]),
            settings: Settings::LlamaFactory(settings),
            ..FreezeFile::default()
        })
    }

    pub(super) fn ms_swift(&mut self, map: &Mapping) -> Result<FreezeFile> {
        let mut settings = MsSwift {
            freeze: self.optional_list("freeze_parameters", map)?,
            ..MsSwift::default()
        };
        if let Some(ratio) = map
            .get("freeze_parameters_ratio")
            .filter(|one| !one.is_null())
        {
            settings.freeze_ratio = ratio.as_f64().ok_or_else(|| {
                let key = "freeze_parameters_ratio";
                refuse(self.path, key, "is no number", "give 0 to 1")
            })?;
        }
        let mut regex = |key: &str| {
            let text = map.get(key).and_then(Value::as_str)?;
            Some(self.pattern(key, text))
        };
        settings.freeze_regex = regex("freeze_parameters_regex");
        settings.trainable_regex = regex("trainable_parameters_regex");
        let patterns = self.optional_list("trainable_parameters", map)?;
        for key in ["train_type", "sft_type", "tuner_type"] {
            if let Some(kind) = map.get(key).and_then(Value::as_str)
                && kind != "full"
            {
                self.warnings.push(format!(
                    "{key} is {kind}: ms-swift freezes and unfreezes by name only with {key} full"
                ));
            }
        }
        Ok(FreezeFile::of_ms_swift(patterns, settings))
    }

    pub(super) fn peft(&mut self, map: &Mapping) -> Result<FreezeFile> {
        let mut settings = Peft {
            save: self.optional_list("modules_to_save", map)?,
            parameters: self.optional_list("target_parameters", map)?,
            ..Peft::default()
        };
        let mut one_or_list = |key: &str| -> Result<(Vec<Pattern>, bool)> {
            match map.get(key) {
                Some(Value::String(text)) => Ok((vec![self.pattern(key, text)], true)),
                _ => Ok((self.optional_list(key, map)?, false)),
            }
        };
        let (patterns, is_string) = one_or_list("target_modules")?;
        (settings.exclude, settings.exclude_is_string) = one_or_list("exclude_modules")?;
        settings.is_string = is_string;
        settings.layers = match map.get("layers_to_transform") {
            Some(Value::Sequence(list)) => list.iter().filter_map(Value::as_i64).collect(),
            Some(one) => one.as_i64().into_iter().collect(),
            None => Vec::new(),
        };
        settings.layers_pattern = match map.get("layers_pattern") {
            Some(Value::String(one)) if !one.is_empty() => vec![one.clone()],
            Some(Value::Sequence(list)) => {
                let texts = list.iter().filter_map(Value::as_str);
                texts.map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        Ok(FreezeFile {
            consumer: Consumer::Peft,
            patterns,
            settings: Settings::Peft(settings),
            ..FreezeFile::default()
        })
    }
}
