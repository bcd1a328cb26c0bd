//! The arrays of a numpy archive, `.npz`.
//!
//! Enters: an archive of `.npy` entries. Leaves: the arrays, with the place of their bytes in the
//! file; no value was read. The header of each is read by candle. An entry's values are at its
//! end (format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>).
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::ops::Range;

use candle_core::npy::NpzTensors;

use crate::error::{Error, Problem, Result};
use crate::source::ReadAt;
use crate::tensor::archive::Archive;
use crate::tensor::contents::Contents;
use crate::tensor::{DType, TensorInfo, elements, header};

/// The ending of an entry that is an array.
pub(super) const ENDING: &str = ".npy";
/// The longest header that is read, in bytes; numpy's own are 128 bytes long.
const MAX_HEADER: u64 = 1 << 16;
/// The most arrays of one archive: for each the directory is read again, by candle.
const MOST_ARRAYS: usize = 10_000;
/// What to do about an array that cannot be read.
const ADVICE: &str = "save it again with numpy.savez, as an array of float16, float32 or float64";

/// Reads the arrays of `archive`, which is file number `file` of its model.
///
/// # Errors
/// [`Error::Problem`] when the archive cannot be read a second time, by candle.
pub(super) fn read(bytes: &dyn ReadAt, file: usize, mut archive: Archive<'_>) -> Result<Contents> {
    let path = bytes.path();
    let arrays = archive.names.len();
    if arrays > MOST_ARRAYS {
        return Err(Problem::input(
            path,
            format!("holds {arrays} entries, more than the {MOST_ARRAYS} that are read"),
        )
        .at("archive")
        .advice("save the model as safetensors")
        .into());
    }
    let headers = NpzTensors::new(path).map_err(|error| {
        Error::from(
            Problem::input(path, format!("cannot be read: {}", first_line(&error)))
                .at("archive")
                .advice("give a file on this machine"),
        )
    })?;
    let mut tensors = Vec::new();
    let names: Vec<(usize, String)> = (0..).zip(archive.names.clone()).collect();
    for (entry, entry_name) in names {
        let Some(name) = entry_name.strip_suffix(ENDING) else {
            continue;
        };
        let mut info = TensorInfo {
            name: name.to_owned(),
            dtype: DType::Other("unknown".into()),
            shape: Vec::new(),
            file,
            offset: 0,
            transposed: false,
            problem: None,
        };
        if let Err(problem) = describe(&mut info, &headers, &mut archive, entry, bytes) {
            info.problem = Some(header::line(path, name, &problem, ADVICE));
        }
        tensors.push(info);
    }
    Ok(Contents {
        tensors,
        ..Contents::default()
    })
}

/// Reads type, shape and place of one array.
fn describe(
    info: &mut TensorInfo,
    headers: &NpzTensors,
    archive: &mut Archive<'_>,
    entry: usize,
    bytes: &dyn ReadAt,
) -> std::result::Result<(), String> {
    let place = archive.place(entry)?;
    // Before candle, which makes room for as long a header as is claimed.
    let text = header_text(bytes, &place)?;
    let (shape, dtype) = headers
        .get_shape_and_dtype(&info.name)
        .map_err(|error| format!("its header is not one that is read: {}", first_line(&error)))?;
    info.shape = shape.into_dims();
    info.dtype = match dtype {
        candle_core::DType::F64 => DType::F64,
        candle_core::DType::F32 => DType::F32,
        candle_core::DType::F16 => DType::F16,
        other => DType::Other(other.as_str().to_uppercase().into()),
    };
    info.offset = place.start;
    let Some(size) = info.dtype.width() else {
        // Its type says that it is not scanned.
        return Ok(());
    };
    let needed = elements(&info.shape).and_then(|count| count.checked_mul(size as u64));
    let length = place.end - place.start - text.len() as u64;
    if needed != Some(length) {
        return Err(format!(
            "has {length} bytes, which is not what shape {:?} of type {} takes",
            info.shape, info.dtype
        ));
    }
    info.offset = place.start + text.len() as u64;
    if String::from_utf8_lossy(&text).contains("'fortran_order': True") {
        match info.shape.len() {
            0 | 1 => {}
            2 => info.transposed = true,
            _ => return Err("has its elements in Fortran's order".into()),
        }
    }
    Ok(())
}

/// The header of the entry at `place`, with the number that gives its length: two bytes in version
/// 1 of the format, four in version 2.
fn header_text(bytes: &dyn ReadAt, place: &Range<u64>) -> std::result::Result<Vec<u8>, String> {
    let read = |length: u64| {
        if length > MAX_HEADER || length > place.end - place.start {
            return Err("its header is longer than it may be".to_owned());
        }
        let mut text = vec![0; length as usize];
        let read = bytes.read_exact_at(place.start, &mut text);
        read.map_err(|error| error.to_string()).map(|()| text)
    };
    let start = read(12)?;
    let number = |length: usize| {
        let bytes = start.get(8..8 + length).unwrap_or_default();
        bytes
            .iter()
            .rev()
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    };
    read(if start.get(6) == Some(&1) {
        10 + number(2)
    } else {
        12 + number(4)
    })
}

/// candle's text may bring a backtrace along: the first line is the message.
fn first_line(error: &candle_core::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}
