//! A checkpoint's names as a trainer has them.
//!
//! Source: `get_model_conversion_mapping` and `rename_source_key` in transformers, whose order of
//! steps is followed: renames in turn, one conversion at most, then the base model's prefix.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use fancy_regex::{Captures, Regex};

use crate::names::parts::{Part, joined, parts};
use crate::names::stars::{filled, is_number, starred, starred_but_last};
use crate::names::table::{Class, Kind, Table};
use crate::names::transform::{Transform, with_groups};
use crate::names::{Architecture, Names, unwrapped};

/// A number that no model has blocks for: stands for the number of the first part, and so on.
const PLACE: usize = 900_000_000;
/// Ends of the names of state that no trainer trains, in models that the table does not have.
const BUFFERS: [&str; 4] = [
    "running_mean",
    "running_var",
    "num_batches_tracked",
    "inv_freq",
];
/// What version 4 renames in every model.
const OLD_NORMS: [(&str, &str); 2] = [
    ("LayerNorm.gamma", "LayerNorm.weight"),
    ("LayerNorm.beta", "LayerNorm.bias"),
];

/// What a checkpoint's tensor is once the model is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    /// One parameter, or several where loading cuts the tensor up.
    Parameters(Vec<String>),
    /// Another name of a tied parameter, which is listed under this one.
    Tied(String),
    /// State that is not trained.
    Buffer,
    /// Nothing: loading leaves it out.
    Ignored,
}

/// A checkpoint's names as a trainer has them.
#[derive(Debug, Default)]
pub struct Translation {
    names: Names,
    /// Whether the table has the model's class.
    is_known: bool,
    /// Steps whose code the table does not tell, where the model has any.
    is_partial: bool,
    transforms: Vec<Transform>,
    renames: Vec<(Regex, String)>,
    prefix: String,
    top: HashSet<&'static str>,
    inner: HashSet<&'static str>,
    /// Modules that have a weight, other parameters, and state: numbers as `*`.
    weights: HashSet<String>,
    direct: HashSet<String>,
    buffers: HashSet<String>,
    refused: HashSet<String>,
    mamba: Vec<&'static str>,
    redirected: Vec<&'static str>,
    /// For each name of a tied parameter that is not listed, with numbers as `*`, the listed one.
    aliases: HashMap<&'static str, &'static str>,
    ignored: Vec<Regex>,
    /// Whether a step tells numbers from each other.
    asks_numbers: bool,
    /// What names became, with numbers as `*`.
    seen: RefCell<HashMap<String, Vec<String>>>,
}

impl Translation {
    /// The translation for a model of this architecture, whose checkpoint holds the names
    /// `checkpoint`. Without an architecture names stay as they are.
    #[must_use]
    pub fn new<'n>(
        architecture: Option<&Architecture>,
        names: Names,
        checkpoint: impl Iterator<Item = &'n str>,
    ) -> Self {
        let mut translation = Self {
            names,
            ..Self::default()
        };
        let (Some(architecture), Some(table)) = (architecture, Table::of(names)) else {
            return translation;
        };
        translation.read(architecture, table);
        let has_groups = |one: &Transform| one.kind == Kind::Group;
        if translation.transforms.iter().any(has_groups) {
            translation.activate(checkpoint);
        }
        translation
    }

    fn read(&mut self, architecture: &Architecture, table: &'static Table) {
        let name = architecture.class.as_deref().unwrap_or_default();
        let class = table.classes.get(name);
        self.is_known = class.is_some_and(|class| class.built);
        let parts = parts(table, name, architecture);
        if let Some(class) = class {
            self.take(class, architecture, &parts, table);
        }
        self.steps(table, &parts);
    }

    /// What the table tells of the class and of the models inside it.
    fn take(
        &mut self,
        class: &'static Class,
        architecture: &Architecture,
        parts: &[Part<'_>],
        table: &'static Table,
    ) {
        self.prefix.clone_from(&class.prefix);
        self.top = class.top.iter().map(String::as_str).collect();
        self.inner = class.inner.iter().map(String::as_str).collect();
        for part in parts {
            let Some(found) = table.classes.get(part.class) else {
                continue;
            };
            let inside = |name: &String| joined(&part.path, name);
            self.weights.extend(found.weights.iter().map(inside));
            self.direct.extend(found.direct.iter().map(inside));
            self.buffers.extend(found.buffers.iter().map(inside));
            self.refused.extend(found.refused.iter().map(inside));
        }
        let model_type = architecture.model_type.as_deref().unwrap_or_default();
        if table.mamba.types.iter().any(|one| one == model_type) {
            self.mamba = table.mamba.modules.iter().map(String::as_str).collect();
        }
        let redirected = table.redirected.get(model_type).into_iter().flatten();
        self.redirected = redirected.map(String::as_str).collect();
        let is_tied = architecture.tie_word_embeddings.unwrap_or(class.tie);
        let groups = if is_tied { &class.tied } else { &class.always };
        for group in groups {
            if let Some((listed, others)) = group.split_first() {
                let pairs = others.iter().map(|other| (other.as_str(), listed.as_str()));
                self.aliases.extend(pairs);
            }
        }
        let ignored = class.ignored.iter().map(|text| Regex::new(text));
        self.ignored = ignored.filter_map(Result::ok).collect();
        let renames = class.renames.iter();
        let compiled = renames.filter_map(|(from, to)| Some((Regex::new(from).ok()?, to.clone())));
        self.renames = compiled.collect();
        self.asks_numbers = !self.renames.is_empty();
    }

    /// The steps of loading: the model's own, those of the models inside it, those of all models.
    fn steps(&mut self, table: &'static Table, parts: &[Part<'_>]) {
        let mut seen: HashMap<&str, Vec<&str>> = HashMap::new();
        let covers = |seen: &HashMap<&str, Vec<&str>>, key: &str, path: &str| {
            let paths = seen.get(key).into_iter().flatten();
            let mut above = paths.map(|one| joined(one, ""));
            above.any(|above| path.starts_with(&above))
        };
        for part in parts {
            let path = part.path.as_str();
            if covers(&seen, part.class, path) {
                continue;
            }
            let by_class = table.lists.get(part.class);
            let model_type = part.model_type.unwrap_or_default();
            if by_class.is_none() && covers(&seen, model_type, path) {
                continue;
            }
            let Some(list) = by_class.or_else(|| table.lists.get(model_type)) else {
                continue;
            };
            let scope = (!path.is_empty()).then(|| {
                let inner = path.strip_prefix(&*self.prefix).unwrap_or(path);
                inner.strip_prefix('.').unwrap_or(inner).to_owned()
            });
            self.add(table, list, scope.as_deref());
            seen.entry(part.class).or_default().push(path);
            if by_class.is_none() && !model_type.is_empty() {
                seen.entry(model_type).or_default().push(path);
            }
        }
        if let Some(list) = table.lists.get("legacy") {
            self.add(table, list, None);
        }
    }

    fn add(&mut self, table: &'static Table, list: &[usize], scope: Option<&str>) {
        for &place in list {
            let Some(rule) = table.transforms.get(place) else {
                continue;
            };
            self.asks_numbers |= rule.pattern.split('.').any(|part| {
                let part = part.trim_matches(|c: char| !c.is_ascii_alphanumeric());
                is_number(part)
            });
            let made = Transform::new(rule, scope.map(str::to_owned), &self.prefix);
            self.is_partial |= made.is_none() || rule.kind == Kind::Other;
            self.transforms
                .extend(made.filter(|one| one.kind != Kind::Other));
        }
    }

    /// Marks the groups of renames whose first source the checkpoint holds.
    fn activate<'n>(&mut self, checkpoint: impl Iterator<Item = &'n str>) {
        for name in checkpoint {
            let name = unwrapped(name);
            for transform in &mut self.transforms {
                if transform.kind == Kind::Group && transform.meets_first(&name) {
                    transform.active = true;
                }
            }
        }
    }

    /// Whether the checkpoint's tensor `name` is state that is not trained.
    #[must_use]
    pub fn is_state(&self, name: &str) -> bool {
        self.loaded(name) == Loaded::Buffer
    }

    /// Whether it leaves all as it is.
    pub(crate) fn is_identity(&self) -> bool {
        self.names == Names::Checkpoint
    }

    /// Whose names it gives.
    #[must_use]
    pub fn names(&self) -> Names {
        self.names
    }

    /// Whether the loaded names are known for certain: the table has the model's class.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.names == Names::Checkpoint || self.is_known && !self.is_partial
    }

    /// What the checkpoint's tensor `name` is once the model is loaded.
    #[must_use]
    pub fn loaded(&self, name: &str) -> Loaded {
        if self.names == Names::Checkpoint {
            return Loaded::Parameters(vec![name.to_owned()]);
        }
        let names = self.renamed(&unwrapped(name));
        if names.iter().all(|name| self.is_ignored(name)) {
            return Loaded::Ignored;
        }
        if names.iter().all(|name| self.is_buffer(name)) {
            return Loaded::Buffer;
        }
        match names.as_slice() {
            [one] => match self.listed(one) {
                Some(listed) => Loaded::Tied(listed),
                None => Loaded::Parameters(names),
            },
            _ => Loaded::Parameters(names),
        }
    }

    /// The parameters that the checkpoint's tensor `name` is or is a part of.
    #[must_use]
    pub fn parameters(&self, name: &str) -> Vec<String> {
        match self.loaded(name) {
            Loaded::Parameters(names) => names,
            Loaded::Tied(name) => vec![name],
            Loaded::Buffer | Loaded::Ignored => Vec::new(),
        }
    }

    /// The names after all steps of loading. Names that differ in their numbers alone are renamed
    /// alike, unless a step asks for a certain number: one of them is followed for all.
    fn renamed(&self, name: &str) -> Vec<String> {
        if self.asks_numbers {
            return self.followed(name);
        }
        let numbers: Vec<&str> = name.split('.').filter(|part| is_number(part)).collect();
        let mut seen = self.seen.borrow_mut();
        let patterns = seen.entry(starred(name)).or_insert_with_key(|key| {
            let mut next = PLACE..;
            let parts = key.split('.').map(|part| match (part, next.next()) {
                ("*", Some(number)) => number.to_string(),
                _ => part.to_owned(),
            });
            self.followed(&parts.collect::<Vec<_>>().join("."))
        });
        let places = |part: &str| -> Option<usize> {
            let place = part.parse::<usize>().ok()?.checked_sub(PLACE)?;
            Some(
                name.split('.')
                    .take(place)
                    .filter(|part| is_number(part))
                    .count(),
            )
        };
        let filled = |pattern: &String| {
            let parts = pattern.split('.').map(|part| {
                let number = places(part).and_then(|place| numbers.get(place));
                number.copied().unwrap_or(part)
            });
            parts.collect::<Vec<_>>().join(".")
        };
        patterns.iter().map(filled).collect()
    }

    /// One name through all steps; as it was where only that is the model's.
    fn followed(&self, name: &str) -> Vec<String> {
        let stepped = self.stepped(name);
        let is_changed = stepped.len() != 1 || stepped.iter().any(|one| one != name);
        if is_changed && self.has(name) && !stepped.iter().all(|one| self.has(one)) {
            return vec![self.placed(name.to_owned())];
        }
        stepped
    }

    /// Whether the class's own instance has a parameter or state of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        let starred = starred(name);
        let of_module = starred
            .strip_suffix(".weight")
            .or_else(|| starred.strip_suffix(".bias"));
        of_module.is_some_and(|module| self.weights.contains(module))
            || self.direct.contains(&starred)
            || is_listed(&self.buffers, name)
    }

    fn stepped(&self, name: &str) -> Vec<String> {
        let mut name = name.to_owned();
        for (regex, target) in &self.renames {
            let replace = |captures: &Captures<'_>| with_groups(target, captures, 0);
            let changed = regex.replace_all(&name, replace).into_owned();
            if changed != name {
                name = changed;
                break;
            }
        }
        if self.names == Names::Transformers4 {
            for (old, new) in OLD_NORMS {
                name = name.replace(old, new);
            }
        }
        let steps = self.transforms.iter();
        for step in steps.clone().filter(|one| one.kind != Kind::Convert) {
            if let Some(renamed) = step.apply(&name).and_then(|names| names.into_iter().next()) {
                name = renamed;
            }
        }
        let mut conversions = steps.filter(|one| one.kind == Kind::Convert);
        let converted = conversions.find_map(|step| step.apply(&name));
        let names = converted.unwrap_or_else(|| vec![name]);
        names.into_iter().map(|name| self.placed(name)).collect()
    }

    /// The name with the base model's prefix where the class has it, and without where it has not.
    fn placed(&self, name: String) -> String {
        let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        if self.prefix.is_empty() || !self.is_known {
            return name;
        }
        let inside = name.strip_prefix(&*self.prefix);
        let inside = inside.and_then(|rest| rest.strip_prefix('.'));
        if let Some(inside) = inside
            && !self.top.contains(&*self.prefix)
            && self.top.contains(&*first(inside))
        {
            return inside.to_owned();
        }
        let start = first(&name);
        if self.inner.contains(&*start) && !self.top.contains(&*start) {
            return format!("{}.{name}", self.prefix);
        }
        name
    }

    /// The name under which a tied parameter is listed, where that is not `name`.
    fn listed(&self, name: &str) -> Option<String> {
        if self.aliases.is_empty() {
            return None;
        }
        filled(self.aliases.get(&*starred(name))?, name)
    }

    /// The name that a tied parameter is not listed under, for each that the model has: with the
    /// one that is listed. Only those without numbers, such as the output head.
    pub fn tied(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let pairs = self.aliases.iter().map(|(alias, listed)| (*alias, *listed));
        pairs.filter(|(alias, listed)| !alias.contains('*') && !listed.contains('*'))
    }

    fn is_buffer(&self, name: &str) -> bool {
        let last = name.rsplit('.').next().unwrap_or_default();
        BUFFERS.contains(&last) || is_listed(&self.buffers, name)
    }

    /// Names that the model has are never left out, whatever the expressions match: `attn.bias`
    /// is meant for `attn.bias`, and finds `c_attn.bias` too.
    fn is_ignored(&self, name: &str) -> bool {
        let is_match = |one: &Regex| one.is_match(name).unwrap_or(false);
        self.ignored.iter().any(is_match) && !self.has(name)
    }

    /// Whether PEFT takes other modules for the target `name`, without a word: the fused experts or
    /// the routers of every layer.
    #[must_use]
    pub fn redirects_lora(&self, name: &str) -> bool {
        let last = name.rsplit('.').next().unwrap_or_default();
        self.redirected.contains(&last)
    }

    /// Whether PEFT refuses to put LoRA on the loaded module `name`.
    #[must_use]
    pub fn refuses_lora(&self, name: &str) -> bool {
        let last = name.rsplit('.').next().unwrap_or_default();
        self.mamba.contains(&last) || is_listed(&self.refused, name)
    }
}

/// Whether a list of the table has this name.
fn is_listed(names: &HashSet<String>, name: &str) -> bool {
    names.contains(&starred(name)) || names.contains(&starred_but_last(name))
}
