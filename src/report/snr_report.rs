//! The signal-to-noise ratios of a model's modules: what the window shows and a selection ranks.
//!
//! Enters: a results file, or an opened model whose modules a scan fills in one by one.
//! Leaves: [`SnrReport`]; modules keep the order of the results file.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::names::{Architecture, Names};
use crate::report::stored;
use crate::spectral::Snr;
use crate::spectral::law::Stability;
use crate::tensor::{DType, Group, Model, ModuleInfo, ModuleName, name};

/// A model's modules and their ratios.
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
    /// The parameters that loading fuses of several modules' weights, such as those of experts.
    pub fused: Vec<Fused>,
    /// Lines about what was left out or looks wrong.
    pub warnings: Vec<String>,
    /// Another report that this one is compared with, if any.
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
    /// Index into [`SnrReport::fused`], where loading fuses it with others.
    pub fused: Option<u32>,
    /// What the loaded model calls its weight, where that is another name than the checkpoint's.
    pub loaded_as: Option<String>,
}

/// A parameter of the loaded model that holds the weights of several modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fused {
    /// Its name: `model.layers.0.mlp.experts.down_proj`.
    pub name: String,
    /// The modules whose weights it holds, ascending.
    pub modules: Vec<u32>,
    /// Its elements, as far as they are known.
    pub parameters: u64,
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

/// A module's weight.
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
    /// The name of its tensor, where that is not the module's with `.weight`: fused experts have
    /// the module's own.
    pub tensor: Option<String>,
}

impl Weight {
    /// The name of its tensor in the checkpoint, where `module` has one of its own.
    pub(crate) fn own_tensor(&self, module: &str) -> Option<String> {
        let named = || format!("{module}.weight");
        let own = self.tied_to.is_none();
        own.then(|| self.tensor.clone().unwrap_or_else(named))
    }

    /// The weight of a module that is opened.
    fn of_model(model: &Model, info: &ModuleInfo) -> Self {
        Self {
            shape: info.shape.clone(),
            dtype: info.dtype.clone(),
            parameters: info.parameters,
            companions: info.companions,
            tied_to: info.tied_to.clone(),
            tensor: tensor_of(model, info),
        }
    }
}

/// The name of a module's tensor, where that is not the module's with `.weight`.
pub(super) fn tensor_of(model: &Model, info: &ModuleInfo) -> Option<String> {
    let name = &model.tensors.get(info.tensor)?.name;
    let is_usual = name.strip_suffix(".weight") == Some(&info.name) || info.tied_to.is_some();
    (!is_usual).then(|| name.clone())
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
    /// The expert's number, if it is one expert's projection.
    pub expert: Option<u32>,
    /// Its name with the expert's number as `*`: types with the same text share a row.
    pub folded: String,
}

impl Module {
    /// Fills in the result of a scan. The ratio is rounded as in a results file, so that the report
    /// ranks the same before and after it is written and opened again.
    pub fn set_detail(&mut self, detail: Snr) {
        self.snr = Some(stored(detail.snr));
        self.detail = Some(detail);
        self.problem = None;
    }
}

impl Module {
    /// Rows and columns of the matrix that the weight is read as: a vector as one row, the kernel
    /// of a convolution as (out, rest). `None` if the shape is unknown or is not a matrix.
    #[must_use]
    pub fn matrix_shape(&self) -> Option<(usize, usize)> {
        match self.weight.as_ref()?.shape[..] {
            [] => None,
            [length] => Some((1, length)),
            [rows, ref rest @ ..] => {
                // A shape from a file was not checked yet.
                let mut sides = rest.iter();
                let cols = sides.try_fold(1_usize, |cols, &side| cols.checked_mul(side));
                Some((rows, cols?))
            }
        }
    }
}

/// A ratio's comparison with pure noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Noise {
    /// SNR₀: the ratio of pure noise of the same shape and entry variance; `None` where
    /// Spectrum's τ separates nothing for this shape.
    pub control_snr: Option<f64>,
    /// log₂ of SNR·S_max over the control's; `None` where τ separates nothing.
    pub excess: Option<f64>,
    /// The ratio's least and greatest value while τ moves a little.
    pub stability: Stability,
}

/// Another report's ratios, in the order of the report that is compared with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Other {
    /// The other report's name.
    pub slug: String,
    /// Its file; none for the embedded sample.
    pub path: Option<PathBuf>,
    /// For each module of this report, the other's ratio; `None` where it has none.
    pub snr: Vec<Option<f64>>,
    /// Modules that only this report has.
    pub only_here: usize,
    /// Modules that only the other has.
    pub only_there: usize,
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
            module.weight = Some(Weight::of_model(model, info));
        }
        let mut report = builder.finish();
        report.path = Some(model.path.clone());
        report.total_parameters = Some(model.parameters);
        report.others = Some(Tensor::others(model, |_| true));
        report.architecture.clone_from(&model.architecture);
        report.fuse(Names::default());
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

    /// Number of modules still to be scanned: without a ratio, and without a reason for that.
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
            fused: None,
            loaded_as: None,
        });
        &mut self.report.modules[index]
    }

    /// The finished report.
    #[must_use]
    pub fn finish(self) -> SnrReport {
        self.report
    }
}
