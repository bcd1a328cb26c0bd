//! `inspect`: everything known about one module.

use std::sync::{Arc, Mutex, PoisonError};

use clap::ValueHint;

use crate::cli::Common;
use crate::cli::inspect_document::{Document, Rank};
use crate::cli::meter::watch;
use crate::cli::open::open_source;
use crate::cli::output::{print, print_json};
use crate::error::{Error, Problem, Result};
use crate::open::Opened;
use crate::progress::Progress;
use crate::report::{Module, SnrReport, Spectra};
use crate::selection::{Ranking, matching_modules};
use crate::spectral::law::{Profile, ScaleMethod, Stability, WIDTH, rank_intervals};
use crate::spectral::{
    Compute, ModuleResult, ScanOptions, Snr, default_memory, default_threads, scan, snr,
};
use crate::tensor::{Layout, Model, layout};

/// The arguments of `inspect`.
#[derive(Debug, clap::Args)]
pub struct InspectArgs {
    /// A results file, a model's folder or weight file, or `sample`
    #[arg(value_name = "RESULTS|MODEL", value_hint = ValueHint::AnyPath)]
    source: String,
    /// The module's name, such as `model.layers.7.mlp.down_proj`, or a pattern that fits it alone
    module: String,
    /// How the scale of the noise is estimated
    #[arg(long, value_enum, default_value = "median")]
    method: ScaleMethod,
    /// Which matrix of a weight that holds those of all experts, from 0
    #[arg(long, value_name = "I")]
    expert: Option<usize>,
}

/// One module's singular values with the ratio made from them.
struct Spectrum {
    /// Descending.
    values: Vec<f64>,
    /// The ratio before the values were rounded for storage; `None` for one of several experts.
    detail: Option<Snr>,
    rows: usize,
    cols: usize,
}

pub(super) fn run(arguments: &InspectArgs, common: Common) -> Result<()> {
    let Source {
        mut report,
        spectra,
        model,
    } = Source::open(&arguments.source, common)?;
    common.warn_all(&report.warnings);
    let index = find(&report, &arguments.module)?;
    let mut notes = Vec::new();
    let mut values = None;
    if let Some(model) = &model {
        let result = scan_one(model, index, common)?;
        report.record(index, &result);
        values = Some(result.values.concat()).filter(|values| !values.is_empty());
    } else if let Some(spectra) = &spectra {
        values = spectra.values(&report.modules[index].name)?;
    } else {
        notes.push(format!(
            "{} holds the ratio alone: the rest needs the model, or the spectra that `layerscope \
             scan` keeps beside the results; name the model's folder in the place of the results",
            arguments.source
        ));
    }
    let module = &report.modules[index];
    if let Some(problem) = &module.problem {
        notes.push(problem.clone());
    }
    let spectrum = spectrum(module, values, arguments.expert, &mut notes)?;
    let profile = spectrum.and_then(|spectrum| profile(&spectrum, arguments.method));
    let ranking = Ranking::new(&report);
    let rank = match (&spectra, profile) {
        (Some(spectra), Some(_)) => rank(&report, spectra, &ranking, index)?,
        _ => None,
    };
    if model.is_some() {
        notes.push("the rank is not known: only this module was scanned".into());
    }
    let enters = ranking.enters_at(index).filter(|_| model.is_none());
    let layer_type = report.type_of(index);
    let document = Document::new(module, layer_type, profile.as_ref(), enters, rank, notes);
    if common.json {
        print_json(&document)
    } else {
        print(&document.text())
    }
}

/// What a source holds.
struct Source {
    report: SnrReport,
    /// Kept with results.
    spectra: Option<Arc<Spectra>>,
    /// Not scanned.
    model: Option<Arc<Model>>,
}

impl Source {
    fn open(name: &str, common: Common) -> Result<Self> {
        Ok(match open_source(name, common)? {
            Opened::Report(report, spectra) => Self {
                report: *report,
                spectra,
                model: None,
            },
            Opened::Model(model) => Self {
                report: SnrReport::of_model(&model),
                spectra: None,
                model: Some(model),
            },
            other => return Err(other.refused()),
        })
    }
}

/// The one module that `name` names.
fn find(report: &SnrReport, name: &str) -> Result<usize> {
    let plain = name.strip_suffix(".weight");
    if let Some(index) = plain.and_then(|plain| report.find(plain)) {
        return Ok(index);
    }
    match matching_modules(report, name)?.as_slice() {
        [index] => Ok(*index),
        [first, .., last] => Err(Problem::argument(
            name,
            format!(
                "fits several modules, from {} to {}; name one",
                report.modules[*first].name, report.modules[*last].name
            ),
        )
        .into()),
        [] => Err(Problem::argument(name, "fits no module").into()),
    }
}

/// Scans one module of `model`.
fn scan_one(model: &Model, index: usize, common: Common) -> Result<ModuleResult> {
    let options = ScanOptions {
        modules: vec![index],
        threads: default_threads(),
        memory: default_memory(),
        journal: None,
        compute: Compute::default(),
    };
    let progress = Progress::default();
    let found = Mutex::new(ModuleResult::default());
    let keep = |_: usize, result: ModuleResult| {
        *found.lock().unwrap_or_else(PoisonError::into_inner) = result;
    };
    watch(&progress, common, || scan(model, &options, &progress, keep))?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The spectrum of `module`'s matrix, or of the requested `expert`.
fn spectrum(
    module: &Module,
    values: Option<Vec<f32>>,
    expert: Option<usize>,
    notes: &mut Vec<String>,
) -> Result<Option<Spectrum>> {
    let (Some(values), Some(weight)) = (values, &module.weight) else {
        return Ok(None);
    };
    let refuse = |problem: String| Error::from(Problem::spectrum(&module.name, problem));
    let Layout { count, rows, cols } = layout(&module.name, &weight.shape).map_err(refuse)?;
    let expert = match expert {
        Some(expert) if expert >= count => {
            return Err(refuse(format!(
                "--expert {expert}: it holds {count} matrices, counted from 0"
            )));
        }
        None if count > 1 => {
            notes.push(format!(
                "its ratio is the median of {count} experts'; give --expert 0 to {} for one",
                count - 1
            ));
            return Ok(None);
        }
        expert => expert.unwrap_or(0),
    };
    let each = rows.min(cols);
    let own = values.get(expert * each..(expert + 1) * each);
    let own = own.ok_or_else(|| refuse("its kept singular values are incomplete".into()))?;
    Ok(Some(Spectrum {
        values: own.iter().map(|&value| f64::from(value)).collect(),
        detail: module.detail.filter(|_| count == 1),
        rows,
        cols,
    }))
}

fn profile(spectrum: &Spectrum, method: ScaleMethod) -> Option<Profile> {
    let Spectrum {
        values, rows, cols, ..
    } = spectrum;
    let detail = spectrum.detail.or_else(|| snr(values, *rows, *cols))?;
    Profile::with_snr(values, detail, *rows, *cols, method)
}

/// The module's place in its type, and the places it may take while τ moves a little.
fn rank(
    report: &SnrReport,
    spectra: &Spectra,
    ranking: &Ranking,
    index: usize,
) -> Result<Option<Rank>> {
    let modules = &report.type_of(index).modules;
    let mut intervals = Vec::with_capacity(modules.len());
    for &other in modules {
        let module = &report.modules[other];
        let values = match module.detail {
            Some(_) => spectra.values(&module.name)?,
            None => None,
        };
        let ratio = module.snr.unwrap_or(f64::NAN);
        intervals.push(match (module.detail, values) {
            (Some(detail), Some(values)) => {
                let values: Vec<f64> = values.into_iter().map(f64::from).collect();
                let stability = Stability::of(&values, &detail, WIDTH);
                (stability.least, stability.greatest)
            }
            _ => (ratio, ratio),
        });
    }
    let place = modules.iter().position(|&other| other == index);
    Ok(place.map(|place| {
        let (best, worst) = rank_intervals(&intervals)[place];
        Rank {
            place: ranking.rank[index] as usize + 1,
            best: best + 1,
            worst: worst + 1,
            of: modules.len(),
        }
    }))
}
