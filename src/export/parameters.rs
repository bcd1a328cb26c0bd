//! A model's parameters as a trainer names them: what a freeze set is held against.
//!
//! Enters: an opened model (every tensor, biases too), or a report (weights only). Leaves:
//! [`Parameters`].

use std::collections::HashMap;

use crate::report::SnrReport;
use crate::selection::{EMBEDDINGS_MODULE, HEAD_MODULE};
use crate::tensor::{Model, ModuleName};

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
}

/// One module that has parameters of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleEntry {
    /// Its name in the trainer: `model.layers.3.mlp.down_proj`.
    pub name: String,
    /// Its name in the report, which differs where the trainer renames.
    pub report_name: String,
    /// Its ratio, where a report gave one.
    pub snr: Option<f64>,
    /// Whether its weight is a matrix: what PEFT's `all-linear` may mean. True where unknown.
    pub is_matrix: bool,
}

/// A tied weight: one that a trainer knows under another name only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TiedPair {
    /// The parameter that does not exist: `lm_head.weight`.
    pub name: String,
    /// The one that stands for it: `model.embed_tokens.weight`.
    pub owner: String,
}

/// All parameters of a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    /// The parameters, in the order they were found.
    pub all: Vec<Parameter>,
    /// The modules they belong to, in the order they were found.
    pub modules: Vec<ModuleEntry>,
    /// Weights that exist under another name only.
    pub tied: Vec<TiedPair>,
    /// Whether these are all the model has: false for a report, which lists weights only.
    pub complete: bool,
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
            let size = tensor
                .shape
                .iter()
                .try_fold(1_u64, |product, &side| product.checked_mul(side as u64));
            let rows = tensor.shape.first().map(|&rows| rows as u64);
            let is_matrix = tensor.shape.len() > 1;
            building.add(
                &tensor.name,
                module,
                size.filter(|_| known),
                rows,
                is_matrix,
            );
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

    /// The weights of a report's modules. It knows of no biases, often of no head and no
    /// embedding, and of sizes only where the model was open.
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
            let name = if is_fused(&module.name) {
                module.name.clone()
            } else {
                format!("{}{WEIGHT}", module.name)
            };
            let size = weight.map(|weight| weight.parameters);
            let rows = weight.and_then(|weight| weight.shape.first().map(|&rows| rows as u64));
            let is_matrix = weight.is_none_or(|weight| weight.shape.len() > 1);
            building.add(&name, &module.name, size, rows, is_matrix);
        }
        let mut parameters = building.finish();
        parameters.tied = tied;
        parameters.with_ratios(report)
    }

    /// Parameters of which nothing but the names is known.
    #[must_use]
    pub fn of_names(names: impl IntoIterator<Item = String>) -> Self {
        let mut building = Building::default();
        for name in names {
            building.add(&name, parent(&name), None, None, true);
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
        for module in &mut self.modules {
            module.snr = ratios.get(module.report_name.as_str()).copied().flatten();
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

    /// The same under other names. Parameters that get the same name become one.
    #[must_use]
    pub fn renamed(&self, rename: impl Fn(&str) -> String) -> Self {
        let mut building = Building::default();
        for parameter in &self.all {
            let module = &self.modules[parameter.module];
            let name = rename(&parameter.name);
            let module_name = if module.name == parameter.name {
                name.clone()
            } else {
                parent(&name).to_owned()
            };
            let index = building.add(
                &name,
                &module_name,
                parameter.size,
                parameter.rows,
                module.is_matrix,
            );
            let entry = &mut building.parameters.modules[index];
            entry.report_name.clone_from(&module.report_name);
            entry.snr = module.snr;
        }
        let mut parameters = building.finish();
        parameters.complete = self.complete;
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

/// Whether a report's module is a parameter itself: the fused weight of experts has no
/// `.weight`. Of a report alone only the name can tell: `mlp.experts.gate_up_proj`.
pub(super) fn is_fused(module: &str) -> bool {
    let mut parts = module.rsplit('.');
    let (last, before) = (parts.next().unwrap_or_default(), parts.next());
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
    before.is_some_and(|before| before.ends_with("experts")) && !is_number
}

#[derive(Default)]
struct Building {
    parameters: Parameters,
    places: HashMap<String, usize>,
    modules: HashMap<String, usize>,
}

impl Building {
    /// Adds a parameter and returns its module's index.
    fn add(
        &mut self,
        name: &str,
        module: &str,
        size: Option<u64>,
        rows: Option<u64>,
        is_matrix: bool,
    ) -> usize {
        let modules = &mut self.parameters.modules;
        let index = *self.modules.entry(module.to_owned()).or_insert_with(|| {
            modules.push(ModuleEntry {
                name: module.to_owned(),
                report_name: module.to_owned(),
                snr: None,
                is_matrix: false,
            });
            modules.len() - 1
        });
        modules[index].is_matrix |= is_matrix;
        if let Some(&place) = self.places.get(name) {
            let there = &mut self.parameters.all[place].size;
            *there = there.zip(size).map(|(a, b)| a.saturating_add(b));
        } else {
            self.places
                .insert(name.to_owned(), self.parameters.all.len());
            self.parameters.all.push(Parameter {
                name: name.to_owned(),
                size,
                rows,
                module: index,
            });
        }
        index
    }

    fn finish(self) -> Parameters {
        self.parameters
    }
}
