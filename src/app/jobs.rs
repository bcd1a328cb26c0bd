//! Starting background work, and taking its results in.
//!
//! [`poll`] runs once a frame; it never waits.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::app::document::{Document, Origin, document_key};
use crate::app::figures;
use crate::app::job::{self, Job};
use crate::app::spectra;
use crate::app::state::{Dialog, Picked, ScanJob, State, Written};
use crate::error::Error;
use crate::export::{self, Outcome, Replace};
use crate::open::{self, Opened};
use crate::report::SnrReport;
use crate::spectral::{self, ScanOptions, scan as scan_model};
use crate::tensor::Model;

/// Pixels of a saved PNG for each px of the figure: 288 dots an inch.
const PNG_SCALE: f64 = 3.0;

/// How often finished layers are taken in while a scan runs: ranking the largest models takes
/// a few milliseconds.
const TAKE_EVERY: Duration = Duration::from_millis(150);

/// A model that should take less than this much work is scanned as soon as it is opened:
/// about half a minute of one core.
const SCAN_AT_ONCE: u64 = 1_000_000_000_000;

/// Opens `path` in the background.
pub(super) fn open(state: &mut State, path: PathBuf) {
    if let Some((_, job)) = &state.jobs.open {
        job.progress.cancel();
    }
    let target = path.clone();
    let job = Job::spawn("opening", &state.ctx, state.generation, move |_| {
        open::open(&target)
    });
    state.jobs.open = Some((path, job));
}

/// Asks the system for a file or folder; `answer` says what it is for.
pub(super) fn pick(
    state: &mut State,
    ask: impl FnOnce(rfd::FileDialog) -> Option<PathBuf> + Send + 'static,
    answer: fn(PathBuf) -> Picked,
) {
    if state.jobs.pick.is_some() {
        return;
    }
    let job = Job::spawn("file dialog", &state.ctx, state.generation, move |_| {
        let Asked::Answered(picked) = asked(ask) else {
            return Err(Error::Source {
                path: PathBuf::from("file dialog"),
                problem: "this system offers none (no xdg-desktop-portal and no zenity)".into(),
                advice: "type the path, drop the file on the window, or give it as an argument"
                    .into(),
            });
        };
        Ok(picked.map(answer))
    });
    state.jobs.pick = Some(job);
}

/// Asks the system where to save. Where it offers no dialog the file goes beside the last export,
/// under a name that is free; the notice that it was written says where.
pub(super) fn save_as(
    state: &mut State,
    name: &'static str,
    endings: &'static [&'static str],
    answer: fn(PathBuf) -> Picked,
) {
    if state.jobs.pick.is_some() {
        return;
    }
    let folder = state.settings.export_folder.clone();
    let folder = folder
        .or_else(|| std::env::current_dir().ok())
        .unwrap_or_default();
    let job = Job::spawn("file dialog", &state.ctx, state.generation, move |_| {
        let picked = asked(|dialog| {
            let dialog = dialog.add_filter("Picture", endings).set_directory(&folder);
            dialog.set_file_name(name).save_file()
        });
        Ok(match picked {
            Asked::Answered(picked) => picked.map(answer),
            Asked::NoDialog => Some(answer(free_name(&folder, name))),
        })
    });
    state.jobs.pick = Some(job);
}

/// What came of asking the system for a path.
enum Asked {
    /// A dialog was on screen; nothing, where the user closed it.
    Answered(Option<PathBuf>),
    /// The system has none.
    NoDialog,
}

fn asked(ask: impl FnOnce(rfd::FileDialog) -> Option<PathBuf>) -> Asked {
    let started = Instant::now();
    let picked = ask(rfd::FileDialog::new());
    // A dialog that answers "nothing" at once was never on screen.
    if picked.is_none() && started.elapsed() < Duration::from_millis(250) {
        Asked::NoDialog
    } else {
        Asked::Answered(picked)
    }
}

/// `name` in `folder`, numbered where there is such a file already.
fn free_name(folder: &Path, name: &str) -> PathBuf {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let numbered = (2..).map(|number| folder.join(format!("{stem}-{number}.{ending}")));
    let mut names = std::iter::once(folder.join(name)).chain(numbered);
    names.find(|path| !path.exists()).unwrap_or_default()
}

/// Scans the open model.
pub(super) fn scan(state: &mut State, fresh: bool) {
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
        listed && (fresh || document.report.modules[*module].snr.is_none())
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
        .map(|_| ())
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
        [experts, rows, cols] => experts as u64 * spectral::work(rows, cols),
        [rows, ref rest @ ..] => spectral::work(rows, rest.iter().product()),
        [] => 0,
    };
    model.modules.iter().map(|module| work(&module.shape)).sum()
}

/// Where in `folder` an interrupted scan of that model is kept.
fn journal(folder: &Path, model: &Model) -> Option<PathBuf> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    std::fs::create_dir_all(folder).ok()?;
    let mut hasher = DefaultHasher::new();
    model.path.canonicalize().ok()?.hash(&mut hasher);
    Some(folder.join(format!("{}-{:016x}.journal", model.slug, hasher.finish())))
}

/// Writes the export that the dialog shows.
pub(super) fn write_export(state: &mut State, replace: bool) {
    let Some(Dialog::Export(draft)) = &mut state.dialog else {
        return;
    };
    if state.jobs.write.is_some() {
        return;
    }
    draft.problem = None;
    let (path, text) = (PathBuf::from(draft.path.trim()), draft.text.clone());
    let replace = if replace { Replace::Yes } else { Replace::No };
    let job = Job::spawn("export", &state.ctx, state.generation, move |_| {
        let outcome = export::write(&path, text.as_bytes(), replace)?;
        Ok(Written {
            path,
            unchanged: outcome == Outcome::Unchanged,
        })
    });
    state.jobs.write = Some(job);
}

/// Takes in what background work has finished.
pub fn poll(state: &mut State) {
    poll_open(state);
    poll_scan(state);
    spectra::poll(state);
    poll_pick(state);
    poll_write(state);
}

fn poll_open(state: &mut State) {
    let Some((path, job)) = state.jobs.open.take() else {
        return;
    };
    let mut slot = Some(job);
    let result = job::take(&mut slot);
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

fn show_opened(state: &mut State, opened: Opened) {
    let (report, origin, spectra) = match opened {
        Opened::Report(report, spectra) => (*report, Origin::Results, spectra),
        Opened::Model(model) => (SnrReport::of_model(&model), Origin::Model(model), None),
    };
    let kept = state.settings.choices.get(&document_key(&report)).cloned();
    let mut document = Document::new(report, origin, kept.unwrap_or_default());
    document.spectra = spectra;
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
    let ended = job::take(&mut slot);
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
            Ok(()) => state.news("Scan finished"),
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

fn poll_pick(state: &mut State) {
    let Some((_, result)) = job::take(&mut state.jobs.pick) else {
        return;
    };
    match result {
        Ok(Some(Picked::Open(path))) => open(state, path),
        Ok(Some(Picked::ExportTo(path))) => {
            if let Some(Dialog::Export(draft)) = &mut state.dialog {
                draft.path = path.display().to_string();
                // The system's dialog asked about replacing already.
                draft.conflict = path.exists();
            }
        }
        Ok(Some(Picked::Picture(path))) => save_picture(state, path),
        Ok(Some(Picked::Figure(path))) => save_figure(state, path),
        Ok(None) => {}
        Err(error) => match &mut state.dialog {
            Some(Dialog::Open { problem, .. }) => *problem = Some(error.to_string()),
            Some(Dialog::Export(draft)) => draft.problem = Some(error.to_string()),
            _ => state.error(error),
        },
    }
}

/// Saves the figure on screen, as SVG or, by the name's ending, as PNG.
fn save_figure(state: &mut State, path: PathBuf) {
    let Some(svg) = figures::drawn(state) else {
        state.error("There is no figure yet");
        return;
    };
    let job = Job::spawn(
        "saving the figure",
        &state.ctx,
        state.generation,
        move |_| {
            let is_png = path
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
            let bytes = if is_png {
                crate::figure::png(&svg, PNG_SCALE)?
            } else {
                svg.into_bytes()
            };
            // The system's dialog has asked about replacing already.
            let outcome = export::write(&path, &bytes, Replace::Yes)?;
            Ok(Written {
                path,
                unchanged: outcome == Outcome::Unchanged,
            })
        },
    );
    state.jobs.write = Some(job);
}

/// Saves what the next frame shows as a PNG.
fn save_picture(state: &mut State, path: PathBuf) {
    let (sender, receiver) = mpsc::channel();
    state
        .ctx
        .request_screenshot(move |picture| drop(sender.send(picture)));
    let job = Job::spawn(
        "saving the picture",
        &state.ctx,
        state.generation,
        move |_| {
            let Ok(picture) = receiver.recv_timeout(Duration::from_secs(10)) else {
                return Err(Error::Export {
                    path,
                    problem: "the window's picture did not arrive".into(),
                });
            };
            let bytes = png(&picture)?;
            let outcome = export::write(&path, &bytes, Replace::Yes)?;
            Ok(Written {
                path,
                unchanged: outcome == Outcome::Unchanged,
            })
        },
    );
    state.jobs.write = Some(job);
}

fn png(picture: &Arc<eframe::egui::ColorImage>) -> crate::Result<Vec<u8>> {
    let [width, height] = picture.size;
    let rgba: Vec<u8> = picture
        .pixels
        .iter()
        .flat_map(eframe::egui::Color32::to_array)
        .collect();
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::write_buffer_with_format(
        &mut bytes,
        &rgba,
        width as u32,
        height as u32,
        image::ExtendedColorType::Rgba8,
        image::ImageFormat::Png,
    )
    .map_err(|error| Error::Export {
        path: "picture".into(),
        problem: error.to_string(),
    })?;
    Ok(bytes.into_inner())
}

fn poll_write(state: &mut State) {
    let Some((_, result)) = job::take(&mut state.jobs.write) else {
        return;
    };
    match result {
        Ok(Written { path, unchanged }) => {
            state.settings.export_folder = path.parent().map(Path::to_path_buf);
            if matches!(state.dialog, Some(Dialog::Export(_))) {
                state.dialog = None;
            }
            let verb = if unchanged {
                "Already up to date:"
            } else {
                "Wrote"
            };
            state.news(format!("{verb} {}", path.display()));
        }
        Err(error) => match &mut state.dialog {
            Some(Dialog::Export(draft)) => {
                draft.conflict = matches!(error, Error::Exists { .. });
                draft.problem = Some(error.to_string());
            }
            _ => state.error(error),
        },
    }
}
