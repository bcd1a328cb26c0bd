//! Spectra kept beside a results file: each module's singular values and the parts of its ratio, so
//! that opening results shows everything that the scan knew, without the model.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::names::Architecture;
use crate::report::snr_report::tensor_of;
use crate::report::{Tensor, Weight, stored};
use crate::source::ReadAt;
use crate::spectral::{FileIdentity, ModuleResult, Shard, Snr, number};
use crate::tensor::{DType, Model};

/// Version of [`Document`].
pub(super) const FORMAT: u32 = 1;

/// Singular values of a model's modules, with everything else that the scan knew.
#[derive(Debug, Clone)]
pub struct Spectra {
    pub(super) document: Document,
    values: Values,
    /// For each module's name, its place in the document.
    pub(super) places: HashMap<String, usize>,
}

#[derive(Debug, Clone)]
pub(super) enum Values {
    /// For each module of the document, its values.
    Memory(Vec<Vec<f32>>),
    /// Read when asked for.
    File {
        bytes: Arc<dyn ReadAt>,
        /// For each tensor's name, its first byte in the file and the number of its values.
        tensors: HashMap<String, (u64, usize)>,
    },
}

/// The part of a scan that spectra belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The shards in it, ascending; several after a merge with others still missing.
    pub shards: Vec<Shard>,
    /// All modules of the whole scan, in its order.
    pub modules: Vec<String>,
}

/// Everything but the values, as stored in the file's metadata.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Document {
    pub(super) format: u32,
    pub(super) program: String,
    /// The name of the folder or file that was scanned.
    model: String,
    pub(super) slug: String,
    total_parameters: u64,
    /// The weight files.
    pub(super) files: Vec<FileIdentity>,
    /// The part of a scan; none for a whole one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<Part>,
    /// The graphics card that computed some of the values; none where the processor did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) device: Option<String>,
    /// What decides the names the model is loaded under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) architecture: Option<Architecture>,
    /// The tensors that are not a module's weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) others: Option<Vec<Tensor>>,
    pub(super) modules: Vec<Entry>,
}

/// One module in a spectra file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// The module.
    pub name: String,
    /// Shape of its weight as stored.
    pub shape: Vec<usize>,
    /// Stored type, by its safetensors name.
    pub dtype: String,
    /// Elements of the weight.
    pub parameters: u64,
    /// Elements of the module's other tensors.
    pub companions: u64,
    /// The module whose tensor this one shares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tied_to: Option<String>,
    /// The name of its tensor, where that is not the module's with `.weight`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensor: Option<String>,
    /// The ratio as the results file has it; `None` where the weight could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snr: Option<Ratio>,
    /// What the ratio is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Snr>,
    /// The ratios of a fused weight's matrices, one per expert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub experts: Vec<Option<Ratio>>,
    /// Why there is no ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A ratio that may be `∞` or `NaN`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ratio(#[serde(with = "number")] pub f64);

impl Entry {
    /// The weight as a report has it.
    #[must_use]
    pub fn weight(&self) -> Weight {
        Weight {
            shape: self.shape.clone(),
            dtype: DType::from_name(&self.dtype),
            parameters: self.parameters,
            companions: self.companions,
            tied_to: self.tied_to.clone(),
            tensor: self.tensor.clone(),
        }
    }
}

impl Spectra {
    /// The spectra of `model`, whose files are `files`: the modules with `results`, in the
    /// model's order. A result's index is that of [`Model::modules`].
    #[must_use]
    pub fn new(
        model: &Model,
        files: Vec<FileIdentity>,
        results: impl IntoIterator<Item = (usize, ModuleResult)>,
    ) -> Self {
        let mut results: Vec<(usize, ModuleResult)> = results.into_iter().collect();
        results.sort_by_key(|(index, _)| *index);
        // A module without a ratio is not in the results file.
        let scanned = results.iter().filter(|(_, result)| result.snr.is_some());
        let scanned: HashSet<usize> = scanned.map(|(index, _)| *index).collect();
        let others = Tensor::others(model, |place| scanned.contains(&place));
        let (mut modules, mut values) = (Vec::new(), Vec::new());
        for (index, result) in results {
            let Some(info) = model.modules.get(index) else {
                continue;
            };
            modules.push(Entry {
                name: info.name.clone(),
                shape: info.shape.clone(),
                dtype: info.dtype.to_string(),
                parameters: info.parameters,
                companions: info.companions,
                tied_to: info.tied_to.clone(),
                tensor: tensor_of(model, info),
                snr: result.snr.map(stored).map(Ratio),
                detail: result.detail,
                experts: result
                    .experts
                    .into_iter()
                    .map(|snr| snr.map(Ratio))
                    .collect(),
                problem: result.problem,
            });
            values.push(result.values.concat());
        }
        let name = model.path.file_name().unwrap_or_default();
        let document = Document {
            format: FORMAT,
            program: concat!("layerscope ", env!("CARGO_PKG_VERSION")).into(),
            model: name.to_string_lossy().into_owned(),
            slug: model.slug.clone(),
            total_parameters: model.parameters,
            files,
            part: None,
            device: None,
            architecture: model.architecture.clone(),
            others: Some(others),
            modules,
        };
        Self::with(document, Values::Memory(values))
    }

    /// The same, with the graphics card that computed some of the values.
    pub(crate) fn computed_on(mut self, device: Option<String>) -> Self {
        self.document.device = device;
        self
    }

    /// The graphics card that computed some of the values; `None` where the processor did.
    #[must_use]
    pub fn device(&self) -> Option<&str> {
        self.document.device.as_deref()
    }

    /// The same, marked as a part of a scan.
    pub(crate) fn of_part(mut self, part: Part) -> Self {
        self.document.part = Some(part);
        self
    }

    pub(super) fn with(document: Document, values: Values) -> Self {
        let names = document.modules.iter().enumerate();
        Self {
            places: names
                .map(|(place, entry)| (entry.name.clone(), place))
                .collect(),
            document,
            values,
        }
    }

    /// The singular values of a module, descending; of a fused weight expert after expert, as
    /// many of each. `None` for a module that is not here or has none.
    ///
    /// # Errors
    /// [`crate::Error::Io`] when they cannot be read.
    pub fn values(&self, module: &str) -> Result<Option<Vec<f32>>> {
        let Some(entry) = self.entry(module) else {
            return Ok(None);
        };
        match &self.values {
            Values::Memory(values) => {
                let values = self.places.get(module).and_then(|&place| values.get(place));
                Ok(values.filter(|values| !values.is_empty()).cloned())
            }
            Values::File { bytes, tensors } => {
                // A tied module has its owner's values if the owner is kept, as in the file.
                let owner = entry.tied_to.as_deref();
                let owner = owner.filter(|owner| self.places.contains_key(*owner));
                let Some(&(offset, count)) = tensors.get(owner.unwrap_or(module)) else {
                    return Ok(None);
                };
                let mut raw = vec![0; count * size_of::<f32>()];
                bytes.read_exact_at(offset, &mut raw)?;
                let (values, _) = raw.as_chunks();
                Ok(Some(
                    values
                        .iter()
                        .map(|bytes| f32::from_le_bytes(*bytes))
                        .collect(),
                ))
            }
        }
    }

    /// What is kept of a module besides its values.
    #[must_use]
    pub fn entry(&self, module: &str) -> Option<&Entry> {
        self.document.modules.get(*self.places.get(module)?)
    }

    /// All modules, in the order of the results file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.document.modules
    }

    /// The weight files that were scanned.
    #[must_use]
    pub fn files(&self) -> &[FileIdentity] {
        &self.document.files
    }

    /// The part of a scan; `None` for a whole one.
    #[must_use]
    pub fn part(&self) -> Option<&Part> {
        self.document.part.as_ref()
    }

    /// Elements of all the model's tensors, tied ones once.
    #[must_use]
    pub fn total_parameters(&self) -> u64 {
        self.document.total_parameters
    }

    /// The name in the results files' names.
    #[must_use]
    pub fn slug(&self) -> &str {
        &self.document.slug
    }
}
