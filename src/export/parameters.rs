//! A model's parameters as a trainer names them: what a freeze set is held against.
//!
//! Enters: an opened model (every tensor, biases too), or a report (weights, and all else where a
//! scan kept it). Leaves: [`Parameters`], under the checkpoint's names or those of the loaded
//! model.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::names::{Loaded, Translation};
use crate::report::SnrReport;
use crate::selection::{EMBEDDINGS_MODULE, HEAD_MODULE};
use crate::tensor::{Model, ModuleName, elements};

/// The ending of a module's weight.
const WEIGHT: &str = ".weight";

/// One parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name: `model.layers.3.mlp.down_proj.weight`.
    pub name: String,
    /// Its elements, where they are known.
    pub size: Option<u64>,
    /// Its first dimension, where it is known.
    pub rows: Option<u64>,
    /// Index into [`Parameters::modules`]: whose parameter it is.
    pub module: usize,
    /// Indices into [`Parameters::sources`]: the modules of the checkpoint that it holds, several
    /// where loading fuses them.
    pub sources: Vec<usize>,
}

/// One module that has parameters of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleEntry {
    /// Its name in the trainer: `model.layers.3.mlp.down_proj`.
    pub name: String,
    /// Whether its weight is a matrix: what PEFT's `all-linear` may mean. True where unknown.
    pub is_matrix: bool,
    /// Whether PEFT refuses to put LoRA on it.
    pub refuses_lora: bool,
    /// Whether PEFT puts LoRA on other modules instead where it is named.
    pub redirects_lora: bool,
}

/// A module of the checkpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its name in the report.
    pub name: String,
    /// Its ratio, where a report gave one.
    pub snr: Option<f64>,
}

/// A tied weight: one that a trainer knows under another name only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TiedPair {
    /// The name that is not listed: `lm_head.weight`.
    pub name: String,
    /// The parameter that stands for it: `model.embed_tokens.weight`.
    pub owner: String,
}

/// All parameters of a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    /// The parameters, in the order they were found.
    pub all: Vec<Parameter>,
    /// The modules they belong to, in the order they were found.
    pub modules: Vec<ModuleEntry>,
    /// The modules of the checkpoint, in the order they were found.
    pub sources: Vec<Source>,
    /// Weights that exist under another name only.
    pub tied: Vec<TiedPair>,
    /// Tensors of the checkpoint that are state and not trained.
    pub buffers: Vec<String>,
    /// Tensors of the checkpoint that loading leaves out.
    pub ignored: Vec<String>,
    /// Whether these are all the model has: false for results alone, which list weights only.
    pub complete: bool,
    /// Whether the names are known to be those of the loaded model.
    pub names_known: bool,
}

impl Parameters {
    /// Every tensor of an opened model; ratios are added by [`Parameters::with_ratios`].
    #[must_use]
    pub fn of_model(model: &Model) -> Self {
        let mut building = Building::default();
        let fused: HashMap<usize, &str> = model
            .modules
            .iter()
            .filter(|module| module.tied_to.is_none())
            .map(|module| (module.tensor, module.name.as_str()))
            .collect();
        for (index, tensor) in model.tensors.iter().enumerate() {
            let module = fused
                .get(&index)
                .copied()
                .unwrap_or_else(|| parent(&tensor.name));
            let known = !(tensor.shape.is_empty() && tensor.problem.is_some());
            building.add(New {
                name: &tensor.name,
                module,
                sources: &[module],
                size: elements(&tensor.shape).filter(|_| known),
                rows: tensor.shape.first().map(|&rows| rows as u64),
                is_matrix: tensor.shape.len() > 1,
            });
        }
        let mut parameters = building.finish();
        parameters.complete = true;
        let heads = model.modules.iter();
        parameters.tied = heads
            .filter_map(|head| {
                Some(TiedPair {
                    name: format!("{}{WEIGHT}", head.name),
                    owner: format!("{}{WEIGHT}", head.tied_to.as_ref()?),
                })
            })
            .collect();
        parameters
    }

    /// The weights of a report's modules, and the model's other tensors where a scan kept them.
    /// Results alone know of no biases, often of no head and no embedding, and of no sizes.
    #[must_use]
    pub fn of_report(report: &SnrReport) -> Self {
        let mut building = Building::default();
        let mut tied = Vec::new();
        for module in &report.modules {
            let weight = module.weight.as_ref();
            if let Some(owner) = weight.and_then(|weight| weight.tied_to.as_ref()) {
                tied.push(TiedPair {
                    name: format!("{}{WEIGHT}", module.name),
                    owner: format!("{owner}{WEIGHT}"),
                });
                continue;
            }
            let name = weight.and_then(|weight| weight.tensor.clone());
            // Spectra of old do not say which names are whole.
            let guessed = || report.others.is_none() && is_fused(&module.name);
            let name = name.or_else(|| guessed().then(|| module.name.clone()));
            building.add(New {
                name: &name.unwrap_or_else(|| format!("{}{WEIGHT}", module.name)),
                module: &module.name,
                sources: &[&module.name],
                size: weight.map(|weight| weight.parameters),
                rows: weight.and_then(|weight| weight.shape.first().map(|&rows| rows as u64)),
                is_matrix: weight.is_none_or(|weight| weight.shape.len() > 1),
            });
        }
        for tensor in report.others.iter().flatten() {
            let module = parent(&tensor.name);
            building.add(New {
                name: &tensor.name,
                module,
                sources: &[module],
                size: elements(&tensor.shape),
                rows: tensor.shape.first().map(|&rows| rows as u64),
                is_matrix: tensor.shape.len() > 1,
            });
        }
        let mut parameters = building.finish();
        parameters.complete = report.others.is_some();
        parameters.tied = tied;
        parameters.with_ratios(report)
    }

    /// Parameters of which nothing but the names is known.
    #[must_use]
    pub fn of_names(names: impl IntoIterator<Item = String>) -> Self {
        let mut building = Building::default();
        for name in names {
            let module = parent(&name);
            building.add(New {
                name: &name,
                module,
                sources: &[module],
                size: None,
                rows: None,
                is_matrix: true,
            });
        }
        building.finish()
    }

    /// The same with the ratios of `report`, which axolotl's plugin chooses by.
    #[must_use]
    pub fn with_ratios(mut self, report: &SnrReport) -> Self {
        let ratios: HashMap<&str, Option<f64>> = report
            .modules
            .iter()
            .map(|module| (module.name.as_str(), module.snr))
            .collect();
        for source in &mut self.sources {
            source.snr = ratios.get(source.name.as_str()).copied().flatten();
        }
        self
    }

    /// Elements of all parameters; `None` where the size of any is unknown.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.sum(0..self.all.len())
    }

    /// Elements of the parameters with these indices; `None` where the size of any is unknown.
    #[must_use]
    pub fn sum(&self, indices: impl IntoIterator<Item = usize>) -> Option<u64> {
        let mut indices = indices.into_iter();
        indices.try_fold(0_u64, |sum, index| {
            Some(sum.saturating_add(self.all.get(index)?.size?))
        })
    }

    /// The names of the checkpoint's modules that a parameter holds.
    pub(crate) fn sources_of(&self, parameter: &Parameter) -> impl Iterator<Item = &str> {
        let sources = parameter.sources.iter();
        sources.filter_map(|&source| self.sources.get(source).map(|source| source.name.as_str()))
    }

    /// The parameters of the loaded model. Tensors that loading fuses become one; those that are
    /// not trained are listed beside them.
    #[must_use]
    pub fn loaded(self, translation: &Translation) -> Self {
        if translation.is_identity() {
            return self;
        }
        let mut building = Building::default();
        let (mut buffers, mut ignored) = (self.buffers.clone(), self.ignored.clone());
        let mut aliases: Vec<(&Parameter, String)> = Vec::new();
        for parameter in &self.all {
            match translation.loaded(&parameter.name) {
                Loaded::Parameters(names) => {
                    let parts = names.len() as u64;
                    for name in names {
                        let size = parameter.size.map(|size| size / parts.max(1));
                        self.add_loaded(parameter, &name, size, &mut building);
                    }
                }
                Loaded::Tied(listed) => aliases.push((parameter, listed)),
                Loaded::Buffer => buffers.push(parameter.name.clone()),
                Loaded::Ignored => ignored.push(parameter.name.clone()),
            }
        }
        for (parameter, listed) in &aliases {
            // The listed one is in the checkpoint too: it is the same parameter.
            let is_there = building.places.contains_key(listed);
            let size = if is_there { Some(0) } else { parameter.size };
            self.add_loaded(parameter, listed, size, &mut building);
        }
        let mut parameters = building.finish();
        for module in &mut parameters.modules {
            module.refuses_lora = translation.refuses_lora(&module.name);
            module.redirects_lora = translation.redirects_lora(&module.name);
        }
        let names = parameters.all.iter().map(|one| one.name.as_str());
        let there: HashSet<&str> = names.collect();
        let of_table = translation
            .tied()
            .map(|(alias, listed)| (alias.to_owned(), listed.to_owned()));
        let of_file = self.tied.iter().filter_map(|pair| {
            let owner = translation.parameters(&pair.owner).into_iter().next()?;
            Some((pair.name.clone(), owner))
        });
        let pairs: BTreeMap<String, String> = of_file.chain(of_table).collect();
        let pairs = pairs.into_iter().filter(|(name, owner)| {
            there.contains(owner.as_str()) && !there.contains(name.as_str())
        });
        let tied = pairs
            .map(|(name, owner)| TiedPair { name, owner })
            .collect();
        parameters.tied = tied;
        parameters.buffers = buffers;
        parameters.ignored = ignored;
        parameters.complete = self.complete;
        parameters.names_known = translation.is_known();
        parameters.with_ratios_of(&self)
    }

    /// With the ratios of the same modules in `other`.
    fn with_ratios_of(mut self, other: &Self) -> Self {
        let ratios = other.sources.iter().map(|one| (one.name.as_str(), one.snr));
        let ratios: HashMap<&str, Option<f64>> = ratios.collect();
        for source in &mut self.sources {
            source.snr = ratios.get(source.name.as_str()).copied().flatten();
        }
        self
    }

    fn add_loaded(
        &self,
        parameter: &Parameter,
        name: &str,
        size: Option<u64>,
        building: &mut Building,
    ) {
        let sources: Vec<&str> = self.sources_of(parameter).collect();
        building.add(New {
            name,
            module: parent(name),
            sources: &sources,
            size,
            rows: parameter.rows,
            is_matrix: self
                .modules
                .get(parameter.module)
                .is_none_or(|one| one.is_matrix),
        });
    }

    /// The same under other names. Parameters that get the same name become one.
    #[must_use]
    pub fn renamed(&self, rename: impl Fn(&str) -> String) -> Self {
        let mut building = Building::default();
        for parameter in &self.all {
            let Some(module) = self.modules.get(parameter.module) else {
                continue;
            };
            let name = rename(&parameter.name);
            let module_name = if module.name == parameter.name {
                name.clone()
            } else {
                parent(&name).to_owned()
            };
            let sources: Vec<&str> = self.sources_of(parameter).collect();
            let index = building.add(New {
                name: &name,
                module: &module_name,
                sources: &sources,
                size: parameter.size,
                rows: parameter.rows,
                is_matrix: module.is_matrix,
            });
            building.parameters.modules[index].refuses_lora = module.refuses_lora;
            building.parameters.modules[index].redirects_lora = module.redirects_lora;
        }
        let mut parameters = building.finish().with_ratios_of(self);
        parameters.complete = self.complete;
        parameters.names_known = self.names_known;
        parameters.buffers.clone_from(&self.buffers);
        parameters.ignored.clone_from(&self.ignored);
        let tied = self.tied.iter().map(|pair| TiedPair {
            name: rename(&pair.name),
            owner: rename(&pair.owner),
        });
        parameters.tied = tied.collect();
        parameters
    }

    /// Whether a fixed line's module may exist although it is not listed: results files often
    /// leave head and embedding out.
    #[must_use]
    pub fn may_lack(&self, module: &str) -> bool {
        !self.complete && [HEAD_MODULE, EMBEDDINGS_MODULE].contains(&module)
    }

    /// The part of the model a module belongs to: the text before its block's number, without
    /// the list's own name. Empty outside blocks.
    #[must_use]
    pub fn tower_of(&self, module: usize) -> &str {
        tower(&self.modules[module].name)
    }
}

/// What stands before the block's number: `audio_tower` of `audio_tower.layers.3.self_attn.q_proj`.
pub(super) fn tower(module: &str) -> &str {
    let layer_type = ModuleName::parse(module).layer_type;
    let before = module.len().saturating_sub(layer_type.len() + 1);
    let before = module.get(..before).unwrap_or_default();
    // `audio_tower.layers.3` without the number, then without the name of the list.
    let list = before.rsplit_once('.').map_or("", |(list, _)| list);
    list.rsplit_once('.').map_or(list, |(tower, _)| tower)
}

/// The name without its last part.
pub(super) fn parent(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(parent, _)| parent)
}

/// Whether a module is likely to be a parameter itself, where its name alone is known: the fused
/// weight of experts has no `.weight`, such as `mlp.experts.gate_up_proj`.
pub(super) fn is_fused(module: &str) -> bool {
    let mut parts = module.rsplit('.');
    let (last, before) = (parts.next().unwrap_or_default(), parts.next());
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
    let is_fused = |before: &str| before.ends_with("experts") && !before.contains("shared");
    before.is_some_and(is_fused) && !is_number
}

/// A parameter to be added.
#[derive(Clone, Copy)]
struct New<'a> {
    name: &'a str,
    module: &'a str,
    sources: &'a [&'a str],
    size: Option<u64>,
    rows: Option<u64>,
    is_matrix: bool,
}

#[derive(Default)]
struct Building {
    parameters: Parameters,
    places: HashMap<String, usize>,
    modules: HashMap<String, usize>,
    sources: HashMap<String, usize>,
}

impl Building {
    /// Adds a parameter, or to the one of that name, and returns its module's index.
    fn add(&mut self, new: New<'_>) -> usize {
        let modules = &mut self.parameters.modules;
        let index = *self
            .modules
            .entry(new.module.to_owned())
            .or_insert_with(|| {
                modules.push(ModuleEntry {
                    name: new.module.to_owned(),
                    is_matrix: false,
                    refuses_lora: false,
                    redirects_lora: false,
                });
                modules.len() - 1
            });
        modules[index].is_matrix |= new.is_matrix;
        let all = &mut self.parameters.all;
        let place = *self.places.entry(new.name.to_owned()).or_insert_with(|| {
            all.push(Parameter {
                name: new.name.to_owned(),
                size: Some(0),
                rows: new.rows,
                module: index,
                sources: Vec::new(),
            });
            all.len() - 1
        });
        let parameter = &mut all[place];
        parameter.size = parameter
            .size
            .zip(new.size)
            .map(|(a, b)| a.saturating_add(b));
        for name in new.sources {
            let sources = &mut self.parameters.sources;
            let source = *self.sources.entry((*name).to_owned()).or_insert_with(|| {
                sources.push(Source {
                    name: (*name).to_owned(),
                    snr: None,
                });
                sources.len() - 1
            });
            if !parameter.sources.contains(&source) {
                parameter.sources.push(source);
            }
        }
        index
    }

    fn finish(self) -> Parameters {
        self.parameters
    }
}
