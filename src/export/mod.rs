//! A freeze set as the text its readers take, what each of them would train of it, and the one
//! function that writes files.

mod consumer;
mod dry_run;
mod entries;
mod file;
mod format;
mod freeze_file;
mod judgment;
mod matcher;
mod names;
mod naming;
mod parameters;
mod read_set;
mod rename;
mod spectrum;
mod warning;
mod writer;

pub use consumer::Consumer;
pub use dry_run::{DryRun, dry_run, modules_of};
pub use file::{Outcome, Replace, write};
pub use format::Format;
pub use freeze_file::{FreezeFile, LlamaFactory, MsSwift, Pattern, Peft, Settings};
pub use names::names;
pub use naming::{Naming, follow_file};
pub use parameters::{ModuleEntry, Parameter, Parameters, Source, TiedPair};
pub use read_set::{read_freeze_file, read_freeze_text};
pub use rename::{Rename, RenamedRun, rename_warnings, renamed_runs, rewrite_for};
pub use spectrum::{spectrum_file_name, spectrum_yaml};
pub use warning::{Severity, Warning, WarningKind};
pub use writer::{Exported, export_renamed, export_text, python_loop, regular_expression};

use std::path::Path;

use crate::error::{Error, Result};
use crate::report::{SnrReport, flat_json, sorted_json};

/// The folder that results files are kept in, as the reference program names it.
pub const RESULTS_FOLDER: &str = "model_snr_results";

/// The results file of a report: `snr_results_<slug>.json`.
#[must_use]
pub fn flat_file_name(slug: &str) -> String {
    format!("snr_results_{slug}.json")
}

/// The sorted results file of a report: `snr_results_<slug>_sorted.json`.
#[must_use]
pub fn sorted_file_name(slug: &str) -> String {
    format!("snr_results_{slug}_sorted.json")
}

/// Writes both results files of `report` where the reference program puts them: the flat one
/// into `model_snr_results` under `folder` (made where it is missing), the sorted one into
/// `folder` itself.
///
/// # Errors
/// [`Error::Io`] when a file cannot be written; [`Error::Exists`] when another one is there and
/// `replace` is [`Replace::No`], which is found before either is written.
pub fn write_results(folder: &Path, report: &SnrReport, replace: Replace) -> Result<()> {
    let results = folder.join(RESULTS_FOLDER);
    let flat = results.join(flat_file_name(&report.slug));
    let sorted = folder.join(sorted_file_name(&report.slug));
    let (flat_text, sorted_text) = (flat_json(report), sorted_json(report));
    let files = [
        (flat.as_path(), flat_text.as_bytes()),
        (sorted.as_path(), sorted_text.as_bytes()),
    ];
    write_all(&files, replace)
}

/// Writes files that belong together, and makes the folders they are to be in. With
/// [`Replace::No`] it is found before anything is written whether one of them is in the way.
///
/// # Errors
/// As [`write()`], and when a folder cannot be made.
pub fn write_all(files: &[(&Path, &[u8])], replace: Replace) -> Result<()> {
    if replace == Replace::No {
        for (path, bytes) in files {
            file::check_free(path, bytes)?;
        }
    }
    for (path, bytes) in files {
        if let Some(folder) = path.parent().filter(|path| !path.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(Error::io(folder, "make the folder"))?;
        }
        write(path, bytes, replace)?;
    }
    Ok(())
}
