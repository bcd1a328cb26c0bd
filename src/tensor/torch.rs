//! The tensors of a PyTorch file: `pytorch_model.bin`, `.pt`, `.pth`.
//!
//! Enters: an archive with a pickle in it. Leaves: the tensors the pickle describes, with the
//! place of their bytes in the file; no value was read, and nothing in the pickle is run. Format:
//! <https://docs.pytorch.org/docs/stable/notes/serialization.html>.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::collections::HashMap;
use std::ops::Range;

use candle_core::pickle::Object;

use crate::error::{Error, Problem, Result};
use crate::source::ReadAt;
use crate::tensor::archive::Archive;
use crate::tensor::contents::Contents;
use crate::tensor::{DType, TensorInfo, elements, header, pickle, state_dict};

/// The name of the pickle in the archive's folder.
pub(super) const PICKLE: &str = "data.pkl";
/// What to do about a file that is refused.
const ADVICE: &str = "do not load it in Python unless you trust where it comes from; give the \
                      model as safetensors";

/// Reads the tensors of `archive`, which is file number `file` of its model.
///
/// # Errors
/// [`Error::Problem`] when the pickle is refused or describes no tensors.
pub(super) fn read(bytes: &dyn ReadAt, file: usize, mut archive: Archive<'_>) -> Result<Contents> {
    let refuse = |place: &str, problem: String, advice: &str| {
        Error::from(
            Problem::input(bytes.path(), problem)
                .at(place)
                .advice(advice),
        )
    };
    let is_pickle = |name: &&String| name.rsplit('/').next() == Some(PICKLE);
    let Some(name) = archive.names.iter().find(is_pickle).cloned() else {
        let problem = "the archive holds no data.pkl".to_owned();
        return Err(refuse(
            "archive",
            problem,
            "give a file that torch.save wrote",
        ));
    };
    let entries: HashMap<String, usize> = archive.names.iter().cloned().zip(0..).collect();
    let folder = name.strip_suffix(PICKLE).unwrap_or_default().to_owned();
    if let Some(entry) = entries.get(&format!("{folder}byteorder"))
        && archive.read(*entry, 64).is_ok_and(|order| order == b"big")
    {
        let problem = "its values are stored with the highest byte first".to_owned();
        return Err(refuse(
            "archive",
            problem,
            "save it again on another machine",
        ));
    }
    let object = archive
        .read(
            entries.get(&name).copied().unwrap_or_default(),
            pickle::MAX_PICKLE,
        )
        .map_err(|problem| refuse(PICKLE, problem, ADVICE))
        .and_then(|text| pickle::read(&text).map_err(|problem| refuse(PICKLE, problem, ADVICE)))?;
    let mut warnings = Vec::new();
    let state = state_dict::find(object).ok_or_else(|| {
        let problem = "its pickle describes no named tensors".to_owned();
        refuse(
            PICKLE,
            problem,
            "save the model's state_dict with torch.save",
        )
    })?;
    warnings.extend(state.line(bytes.path()));
    let mut reader = Reader {
        bytes,
        file,
        folder,
        entries,
        places: HashMap::new(),
        archive,
    };
    let mut tensors = Vec::with_capacity(state.items.len());
    for (name, value) in state.items {
        if let Some(args) = rebuilt(value) {
            tensors.push(reader.tensor(name, &args));
        }
    }
    // The order of the pickle is lost: candle turns round what is set at once.
    tensors.sort_by(|a: &TensorInfo, b| (a.offset, &a.name).cmp(&(b.offset, &b.name)));
    Ok(Contents {
        tensors,
        warnings,
        ..Contents::default()
    })
}

/// The arguments that a tensor is rebuilt from; those of what is inside, for a parameter.
fn rebuilt(object: Object) -> Option<Vec<Object>> {
    let Object::Reduce { callable, args } = object else {
        return None;
    };
    let (Object::Class { class_name, .. }, Object::Tuple(args)) = (*callable, *args) else {
        return None;
    };
    match &*class_name {
        "_rebuild_tensor" | "_rebuild_tensor_v2" | "_rebuild_tensor_v3" => Some(args),
        "_rebuild_parameter" | "_rebuild_parameter_with_state" => rebuilt(args.into_iter().next()?),
        // (function, type, arguments, state)
        "_rebuild_from_type_v2" => match args.into_iter().nth(2)? {
            Object::Tuple(args) => Some(args),
            _ => None,
        },
        _ => None,
    }
}

struct Reader<'a> {
    bytes: &'a dyn ReadAt,
    file: usize,
    /// The archive's folder, with a slash.
    folder: String,
    /// The archive's entries, by name.
    entries: HashMap<String, usize>,
    /// Where the storages that were met are.
    places: HashMap<String, std::result::Result<Range<u64>, String>>,
    archive: Archive<'a>,
}

impl Reader<'_> {
    fn tensor(&mut self, name: String, args: &[Object]) -> TensorInfo {
        let mut info = TensorInfo {
            name,
            dtype: DType::Other("unknown".into()),
            shape: Vec::new(),
            file: self.file,
            offset: 0,
            transposed: false,
            problem: None,
        };
        if let Err(problem) = self.describe(&mut info, args) {
            let advice = "save the model again with safetensors";
            info.problem = Some(header::line(
                self.bytes.path(),
                &info.name,
                &problem,
                advice,
            ));
        }
        info
    }

    /// Reads type, shape and place out of the arguments: storage, offset, size, stride, and from
    /// the seventh on the type where the storage has none.
    fn describe(
        &mut self,
        info: &mut TensorInfo,
        args: &[Object],
    ) -> std::result::Result<(), String> {
        const UNUSUAL: &str = "is not described as PyTorch describes a tensor";
        let [Object::PersistentLoad(storage), offset, size, stride, ..] = args else {
            return Err(UNUSUAL.into());
        };
        let Object::Tuple(storage) = &**storage else {
            return Err(UNUSUAL.into());
        };
        let [
            _,
            Object::Class { class_name, .. },
            Object::Unicode(key),
            ..,
        ] = &**storage
        else {
            return Err(UNUSUAL.into());
        };
        info.dtype = match args.get(6) {
            Some(Object::Class { class_name, .. }) => dtype(class_name),
            _ => dtype(class_name),
        };
        info.shape = numbers(size).ok_or(UNUSUAL)?;
        let stride = numbers(stride).ok_or(UNUSUAL)?;
        let first = number(offset).ok_or(UNUSUAL)? as u64;
        let place = self.place(key)?;
        info.offset = place.start;
        if info.dtype.size().is_none() {
            // Integers, of which only a quantizer's codes are read.
            let width = info
                .dtype
                .width()
                .filter(|_| order(&info.shape, &stride) == Some(false));
            let start = width.and_then(|width| first.checked_mul(width as u64));
            let count = elements(&info.shape);
            let length = width
                .zip(count)
                .and_then(|(width, count)| count.checked_mul(width as u64));
            let end = start
                .zip(length)
                .and_then(|(start, length)| start.checked_add(length));
            match start.filter(|_| end.is_some_and(|end| end <= place.end - place.start)) {
                Some(start) => info.offset += start,
                None => info.dtype = DType::Other(format!("view of {}", info.dtype).into()),
            }
            return Ok(());
        }
        let bytes = info.dtype.size().unwrap_or(1);
        let count = elements(&info.shape).ok_or("has more elements than can be counted")?;
        info.transposed = match order(&info.shape, &stride) {
            Some(transposed) => transposed,
            None => {
                return Err(format!(
                    "is a view whose elements do not lie together: shape {:?}, strides {stride:?}",
                    info.shape
                ));
            }
        };
        let end = first
            .checked_add(count)
            .and_then(|end| end.checked_mul(bytes as u64));
        if end.is_none_or(|end| end > place.end - place.start) {
            return Err(format!(
                "needs {count} elements from {first} on, more than its storage of {} bytes holds",
                place.end - place.start
            ));
        }
        info.offset = place.start + first * bytes as u64;
        Ok(())
    }

    /// Where the storage of that key is in the file.
    fn place(&mut self, key: &str) -> std::result::Result<Range<u64>, String> {
        if let Some(place) = self.places.get(key) {
            return place.clone();
        }
        let name = format!("{}data/{key}", self.folder);
        let place = match self.entries.get(&name) {
            Some(entry) => self
                .archive
                .place(*entry)
                .map_err(|problem| format!("its storage {name} {problem}")),
            None => Err(format!(
                "its storage {} is not in the archive",
                name.escape_debug()
            )),
        };
        self.places.insert(key.to_owned(), place.clone());
        place
    }
}

/// The type of that storage class or `torch.dtype`.
fn dtype(class: &str) -> DType {
    match class {
        "DoubleStorage" | "float64" => DType::F64,
        "FloatStorage" | "float32" => DType::F32,
        "HalfStorage" | "float16" => DType::F16,
        "BFloat16Storage" | "bfloat16" => DType::BF16,
        "float8_e4m3fn" => DType::F8E4M3,
        "float8_e5m2" => DType::F8E5M2,
        other => {
            let name = match other.trim_end_matches("Storage") {
                "Byte" | "uint8" => "U8",
                "Char" | "int8" => "I8",
                "Short" | "int16" => "I16",
                "Int" | "int32" => "I32",
                "Long" | "int64" => "I64",
                "uint32" => "U32",
                name => name,
            };
            DType::Other(name.into())
        }
    }
}

/// Whether elements of that shape and stride lie together: row by row (`false`) or, for a matrix,
/// column by column (`true`).
fn order(shape: &[usize], stride: &[usize]) -> Option<bool> {
    /// Whether each step is as long as all the elements before; innermost dimension first.
    fn together<'a>(mut shape: impl Iterator<Item = (&'a usize, &'a usize)>) -> bool {
        let mut next = 1_usize;
        shape.all(|(&length, &step)| {
            // The step along a single element says nothing.
            let fits = length == 1 || step == next;
            next = next.saturating_mul(length);
            fits
        })
    }
    if shape.len() != stride.len() {
        None
    } else if shape.contains(&0) || together(shape.iter().zip(stride).rev()) {
        Some(false)
    } else if shape.len() == 2 && together(shape.iter().zip(stride)) {
        Some(true)
    } else {
        None
    }
}

fn numbers(object: &Object) -> Option<Vec<usize>> {
    match object {
        Object::Tuple(items) | Object::List(items) => items.iter().map(number).collect(),
        // `torch.Size((2, 3))`
        Object::Reduce { args, .. } => match &**args {
            Object::Tuple(args) => numbers(args.first()?),
            _ => None,
        },
        _ => None,
    }
}

fn number(object: &Object) -> Option<usize> {
    match object {
        Object::Int(number) => usize::try_from(*number).ok(),
        Object::Long(number) => usize::try_from(*number).ok(),
        _ => None,
    }
}
