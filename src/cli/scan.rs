//! `scan`: a model's signal-to-noise ratios, into results files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use clap::ValueHint;

use crate::cli::earlier::{Earlier, Files, look};
use crate::cli::scan_summary::Summary;
use crate::cli::{Common, hub, interrupt, meter};
use crate::error::{Error, Problem, Result};
use crate::export::{self, Replace, write, write_results};
use crate::open::Target;
use crate::progress::Progress;
use crate::report::{Part, SnrReport, Spectra, flat_json};
use crate::selection::{Choice, FreezeSet, Percent, Ranking, matching_types};
use crate::source::slug;
use crate::spectral::{
    Compute, Device, FileIdentity, Journal, ModuleResult, ScanOptions, Shard, default_memory,
    default_threads, scan,
};
use crate::tensor::Model;
use crate::text::parse_gib;

/// The arguments of `scan`.
#[derive(Debug, clap::Args)]
pub struct ScanArgs {
    /// A model's folder, one of its weight files, or a model of the Hugging Face hub:
    /// org/name[@revision], downloaded into its cache where it is not there
    #[arg(value_hint = ValueHint::AnyPath)]
    model: PathBuf,
    /// Read a model of the hub where it is, by ranges: nothing of it is kept on this machine
    #[arg(long)]
    remote: bool,
    /// Where the files go: results and spectra into `model_snr_results` there
    #[arg(long, value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    out: PathBuf,
    /// Name in the files' names, instead of the folder's
    #[arg(long)]
    name: Option<String>,
    /// Scan only the layer types whose whole name matches, such as 'mlp.*'
    #[arg(long, value_name = "GLOB")]
    types: Vec<String>,
    /// Leave out the layer types whose whole name matches; wins over --types
    #[arg(long, value_name = "GLOB")]
    skip_types: Vec<String>,
    /// Write the freeze set of this percentage too, as Spectrum's YAML
    #[arg(long, value_name = "P", value_parser = super::select::percent)]
    top_percent: Option<Percent>,
    /// Threads to work with [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Memory for the matrices being worked on [default: half of what is free]
    #[arg(long, value_name = "GiB", value_parser = parse_gib)]
    memory: Option<u64>,
    /// What to compute with
    #[arg(long, value_enum, default_value_t, value_name = "DEVICE")]
    device: Device,
    /// Start over: forget an unfinished scan, replace earlier files
    #[arg(long)]
    fresh: bool,
    /// Do not keep the singular values
    #[arg(long)]
    no_spectra: bool,
    /// Scan only part I of N, of about equal work each; `merge` puts them together
    #[arg(long, value_name = "I/N", conflicts_with_all = ["no_spectra", "top_percent"])]
    shard: Option<Shard>,
}

pub(super) fn run(arguments: &ScanArgs, common: Common) -> Result<()> {
    let started = Instant::now();
    let model = open(arguments, common)?;
    common.warn_all(&model.warnings);
    let mut chosen = choose(&model, arguments)?;
    let part = arguments.shard.map(|shard| Part {
        shards: vec![shard],
        modules: names(&model, &chosen),
    });
    if let Some(shard) = arguments.shard {
        chosen = shard.of(&model, &chosen);
    }
    let files = Files::new(&arguments.out, &model.slug, arguments.shard);
    // A file that is missing has been warned of; what it holds is not scanned.
    let identities = model.files.iter().filter(|file| file.length() > 0);
    let identities: Result<Vec<_>> = identities
        .map(|file| FileIdentity::of(file.as_ref()))
        .collect();
    let job = Job {
        arguments,
        common,
        identities: identities?,
        model,
        chosen,
        part,
        files,
    };
    let mut summary = job.run()?;
    summary.seconds = started.elapsed().as_secs_f64();
    summary.print(common)?;
    summary.failure().map_or(Ok(()), Err)
}

/// Opens the model under the name its files are to have.
fn open(arguments: &ScanArgs, common: Common) -> Result<Model> {
    let access = if arguments.remote {
        hub::Access::Remote
    } else {
        hub::Access::Download
    };
    let mut model = match Target::parse(&arguments.model)? {
        Target::Hub(id) => hub::model(&id, access, common)?,
        _ if arguments.remote => {
            let problem = Problem::input(&arguments.model, "is on this machine");
            let advice = "leave out --remote; for a model of the hub with that name write hf:// \
                          before it";
            return Err(problem.advice(advice).into());
        }
        // A folder with the sample's name is a folder: the sample has been scanned.
        Target::Path(_) | Target::Sample => Model::open(&arguments.model)?,
    };
    if let Some(name) = &arguments.name {
        model.slug = slug::of_id(name);
    }
    Ok(model)
}

/// The modules to scan, in the model's order.
fn choose(model: &Model, arguments: &ScanArgs) -> Result<Vec<usize>> {
    let report = SnrReport::of_model(model);
    let matching = |patterns: &[String]| -> Result<BTreeSet<usize>> {
        let mut types = BTreeSet::new();
        for pattern in patterns {
            types.extend(matching_types(&report, pattern)?);
        }
        Ok(types)
    };
    let (taken, skipped) = (
        matching(&arguments.types)?,
        matching(&arguments.skip_types)?,
    );
    let all = arguments.types.is_empty();
    let modules = report.modules.iter().enumerate();
    let chosen: Vec<usize> = modules
        .filter(|(_, module)| {
            let layer_type = &module.layer_type;
            (all || taken.contains(layer_type)) && !skipped.contains(layer_type)
        })
        .map(|(index, _)| index)
        .collect();
    if chosen.is_empty() {
        return Err(Problem::input(&model.path, "no layer type is left to scan")
            .advice("`layerscope types` lists the model's; see --types and --skip-types")
            .into());
    }
    Ok(chosen)
}

fn names(model: &Model, modules: &[usize]) -> Vec<String> {
    let infos = modules.iter().filter_map(|&index| model.modules.get(index));
    infos.map(|info| info.name.clone()).collect()
}

/// A scan and its files.
struct Job<'a> {
    arguments: &'a ScanArgs,
    common: Common,
    identities: Vec<FileIdentity>,
    model: Model,
    /// The modules to scan now.
    chosen: Vec<usize>,
    /// The shard that they are, if the scan is one of several.
    part: Option<Part>,
    files: Files,
}

impl Job<'_> {
    fn run(&self) -> Result<Summary> {
        let files = &self.files;
        let mut replace = Replace::No;
        if self.arguments.fresh {
            Journal::remove(&files.journal)?;
            replace = Replace::Yes;
        } else {
            let part = self.part.as_ref();
            match look(files, &self.model, &self.chosen, &self.identities, part)? {
                Earlier::Nothing => {}
                Earlier::Part => replace = Replace::Yes,
                Earlier::Complete(report) => return self.reuse(&report),
            }
        }
        self.scan(replace)
    }

    /// Adds the files that complete results lack.
    fn reuse(&self, report: &SnrReport) -> Result<Summary> {
        self.common.note(&format!(
            "{}: holds the results already; --fresh scans again",
            self.files.flat.display()
        ));
        let mut summary = self.summary(report);
        summary.reused = report.modules.len();
        let mut report = report.clone();
        report.slug.clone_from(&self.model.slug);
        summary.files.extend(self.write(&report, Replace::No)?);
        Journal::remove(&self.files.journal)?;
        if self.files.spectra.is_file() {
            summary.files.push(self.files.spectra.clone());
        } else if !self.arguments.no_spectra {
            let line =
                "the results have no spectra beside them; --fresh scans again and keeps them";
            self.common.warn(line);
        }
        summary.files.extend(self.write_set(&report)?);
        Ok(summary)
    }

    fn scan(&self, replace: Replace) -> Result<Summary> {
        let files = &self.files;
        std::fs::create_dir_all(&files.folder)
            .map_err(Error::io(&files.folder, "make the folder"))?;
        let threads = self.arguments.threads;
        let options = ScanOptions {
            modules: self.chosen.clone(),
            threads: threads.map_or_else(default_threads, usize::from),
            memory: self.arguments.memory.unwrap_or_else(default_memory),
            journal: Some(files.journal.clone()),
            compute: Compute {
                device: self.arguments.device,
            },
        };
        let progress = Progress::default();
        interrupt::cancels(&progress);
        let results: Mutex<Vec<(usize, ModuleResult)>> = Mutex::default();
        let keep = |index, mut result: ModuleResult| {
            if self.arguments.no_spectra {
                result.values = Vec::new();
            }
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            results.push((index, result));
        };
        let outcome = meter::watch(&progress, self.common, || {
            scan(&self.model, &options, &progress, keep)
        });
        let outcome = outcome.inspect_err(|error| {
            if error.is_canceled() || error.is_of_hub() {
                let line = "what is finished is kept: the same command goes on from there";
                self.common.note(line);
            }
        })?;
        self.common.warn_all(&outcome.warnings);
        let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
        // Modules finish in any order; their warnings are printed in the model's.
        results.sort_by_key(|(index, _)| *index);
        let mut report = SnrReport::of_model(&self.model);
        report.warnings.clear();
        for (index, result) in &results {
            report.record(*index, result);
        }
        self.common.warn_all(&report.warnings);
        let mut summary = self.summary(&report);
        (summary.scanned, summary.resumed) = (outcome.scanned, outcome.resumed);
        summary.failed = outcome.failed;
        summary.device.clone_from(&outcome.device);
        let report = report.scanned_only();
        // A part without modules is not an error: the others may have some.
        if report.modules.is_empty() && (self.part.is_none() || outcome.failed > 0) {
            if outcome.failed == 0 {
                Journal::remove(&files.journal)?;
            }
            return Err(summary.nothing());
        }
        // Spectra first: results without them would count as complete.
        if !self.arguments.no_spectra {
            let mut spectra = Spectra::new(&self.model, self.identities.clone(), results)
                .computed_on(outcome.device);
            if let Some(part) = &self.part {
                spectra = spectra.of_part(part.clone());
            }
            write(&files.spectra, &spectra.to_bytes()?, replace)?;
            summary.files.push(files.spectra.clone());
        } else if replace == Replace::Yes {
            remove(&files.spectra)?;
        }
        summary.files.extend(self.write(&report, replace)?);
        if outcome.failed == 0 {
            Journal::remove(&files.journal)?;
        }
        summary.files.extend(self.write_set(&report)?);
        Ok(summary)
    }

    fn summary(&self, report: &SnrReport) -> Summary {
        Summary::new(&self.model, report, &self.chosen, self.arguments.shard)
    }

    /// Writes the results, and returns their files.
    fn write(&self, report: &SnrReport, replace: Replace) -> Result<Vec<PathBuf>> {
        let flat = self.files.flat.clone();
        if let Some(sorted) = &self.files.sorted {
            write_results(&self.arguments.out, report, replace)?;
            Ok(vec![flat, sorted.clone()])
        } else {
            write(&flat, flat_json(report).as_bytes(), replace)?;
            Ok(vec![flat])
        }
    }

    /// Writes the freeze set if `--top-percent` asks for one.
    fn write_set(&self, report: &SnrReport) -> Result<Option<PathBuf>> {
        let Some(percent) = self.arguments.top_percent else {
            return Ok(None);
        };
        let choice = Choice {
            percent,
            ..Choice::default()
        };
        let set = FreezeSet::new(report, &Ranking::new(report), &choice);
        let name = export::spectrum_file_name(&self.model.slug, &set);
        let path = self.arguments.out.join(name);
        let replace = Replace::from(self.arguments.fresh);
        write(
            &path,
            export::spectrum_yaml(report, &set).as_bytes(),
            replace,
        )?;
        Ok(Some(path))
    }
}

/// Removes spectra that belong to other results.
fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io(path, "remove the earlier file")(error))
        }
        _ => Ok(()),
    }
}
