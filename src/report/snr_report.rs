//! The signal-to-noise ratios of a model's modules: what the window shows and a selection ranks.
//!
//! Enters: a results file, or an opened model whose modules a scan fills in one by one.
//! Leaves: [`SnrReport`]; modules keep the order of the results file.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::names::Architecture;
use crate::report::{Noise, Other, stored};
use crate::spectral::Snr;
use crate::tensor::{DType, Group, Model, ModuleName, name};

/// A model's modules with what is known of them.
#[derive(Debug, Clone, Default)]
pub struct SnrReport {
    /// Name for files: `snr_results_<slug>.json`.
    pub slug: String,
    /// The results file or model this came from; none for the embedded sample.
    pub path: Option<PathBuf>,
    /// All modules, in the order of the results file.
    pub modules: Vec<Module>,
    /// The layer types, in first-seen order.
    pub types: Vec<LayerType>,
    /// Elements of all the model's tensors, tied ones once; `None` where only results are known.
    pub total_parameters: Option<u64>,
    /// The tensors that are not a module's weight, such as biases; `None` where only results are
    /// known.
    pub others: Option<Vec<Tensor>>,
    /// What decides the names the model is loaded under; `None` where it is not known.
    pub architecture: Option<Architecture>,
    /// Lines about what was left out or looks wrong.
    pub warnings: Vec<String>,
    /// Another report that this one is held against, where there is one.
    pub other: Option<Other>,
}

/// One module.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// Full name, without `.weight`.
    pub name: String,
    /// Index into [`SnrReport::types`].
    pub layer_type: usize,
    /// Block number.
    pub block: Option<u32>,
    /// The ratio: a number, `∞` or `NaN` as in a results file; `None` until it is scanned.
    pub snr: Option<f64>,
    /// What the ratio is made of, where this program computed it (or kept it).
    pub detail: Option<Snr>,
    /// The ratio of pure noise beside it, where the singular values are known.
    pub noise: Option<Noise>,
    /// The weight itself, where the model or its kept spectra are at hand.
    pub weight: Option<Weight>,
    /// Why there is no ratio, where there is none.
    pub problem: Option<String>,
}

/// A tensor that is not a module's weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tensor {
    /// Full name in the checkpoint.
    pub name: String,
    /// Shape as stored.
    pub shape: Vec<usize>,
}

impl Tensor {
    /// The tensors of `model` that are not the weight of a module that `is_listed`.
    pub(crate) fn others(model: &Model, is_listed: impl Fn(usize) -> bool) -> Vec<Self> {
        let modules = model.modules.iter().enumerate();
        let listed = modules.filter(|(place, _)| is_listed(*place));
        let weights: HashSet<usize> = listed.map(|(_, module)| module.tensor).collect();
        let tensors = model.tensors.iter().enumerate();
        let others = tensors.filter(|(place, _)| !weights.contains(place));
        others
            .map(|(_, info)| Self {
                name: info.name.clone(),
                shape: info.shape.clone(),
            })
            .collect()
    }
}

/// What is known of a module's weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// Shape as stored.
    pub shape: Vec<usize>,
    /// Stored type.
    pub dtype: DType,
    /// Elements of the weight.
    pub parameters: u64,
    /// Elements of the module's other tensors (its bias).
    pub companions: u64,
    /// The module whose tensor this one shares (a tied head).
    pub tied_to: Option<String>,
}

/// One layer type: the modules ranked together.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerType {
    /// Its name.
    pub name: String,
    /// Indices into [`SnrReport::modules`], in report order.
    pub modules: Vec<usize>,
    /// The part of a block it belongs to.
    pub group: Group,
    /// Its expert's number, where it is one expert's projection.
    pub expert: Option<u32>,
    /// Its name with the expert's number as `*`: types with the same text share a row.
    pub folded: String,
}

impl Module {
    /// Fills in what a scan found. The ratio is kept as a results file keeps it, so that the
    /// report ranks alike before and after it is written and opened again.
    pub fn set_detail(&mut self, detail: Snr) {
        self.snr = Some(stored(detail.snr));
        self.detail = Some(detail);
        self.problem = None;
    }
}

impl Module {
    /// Rows and columns of the matrix that the weight is read as: a vector as one row, the kernel
    /// of a convolution as (out, rest). `None` where the shape is not known, or is no matrix's.
    #[must_use]
    pub fn matrix_shape(&self) -> Option<(usize, usize)> {
        match self.weight.as_ref()?.shape[..] {
            [] => None,
            [length] => Some((1, length)),
            [rows, ref rest @ ..] => {
                // Of a kept shape nothing was checked yet.
                let mut sides = rest.iter();
                let cols = sides.try_fold(1_usize, |cols, &side| cols.checked_mul(side));
                Some((rows, cols?))
            }
        }
    }
}

impl SnrReport {
    /// An empty report of that name.
    #[must_use]
    pub fn new(slug: impl Into<String>) -> Self {
        Self {
            slug: slug.into(),
            ..Self::default()
        }
    }

    /// The report of an opened model: every module listed, none scanned.
    #[must_use]
    pub fn of_model(model: &Model) -> Self {
        let mut builder = ReportBuilder::new(&model.slug);
        for info in &model.modules {
            let module = builder.push(&info.name, &info.layer_type);
            module.problem.clone_from(&info.problem);
            module.weight = Some(Weight {
                shape: info.shape.clone(),
                dtype: info.dtype.clone(),
                parameters: info.parameters,
                companions: info.companions,
                tied_to: info.tied_to.clone(),
            });
        }
        let mut report = builder.finish();
        report.path = Some(model.path.clone());
        report.total_parameters = Some(model.parameters);
        report.others = Some(Tensor::others(model, |_| true));
        report.architecture.clone_from(&model.architecture);
        report.warnings.clone_from(&model.warnings);
        report
    }

    /// The module of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.modules.iter().position(|module| module.name == name)
    }

    /// The layer type of a module.
    #[must_use]
    pub fn type_of(&self, module: usize) -> &LayerType {
        &self.types[self.modules[module].layer_type]
    }

    /// Number of modules that wait for a scan: without a ratio, and nothing known against one.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let waits = |module: &&Module| module.snr.is_none() && module.problem.is_none();
        self.modules.iter().filter(waits).count()
    }

    /// Number of modules with a ratio.
    #[must_use]
    pub fn scanned(&self) -> usize {
        self.modules
            .iter()
            .filter(|module| module.snr.is_some())
            .count()
    }
}

/// Builds a report module by module, keeping types in first-seen order.
#[derive(Debug)]
pub struct ReportBuilder {
    report: SnrReport,
    types: HashMap<String, usize>,
}

impl ReportBuilder {
    /// Starts a report of that name.
    #[must_use]
    pub fn new(slug: &str) -> Self {
        Self {
            report: SnrReport::new(slug),
            types: HashMap::new(),
        }
    }

    /// Adds a module without a ratio and returns it for filling in.
    pub fn push(&mut self, module: &str, layer_type: &str) -> &mut Module {
        let index = self.report.modules.len();
        let types = &mut self.report.types;
        let layer_type = *self.types.entry(layer_type.to_owned()).or_insert_with(|| {
            types.push(LayerType {
                name: layer_type.to_owned(),
                modules: Vec::new(),
                group: Group::of(layer_type),
                expert: name::expert(layer_type),
                folded: name::folded(layer_type),
            });
            types.len() - 1
        });
        types[layer_type].modules.push(index);
        self.report.modules.push(Module {
            name: module.to_owned(),
            layer_type,
            block: ModuleName::parse(module).block,
            snr: None,
            detail: None,
            noise: None,
            weight: None,
            problem: None,
        });
        &mut self.report.modules[index]
    }

    /// The finished report.
    #[must_use]
    pub fn finish(self) -> SnrReport {
        self.report
    }
}
