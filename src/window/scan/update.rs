//! What the scan room does: scans the open model, and takes in what is finished as it goes.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::spectral::{self, Compute, ScanOptions, scan as scan_model};
use crate::tensor::Model;
use crate::window::document::Document;
use crate::window::effect::{Arrival, Effect, Effects};
use crate::window::scan::earlier;
use crate::window::scan::state::{Card, Command, Finished, Scan};
use crate::window::scene::Scene;
use crate::window::task::{Bound, Task};

/// How often finished layers are taken in while a scan runs: ranking the largest models takes
/// a few milliseconds.
const TAKE_EVERY: Duration = Duration::from_millis(150);

/// A model that should take less than this much work is scanned as soon as it is opened:
/// about half a minute of one core.
const SCAN_AT_ONCE: u64 = 1_000_000_000_000;

impl Scan {
    /// Does what `command` asks for.
    pub(crate) fn update(&mut self, command: Command, scene: &Scene<'_>, effects: &mut Effects) {
        match command {
            Command::Start => self.start(false, scene, effects),
            Command::StartFresh => self.start(true, scene, effects),
            Command::Cancel => {
                if let Some(progress) = self.running.progress() {
                    progress.cancel();
                }
            }
            Command::UseDevice(device) => self.device = device,
            Command::UseEarlier => {
                let found = self.earlier.take();
                let Some(found) = found.and_then(|found| found.into_inner(scene.document_id()))
                else {
                    return;
                };
                self.running.cancel();
                effects.deliver(Arrival::Ratios(found.report, found.spectra));
                let path = found.path.display();
                effects.news(format!("Took the ratios of {path}"));
            }
        }
    }

    /// Takes note that another document is open: its earlier results are looked for.
    pub(crate) fn follow(&mut self, scene: &Scene<'_>) {
        self.running.cancel();
        self.search.cancel();
        self.earlier = None;
        if let Some(model) = scene.document.and_then(Document::model).cloned() {
            let folder = std::env::current_dir().ok();
            let work = move |_: &_| Ok(earlier::find(&model, folder.as_deref()));
            self.search.put(Task::about("earlier results", scene, work));
            if self.card == Card::Unknown {
                self.card = Card::None;
                let work = |_: &_| Ok(spectral::card_name());
                self.card_search.put(Task::start("card", scene.ctx, work));
            }
        }
    }

    /// Scans the open model where that takes no time.
    pub(crate) fn start_if_small(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let model = scene.document.and_then(Document::model);
        if model.is_some_and(|model| total_work(model) < SCAN_AT_ONCE) {
            self.start(false, scene, effects);
        }
    }

    fn start(&mut self, fresh: bool, scene: &Scene<'_>, effects: &mut Effects) {
        let Some(document) = scene.document else {
            return;
        };
        let Some(model) = document.model().cloned() else {
            return effects
                .problem("These are results only: open the model's folder to scan its weights");
        };
        if self.running.is_busy() {
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
            return effects.news("Every listed layer type is scanned");
        }
        let folder = self.folder.as_deref();
        let options = ScanOptions {
            modules,
            threads: spectral::default_threads(),
            memory: spectral::default_memory(),
            journal: folder.and_then(|folder| journal(folder, &model)),
            compute: Compute {
                device: self.device,
            },
        };
        if fresh && let Some(journal) = &options.journal {
            drop(std::fs::remove_file(journal));
        }
        let (sender, modules) = mpsc::channel();
        let work = move |progress: &_| {
            scan_model(&model, &options, progress, |module, result| {
                // Without a receiver the document is closed, and the scan is being canceled.
                drop(sender.send((module, result)));
            })
        };
        self.running.put(Task::about("scan", scene, work));
        let taken = Instant::now();
        self.finished = Some(Bound::to(scene, Finished { modules, taken }));
    }

    /// Takes in what is done.
    pub(crate) fn poll(&mut self, scene: &Scene<'_>, effects: &mut Effects) {
        let open = scene.document_id();
        if let Some(Ok(found)) = self.search.take(open) {
            self.earlier = found.map(|found| Bound::to(scene, found));
        }
        if let Some(Ok(Some(name))) = self.card_search.take(open) {
            self.card = Card::Named(name);
        }
        let ended = self.running.take(open);
        if let Some(finished) = self.finished.as_mut().and_then(|it| it.get_mut(open))
            && (ended.is_some() || finished.taken.elapsed() >= TAKE_EVERY)
        {
            let modules: Vec<_> = finished.modules.try_iter().collect();
            finished.taken = Instant::now();
            if !modules.is_empty() {
                effects.deliver(Arrival::Scanned(modules));
            }
        }
        if !self.running.is_busy() {
            self.finished = None;
        }
        match ended {
            Some(Ok(summary)) => {
                effects.push(Effect::Warn(summary.warnings));
                let on = summary.device.map(|device| format!(" on {device}"));
                effects.news(format!("Scan finished{}", on.unwrap_or_default()));
            }
            Some(Err(error)) if error.is_canceled() => {
                effects.news("Scan stopped; finished layers are kept");
            }
            Some(Err(error)) => effects.problem(error),
            None => {}
        }
    }
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
