//! The modules that a set trains, as a trainer knows them.
//!
//! Enters: a report and a set. Leaves: [`Chosen`]: each module once, a tied one by its owner.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::export::Rename;
use crate::export::parameters::is_fused;
use crate::report::{Module, SnrReport};
use crate::selection::{EMBEDDINGS_MODULE, FreezeSet, HEAD_MODULE};
use crate::tensor::ModuleName;

/// A module that trains.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trained<'a> {
    /// Its name, as the trainer has it.
    pub(super) name: Cow<'a, str>,
    /// Its name in the report.
    pub(super) report_name: &'a str,
    /// Whether the name is that of a parameter itself: the fused weight of experts.
    pub(super) is_fused: bool,
    /// The report's module; none where the results do not list it.
    pub(super) module: Option<&'a Module>,
}

/// What trains.
#[derive(Debug, Default)]
pub(super) struct Chosen<'a> {
    /// The modules: head and embedding first, then each type's in rank order.
    pub(super) modules: Vec<Trained<'a>>,
    /// Lines about fixed lines that this model has no module for.
    pub(super) absent: Vec<String>,
    /// Lines about tied weights that are written under their owner's name.
    pub(super) tied: Vec<String>,
}

impl<'a> Chosen<'a> {
    pub(super) fn of(report: &'a SnrReport, set: &FreezeSet) -> Self {
        let places: HashMap<&str, &Module> = report
            .modules
            .iter()
            .map(|module| (module.name.as_str(), module))
            .collect();
        let mut chosen = Self::default();
        let mut seen = HashSet::new();
        let whole_model = report.total_parameters.is_some();
        for (on, name) in [(set.head, HEAD_MODULE), (set.embeddings, EMBEDDINGS_MODULE)] {
            if !on {
                continue;
            }
            match places.get(name) {
                Some(module) => chosen.add(&module.name, &places, &mut seen),
                None if whole_model => chosen.absent.push(format!(
                    "the model has no {name}: its fixed line trains nothing"
                )),
                None => chosen.add(name, &places, &mut seen),
            }
        }
        for &module in set.types.iter().flatten().flatten() {
            chosen.add(&report.modules[module as usize].name, &places, &mut seen);
        }
        chosen
    }

    fn add(
        &mut self,
        name: &'a str,
        places: &HashMap<&'a str, &'a Module>,
        seen: &mut HashSet<&'a str>,
    ) {
        let module = places.get(name).copied();
        let weight = module.and_then(|module| module.weight.as_ref());
        if let Some(owner) = weight.and_then(|weight| weight.tied_to.as_deref()) {
            let line = format!(
                "{name} is tied to {owner}: a trainer knows one parameter, and it is written as \
                 {owner}"
            );
            if !self.tied.contains(&line) {
                self.tied.push(line);
            }
            if owner != name {
                self.add(owner, places, seen);
            }
            return;
        }
        if seen.insert(name) {
            self.modules.push(Trained {
                name: Cow::Borrowed(name),
                report_name: name,
                is_fused: is_fused(name),
                module,
            });
        }
    }

    /// The same under a trainer's names.
    pub(super) fn renamed(mut self, rename: Option<Rename>) -> Self {
        if let Some(rename) = rename {
            for one in &mut self.modules {
                one.name = Cow::Owned(rename.apply(one.report_name));
            }
        }
        self
    }

    /// Names with their ends: a module's name and the dot before its own parameters', or a
    /// parameter's name. What starts with one of them is the module's.
    pub(super) fn prefixes(&self) -> Vec<String> {
        let ends = |one: &Trained<'_>| {
            let dot = if one.is_fused { "" } else { "." };
            format!("{}{dot}", one.name)
        };
        self.modules.iter().map(ends).collect()
    }

    /// One regular expression for the names of modules, block numbers gathered: fused ones are
    /// parameters, and in the second list.
    pub(super) fn alternatives(&self) -> (Vec<String>, Vec<String>) {
        let of = |fused: bool| {
            let mut groups: BTreeMap<(usize, String, String), Vec<u32>> = BTreeMap::new();
            let mut order: HashMap<(String, String), usize> = HashMap::new();
            for one in self.modules.iter().filter(|one| one.is_fused == fused) {
                let name = one.name.as_ref();
                let parsed = ModuleName::parse(name);
                let (before, block) = match parsed.block {
                    Some(block) => {
                        let end = name.len() - parsed.layer_type.len() - 1;
                        let before = &name[..end];
                        let before = before.rfind('.').map_or("", |dot| &before[..=dot]);
                        // A number that would be written otherwise than it stands.
                        let same = format!("{before}{block}.{}", parsed.layer_type) == name;
                        if same {
                            (before, Some(block))
                        } else {
                            ("", None)
                        }
                    }
                    None => ("", None),
                };
                let rest = if block.is_some() {
                    parsed.layer_type
                } else {
                    name
                };
                let key = (regex::escape(before), regex::escape(rest));
                let next = order.len();
                let place = *order.entry(key.clone()).or_insert(next);
                let blocks = groups.entry((place, key.0, key.1)).or_default();
                blocks.extend(block);
            }
            let text = |((_, before, rest), mut blocks): ((usize, String, String), Vec<u32>)| {
                blocks.sort_unstable();
                blocks.dedup();
                let numbers: Vec<String> = blocks.iter().map(ToString::to_string).collect();
                match numbers.as_slice() {
                    [] => rest,
                    [one] => format!(r"{before}{one}\.{rest}"),
                    _ => format!(r"{before}(?:{})\.{rest}", numbers.join("|")),
                }
            };
            groups.into_iter().map(text).collect()
        };
        (of(false), of(true))
    }
}
