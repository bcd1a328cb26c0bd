//! Results of an earlier scan of the open model, offered instead of another scan.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::Result;
use crate::export::{RESULTS_FOLDER, flat_file_name};
use crate::open::{self, Opened};
use crate::report::{SnrReport, Spectra};
use crate::spectral::FileIdentity;
use crate::tensor::Model;

/// Results found for the open model.
pub struct Earlier {
    /// Their file.
    pub(crate) path: PathBuf,
    /// How many of the model's modules they hold a ratio of.
    pub(crate) modules: usize,
    pub(crate) report: Box<SnrReport>,
    pub(crate) spectra: Option<Arc<Spectra>>,
}

/// The results beside `model`, or under the working `folder`, where they are of its weights.
pub(crate) fn find(model: &Model, folder: Option<&Path>) -> Option<Earlier> {
    let name = flat_file_name(&model.slug);
    let beside = model.path.parent();
    let mut folders = [Some(model.path.as_path()), beside, folder]
        .into_iter()
        .flatten();
    let path = folders.find_map(|folder| {
        let path = folder.join(RESULTS_FOLDER).join(&name);
        path.is_file().then_some(path)
    })?;
    let Ok(Opened::Report(report, spectra)) = open::open(&path) else {
        return None;
    };
    let of_these = match &spectra {
        Some(spectra) => spectra.files() == identities(model).ok()?,
        // Nothing else tells which weights they are of.
        None => !open::is_older(&path, model),
    };
    let modules = model.modules.iter();
    let known = modules.filter(|module| {
        let there = report
            .find(&module.name)
            .map(|index| &report.modules[index]);
        there.is_some_and(|there| there.snr.is_some())
    });
    let modules = known.count();
    (of_these && modules > 0).then_some(Earlier {
        path,
        modules,
        report,
        spectra,
    })
}

fn identities(model: &Model) -> Result<Vec<FileIdentity>> {
    let files = model.files.iter();
    files.map(|file| FileIdentity::of(file.as_ref())).collect()
}
