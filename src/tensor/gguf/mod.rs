//! The header of a GGUF file, and its tensors under their checkpoint's names.
//!
//! Enters: an open file. Leaves: [`Contents`]; no value was read. A tensor of a type
//! that is not known is marked, and the others open.

mod file;
mod llama;
mod names;
mod others;
mod table;

use std::collections::{BTreeSet, HashSet};

use crate::error::{Error, Problem, Result};
use crate::source::{Config, ReadAt};
use crate::tensor::contents::Contents;
use crate::tensor::layout::MOST_EXPERTS;
use crate::tensor::{BlockType, DType, TensorInfo, elements, header};
use file::{Entry, Header};
use names::{Called, checkpoint_name, is_causal_lm};

pub(super) use file::MAGIC;
pub(super) use names::Origin;

/// Reads the tensors of `bytes`, which is file number `file` of its model, in the file's order.
/// `first` is what an earlier file of the same model said of it.
///
/// # Errors
/// [`Error::Problem`] when it has no usable header.
pub(super) fn read(bytes: &dyn ReadAt, file: usize, first: Option<&Origin>) -> Result<Contents> {
    let mut header = file::read(bytes).map_err(|problem| {
        Error::from(
            Problem::input(bytes.path(), format!("cannot be used: {problem}"))
                .at("header")
                .advice("the file is cut short or damaged: download it again"),
        )
    })?;
    let origin = origin(&header, first);
    let architecture = origin.architecture.clone();
    let mut entries = std::mem::take(&mut header.tensors);
    entries.sort_by(|a, b| (a.offset, &a.name).cmp(&(b.offset, &b.name)));
    let mut reader = Reader {
        bytes,
        file,
        data: header.data,
        origin: &origin,
        tensors: Vec::with_capacity(entries.len()),
        taken: HashSet::new(),
        unnamed: Vec::new(),
    };
    for entry in &entries {
        reader.add(entry);
    }
    let warnings = reader.warnings();
    Ok(Contents {
        tensors: reader.tensors,
        config: Some(Config {
            architectures: is_causal_lm(&architecture)
                .then(|| vec![format!("{architecture}ForCausalLM")]),
            model_type: Some(architecture),
            ..Config::default()
        }),
        warnings,
        origin: Some(origin),
    })
}

/// What the header says of the model, or else the header of an earlier file.
fn origin(header: &Header, first: Option<&Origin>) -> Origin {
    let names = |part: &str| header.tensors.iter().any(|entry| entry.name.contains(part));
    let Some(architecture) = &header.architecture else {
        return first.cloned().unwrap_or(Origin {
            architecture: String::new(),
            experts: names("_exps."),
            gated: names("ffn_gate.weight"),
        });
    };
    let key = format!("{architecture}.expert_count");
    let mut counts = header.expert_counts.iter();
    Origin {
        architecture: architecture.clone(),
        experts: counts.any(|(name, count)| *name == key && *count > 0),
        gated: names("ffn_gate.weight"),
    }
}

/// The type of ggml's number.
fn dtype(number: u32) -> DType {
    match number {
        0 => DType::F32,
        1 => DType::F16,
        28 => DType::F64,
        30 => DType::BF16,
        24 => DType::Other("I8".into()),
        25 => DType::Other("I16".into()),
        26 => DType::Other("I32".into()),
        27 => DType::Other("I64".into()),
        41 => DType::Other("Q1_0".into()),
        _ => BlockType::from_number(number).map_or_else(
            || DType::Other(format!("number {number} of ggml").into()),
            DType::Block,
        ),
    }
}

struct Reader<'a> {
    bytes: &'a dyn ReadAt,
    file: usize,
    /// Where the values start in the file.
    data: u64,
    origin: &'a Origin,
    tensors: Vec<TensorInfo>,
    taken: HashSet<String>,
    /// Weights whose name in the checkpoint is not known.
    unnamed: Vec<String>,
}

impl Reader<'_> {
    fn add(&mut self, entry: &Entry) {
        let name = entry.name.as_str();
        let mut info = TensorInfo {
            name: name.to_owned(),
            dtype: dtype(entry.number),
            shape: entry.shape.clone(),
            file: self.file,
            offset: self.data.saturating_add(entry.offset),
            transposed: false,
            problem: None,
        };
        let size = self.size(&info);
        // Llama's conversion reorders the rows of q and k for the other rotary embedding: that
        // leaves their singular values as they are.
        let mut called = checkpoint_name(self.origin, name);
        if let (Some(Called::Experts(before, after)), Ok(size)) = (&called, &size)
            && let [count @ 1..=MOST_EXPERTS, ref shape @ ..] = *info.shape
            && *size > 0
            && size.is_multiple_of(count as u64)
        {
            // The checkpoint holds one tensor per expert; one lies behind the other here.
            let part = size / count as u64;
            for expert in 0..count {
                let expert_info = TensorInfo {
                    name: format!("{before}{expert}{after}"),
                    shape: shape.to_vec(),
                    offset: info.offset + expert as u64 * part,
                    ..info.clone()
                };
                self.take(expert_info, name);
            }
            return;
        }
        if let Some(Called::Experts(before, after)) = called {
            // Not to be taken apart: all experts under one name.
            let fused = format!("{}{after}", before.trim_end_matches('.'));
            called = Some(Called::One(fused));
        }
        match called {
            Some(Called::One(checkpoint)) => info.name = checkpoint,
            _ if name.ends_with(".weight") && !name.starts_with("rope_") => {
                self.unnamed.push(name.to_owned());
            }
            _ => {}
        }
        info.problem = size.err();
        self.take(info, name);
    }

    /// Takes a tensor in, under the file's own name where another has the checkpoint's already.
    fn take(&mut self, mut info: TensorInfo, own: &str) {
        if !self.taken.insert(info.name.clone()) {
            own.clone_into(&mut info.name);
            self.taken.insert(own.to_owned());
        }
        self.tensors.push(info);
    }

    /// The bytes of a tensor.
    ///
    /// # Errors
    /// The line that says why it cannot be read.
    fn size(&self, info: &TensorInfo) -> std::result::Result<u64, String> {
        let line = |problem: String, advice: &str| {
            header::line(self.bytes.path(), &info.name, &problem, advice)
        };
        let damaged = "the file is damaged: download it again";
        let count = elements(&info.shape);
        if let DType::Other(name) = &info.dtype {
            if info.dtype.width().is_some() {
                // Integers: known, and no weights.
                return Ok(0);
            }
            let problem = format!("its values are of type {name}, which is not read");
            return Err(line(
                problem,
                "give the model as safetensors, or quantized otherwise",
            ));
        }
        let Some(size) = count.and_then(|count| info.dtype.bytes(count)) else {
            let problem = format!(
                "its shape {:?} is not one of whole blocks of type {}",
                info.shape, info.dtype
            );
            return Err(line(problem, damaged));
        };
        match info.offset.checked_add(size) {
            Some(end) if end <= self.bytes.length() => Ok(size),
            _ => {
                let problem = format!(
                    "its {size} bytes from {} on reach past the end of the file at {}",
                    info.offset,
                    self.bytes.length()
                );
                Err(line(problem, "the file is cut short: download it again"))
            }
        }
    }

    fn warnings(&self) -> Vec<String> {
        let path = self.bytes.path().display();
        let mut warnings = Vec::new();
        let is_block = |info: &&TensorInfo| matches!(info.dtype, DType::Block(_));
        let quantized = self.tensors.iter().filter(is_block).count();
        if quantized > 0 {
            let types: BTreeSet<String> = self
                .tensors
                .iter()
                .filter(is_block)
                .map(|info| info.dtype.to_string())
                .collect();
            let types: Vec<String> = types.into_iter().collect();
            warnings.push(format!(
                "{path}: {quantized} of {} tensors are quantized ({}): SNR describes the quantized \
                 weights, not those of the checkpoint they were made from",
                self.tensors.len(),
                types.join(", ")
            ));
        }
        if let Some(first) = self.unnamed.first() {
            warnings.push(format!(
                "{path}: {} weights keep the names of the GGUF file, since what the checkpoint of \
                 an architecture {:?} calls them is not known; the first: {first}",
                self.unnamed.len(),
                self.origin.architecture
            ));
        }
        warnings
    }
}
