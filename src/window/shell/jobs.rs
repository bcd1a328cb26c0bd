//! Starting background work, and taking its results in.
//!
//! [`poll`] runs once a frame; it never waits.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use crate::open::{self, Opened};
use crate::report::SnrReport;
use crate::selection::{Choice, Towers};
use crate::spectral::{self, ScanOptions, scan as scan_model};
use crate::tensor::Model;
use crate::window::change::update as comparing;
use crate::window::document::{Document, Origin, document_key};
use crate::window::effect::Effects;
use crate::window::hub::update as hub;
use crate::window::runs::import as runs;
use crate::window::scan::earlier;
use crate::window::scene;
use crate::window::session::update as session;
use crate::window::sets::state as sets;
use crate::window::shell::command::Command;
use crate::window::shell::saving;
use crate::window::shell::state::scene_of;
use crate::window::shell::state::{Dialog, ScanJob, State};
use crate::window::shell::update::{apply, carry_out};
use crate::window::spectrum::update as spectra;
use crate::window::task::{self, Job};

/// How often finished layers are taken in while a scan runs: ranking the largest models takes
/// a few milliseconds.
const TAKE_EVERY: Duration = Duration::from_millis(150);

/// A model that should take less than this much work is scanned as soon as it is opened:
/// about half a minute of one core.
const SCAN_AT_ONCE: u64 = 1_000_000_000_000;

/// The most documents that are opened one after the other: each shows itself on opening.
const MOST_AT_ONCE: usize = 100;

/// Opens `paths` in the background, one after the other.
pub(crate) fn open_all(state: &mut State, mut paths: Vec<PathBuf>) {
    if paths.len() > MOST_AT_ONCE {
        state.error(format!(
            "{} files at once: only the first {MOST_AT_ONCE} are opened",
            paths.len()
        ));
        paths.truncate(MOST_AT_ONCE);
    }
    state.jobs.queue = paths.into();
    if let Some(first) = state.jobs.queue.pop_front() {
        start(state, first);
    }
}

/// Opens `path` in the background, instead of what is being opened.
pub(crate) fn open(state: &mut State, path: PathBuf) {
    open_all(state, vec![path]);
}

fn start(state: &mut State, path: PathBuf) {
    if let Some(id) = hub::id_of(&path) {
        return hub::ask(state, id);
    }
    if let Some((_, job)) = &state.jobs.open {
        job.progress.cancel();
    }
    let target = path.clone();
    let job = Job::spawn("opening", &state.ctx, state.generation, move |_| {
        open::open(&target)
    });
    state.jobs.open = Some((path, job));
}

/// Scans the open model.
pub(crate) fn scan(state: &mut State, fresh: bool) {
    let Some(document) = &mut state.document else {
        return;
    };
    let Some(model) = document.model().cloned() else {
        state.error("These are results only: open the model's folder to scan its weights");
        return;
    };
    if state.jobs.scan.is_some() {
        return;
    }
    let excluded = &document.choice().excluded;
    let listed = |module: &usize| {
        let listed = !excluded.contains(&document.report.type_of(*module).name);
        // What the model itself marks as unreadable stays so; what failed in a scan may succeed.
        let unread = model.modules[*module].problem.is_some();
        listed && (fresh || (document.report.modules[*module].snr.is_none() && !unread))
    };
    let modules: Vec<usize> = (0..document.report.modules.len()).filter(listed).collect();
    if modules.is_empty() {
        state.news("Every listed layer type is scanned");
        return;
    }
    let options = ScanOptions {
        modules,
        threads: spectral::default_threads(),
        memory: spectral::default_memory(),
        journal: state
            .scan_folder
            .as_deref()
            .and_then(|folder| journal(folder, &model)),
    };
    if fresh && let Some(journal) = &options.journal {
        drop(std::fs::remove_file(journal));
    }
    let (sender, finished) = mpsc::channel();
    let job = Job::spawn("scan", &state.ctx, state.generation, move |progress| {
        scan_model(&model, &options, progress, |module, result| {
            // The window closed the document: the scan is being cancelled.
            drop(sender.send((module, result)));
        })
    });
    state.jobs.scan = Some(ScanJob {
        job,
        finished,
        taken: Instant::now(),
    });
}

/// The work that a scan of the whole model takes, in floating-point operations.
fn total_work(model: &Model) -> u64 {
    let work = |shape: &[usize]| match *shape {
        [experts, rows, cols] => spectral::work(rows, cols).saturating_mul(experts as u64),
        [rows, ref rest @ ..] => {
            let cols = rest
                .iter()
                .fold(1_usize, |cols, &side| cols.saturating_mul(side));
            spectral::work(rows, cols)
        }
        [] => 0,
    };
    let modules = model.modules.iter();
    // The shapes of what cannot be read may be any.
    let readable = modules.filter(|module| module.problem.is_none());
    let works = readable.map(|module| work(&module.shape));
    works.fold(0, u64::saturating_add)
}

/// Where in `folder` an interrupted scan of that model is kept.
fn journal(folder: &Path, model: &Model) -> Option<PathBuf> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    std::fs::create_dir_all(folder).ok()?;
    let mut hasher = DefaultHasher::new();
    // A model of the hub has no place on this machine: its address is its own.
    let place = model.path.canonicalize();
    place
        .unwrap_or_else(|_| model.path.clone())
        .hash(&mut hasher);
    Some(folder.join(format!("{}-{:016x}.journal", model.slug, hasher.finish())))
}

/// Takes in what background work has finished.
pub(crate) fn poll(state: &mut State) {
    poll_open(state);
    hub::poll(state);
    earlier::poll(state);
    session::poll(state);
    let mut effects = Effects::default();
    state.sets.poll(&scene_of!(state), &mut effects);
    carry_out(state, effects);
    open_next(state);
    poll_scan(state);
    spectra::poll(state);
    runs::poll(state);
    saving::poll(state);
    comparing::poll(state);
    let mut effects = Effects::default();
    state.export.poll(&scene_of!(state), &mut effects);
    carry_out(state, effects);
    drop_stale_dialog(state);
}

/// Closes a dialog about a document that is open no longer.
fn drop_stale_dialog(state: &mut State) {
    let open = state.document.as_ref().map(Document::id);
    if state.dialog == Some(Dialog::Room(scene::Dialog::Export))
        && state.export.draft(open).is_none()
    {
        state.dialog = None;
    }
}

/// Opens what else was asked for once nothing else is being opened: a freeze set is matched
/// against the document opened before it.
fn open_next(state: &mut State) {
    let jobs = &state.jobs;
    let idle = jobs.open.is_none() && jobs.session.is_none() && !state.sets.is_busy();
    if idle && let Some(next) = state.jobs.queue.pop_front() {
        start(state, next);
    }
}

fn poll_open(state: &mut State) {
    let Some((path, job)) = state.jobs.open.take() else {
        return;
    };
    let mut slot = Some(job);
    let result = task::take(&mut slot);
    state.jobs.open = slot.map(|job| (path.clone(), job));
    let Some((_, result)) = result else { return };
    match result {
        Ok(opened) => {
            if matches!(state.dialog, Some(Dialog::Open { .. })) {
                state.dialog = None;
            }
            show_opened(state, opened);
        }
        Err(error) => {
            let text = error.to_string();
            match &mut state.dialog {
                Some(Dialog::Open { problem, .. }) => *problem = Some(text),
                _ => state.error(text),
            }
        }
    }
}

/// Puts what was opened on screen, or takes it in.
pub(crate) fn show_opened(state: &mut State, opened: Opened) {
    let document = match opened {
        Opened::FreezeSet(path) => {
            return apply(state, Command::Sets(sets::Command::Read(path)));
        }
        Opened::Session(path) => return session::open(state, path),
        Opened::Log(path) => {
            state.preferences.remember(&path);
            return runs::start(state, vec![path], None);
        }
        Opened::Report(..) | Opened::Model(_) => document_of(opened),
    };
    let Some(mut document) = document else { return };
    // It may be the very document that is open.
    state.keep_choice();
    let key = document_key(&document.report);
    if let Some(choice) = state.settings.choices.get(&key) {
        document.edit(true, |current| current.clone_from(choice));
    }
    document.restore_sets(state.settings.sets.get(&key).cloned().unwrap_or_default());
    show_document(state, document);
}

/// The document of a report or a model, with nothing chosen on it.
pub(crate) fn document_of(opened: Opened) -> Option<Document> {
    let (report, origin, spectra) = match opened {
        Opened::Report(report, spectra) => (*report, Origin::Results, spectra),
        Opened::Model(model) => (SnrReport::of_model(&model), Origin::Model(model), None),
        Opened::FreezeSet(_) | Opened::Session(_) | Opened::Log(_) => return None,
    };
    let choice = Choice::first_of(&Towers::of(&report));
    let mut document = Document::new(report, origin, choice);
    document.spectra = spectra;
    Some(document)
}

/// The embedded sample, with nothing chosen on it; where it cannot be read the window says so.
pub(crate) fn sample(state: &mut State) -> Option<Document> {
    match crate::sample::open() {
        Ok((report, spectra)) => {
            let mut document = Document::new(report, Origin::Sample, Choice::default());
            document.spectra = Some(Arc::new(spectra));
            Some(document)
        }
        Err(error) => {
            state.error(error);
            None
        }
    }
}

/// Puts a document on screen, says so, and scans it where that takes no time.
pub(crate) fn show_document(state: &mut State, document: Document) {
    let modules = document.report.modules.len();
    let types = document.report.types.len();
    let small = document
        .model()
        .is_some_and(|model| total_work(model) < SCAN_AT_ONCE);
    state.news(format!(
        "Opened {}: {modules} modules of {types} layer types",
        document.report.slug
    ));
    state.show(document);
    if small {
        scan(state, false);
    }
}

fn poll_scan(state: &mut State) {
    let Some(mut scan) = state.jobs.scan.take() else {
        return;
    };
    let mut slot = Some(scan.job);
    let ended = task::take(&mut slot);
    if ended.is_some() || scan.taken.elapsed() >= TAKE_EVERY {
        take_finished(state, &scan.finished);
        scan.taken = Instant::now();
    }
    match (slot, ended) {
        (Some(job), _) => {
            state.jobs.scan = Some(ScanJob {
                job,
                finished: scan.finished,
                taken: scan.taken,
            });
        }
        (None, Some((generation, result))) if generation == state.generation => match result {
            Ok(summary) => {
                if let Some(document) = &mut state.document {
                    Arc::make_mut(&mut document.report)
                        .warnings
                        .extend(summary.warnings);
                }
                state.news("Scan finished");
            }
            Err(error) if error.is_cancelled() => {
                state.news("Scan stopped; finished layers are kept");
            }
            Err(error) => state.error(error),
        },
        _ => {}
    }
}

fn take_finished(
    state: &mut State,
    finished: &mpsc::Receiver<(usize, crate::spectral::ModuleResult)>,
) {
    let Some(document) = &mut state.document else {
        return;
    };
    let mut any = false;
    for (module, result) in finished.try_iter() {
        document.record(module, result);
        any = true;
    }
    if any {
        document.update_numbers();
        // The inspected layer may be among them.
        spectra::need(state);
    }
}
