//! Opening what a path holds, told by the content and not by the name.
//!
//! Enters: a path. Leaves: a results file's report, an opened model, or that it is a run's log.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::export::RESULTS_FOLDER;
use crate::report::{SnrReport, Spectra, spectra_beside, spectra_file_name};
use crate::run;
use crate::tensor::Model;

/// What a path turned out to hold.
#[derive(Debug)]
pub enum Opened {
    /// A results file, with the spectra kept beside it where they are.
    Report(Box<SnrReport>, Option<Arc<Spectra>>),
    /// A model.
    Model(Arc<Model>),
    /// The log of training runs, not read yet.
    Log(PathBuf),
}

/// Opens `path`.
///
/// # Errors
/// A line that names the file, what is wrong with it and what to do.
pub fn open(path: &Path) -> Result<Opened> {
    if is_run_log(path)? {
        return Ok(Opened::Log(path.to_path_buf()));
    }
    if is_model(path)? {
        return Ok(Opened::Model(Arc::new(Model::open(path)?)));
    }
    let mut report = SnrReport::open(path)?;
    let spectra = attach_kept(&mut report, path);
    Ok(Opened::Report(Box::new(report), spectra))
}

/// Attaches the spectra that a scan kept beside the results at `path`, where it did.
fn attach_kept(report: &mut SnrReport, path: &Path) -> Option<Arc<Spectra>> {
    let name = spectra_file_name(&report.slug);
    let folder = path.parent().unwrap_or(Path::new(""));
    // Under the same name, where the results are not named as a scan names them. The sorted
    // file lies one folder above the flat one and the spectra.
    let places = [
        spectra_beside(path),
        folder.join(&name),
        folder.join(RESULTS_FOLDER).join(&name),
    ];
    let kept = places.into_iter().find(|place| place.is_file())?;
    match Spectra::read(&kept) {
        Ok(spectra) if report.attach_spectra(&spectra) => {
            if let Err(error) = report.attach_noise(&spectra) {
                report.warnings.push(error.to_string());
            }
            Some(Arc::new(spectra))
        }
        Ok(_) => None,
        Err(error) => {
            report.warnings.push(error.to_string());
            None
        }
    }
}
/// How much of a file tells what it is.
const HEAD: u64 = 4096;

/// Whether `path` is the log of training runs, as far as its beginning and its name tell.
///
/// # Errors
/// When it cannot be read.
pub fn is_run_log(path: &Path) -> Result<bool> {
    let metadata = fs::metadata(path).map_err(Error::io(path, "open the file"))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(metadata.is_file() && run::is_log(&head(path)?, &name))
}

/// The first bytes of a file.
fn head(path: &Path) -> Result<Vec<u8>> {
    let mut start = Vec::new();
    File::open(path)
        .map_err(Error::io(path, "open the file"))?
        .take(HEAD)
        .read_to_end(&mut start)
        .map_err(Error::io(path, "read the file"))?;
    Ok(start)
}

/// Whether `path` is a model: a folder, or a file that is not text in braces.
fn is_model(path: &Path) -> Result<bool> {
    // Before it is opened: not every system opens folders.
    let metadata = fs::metadata(path).map_err(Error::io(path, "open the file"))?;
    if metadata.is_dir() {
        return Ok(true);
    }
    let start = head(path)?;
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
