//! What an argument names: the sample, a results file, or a model, told by what the file holds.

use std::path::Path;
use std::sync::Arc;

use crate::cli::{Common, hub};
use crate::error::{Problem, Result};
use crate::open::{Opened, Target, open};
use crate::report::{SnrReport, Spectra};
use crate::sample;
pub(super) use crate::sample::NAME as SAMPLE;
use crate::source::ModelFiles;

/// What `source` names; of a model on the hub, the headers only.
pub(super) fn open_source(source: &str, common: Common) -> Result<Opened> {
    match Target::parse(Path::new(source))? {
        Target::Sample => open_sample(),
        Target::Path(path) => open(&path),
        Target::Hub(id) => {
            let model = hub::model(&id, hub::Access::Headers, common)?;
            Ok(Opened::Model(Arc::new(model)))
        }
    }
}

fn open_sample() -> Result<Opened> {
    let (report, spectra) = sample::open()?;
    Ok(Opened::Report(Box::new(report), Some(Arc::new(spectra))))
}

/// The report that `results` names: the sample or a results file. Its warnings are printed.
pub(super) fn open_report(results: &str, common: Common) -> Result<SnrReport> {
    let report = if results == SAMPLE {
        sample::open()?.0
    } else if Path::new(results).is_dir() && ModelFiles::find(Path::new(results)).is_ok() {
        let problem = Problem::input(results, "is a model, of which the results are needed");
        return Err(problem
            .advice(format!(
                "scan it first with `layerscope scan {results}` and give the results that it writes"
            ))
            .into());
    } else {
        SnrReport::open(Path::new(results))?
    };
    common.warn_all(&report.warnings);
    Ok(report)
}

/// The report that `source` names: the sample, a results file, or a model's modules without
/// ratios. Its warnings are printed.
pub(super) fn open_model_or_report(source: &str, common: Common) -> Result<SnrReport> {
    let report = match open_source(source, common)? {
        Opened::Report(report, _) => *report,
        Opened::Model(model) => SnrReport::of_model(&model),
        other => return Err(other.refused()),
    };
    common.warn_all(&report.warnings);
    Ok(report)
}

/// The report that `results` names, with the spectra kept beside it where they are. Its warnings
/// are printed.
pub(super) fn open_results(
    results: &str,
    common: Common,
) -> Result<(SnrReport, Option<Arc<Spectra>>)> {
    let opened = match results {
        SAMPLE => open_sample()?,
        path => open(Path::new(path))?,
    };
    let (report, spectra) = match opened {
        Opened::Report(report, spectra) => (*report, spectra),
        Opened::Model(_) => {
            let cause = format!(
                "is a model; scan it with `layerscope scan {results}` and name the results that \
                 it writes"
            );
            return Err(Problem::output(results, cause).into());
        }
        other => return Err(other.refused()),
    };
    common.warn_all(&report.warnings);
    Ok((report, spectra))
}
