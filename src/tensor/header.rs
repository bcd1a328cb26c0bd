//! The header of a safetensors file: eight bytes of length, then a JSON object of tensors.
//!
//! Enters: an open file. Leaves: its tensors, those that cannot be read marked with the reason;
//! no value was read. Format: <https://huggingface.co/docs/safetensors>. The library's own reader
//! refuses a whole file for one bad entry, and keeps the last of two entries with one name; here
//! the rest of the file still opens.

use std::collections::HashMap;
use std::path::Path;

use safetensors::Dtype;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Problem, Result};
use crate::source::{LONGEST_HEADER, Pairs, ReadAt};
use crate::tensor::{DType, TensorInfo, elements, pickle};

/// Bytes of the number that the file starts with.
const PREFIX: u64 = 8;
/// The first bytes of PyTorch's older format: a pickle of one long number.
const LEGACY: &[u8] = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
/// The entry that holds free text instead of a tensor.
const METADATA: &str = "__metadata__";
/// What to do about a file that did not arrive whole.
const DOWNLOAD: &str = "download the file again";
/// What to do about a file that was written wrongly.
const SAVE: &str = "download the file again, or save the model again with safetensors";

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (u64, u64),
}

/// Reads the tensors of `bytes`, which is file number `file` of its model, in the header's order.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read; [`Error::Problem`] when it has no usable header.
pub(super) fn read(bytes: &dyn ReadAt, file: usize) -> Result<Vec<TensorInfo>> {
    let path = bytes.path();
    let length = bytes.length();
    let refuse = |place: &str, problem: String, advice: &str| {
        Error::from(Problem::input(path, problem).at(place).advice(advice))
    };
    if length == 0 {
        return Err(refuse("header", "the file is blank".into(), DOWNLOAD));
    }
    let mut start = vec![0; length.min(4096) as usize];
    bytes.read_exact_at(0, &mut start)?;
    let Some(prefix) = start.first_chunk() else {
        return Err(refuse(
            "header",
            format!("the file ends after {length} of its first {PREFIX} bytes"),
            DOWNLOAD,
        ));
    };
    let header = u64::from_le_bytes(*prefix);
    // The beginnings of other formats read as lengths of petabytes: told apart here, at no risk
    // of mistaking a good file for them.
    let room = length - PREFIX;
    if (header > room || header > LONGEST_HEADER)
        && let Some((problem, advice)) = other_format(&start, path)
    {
        return Err(refuse("start of the file", problem, &advice));
    }
    if header > room {
        return Err(refuse(
            "header",
            format!("it is {header} bytes long, the file has {room} bytes for it"),
            "the file is cut short or is no safetensors file: download it again",
        ));
    }
    if header > LONGEST_HEADER {
        return Err(refuse(
            "header",
            format!("it is {header} bytes long, more than the format allows ({LONGEST_HEADER})"),
            SAVE,
        ));
    }
    let mut text = vec![0; header as usize];
    bytes.read_exact_at(PREFIX, &mut text)?;
    let Pairs(entries): Pairs<Value> = serde_json::from_slice(&text)
        .map_err(|error| refuse("header", format!("is not a JSON object: {error}"), SAVE))?;
    let mut reader = Reader {
        path,
        file,
        data: PREFIX + header,
        length,
        tensors: Vec::with_capacity(entries.len()),
    };
    let mut places: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    for (name, entry) in entries.into_iter().filter(|(name, _)| name != METADATA) {
        if let Some(&place) = places.get(&name) {
            reader.mark(place, "is named twice in the header", SAVE);
            continue;
        }
        places.insert(name.clone(), reader.tensors.len());
        reader.add(name, entry);
    }
    reader.mark_overlaps();
    Ok(reader.tensors.into_iter().map(|(info, _)| info).collect())
}

/// What a file is that is no safetensors file, with what to do, as far as its first bytes tell.
fn other_format(start: &[u8], path: &Path) -> Option<(String, String)> {
    let folder = path.parent().unwrap_or(path).display();
    let is = |what: &str, advice: &str| Some((format!("is {what}"), advice.to_owned()));
    if start.starts_with(b"version https://git-lfs") {
        let advice = format!("run `git lfs pull` in {folder}");
        is("a git-lfs pointer, not the weights", &advice)
    } else if start.starts_with(LEGACY) {
        is(
            "a PyTorch file of the format before version 1.6, which is not read",
            "load and save it again with a later PyTorch, as safetensors or with torch.save",
        )
    } else if start.starts_with(b"\x80\x02") {
        // Looked at, since a file of weights would not be a pickle alone: perhaps it says why.
        let reason = pickle::read(start)
            .err()
            .filter(|reason| reason.contains(" names "));
        let reason = reason.unwrap_or_else(|| "nothing in it was run".into());
        is(
            &format!("a Python pickle and no file of weights: {reason}"),
            "do not load it in Python unless you trust where it comes from",
        )
    } else if let Some((what, advice)) = known_format(start, path) {
        is(what, advice)
    } else if start.starts_with(b"PK") {
        is("an archive that is cut short or damaged", DOWNLOAD)
    } else if start.trim_ascii_start().starts_with(b"<") {
        is("a web page, not the weights: the download failed", DOWNLOAD)
    } else if start.trim_ascii_start().starts_with(b"{") {
        if start
            .windows(19)
            .any(|part| part == b"\"_diffusers_version")
        {
            return is(
                "the index of a diffusers pipeline, not a model",
                "give the pipeline's folder, or one of the folders in it that hold weights",
            );
        }
        is(
            "JSON text, not a safetensors file",
            "give the model's folder or one of its .safetensors files",
        )
    } else if is_text(start) {
        is(
            "text, not a file of weights",
            "give the model's folder or one of its weight files",
        )
    } else {
        None
    }
}

/// Formats that are told by their first bytes, or else by the ending of the file's name.
#[expect(clippy::too_many_lines, reason = "most of it is the table of formats")]
fn known_format(start: &[u8], path: &Path) -> Option<(&'static str, &'static str)> {
    const MODEL: &str = "give the model as safetensors, PyTorch, GGUF or .npz";
    const ENDINGS: [(&str, &str, &str); 9] = [
        (
            "onnx",
            "an ONNX model, which is not read",
            "give the model that it was exported from, as safetensors or PyTorch",
        ),
        (
            "msgpack",
            "a Flax checkpoint (.msgpack), which is not read",
            "load it with transformers (from_flax=True) and save it as safetensors",
        ),
        (
            "h5",
            "a Keras or TensorFlow file (.h5), which is not read",
            "load it with transformers (from_tf=True) and save it as safetensors",
        ),
        ("keras", "a Keras file, which is not read", MODEL),
        (
            "tflite",
            "a TensorFlow Lite model, which is not read",
            MODEL,
        ),
        (
            "model",
            "a tokenizer, not a file of weights",
            "give the model's folder or one of its weight files",
        ),
        (
            "spm",
            "a tokenizer, not a file of weights",
            "give the model's folder or one of its weight files",
        ),
        (
            "tiktoken",
            "a tokenizer, not a file of weights",
            "give the model's folder or one of its weight files",
        ),
        (
            "distcp",
            "a part of a distributed checkpoint",
            "give the folder that it is in",
        ),
    ];
    const STARTS: [(&[u8], &str, &str); 12] = [
        (
            b"\x93NUMPY",
            "a NumPy array file (.npy), which has no names of weights",
            "save the model's weights under their names with numpy.savez, or as safetensors",
        ),
        (
            b"\x89HDF",
            "a Keras or TensorFlow file (HDF5), which is not read",
            "load it with transformers (from_tf=True) and save it as safetensors",
        ),
        (
            b"\x89PNG",
            "a picture",
            "give the model's folder or one of its weight files",
        ),
        (
            b"\xff\xd8\xff",
            "a picture",
            "give the model's folder or one of its weight files",
        ),
        (
            b"GIF8",
            "a picture",
            "give the model's folder or one of its weight files",
        ),
        (
            b"RIFF",
            "a picture or a sound",
            "give the model's folder or one of its weight files",
        ),
        (
            b"%PDF",
            "a PDF document",
            "give the model's folder or one of its weight files",
        ),
        (b"\x1f\x8b", "compressed with gzip", "unpack it first"),
        (b"\xfd7zXZ", "compressed with xz", "unpack it first"),
        (b"(\xb5/\xfd", "compressed with zstd", "unpack it first"),
        (
            b"SQLite",
            "a database",
            "give the model's folder or one of its weight files",
        ),
        (
            b"tjgg",
            "a file of llama.cpp from before GGUF, which is not read",
            "convert the model again with a later llama.cpp",
        ),
    ];
    let by_start = STARTS.iter().find(|(magic, ..)| start.starts_with(magic));
    if let Some((_, what, advice)) = by_start {
        return Some((what, advice));
    }
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    let by_ending = ENDINGS.iter().find(|(known, ..)| *known == ending);
    by_ending.map(|(_, what, advice)| (*what, *advice))
}

/// Whether a file that begins so is text. A header's length has zeros in it, unless it is beyond
/// any file.
fn is_text(start: &[u8]) -> bool {
    let whole = match std::str::from_utf8(start) {
        Ok(_) => true,
        // Only a part of the file is looked at, and it may end within a letter.
        Err(error) => error.error_len().is_none(),
    };
    whole && !start.contains(&0)
}

/// Bits of one element of that type; `None` for a name that the format does not have.
fn bits(dtype: &str) -> Option<u64> {
    let dtype: Dtype = serde_json::from_value(Value::from(dtype)).ok()?;
    Some(dtype.bitsize() as u64)
}

/// The line for a tensor that cannot be read: file, tensor, cause, what to do.
pub(super) fn line(path: &Path, name: &str, problem: &str, advice: &str) -> String {
    // A name may hold anything; a line stays one line.
    Problem::input(path, problem)
        .at(format!("tensor {}", name.escape_debug()))
        .advice(advice)
        .to_string()
}

struct Reader<'a> {
    path: &'a Path,
    file: usize,
    /// Where the values start in the file.
    data: u64,
    /// The file's length.
    length: u64,
    /// Tensors with the end of their bytes in the file.
    tensors: Vec<(TensorInfo, u64)>,
}

impl Reader<'_> {
    fn add(&mut self, name: String, entry: Value) {
        let mut info = TensorInfo {
            name,
            dtype: DType::Other("unknown".into()),
            shape: Vec::new(),
            file: self.file,
            offset: self.data,
            transposed: false,
            problem: None,
        };
        let mut end = info.offset;
        let problem = match serde_json::from_value::<Entry>(entry) {
            Err(error) => Some((format!("its header entry cannot be used: {error}"), SAVE)),
            Ok(entry) => {
                let (from, to) = entry.data_offsets;
                info.dtype = DType::from_name(&entry.dtype);
                info.offset = self.data.saturating_add(from);
                end = self.data.saturating_add(to);
                let problem = self.check(&entry);
                info.shape = entry.shape;
                problem
            }
        };
        let place = self.tensors.len();
        self.tensors.push((info, end));
        if let Some((problem, advice)) = problem {
            self.mark(place, &problem, advice);
        }
    }

    /// What is wrong with one entry by itself, and what to do.
    fn check(&self, entry: &Entry) -> Option<(String, &'static str)> {
        let (from, to) = entry.data_offsets;
        let Some(bytes) = to.checked_sub(from) else {
            let problem = format!("its bytes end at {to}, before they start at {from}");
            return Some((problem, SAVE));
        };
        let shape = &entry.shape;
        let dtype = entry.dtype.escape_debug();
        let Some(bits) = bits(&entry.dtype) else {
            let advice = "save the model as F32, F16 or BF16";
            return Some((format!("its type {dtype} is not known"), advice));
        };
        let needed = elements(shape).and_then(|elements| elements.checked_mul(bits));
        if needed.map(|bits| bits.div_ceil(8)) != Some(bytes) {
            let needed = needed.map_or_else(
                || "more bytes than can be counted".into(),
                |bits| format!("{} bytes", bits.div_ceil(8)),
            );
            let problem =
                format!("has {bytes} bytes, but {dtype} of shape {shape:?} takes {needed}");
            return Some((problem, SAVE));
        }
        match self.data.checked_add(to) {
            Some(end) if end <= self.length => None,
            _ => Some((
                format!(
                    "its bytes {from} to {to} reach past the end of the values at {}",
                    self.length - self.data
                ),
                "the file is cut short: download it again",
            )),
        }
    }

    /// Marks tensors whose bytes belong to another one too. Those with a problem already stay
    /// out of it: one wild entry must not take the rest of the file with it.
    fn mark_overlaps(&mut self) {
        let mut order: Vec<usize> = (0..self.tensors.len())
            .filter(|&place| {
                let (info, end) = &self.tensors[place];
                info.problem.is_none() && info.offset < *end
            })
            .collect();
        order.sort_by_key(|&place| self.tensors[place].0.offset);
        // The tensor that reaches furthest so far: whatever starts before its end overlaps it.
        let mut furthest: Option<usize> = None;
        for place in order {
            let (start, end) = (self.tensors[place].0.offset, self.tensors[place].1);
            let Some(other) = furthest else {
                furthest = Some(place);
                continue;
            };
            if start < self.tensors[other].1 {
                for (place, other) in [(place, other), (other, place)] {
                    let other = self.tensors[other].0.name.escape_debug().to_string();
                    let problem = format!("its bytes overlap those of tensor {other}");
                    self.mark(place, &problem, SAVE);
                }
            }
            if end > self.tensors[other].1 {
                furthest = Some(place);
            }
        }
    }

    /// Notes a problem; the first one found stays.
    fn mark(&mut self, place: usize, problem: &str, advice: &str) {
        let info = &mut self.tensors[place].0;
        if info.problem.is_none() {
            info.problem = Some(line(self.path, &info.name, problem, advice));
        }
    }
}
