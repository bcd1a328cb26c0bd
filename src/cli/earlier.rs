//! Files of an earlier scan in the output folder: to be reused, replaced or left alone.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::error::{Error, Problem, Result};
use crate::export::{RESULTS_FOLDER, flat_file_name, sorted_file_name};
use crate::open;
use crate::report::{Part, SnrReport, Spectra, spectra_file_name};
use crate::spectral::{FileIdentity, Shard};
use crate::tensor::Model;

/// The files of a scan.
#[derive(Debug)]
pub(super) struct Files {
    /// The folder of the flat results.
    pub(super) folder: PathBuf,
    /// The flat results.
    pub(super) flat: PathBuf,
    /// The sorted results; a part of a scan has none.
    pub(super) sorted: Option<PathBuf>,
    /// The kept spectra.
    pub(super) spectra: PathBuf,
    /// Finished matrices of a scan that is not complete.
    pub(super) journal: PathBuf,
}

impl Files {
    /// The files under `out` for results of that name, or for a part of them.
    pub(super) fn new(out: &Path, slug: &str, shard: Option<Shard>) -> Self {
        let folder = out.join(RESULTS_FOLDER);
        let sorted = shard.is_none().then(|| out.join(sorted_file_name(slug)));
        let slug = &shard.map_or_else(
            || slug.to_owned(),
            |shard| format!("{slug}.shard-{}-of-{}", shard.index(), shard.count()),
        );
        Self {
            flat: folder.join(flat_file_name(slug)),
            sorted,
            spectra: folder.join(spectra_file_name(slug)),
            journal: folder.join(format!(".snr_results_{slug}.journal")),
            folder,
        }
    }
}

/// What an earlier scan left.
#[derive(Debug)]
pub(super) enum Earlier {
    /// Nothing.
    Nothing,
    /// Complete results of these weights.
    Complete(Box<SnrReport>),
    /// Results of these weights that a scan makes more complete.
    Part,
}

/// Looks for files of an earlier scan. `chosen` are the modules to scan, `identities` identify the
/// model's files, `part` is the shard to scan. Files of other weights or modules are an error:
/// they are not replaced unasked.
pub(super) fn look(
    files: &Files,
    model: &Model,
    chosen: &[usize],
    identities: &[FileIdentity],
    part: Option<&Part>,
) -> Result<Earlier> {
    let kept = exists(&files.spectra)?;
    // Unreadable spectra are not from this program, which writes files completely or not at all.
    let spectra = Spectra::read(&files.spectra).ok().filter(|_| kept);
    let ours = spectra
        .as_ref()
        .is_some_and(|spectra| is_ours(spectra, identities, part));
    if !exists(&files.flat)? {
        // Spectra are written first: without results, the scan was killed in between.
        if kept && !ours {
            return Err(refuse(&files.spectra, "is there, of another scan"));
        }
        if let Some(sorted) = &files.sorted
            && exists(sorted)?
        {
            return Err(refuse(sorted, "is there, of another scan"));
        }
        return Ok(Earlier::Nothing);
    }
    if part.is_some() && !ours {
        return Err(refuse(&files.flat, "is of other weights or another part"));
    }
    let wanted: HashSet<(&str, &str)> = wanted(model, chosen).collect();
    if wanted.is_empty() {
        // A part without modules: its results cannot be read, and cost nothing to make again.
        return Ok(Earlier::Nothing);
    }
    let mut report = SnrReport::open(&files.flat)
        .map_err(|error| refuse(&files.flat, &format!("cannot be reused ({error})")))?;
    if kept && !ours {
        return Err(refuse(&files.flat, "holds results of other weights"));
    }
    let there: HashSet<(&str, &str)> = entries(&report).collect();
    let older = open::is_older(&files.flat, model);
    if wanted == there && !older {
        if let Some(spectra) = &spectra {
            report.attach_spectra(spectra);
        }
        return Ok(Earlier::Complete(Box::new(report)));
    }
    if !there.is_subset(&wanted) {
        return Err(refuse(&files.flat, "holds results of other modules"));
    }
    match (ours, older) {
        (true, _) => Ok(Earlier::Part),
        // Without spectra nothing tells which weights the results are of.
        (false, true) => Err(refuse(&files.flat, "is older than the weights")),
        (false, false) => Err(refuse(&files.flat, "holds only a part of the modules")),
    }
}

/// Whether `spectra` are from these weights, and from this shard if one is to be scanned. Without
/// a shard they may still be incomplete: merged while other parts were missing.
fn is_ours(spectra: &Spectra, identities: &[FileIdentity], part: Option<&Part>) -> bool {
    spectra.files() == identities && (part.is_none() || spectra.part() == part)
}

/// Name and type of what a complete scan of `chosen` has in its results.
fn wanted<'a>(model: &'a Model, chosen: &[usize]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let infos = chosen.iter().filter_map(|&index| model.modules.get(index));
    infos
        .filter(|info| info.problem.is_none() || info.shape.contains(&0))
        .map(|info| (info.name.as_str(), info.layer_type.as_str()))
}

fn entries(report: &SnrReport) -> impl Iterator<Item = (&str, &str)> {
    let types = &report.types;
    let modules = report.modules.iter();
    modules.map(|module| (module.name.as_str(), types[module.layer_type].name.as_str()))
}

fn exists(path: &Path) -> Result<bool> {
    path.try_exists()
        .map_err(Error::io(path, "look for the file"))
}

fn refuse(path: &Path, problem: &str) -> Error {
    Problem::input(path, problem)
        .advice("give --fresh to replace it, or --name or --out to keep both")
        .into()
}
