//! PEFT: which modules get adapters, and which train whole.
//!
//! Enters: `target_modules` and the arguments beside it. Leaves: findings; a module with an
//! adapter counts as one that trains. Source: `check_target_module_exists` in
//! `src/peft/tuners/tuners_utils.py` and `_set_trainable` in `src/peft/utils/other.py`.

use std::collections::HashSet;

use super::Target;
use super::findings::Findings;
use super::names_index::NamesIndex;
use super::python::{Anchor, Dots, Unreadable, translate};
use super::rule::{Matches, matching};
use crate::export::{Parameters, Pattern, Peft};
use crate::tensor::name::is_head;

/// The most entries of `layers_pattern` that are followed: models have one name for their list of
/// blocks, or two.
const MOST_LAYERS_PATTERNS: usize = 100;
/// PEFT's word for all linear modules but the output head.
const ALL_LINEAR: &str = "all-linear";

/// Follows the arguments.
pub(super) fn follow(patterns: &[Pattern], settings: &Peft, findings: &mut Findings<'_>) {
    let excluded = excluded(settings, findings);
    let layers = match Layers::new(settings) {
        Ok(layers) => layers,
        Err((text, reason)) => {
            findings.unreadable.push((Pattern::new(text, 0), reason));
            return;
        }
    };
    if settings.is_string && layers.is_some() {
        findings.warn(
            "layers_to_transform is ignored where target_modules is one string: the blocks are \
             those that the regular expression names"
                .into(),
        );
    }
    for pattern in patterns {
        let text = &pattern.text;
        let mut refused: Option<String> = None;
        findings.entry(pattern, |target| {
            let found = if settings.is_string && text.eq_ignore_ascii_case(ALL_LINEAR) {
                Found::only(linear(target.parameters))
            } else if settings.is_string {
                full_match(text, &target.modules)?
            } else {
                with_towers(text, target.modules.ending_with_part(text), &target.modules)
            };
            let kept = found.filtered(|module| {
                let name = target.modules.name(module);
                // A name in full is taken whatever its block.
                let anywhere = settings.is_string || name == text;
                let is_layer = layers.as_ref().is_none_or(|layers| layers.hold(name));
                (anywhere || is_layer) && !excluded.contains(name)
            });
            let modules = &target.parameters.modules;
            let wrong = |module: usize| {
                let module = &modules[module];
                module.refuses_lora || module.redirects_lora
            };
            let first = kept.all.iter().find(|&&module| wrong(module));
            refused = refused
                .take()
                .or(first.map(|&module| modules[module].name.clone()));
            Ok(of_parameters(target, &kept))
        });
        if let Some(module) = refused {
            findings.unreadable.push((
                pattern.clone(),
                format!(
                    "PEFT puts no LoRA on {module}: it stops with an error, or takes other modules; \
                     name it in modules_to_save or target_parameters"
                ),
            ));
        }
    }
    for pattern in &settings.save {
        findings.entry(pattern, |target| {
            let found = saved(&pattern.text, &target.modules);
            Ok(of_parameters(target, &found))
        });
    }
    for pattern in &settings.parameters {
        findings.entry(pattern, |target| {
            let all = target.names.ending_with_part(&pattern.text);
            let found = with_towers(&pattern.text, all, &target.names);
            Ok(Matches {
                all: found.all,
                accidental: found.accidental,
            })
        });
    }
    if patterns.is_empty() && settings.parameters.is_empty() {
        findings.warn(
            "without target_modules PEFT takes its own default for the model: which modules get \
             adapters is not told here"
                .into(),
        );
    } else {
        findings.warn(
            "modules of target_modules get adapters and keep their own weights; only those of \
             modules_to_save train whole"
                .into(),
        );
    }
}

/// Places of modules.
struct Found {
    all: Vec<usize>,
    accidental: Vec<usize>,
}

impl Found {
    fn only(all: Vec<usize>) -> Self {
        Self {
            all,
            accidental: Vec::new(),
        }
    }

    fn filtered(self, keep: impl Fn(usize) -> bool) -> Self {
        let filter = |places: Vec<usize>| places.into_iter().filter(|&one| keep(one)).collect();
        Self {
            all: filter(self.all),
            accidental: filter(self.accidental),
        }
    }
}

/// All linear modules but the head: those whose weight is a matrix, and no embedding.
fn linear(parameters: &Parameters) -> Vec<usize> {
    let modules = parameters.modules.iter().enumerate();
    let linear = modules.filter(|(_, module)| {
        let last = module.name.rsplit('.').next().unwrap_or_default();
        let is_embedding = last.contains("embed") || matches!(last, "wte" | "wpe" | "shared");
        module.is_matrix && !is_embedding && !is_head(&module.name) && !last.contains("norm")
    });
    linear.map(|(index, _)| index).collect()
}

fn full_match(text: &str, names: &NamesIndex<'_>) -> Result<Found, Unreadable> {
    let all = matching(&translate(text, Dots::Any)?, Anchor::FullMatch, names)?;
    let meant = matching(&translate(text, Dots::Literal)?, Anchor::FullMatch, names)?;
    let beyond = all
        .iter()
        .copied()
        .filter(|one| meant.binary_search(one).is_err());
    Ok(Found {
        accidental: beyond.collect(),
        all,
    })
}

/// Modules that end with `text`, or lie in something that does: no dot is asked for before it.
fn saved(text: &str, names: &NamesIndex<'_>) -> Found {
    let whole = |name: &str| name == text || name.ends_with(&format!(".{text}"));
    let (mut all, mut accidental) = (Vec::new(), Vec::new());
    let is_exact = names.find(text).is_some();
    for place in 0..names.len() {
        let name = names.name(place);
        let dots = name.match_indices('.').map(|(at, _)| &name[..at]);
        let mut around = dots
            .chain(std::iter::once(name))
            .filter(|one| one.ends_with(text));
        if let Some(first) = around.next() {
            all.push(place);
            let is_meant = if is_exact {
                first == text
            } else {
                whole(first)
            };
            if !is_meant && !around.any(|one| !is_exact && whole(one)) {
                accidental.push(place);
            }
        }
    }
    Found { all, accidental }
}

/// Where a name is the text itself, others that only end with it are of another part of the
/// model; and an end that is not a whole part of the name is an accident.
fn with_towers(text: &str, all: Vec<usize>, names: &NamesIndex<'_>) -> Found {
    let is_exact = all.iter().any(|&place| names.name(place) == text);
    let end = format!(".{text}");
    let beyond = all.iter().copied().filter(|&place| {
        let name = names.name(place);
        name != text && (is_exact || !name.ends_with(&end))
    });
    Found {
        accidental: beyond.collect(),
        all,
    }
}

fn of_parameters(target: &Target<'_>, found: &Found) -> Matches {
    Matches {
        all: target.parameters_of(&found.all),
        accidental: target.parameters_of(&found.accidental),
    }
}

fn excluded<'a>(settings: &Peft, findings: &mut Findings<'a>) -> HashSet<&'a str> {
    let mut excluded = HashSet::new();
    for pattern in &settings.exclude {
        let modules = &findings.target.modules;
        let found = if settings.exclude_is_string {
            full_match(&pattern.text, modules)
        } else {
            Ok(Found::only(modules.ending_with_part(&pattern.text)))
        };
        match found {
            Ok(found) => excluded.extend(found.all.iter().map(|&one| modules.name(one))),
            Err(error) => findings
                .unreadable
                .push((pattern.clone(), error.to_string())),
        }
    }
    excluded
}

/// `layers_to_transform` with its pattern.
struct Layers {
    numbers: Vec<i64>,
    regexes: Vec<regex::Regex>,
}

impl Layers {
    fn new(settings: &Peft) -> Result<Option<Self>, (String, String)> {
        if settings.layers.is_empty() {
            return Ok(None);
        }
        let mut texts: Vec<String> = Vec::new();
        if settings.layers_pattern.is_empty() {
            texts.push(r".*\.[^.]*\.".into());
        }
        if let Some(beyond) = settings.layers_pattern.get(MOST_LAYERS_PATTERNS) {
            let reason = format!("layers_pattern has more than {MOST_LAYERS_PATTERNS} entries");
            return Err((beyond.clone(), reason));
        }
        for pattern in &settings.layers_pattern {
            let translated = translate(pattern, Dots::Any)
                .map_err(|error| (pattern.clone(), error.to_string()))?;
            texts.push(format!(r".*\.(?:{})\.", translated.rust));
        }
        let compile = |text: &String| {
            let compiled = regex::Regex::new(&format!(r"\A{text}([0-9]+)\."));
            compiled.map_err(|error| (text.clone(), error.to_string()))
        };
        Ok(Some(Self {
            numbers: settings.layers.clone(),
            regexes: texts.iter().map(compile).collect::<Result<_, _>>()?,
        }))
    }

    fn hold(&self, name: &str) -> bool {
        let found = self.regexes.iter().find_map(|regex| regex.captures(name));
        let number = found.and_then(|found| found[1].parse::<i64>().ok());
        number.is_some_and(|number| self.numbers.contains(&number))
    }
}
