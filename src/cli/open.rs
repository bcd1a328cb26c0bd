//! What an argument names: the sample, a results file, or a model, told by what the file holds.

use std::path::Path;
use std::sync::Arc;

use crate::cli::{Common, hub};
use crate::error::{Error, Result};
use crate::open::{Opened, open};
use crate::report::{SnrReport, Spectra};
use crate::sample;
use crate::source::ModelFiles;

/// The argument that stands for the embedded sample.
pub(super) const SAMPLE: &str = "sample";

/// The report that `results` names: the sample or a results file. Its warnings are printed.
///
/// # Errors
/// When it cannot be read; the line names the file and the place.
pub fn open_report(results: &str, common: Common) -> Result<SnrReport> {
    let report = if results == SAMPLE {
        sample::open()?.0
    } else if Path::new(results).is_dir() && ModelFiles::find(Path::new(results)).is_ok() {
        return Err(Error::Source {
            path: results.into(),
            problem: "is a model, of which the results are needed".into(),
            advice: format!(
                "scan it first with `layerscope scan {results}` and give the results that it writes"
            ),
        });
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
pub fn open_model_or_report(source: &str, common: Common) -> Result<SnrReport> {
    if source == SAMPLE {
        return open_report(source, common);
    }
    let path = Path::new(source);
    let report = match hub::model(path, hub::Access::Headers, common)? {
        Some(model) => SnrReport::of_model(&model),
        None => match open(path)? {
            Opened::Report(report, _) => *report,
            Opened::Model(model) => SnrReport::of_model(&model),
            other => return Err(other.refused()),
        },
    };
    for line in &report.warnings {
        common.warn(line);
    }
    Ok(report)
}

/// The report that `results` names, with the spectra kept beside it where they are. Its warnings
/// are printed.
///
/// # Errors
/// As [`open_report`], and for a model, which has to be scanned first.
pub(super) fn open_results(
    results: &str,
    common: Common,
) -> Result<(SnrReport, Option<Arc<Spectra>>)> {
    let (report, spectra) = if results == SAMPLE {
        let (report, spectra) = sample::open()?;
        (report, Some(Arc::new(spectra)))
    } else {
        match open(Path::new(results))? {
            Opened::Report(report, spectra) => (*report, spectra),
            Opened::Model(_) => {
                return Err(Error::Figure {
                    what: results.to_owned(),
                    problem: format!(
                        "is a model; scan it with `layerscope scan {results}` and name the \
                         results that it writes"
                    ),
                });
            }
            other => return Err(other.refused()),
        }
    };
    for line in &report.warnings {
        common.warn(line);
    }
    Ok((report, spectra))
}
