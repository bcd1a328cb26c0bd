//! Spectra as a file: `snr_results_<slug>.spectra.safetensors` beside the results.
//!
//! It is a safetensors file, which many tools open: one F32 tensor per module, named like it,
//! with its N singular values descending (a fused weight: E × N). Everything else is one JSON
//! document in its metadata under [`METADATA`]: a single entry, since the format leaves the order
//! of entries open and equal scans are to give equal bytes. A module whose tensor is tied to
//! another kept one has no tensor of its own.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use safetensors::tensor::{Dtype, Metadata, TensorView};
use serde::Deserialize;

use crate::error::{Error, Problem, Result};
use crate::report::Spectra;
use crate::report::spectra::{Document, FORMAT, Values};
use crate::source::{LONGEST_HEADER, LocalFile, ReadAt, slug};
use crate::tensor::name::is_sound;

/// The metadata's entry.
pub const METADATA: &str = "layerscope.spectra";

/// How many characters of a refused name a message repeats.
const NAMED_CHARACTERS: usize = 100;

/// The file's name beside `snr_results_<slug>.json`.
#[must_use]
pub fn spectra_file_name(slug: &str) -> String {
    format!("snr_results_{slug}.spectra.safetensors")
}

/// Where the spectra of the `results` file are kept: beside them, under the same name.
#[must_use]
pub fn spectra_beside(results: &Path) -> PathBuf {
    results.with_extension("spectra.safetensors")
}

impl Spectra {
    /// Opens a spectra file: its header is read and checked, its values when they are asked for.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read; [`Error::Problem`] when it is not a spectra file, is cut
    /// short, or was written by a newer version.
    pub fn read(path: &Path) -> Result<Self> {
        Self::parse(LocalFile::open(path)?)
    }

    /// As [`Spectra::read`], from open bytes.
    ///
    /// # Errors
    /// As [`Spectra::read`].
    pub fn parse(bytes: Arc<dyn ReadAt>) -> Result<Self> {
        let refuse = |place: &str, problem: String| {
            Error::from(
                Problem::input(bytes.path(), problem)
                    .at(place)
                    .advice("scan the model again with --fresh to write it anew"),
            )
        };
        let length = bytes.length();
        let mut prefix = [0; 8];
        if length < prefix.len() as u64 {
            return Err(refuse(
                "start",
                format!("is {length} bytes long, not a safetensors file"),
            ));
        }
        bytes.read_exact_at(0, &mut prefix)?;
        let header = u64::from_le_bytes(prefix);
        if header > LONGEST_HEADER || header > length - 8 {
            let problem =
                format!("a header of {header} bytes is stated in a file of {length} bytes");
            return Err(refuse("start", problem));
        }
        let mut text = vec![0; header as usize];
        bytes.read_exact_at(8, &mut text)?;
        let metadata: Metadata = serde_json::from_slice(&text)
            .map_err(|error| refuse("header", format!("is not a safetensors header ({error})")))?;
        let stated = (8 + header).saturating_add(metadata.data_len() as u64);
        if stated != length {
            let problem = format!("{stated} bytes are stated, {length} are there");
            return Err(refuse("length", problem));
        }
        let entries = metadata.metadata().as_ref();
        let document = entries.and_then(|entries| entries.get(METADATA));
        let document = document.ok_or_else(|| {
            refuse(
                "metadata",
                format!("has no entry {METADATA}: it is not of this program"),
            )
        })?;
        let document = Document::parse(document).map_err(|problem| refuse("metadata", problem))?;
        let tensors = metadata.tensors().into_iter().map(|(name, info)| {
            if info.dtype != Dtype::F32 {
                return Err(refuse(
                    &name,
                    format!("holds {:?} values, not F32", info.dtype),
                ));
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
    /// [`Error::Problem`] for more modules than a header holds; reading values, see
    /// [`Spectra::values`].
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let refuse = |problem: String| {
            Error::from(
                Problem::input(spectra_file_name(&self.document.slug), problem)
                    .at("header")
                    .advice("scan fewer layer types, or with --no-spectra"),
            )
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
            let bytes: Vec<u8> = values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect();
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
}

impl Document {
    fn parse(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let broken = |error: serde_json::Error| format!("{METADATA} cannot be read ({error})");
        let name = |name: &str| {
            let start: String = name.chars().take(NAMED_CHARACTERS).collect();
            format!("{METADATA} names “{}”", start.escape_debug())
        };
        let Version { format } = serde_json::from_str(text).map_err(broken)?;
        if format != FORMAT {
            return Err(format!(
                "{METADATA} has format {format}, and this program reads format {FORMAT}"
            ));
        }
        let document: Self = serde_json::from_str(text).map_err(broken)?;
        // It becomes part of the names of files.
        if slug::of_id(&document.slug) != document.slug || document.slug.contains(['\\', '\0']) {
            return Err(format!("{}, which is no model's", name(&document.slug)));
        }
        let tied = document.modules.iter();
        let tied = tied.filter(|entry| entry.tied_to.is_some());
        let tied: HashSet<&str> = tied.map(|entry| entry.name.as_str()).collect();
        let mut met = HashSet::new();
        for entry in &document.modules {
            if let Some(owner) = entry.tied_to.as_deref()
                && tied.contains(owner)
            {
                return Err(format!(
                    "{}, tied to what is tied itself",
                    name(&entry.name)
                ));
            }
            if !is_sound(&entry.name) {
                return Err(format!("{}, which is no module's", name(&entry.name)));
            }
            if let Some(tensor) = entry.tensor.as_ref().filter(|tensor| !is_sound(tensor)) {
                return Err(format!("{}, which is not a tensor's", name(tensor)));
            }
            if !met.insert(entry.name.as_str()) {
                return Err(format!("{} twice", name(&entry.name)));
            }
        }
        let mut others = document.others.iter().flatten();
        if let Some(other) = others.find(|other| !is_sound(&other.name)) {
            return Err(format!("{}, which is not a tensor's", name(&other.name)));
        }
        Ok(document)
    }
}
