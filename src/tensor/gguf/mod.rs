//! The header of a GGUF file, and its tensors under their checkpoint's names.
//!
//! Enters: an open file. Leaves: [`Contents`]; no value was read. The header is read by candle
//! (format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>), within bounds that no
//! real header reaches: what a hostile one claims costs neither memory nor a crash.

mod guard;
mod llama;
mod names;
mod others;

use std::collections::{BTreeSet, HashSet};

use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::{Content, TensorInfo as Entry, Value};

use crate::error::{Error, Problem, Result};
use crate::source::{Config, ReadAt, Stream};
use crate::tensor::format::Contents;
use crate::tensor::layout::MOST_EXPERTS;
use crate::tensor::{BlockType, DType, TensorInfo, elements, header};
use guard::Guard;
use names::{Called, checkpoint_name, is_causal_lm};

pub(super) use names::Origin;

/// The first bytes of a GGUF file.
pub(super) const MAGIC: &[u8] = b"GGUF";
/// The most that a header may hold, in bytes and in values. The largest real ones, of models with
/// a quarter of a million tokens, hold 20 MB and 2 million.
const MAX_HEADER: u64 = 1 << 28;
const MAX_VALUES: u64 = 1 << 23;

/// Reads the tensors of `bytes`, which is file number `file` of its model, in the file's order.
/// `first` is what an earlier file of the same model said of it.
///
/// # Errors
/// [`Error::Problem`] when it has no usable header.
pub(super) fn read(bytes: &dyn ReadAt, file: usize, first: Option<&Origin>) -> Result<Contents> {
    let refuse = |problem: String, advice: &str| {
        Error::from(
            Problem::input(bytes.path(), problem)
                .at("header")
                .advice(advice),
        )
    };
    let mut guard = Guard::new(Stream::new(bytes, MAX_HEADER, MAX_VALUES));
    let content = Content::read(&mut guard).map_err(|error| {
        // candle's text may bring a backtrace along: the first line is the message.
        let problem = error.to_string();
        let problem = problem.lines().next().unwrap_or_default();
        if let Some(number) = problem.strip_prefix("unknown dtype for tensor ") {
            return refuse(
                format!(
                    "holds tensors of {}, which are not dequantised by this version",
                    unread_type(number)
                ),
                "give a GGUF file of F32, F16, BF16, Q4_0 to Q8_1 or Q2_K to Q8_K, or the model as \
                 safetensors",
            );
        }
        refuse(
            format!("cannot be used: {problem}"),
            "the file is cut short or damaged: download it again",
        )
    })?;
    let origin = origin(&content, first);
    let architecture = origin.architecture.clone();
    let mut reader = Reader {
        bytes,
        file,
        data: content.tensor_data_offset,
        origin: &origin,
        tensors: Vec::with_capacity(content.tensor_infos.len()),
        taken: HashSet::new(),
        unnamed: Vec::new(),
    };
    let mut entries: Vec<(&String, &Entry)> = content.tensor_infos.iter().collect();
    entries.sort_by_key(|(name, entry)| (entry.offset, *name));
    for (name, entry) in entries {
        reader.add(name, entry);
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
fn origin(content: &Content, first: Option<&Origin>) -> Origin {
    let names = |part: &str| content.tensor_infos.keys().any(|name| name.contains(part));
    let Some(Value::String(architecture)) = content.metadata.get("general.architecture") else {
        return first.cloned().unwrap_or(Origin {
            architecture: String::new(),
            experts: names("_exps."),
            gated: names("ffn_gate.weight"),
        });
    };
    let key = format!("{architecture}.expert_count");
    let experts = content.metadata.get(&key).map(Value::to_u64);
    Origin {
        architecture: architecture.clone(),
        experts: experts.is_some_and(|count| count.is_ok_and(|count| count > 0)),
        gated: names("ffn_gate.weight"),
    }
}

/// The name of a type that candle does not read, by ggml's number of it.
fn unread_type(number: &str) -> String {
    let name = match number {
        "16" => "IQ2_XXS",
        "17" => "IQ2_XS",
        "18" => "IQ3_XXS",
        "19" => "IQ1_S",
        "20" => "IQ4_NL",
        "21" => "IQ3_S",
        "22" => "IQ2_S",
        "23" => "IQ4_XS",
        "24" => "I8",
        "25" => "I16",
        "26" => "I32",
        "27" => "I64",
        "28" => "F64",
        "29" => "IQ1_M",
        "34" => "TQ1_0",
        "35" => "TQ2_0",
        "39" => "MXFP4",
        other => return format!("a type of number {other}"),
    };
    format!("type {name}")
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
    fn add(&mut self, name: &str, entry: &Entry) {
        let dtype = match entry.ggml_dtype {
            GgmlDType::F32 => DType::F32,
            GgmlDType::F16 => DType::F16,
            GgmlDType::BF16 => DType::BF16,
            other => BlockType::new(other)
                .map_or_else(|| DType::Other(format!("{other:?}").into()), DType::Block),
        };
        // candle has turned the dimensions round: outermost first.
        let mut info = TensorInfo {
            name: name.to_owned(),
            dtype,
            shape: entry.shape.dims().to_vec(),
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
            && size.is_multiple_of(count as u64)
        {
            // The checkpoint holds a tensor an expert; one lies behind the other here.
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
        let quantised = self.tensors.iter().filter(is_block).count();
        if quantised > 0 {
            let types: BTreeSet<String> = self
                .tensors
                .iter()
                .filter(is_block)
                .map(|info| info.dtype.to_string())
                .collect();
            let types: Vec<String> = types.into_iter().collect();
            warnings.push(format!(
                "{path}: {quantised} of {} tensors are quantised ({}): SNR describes the quantised \
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
