//! Sets in YAML and JSON: Spectrum's, axolotl's, ms-swift's arguments, LLaMA-Factory's, PEFT's.
//!
//! Enters: text. Leaves: the set, told by its keys.

use std::path::Path;

use serde_yaml::{Mapping, Value};

use super::bounded;
use super::lines::{Finder, dashes, names};
use super::refuse;
use crate::error::{Error, Result};
use crate::export::{Consumer, FreezeFile, Pattern};

/// Reads JSON.
pub(super) fn read_json(path: &Path, text: &str) -> Result<FreezeFile> {
    // Of PEFT's and ms-swift's files all is plain JSON, of which YAML is the wider language; but
    // only a parser of JSON tells the place of a fault in it.
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        let problem = if text.contains("\"snr\"") {
            "is no JSON of a freeze set; it looks like Spectrum's results"
        } else {
            "is no JSON"
        };
        refuse(path, &place, problem, "name the file of the set")
    })?;
    let value = serde_yaml::to_value(value).map_err(|error| {
        refuse(
            path,
            "the file",
            &error.to_string(),
            "name the file of the set",
        )
    })?;
    of_value(path, text, &value)
}

/// Reads YAML, or lines where it is none.
pub(super) fn read_yaml(path: &Path, text: &str) -> Result<FreezeFile> {
    match bounded::read(text) {
        Ok(value @ (Value::Mapping(_) | Value::Sequence(_))) => of_value(path, text, &value),
        Ok(_) => names(text).ok_or_else(|| nothing(path)),
        Err(error) => {
            let problem = error.to_string();
            let found = names(text).or_else(|| dashes(text, &problem));
            found.ok_or_else(|| {
                let place = error.location().map_or_else(
                    || "the file".to_owned(),
                    |at| format!("line {} column {}", at.line(), at.column()),
                );
                refuse(
                    path,
                    &place,
                    &format!("is no YAML: {problem}"),
                    "correct it there",
                )
            })
        }
    }
}

fn nothing(path: &Path) -> Error {
    refuse(
        path,
        "the file",
        "holds no freeze set: none of unfrozen_parameters, trainable_parameters, \
         freeze_trainable_modules, target_modules, spectrum_top_fraction",
        "name a set's YAML, JSON, command line, or names one a line",
    )
}

fn of_value(path: &Path, text: &str, value: &Value) -> Result<FreezeFile> {
    let mut reading = Reading {
        path,
        finder: Finder::new(text),
        warnings: Vec::new(),
    };
    let mut file = match value {
        Value::Sequence(_) => {
            let patterns = reading.list("the list", value)?;
            if patterns.is_empty() && !reading.warnings.is_empty() {
                return Err(nothing(path));
            }
            if patterns.is_empty() {
                reading.warnings.push("the list is empty".into());
            }
            FreezeFile {
                consumer: if text.trim_start().starts_with('[') {
                    Consumer::Snippet
                } else {
                    Consumer::Aws
                },
                patterns,
                ..FreezeFile::default()
            }
        }
        Value::Mapping(map) => reading.mapping(map)?,
        _ => return Err(nothing(path)),
    };
    file.warnings = reading.warnings;
    Ok(file)
}

pub(super) struct Reading<'a> {
    pub(super) path: &'a Path,
    finder: Finder<'a>,
    pub(super) warnings: Vec<String>,
}

impl Reading<'_> {
    fn mapping(&mut self, map: &Mapping) -> Result<FreezeFile> {
        let has = |key: &str| map.contains_key(key);
        let is_freeze = map.get("finetuning_type").and_then(Value::as_str) == Some("freeze");
        if has("unfrozen_parameters") {
            self.unfrozen(map)
        } else if has("spectrum_top_fraction") || has("spectrum_model_name") {
            self.plugin(map)
        } else if is_freeze || has("freeze_trainable_modules") || has("freeze_trainable_layers") {
            self.llama_factory(map)
        } else if has("trainable_parameters")
            || has("trainable_parameters_regex")
            || has("freeze_parameters")
            || has("freeze_parameters_ratio")
        {
            self.ms_swift(map)
        } else if has("target_modules") || has("modules_to_save") || has("target_parameters") {
            self.peft(map)
        } else if map.values().any(|value| value.get("snr").is_some()) {
            Err(refuse(
                self.path,
                "the file",
                "holds the results of a scan, not a freeze set",
                "open it as results; `layerscope select` makes a set of them",
            ))
        } else {
            Err(nothing(self.path))
        }
    }

    pub(super) fn optional_list(&mut self, key: &str, map: &Mapping) -> Result<Vec<Pattern>> {
        match map.get(key) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::String(one)) => Ok(vec![self.pattern(key, one)]),
            Some(list) => self.list(key, list),
        }
    }

    /// LLaMA-Factory's lists, which are one text with commas.
    pub(super) fn comma_list(&mut self, key: &str, map: &Mapping) -> Result<Option<Vec<Pattern>>> {
        let Some(Value::String(text)) = map.get(key) else {
            let list = self.optional_list(key, map)?;
            return Ok(Some(list).filter(|list| !list.is_empty()));
        };
        self.finder.behind_key(key);
        let line = self.finder.line(text);
        let parts = text.split(',').map(|part| Pattern::new(part.trim(), line));
        Ok(Some(parts.collect()))
    }

    pub(super) fn pattern(&mut self, key: &str, text: &str) -> Pattern {
        self.finder.behind_key(key);
        Pattern::new(text, self.finder.line(text))
    }

    /// The texts of a list; what is no text is told and left out.
    pub(super) fn list(&mut self, key: &str, value: &Value) -> Result<Vec<Pattern>> {
        let list = match value {
            Value::Sequence(list) => list,
            Value::Null => return Ok(Vec::new()),
            _ => {
                let advice = "give a list, one `- name` a line";
                return Err(refuse(self.path, key, "is no list", advice));
            }
        };
        self.finder.behind_key(key);
        let mut patterns = Vec::with_capacity(list.len());
        for (index, entry) in list.iter().enumerate() {
            match entry {
                Value::String(text) => {
                    let line = self.finder.line(text);
                    patterns.push(Pattern::new(text, line));
                }
                other => {
                    let kind = match other {
                        Value::Null => "empty",
                        Value::Bool(_) | Value::Number(_) => "a number or a truth value",
                        Value::Sequence(_) => "a list (a pattern that starts with [ needs quotes)",
                        _ => "a mapping (a pattern with `: ` in it needs quotes)",
                    };
                    self.warnings.push(format!(
                        "{key}: entry {} is {kind} to YAML, and is left out; readers of lines take it \
                         as text",
                        index + 1
                    ));
                }
            }
        }
        Ok(patterns)
    }
}
