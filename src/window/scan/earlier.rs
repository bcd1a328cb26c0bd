//! Results of an earlier scan of the open model, offered instead of another scan.
//!
//! Enters: the open model. Leaves: [`Earlier`] where results lie beside it or in the working
//! folder; used, their ratios are the open document's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::Result;
use crate::export::{RESULTS_FOLDER, flat_file_name};
use crate::open::{self, Opened};
use crate::report::{SnrReport, Spectra};
use crate::spectral::FileIdentity;
use crate::tensor::Model;
use crate::window::document::Document;
use crate::window::shell::state::State;
use crate::window::task::{self, Job};

/// Results found for the open model.
pub struct Earlier {
    /// Their file.
    pub path: PathBuf,
    /// Modules of the model that they hold a ratio of.
    pub modules: usize,
    report: Box<SnrReport>,
    spectra: Option<Arc<Spectra>>,
}

/// The search for them, and what it found.
#[derive(Default)]
pub struct EarlierState {
    /// What was found for the open document.
    pub found: Option<Earlier>,
    job: Option<Job<Option<Earlier>>>,
    /// The document that was looked for last, by its generation.
    looked: u64,
}

/// Looks for results of a model that was opened, and takes in what was found.
pub(crate) fn poll(state: &mut State) {
    if state.earlier.looked != state.generation {
        state.earlier = EarlierState {
            looked: state.generation,
            ..EarlierState::default()
        };
        let model = state.document.as_ref().and_then(Document::model).cloned();
        if let Some(model) = model {
            let folder = std::env::current_dir().ok();
            let job = Job::spawn("earlier results", &state.ctx, state.generation, move |_| {
                Ok(find(&model, folder.as_deref()))
            });
            state.earlier.job = Some(job);
        }
    }
    if let Some((generation, Ok(found))) = task::take(&mut state.earlier.job)
        && generation == state.generation
    {
        state.earlier.found = found;
    }
}

/// Takes the ratios that were found into the open document.
pub(crate) fn take(state: &mut State) {
    let Some(found) = state.earlier.found.take() else {
        return;
    };
    if let Some(scan) = state.jobs.scan.take() {
        scan.job.progress.cancel();
    }
    let Some(document) = &mut state.document else {
        return;
    };
    let Earlier {
        path,
        report,
        spectra,
        ..
    } = found;
    for module in report.modules {
        let Some(index) = document.report.find(&module.name) else {
            continue;
        };
        let target = &mut std::sync::Arc::make_mut(&mut document.report).modules[index];
        if module.snr.is_some() {
            target.snr = module.snr;
            target.detail = module.detail;
            target.noise = module.noise;
            target.problem = None;
        }
    }
    document.spectra = spectra;
    document.update_numbers();
    state.news(format!("Took the ratios of {}", path.display()));
}

/// The results beside `model`, or under the working `folder`, where they are of its weights.
fn find(model: &Model, folder: Option<&Path>) -> Option<Earlier> {
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
