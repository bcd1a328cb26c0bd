//! What an argument names: the sample, a results file, or a model, told by what the file holds.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use crate::cli::Common;
use crate::error::{Error, Result};
use crate::report::SnrReport;
use crate::tensor::Model;

/// The argument that stands for the embedded sample.
const SAMPLE: &str = "sample";

/// The report that `results` names: the sample or a results file. Its warnings are printed.
///
/// # Errors
/// When it cannot be read; the line names the file and the place.
pub fn open_report(results: &str, common: &Common) -> Result<SnrReport> {
    let report = if results == SAMPLE {
        sample()?
    } else {
        SnrReport::open(Path::new(results))?
    };
    for line in &report.warnings {
        common.warn(line);
    }
    Ok(report)
}

/// The report that `source` names: the sample, a results file, or a model's modules without
/// ratios. Its warnings are printed.
///
/// # Errors
/// As [`open_report`], and when the model cannot be opened.
pub fn open_model_or_report(source: &str, common: &Common) -> Result<SnrReport> {
    let path = Path::new(source);
    if source == SAMPLE || !is_model(path)? {
        return open_report(source, common);
    }
    let report = SnrReport::of_model(&Model::open(path)?);
    for line in &report.warnings {
        common.warn(line);
    }
    Ok(report)
}

// The one place that knows the embedded sample.
fn sample() -> Result<SnrReport> {
    Err(Error::Selection {
        what: SAMPLE.into(),
        problem: "is not part of this build; give a results file".into(),
    })
}

/// Whether `path` is a model: a folder, or a file that is not text in braces.
fn is_model(path: &Path) -> Result<bool> {
    // Before it is opened: not every system opens folders.
    let metadata = fs::metadata(path).map_err(Error::io(path, "open the file"))?;
    if metadata.is_dir() {
        return Ok(true);
    }
    let mut start = Vec::new();
    File::open(path)
        .map_err(Error::io(path, "open the file"))?
        .take(4096)
        .read_to_end(&mut start)
        .map_err(Error::io(path, "read the file"))?;
    // Safetensors: a length, then a header in braces. The first eight bytes of any text are,
    // as a length, far beyond any file.
    if let Some((length, header)) = start.split_first_chunk::<8>()
        && header.starts_with(b"{")
        && u64::from_le_bytes(*length) <= metadata.len()
    {
        return Ok(true);
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    let first = text.trim_ascii_start().first();
    Ok(!matches!(first, None | Some(b'{' | b'[')))
}
