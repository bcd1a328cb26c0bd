//! The modules that a set trains, as a trainer knows them.
//!
//! Enters: a report, a set, and whose names to use. Leaves: [`Chosen`]: each loaded module once, a
//! tied one by the name that is listed, and single parameters where not all of a module's are
//! meant, such as the fused weights of experts.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::export::parameters::{is_fused, parent};
use crate::export::{Naming, Parameters};
use crate::names::Translation;
use crate::report::{Module, SnrReport};
use crate::selection::{EMBEDDINGS_MODULE, FreezeSet, HEAD_MODULE};
use crate::tensor::ModuleName;
use crate::tensor::name::expert;

/// How many lines of a kind are given before they are only counted.
const LINES: usize = 5;

/// What trains, under one name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trained<'a> {
    /// Its name, as the trainer has it.
    pub(super) name: String,
    /// The first of the report's modules that it holds.
    pub(super) report_name: &'a str,
    /// Whether the name is that of a single parameter and not of a module.
    pub(super) is_parameter: bool,
    /// Whether PEFT refuses to put LoRA on it.
    pub(super) refuses_lora: bool,
    /// Whether PEFT puts LoRA on other modules instead where it is named.
    pub(super) redirects_lora: bool,
    /// The report's module; none where the results do not list it.
    pub(super) module: Option<&'a Module>,
}

/// What trains.
#[derive(Debug, Default)]
pub(super) struct Chosen<'a> {
    /// Head and embedding first, then each type's in rank order.
    pub(super) modules: Vec<Trained<'a>>,
    /// The model's parameters under the same names.
    pub(super) parameters: Parameters,
    /// Of these, the ones that train.
    pub(super) places: BTreeSet<usize>,
    /// Lines about fixed lines that this model has no module for.
    pub(super) absent: Vec<String>,
    /// Lines about tied weights that are written under their owner's name.
    pub(super) tied: Vec<String>,
    /// Lines about what trains beyond the set, or cannot train.
    pub(super) beyond: Vec<String>,
}

impl<'a> Chosen<'a> {
    pub(super) fn of(report: &'a SnrReport, set: &FreezeSet, naming: Naming) -> Self {
        let translation = naming.translation(report);
        let reported = Parameters::of_report(report);
        let loaded = naming.apply(reported, &translation);
        let mut chosen = Self {
            parameters: loaded,
            ..Self::default()
        };
        let names = chosen.names(report, set);
        chosen.warn_of_architecture(report, &translation, &names);
        chosen.fill(report, &names);
        chosen
    }

    /// The report's modules that are to train: each once, a tied one by its owner.
    fn names(&mut self, report: &'a SnrReport, set: &FreezeSet) -> Vec<&'a str> {
        let modules = report.modules.iter();
        let places: HashMap<&str, &Module> = modules
            .map(|module| (module.name.as_str(), module))
            .collect();
        let whole_model = report.total_parameters.is_some();
        let mut names = Vec::new();
        for (on, name) in [(set.head, HEAD_MODULE), (set.embeddings, EMBEDDINGS_MODULE)] {
            match places.get(name) {
                _ if !on => {}
                None if whole_model => self.absent.push(format!(
                    "the model has no {name}: its fixed line trains nothing"
                )),
                Some(module) => names.push(module.name.as_str()),
                None => names.push(name),
            }
        }
        let of_types = set.types.iter().flatten().flatten();
        names.extend(of_types.map(|&module| report.modules[module as usize].name.as_str()));
        let mut seen = HashSet::new();
        let mut owned = Vec::new();
        for name in names {
            let weight = places.get(name).and_then(|module| module.weight.as_ref());
            let owner = weight.and_then(|weight| weight.tied_to.as_deref());
            if let Some(owner) = owner {
                let line = format!(
                    "{name} is tied to {owner}: a trainer knows one parameter, and it is written \
                     as {owner}"
                );
                if !self.tied.contains(&line) {
                    self.tied.push(line);
                }
            }
            let name = owner.unwrap_or(name);
            if seen.insert(name) {
                owned.push(name);
            }
        }
        owned
    }

    /// Lists what these modules of the report are once loaded.
    fn fill(&mut self, report: &'a SnrReport, names: &[&'a str]) {
        let modules = report.modules.iter();
        let reported: HashMap<&str, &'a Module> = modules
            .map(|module| (module.name.as_str(), module))
            .collect();
        // Of each of the report's modules, its parameters; of each loaded one, how many it has.
        let mut holds: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut own: HashMap<usize, Vec<usize>> = HashMap::new();
        let parameters = &self.parameters;
        for (place, parameter) in parameters.all.iter().enumerate() {
            for source in parameters.sources_of(parameter) {
                holds.entry(source).or_default().push(place);
            }
            own.entry(parameter.module).or_default().push(place);
        }
        let chosen = names.iter().filter_map(|name| holds.get(name)).flatten();
        let places: BTreeSet<usize> = chosen.copied().collect();
        let mut listed = HashSet::new();
        let mut trained = Vec::new();
        let mut nothing = Vec::new();
        for &name in names {
            let Some(found) = holds.get(name) else {
                // A fixed line of results that do not list it, or what loading leaves out.
                if reported.contains_key(name) {
                    nothing.push(name);
                } else {
                    trained.push(Trained {
                        name: name.to_owned(),
                        report_name: name,
                        is_parameter: is_fused(name),
                        refuses_lora: false,
                        redirects_lora: false,
                        module: None,
                    });
                }
                continue;
            };
            for &place in found {
                let parameter = &parameters.all[place];
                let siblings = own.get(&parameter.module).map_or(&[][..], Vec::as_slice);
                let has_weight = siblings
                    .iter()
                    .any(|&place| parameters.all[place].name.ends_with(".weight"));
                let is_whole = has_weight && siblings.iter().all(|place| places.contains(place));
                let is_parameter = !is_whole;
                let text = if is_parameter {
                    parameter.name.as_str()
                } else {
                    parent(&parameter.name)
                };
                if listed.insert(text) {
                    let module = parameters.modules.get(parameter.module);
                    trained.push(Trained {
                        name: text.to_owned(),
                        report_name: name,
                        is_parameter,
                        refuses_lora: module.is_some_and(|module| module.refuses_lora),
                        redirects_lora: module.is_some_and(|module| module.redirects_lora),
                        module: reported.get(name).copied(),
                    });
                }
            }
        }
        let beyond = fused_lines(parameters, &places, names);
        let line = (!nothing.is_empty()).then(|| {
            format!(
                "{} of the set have no parameter in the loaded model and cannot train: {}",
                super::counted(nothing.len(), "module", "modules"),
                super::some(&nothing)
            )
        });
        self.beyond.extend(line);
        self.beyond.extend(beyond);
        self.modules = trained;
        self.places = places;
    }

    /// Tells where the loaded names are not known for certain.
    fn warn_of_architecture(
        &mut self,
        report: &SnrReport,
        translation: &Translation,
        names: &[&str],
    ) {
        if translation.is_identity() || translation.is_known() || names.is_empty() {
            return;
        }
        if let Some(architecture) = &report.architecture {
            self.beyond.push(format!(
                "the table of names does not have {}: the checkpoint's names are written, and \
                 whether the loaded model has them is not known",
                architecture.text()
            ));
        }
    }

    /// Names with their ends: a module's name and the dot before its own parameters', or a
    /// parameter's name. What starts with one of them is the module's.
    pub(super) fn prefixes(&self) -> Vec<String> {
        let parents = self.parents();
        let mut prefixes = Vec::new();
        for one in &self.modules {
            if one.is_parameter {
                prefixes.push(one.name.clone());
            } else if parents.contains(one.name.as_str()) {
                // Modules below it are not meant.
                let own = self.own(&one.name);
                prefixes.extend(own.map(str::to_owned));
            } else {
                prefixes.push(format!("{}.", one.name));
            }
        }
        prefixes
    }

    /// The names of a module's own parameters.
    fn own<'s>(&'s self, module: &'s str) -> impl Iterator<Item = &'s str> {
        let all = self.parameters.all.iter().map(|one| one.name.as_str());
        all.filter(move |name| parent(name) == module)
    }

    /// The names that other modules' names go on from.
    pub(super) fn parents(&self) -> HashSet<&str> {
        let names = self
            .parameters
            .modules
            .iter()
            .map(|module| module.name.as_str());
        let above = names.flat_map(|name| name.match_indices('.').map(|(at, _)| &name[..at]));
        above.collect()
    }

    /// One regular expression for the names of modules, block numbers gathered; those of
    /// single parameters are in the second list.
    pub(super) fn alternatives(&self) -> (Vec<String>, Vec<String>) {
        let of = |fused: bool| {
            let mut groups: BTreeMap<(usize, String, String), Vec<u32>> = BTreeMap::new();
            let mut order: HashMap<(String, String), usize> = HashMap::new();
            for one in self.modules.iter().filter(|one| one.is_parameter == fused) {
                let name = one.name.as_str();
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

/// Lines about experts that train although they were not chosen, because loading fuses them.
fn fused_lines(parameters: &Parameters, places: &BTreeSet<usize>, names: &[&str]) -> Vec<String> {
    let chosen: HashSet<&str> = names.iter().copied().collect();
    let mut lines = Vec::new();
    for &place in places {
        let parameter = &parameters.all[place];
        let sources: Vec<&str> = parameters.sources_of(parameter).collect();
        let taken = sources
            .iter()
            .filter(|name| chosen.contains(**name))
            .count();
        if taken == sources.len() {
            continue;
        }
        let experts = |all: &mut dyn Iterator<Item = &&str>| {
            let numbers = all.filter_map(|name| expert(ModuleName::parse(name).layer_type));
            numbers.collect::<BTreeSet<u32>>().len()
        };
        let all = experts(&mut sources.iter());
        let of_set = experts(&mut sources.iter().filter(|name| chosen.contains(**name)));
        lines.push(if all > 1 {
            format!(
                "{} trains all {all} experts; you chose {}",
                parameter.name,
                if of_set == all {
                    format!("{taken} of its {} matrices", sources.len())
                } else {
                    of_set.to_string()
                }
            )
        } else {
            format!(
                "{} trains all {} modules that loading fuses; you chose {taken}",
                parameter.name,
                sources.len()
            )
        });
    }
    let more = lines.len().saturating_sub(LINES);
    if more > 0 {
        lines.truncate(LINES);
        lines.push(format!("{more} more fused parameters train whole"));
    }
    lines
}
