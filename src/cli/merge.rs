//! `merge`: the parts of a scan, into the results files of the whole.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::ValueHint;
use serde::Serialize;

use crate::cli::Common;
use crate::cli::output::{print, print_json};
use crate::error::{Error, Problem, Result};
use crate::export::{RESULTS_FOLDER, Replace, sorted_file_name, write_all};
use crate::report::{
    Entry, Merged, ReportBuilder, SnrReport, Spectra, flat_json, slug_of_file, sorted_json,
    spectra_beside,
};

/// The arguments of `merge`.
#[derive(Debug, clap::Args)]
pub struct MergeArgs {
    /// The results files of the parts, each with its spectra beside it
    #[arg(required = true, value_hint = ValueHint::FilePath)]
    results: Vec<PathBuf>,
    /// The results file to write; the spectra go beside it, the sorted form too, or one folder
    /// up where the folder is `model_snr_results`
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: PathBuf,
    /// Go on without the parts that are missing; they can be merged into FILE's later
    #[arg(long)]
    partial: bool,
    /// Replace files that hold something else
    #[arg(long)]
    force: bool,
}

/// What was merged, as `--json` has it.
#[derive(Debug, Serialize)]
struct Document {
    slug: String,
    /// How many parts were given.
    parts: usize,
    /// Modules that were scanned.
    modules: usize,
    /// The parts that are missing, as text.
    missing: Option<String>,
    files: Vec<PathBuf>,
}

pub(super) fn run(arguments: &MergeArgs, common: Common) -> Result<()> {
    let output = &arguments.output;
    let slug = slug_of_file(output);
    let sorted = sorted_beside(output, &slug)?;
    let spectra_path = spectra_beside(output);
    let mut types = HashMap::new();
    let mut parts = Vec::with_capacity(arguments.results.len());
    for path in &arguments.results {
        let part = read(path, &mut types)?;
        parts.push((path.clone(), part));
    }
    let count = parts.len();
    let Merged { spectra, missing } = Spectra::merge(parts)?;
    if let Some(missing) = &missing {
        if !arguments.partial {
            return Err(refuse(
                output,
                missing,
                "give their results too, or --partial to go on without",
            ));
        }
        common.warn(&format!("{}: {missing}", output.display()));
    }
    let report = report(&slug, &spectra, &types);
    if report.modules.is_empty() {
        return Err(refuse(
            output,
            "none of the parts holds a module that could be scanned",
            "see what the scans of the parts said",
        ));
    }
    for entry in spectra.entries().iter().filter(|entry| entry.snr.is_none()) {
        let reason = entry.problem.as_deref().unwrap_or("no reason is known");
        common.warn(&format!("{}: was not scanned: {reason}", entry.name));
    }
    let bytes = spectra.to_bytes()?;
    let (flat_text, sorted_text) = (flat_json(&report), sorted_json(&report));
    // Spectra first, as a scan does: results without them would count as complete.
    let files = [
        (spectra_path.as_path(), bytes.as_slice()),
        (output.as_path(), flat_text.as_bytes()),
        (sorted.as_path(), sorted_text.as_bytes()),
    ];
    write(&files, arguments.force)?;
    let document = Document {
        slug,
        parts: count,
        modules: report.modules.len(),
        missing,
        files: files.map(|(path, _)| path.to_path_buf()).to_vec(),
    };
    if common.json {
        return print_json(&document);
    }
    let files = document.files.iter();
    let files: Vec<String> = files.map(|path| path.display().to_string()).collect();
    let modules = document.modules;
    print(&format!(
        "merged {count} parts: {modules} modules\n{}\n",
        files.join("\n")
    ))
}

fn refuse(path: &Path, problem: &str, advice: &str) -> Error {
    Problem::input(path, problem).advice(advice).into()
}

/// Where the sorted form of the results at `output` goes: where a scan would put it.
fn sorted_beside(output: &Path, slug: &str) -> Result<PathBuf> {
    let name = sorted_file_name(slug);
    let folder = output.parent().unwrap_or(Path::new(""));
    let of_a_scan = folder.file_name() == Some(RESULTS_FOLDER.as_ref());
    let folder = folder.parent().filter(|_| of_a_scan).unwrap_or(folder);
    let sorted = folder.join(name);
    if output.file_name() == sorted.file_name() {
        let advice = format!("give another one, such as snr_results_{slug}.json");
        return Err(refuse(output, "is a name of the sorted form", &advice));
    }
    Ok(sorted)
}

/// The spectra of the part whose results are at `path`; the types of its modules go to `types`.
fn read(path: &Path, types: &mut HashMap<String, String>) -> Result<Spectra> {
    let kept = spectra_beside(path);
    if !path.is_file() || !kept.is_file() {
        let missing = if path.is_file() { &kept } else { path };
        return Err(refuse(
            missing,
            "is not there",
            "each part is a results file with its spectra beside it: copy both",
        ));
    }
    let spectra = Spectra::read(&kept)?;
    if spectra.entries().iter().all(|entry| entry.snr.is_none()) {
        // A part without modules is an empty object, which is not a results file.
        return Ok(spectra);
    }
    let mut report = SnrReport::open(path)?;
    if !report.attach_spectra(&spectra) {
        let problem = report.warnings.pop().unwrap_or_default();
        return Err(refuse(path, &problem, "or copy both files of it again"));
    }
    for module in report.modules {
        let layer_type = &report.types[module.layer_type].name;
        types.insert(module.name, layer_type.clone());
    }
    Ok(spectra)
}

/// The report of the modules in `spectra` that were scanned.
fn report(slug: &str, spectra: &Spectra, types: &HashMap<String, String>) -> SnrReport {
    let mut builder = ReportBuilder::new(slug);
    for Entry { name, snr, .. } in spectra.entries() {
        let (Some(snr), Some(layer_type)) = (snr, types.get(name)) else {
            continue;
        };
        builder.push(name, layer_type).snr = Some(snr.0);
    }
    builder.finish()
}

fn write(files: &[(&Path, &[u8])], force: bool) -> Result<()> {
    let replace = Replace::from(force);
    write_all(files, replace).map_err(|error| match error {
        Error::Exists { path } => refuse(
            &path,
            "is there already with other content",
            "choose another name, or replace it with --force",
        ),
        other => other,
    })
}
