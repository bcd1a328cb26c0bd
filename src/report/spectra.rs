//! Spectra kept beside a results file: each module's singular values and what its ratio is made
//! of, so that opening results shows all that the scan knew, without the model.
//!
//! Enters: a scanned model, or a `….spectra.safetensors` file. Leaves: [`Spectra`], and its bytes.
//!
//! The file is a safetensors file, which many tools open: one F32 tensor a module, named as the
//! module, with its N singular values descending (a fused weight: E × N). Everything else is one
//! JSON document in its metadata under [`METADATA`]: a single entry, since the format leaves the
//! order of entries open and equal scans are to give equal bytes. A module whose tensor is tied
//! to another kept one has no tensor of its own.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use safetensors::tensor::{Dtype, Metadata, TensorView};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::report::{Weight, stored};
use crate::source::{LocalFile, ReadAt};
use crate::spectral::{FileIdentity, ModuleResult, Snr, number};
use crate::tensor::{DType, Model};

/// The metadata's entry.
pub const METADATA: &str = "layerscope.spectra";

/// Version of the JSON document in the metadata.
const FORMAT: u32 = 1;

/// Longest header that is read, as the format's own library has it.
const MAX_HEADER: u64 = 100_000_000;

/// The file's name beside `snr_results_<slug>.json`.
#[must_use]
pub fn spectra_file_name(slug: &str) -> String {
    format!("snr_results_{slug}.spectra.safetensors")
}

/// Singular values of a model's modules with all else that the scan knew.
#[derive(Debug, Clone)]
pub struct Spectra {
    document: Document,
    values: Values,
    /// For each module's name, its place in the document.
    places: HashMap<String, usize>,
}

#[derive(Debug, Clone)]
enum Values {
    /// For each module of the document, its values.
    Memory(Vec<Vec<f32>>),
    /// Read when asked for.
    File {
        bytes: Arc<dyn ReadAt>,
        /// For each tensor's name, its first byte in the file and the number of its values.
        tensors: HashMap<String, (u64, usize)>,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Document {
    format: u32,
    program: String,
    /// The name of the folder or file that was scanned.
    model: String,
    slug: String,
    total_parameters: u64,
    /// The weight files.
    files: Vec<FileIdentity>,
    modules: Vec<Entry>,
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
    /// The ratio as the results file has it; `None` where the weight could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snr: Option<Ratio>,
    /// What the ratio is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Snr>,
    /// The ratios of a fused weight's matrices, one an expert.
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
                snr: result.snr.map(stored).map(Ratio),
                detail: result.detail,
                experts: result.experts.into_iter().map(|snr| snr.map(Ratio)).collect(),
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
            modules,
        };
        Self::with(document, Values::Memory(values))
    }

    fn with(document: Document, values: Values) -> Self {
        let names = document.modules.iter().enumerate();
        Self {
            places: names
                .map(|(place, entry)| (entry.name.clone(), place))
                .collect(),
            document,
            values,
        }
    }

    /// Opens a spectra file: its header is read and checked, its values when they are asked for.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read; [`Error::Report`] when it is no spectra file, is cut
    /// short, or is of a newer program.
    pub fn read(path: &Path) -> Result<Self> {
        Self::parse(LocalFile::open(path)?)
    }

    /// As [`Spectra::read`], from bytes wherever they are.
    ///
    /// # Errors
    /// As [`Spectra::read`].
    pub fn parse(bytes: Arc<dyn ReadAt>) -> Result<Self> {
        let refuse = |place: &str, problem: String| Error::Report {
            path: bytes.path().to_path_buf(),
            place: place.to_owned(),
            problem,
            advice: "scan the model again with --fresh to write it anew".into(),
        };
        let length = bytes.length();
        let mut prefix = [0; 8];
        if length < prefix.len() as u64 {
            return Err(refuse("start", format!("is {length} bytes long, not a safetensors file")));
        }
        bytes.read_exact_at(0, &mut prefix)?;
        let header = u64::from_le_bytes(prefix);
        if header > MAX_HEADER || header > length - 8 {
            let problem = format!("a header of {header} bytes is stated in a file of {length} bytes");
            return Err(refuse("start", problem));
        }
        let mut text = vec![0; header as usize];
        bytes.read_exact_at(8, &mut text)?;
        let metadata: Metadata = serde_json::from_slice(&text)
            .map_err(|error| refuse("header", format!("is not a safetensors header ({error})")))?;
        let stated = 8 + header + metadata.data_len() as u64;
        if stated != length {
            let problem = format!("{stated} bytes are stated, {length} are there");
            return Err(refuse("length", problem));
        }
        let entries = metadata.metadata().as_ref();
        let document = entries.and_then(|entries| entries.get(METADATA));
        let document = document.ok_or_else(|| {
            refuse("metadata", format!("has no entry {METADATA}: it is not of this program"))
        })?;
        let document = Document::parse(document).map_err(|problem| refuse("metadata", problem))?;
        let tensors = metadata.tensors().into_iter().map(|(name, info)| {
            if info.dtype != Dtype::F32 {
                return Err(refuse(&name, format!("holds {:?} values, not F32", info.dtype)));
            }
            let (start, end) = info.data_offsets;
            let place = (8 + header + start as u64, (end - start) / size_of::<f32>());
            Ok((name, place))
        });
        let tensors = tensors.collect::<Result<_>>()?;
        Ok(Self::with(document, Values::File { bytes, tensors }))
    }

    /// The file's bytes: the same for the same scan.
    ///
    /// # Errors
    /// [`Error::Report`] for more modules than a header holds; reading values, see
    /// [`Spectra::values`].
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let refuse = |problem: String| Error::Report {
            path: spectra_file_name(&self.document.slug).into(),
            place: "header".into(),
            problem,
            advice: "scan fewer layer types, or with --no-spectra".into(),
        };
        let mut tensors = Vec::new();
        for entry in &self.document.modules {
            let tied = entry.tied_to.as_deref();
            if tied.is_some_and(|owner| self.places.contains_key(owner)) {
                continue;
            }
            let values = self.values(&entry.name)?.unwrap_or_default();
            if values.is_empty() {
                continue;
            }
            let shape = match entry.experts.len() {
                0 => vec![values.len()],
                experts => vec![experts, values.len() / experts],
            };
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            tensors.push((entry.name.as_str(), shape, bytes));
        }
        let views = tensors
            .iter()
            .map(|(name, shape, bytes)| {
                let view = TensorView::new(Dtype::F32, shape.clone(), bytes);
                Ok((*name, view.map_err(|error| refuse(error.to_string()))?))
            })
            .collect::<Result<Vec<_>>>()?;
        let document = serde_json::to_string(&self.document);
        let document = document.map_err(|error| refuse(error.to_string()))?;
        let metadata = HashMap::from([(METADATA.to_owned(), document)]);
        safetensors::serialize(views, Some(metadata)).map_err(|error| refuse(error.to_string()))
    }

    /// The singular values of a module, descending; of a fused weight expert after expert, as
    /// many of each. `None` for a module that is not here or has none.
    ///
    /// # Errors
    /// [`Error::Io`] when they cannot be read.
    pub fn values(&self, module: &str) -> Result<Option<Vec<f32>>> {
        let Some(entry) = self.entry(module) else {
            return Ok(None);
        };
        match &self.values {
            Values::Memory(values) => {
                let values = &values[self.places[module]];
                Ok((!values.is_empty()).then(|| values.clone()))
            }
            Values::File { bytes, tensors } => {
                let own = tensors.get(module);
                let Some(&(offset, count)) =
                    own.or_else(|| tensors.get(entry.tied_to.as_deref()?))
                else {
                    return Ok(None);
                };
                let mut raw = vec![0; count * size_of::<f32>()];
                bytes.read_exact_at(offset, &mut raw)?;
                let (values, _) = raw.as_chunks();
                Ok(Some(values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()))
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

impl Document {
    fn parse(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let broken = |error: serde_json::Error| format!("{METADATA} cannot be read ({error})");
        let Version { format } = serde_json::from_str(text).map_err(broken)?;
        if format != FORMAT {
            return Err(format!(
                "{METADATA} has format {format}, and this program reads format {FORMAT}"
            ));
        }
        serde_json::from_str(text).map_err(broken)
    }
}
