//! The open report with the selection made on it.
//!
//! Enters: a report, later results of a scan, edits of the choice. Leaves: ranking and freeze
//! set, always those of the report and the choice as they are.

pub(crate) mod arrived;
pub(crate) mod choosing;
pub(crate) mod edit;
pub(crate) mod sets;
pub(crate) mod work;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use eframe::egui::util::undoer::Undoer;

use crate::error::Result;
use crate::report::{Noise, Other, SnrReport, Spectra};
use crate::selection::{Bulk, Choice, FreezeSet, Mark, NamedSet, Ranking, Region as Choosable};
use crate::spectral::ModuleResult;
use crate::spectral::law::Controls;
use crate::tensor::Model;
use crate::window::document::choosing::{Choosing, NearTie};
use crate::window::document::work::{KeptSet, SetId, Work};
use crate::window::snapshot::SnapshotId;

/// Where a document came from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// The sample compiled into the program.
    Sample,
    /// A results file.
    Results,
    /// A model whose weights can be scanned.
    Model(Arc<Model>),
}

/// The name that work on the sample is kept under.
const SAMPLE: &str = "sample";

/// Where singular values are.
#[derive(Debug, Clone)]
pub enum Values {
    /// From a scan in this window.
    Scanned(Arc<[f32]>),
    /// Kept beside the results, under that module's name.
    Kept(Arc<Spectra>, String),
}

impl Values {
    /// Reads them, descending.
    ///
    /// # Errors
    /// When the file they are kept in cannot be read any more.
    pub fn read(&self) -> Result<Vec<f32>> {
        match self {
            Self::Scanned(values) => Ok(values.to_vec()),
            Self::Kept(spectra, name) => Ok(spectra.values(name)?.unwrap_or_default()),
        }
    }
}

/// Modules taken together: a rectangle, a row or a column of the heatmap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// What it is, in words.
    pub what: String,
    /// Indices of the modules.
    pub modules: Vec<usize>,
}

/// Names a document for as long as the program is open; no two documents share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DocumentId(u64);

impl DocumentId {
    fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// An open report, what the user chose in it, and what that amounts to.
pub struct Document {
    id: DocumentId,
    /// The modules that the next change by hand is for.
    pub region: Option<Region>,
    /// The modules and their ratios.
    pub report: Arc<SnrReport>,
    /// Where it came from.
    pub origin: Origin,
    ranking: Arc<Ranking>,
    /// What the outcome of the choice is.
    pub set: Arc<FreezeSet>,
    choosing: Choosing,
    /// The singular values kept beside the results, where they are.
    pub spectra: Option<Arc<Spectra>>,
    /// The session file that the work on it is saved in.
    pub session: Option<PathBuf>,
    /// Singular values of the modules scanned since it was opened.
    scanned: HashMap<usize, Arc<[f32]>>,
    controls: Controls,
    work: Work,
    next_set: u64,
    undoer: Undoer<Work>,
}

impl Document {
    /// Opens `report` with `choice` made on it.
    #[must_use]
    pub fn new(report: SnrReport, origin: Origin, choice: Choice) -> Self {
        let ranking = Ranking::new(&report);
        let mut choosing = Choosing::new(&report, &ranking, &choice);
        let set = FreezeSet::new(&report, choosing.ranking(&ranking), &choice);
        choosing.take_set(&report, &ranking, &choice, &set);
        let work = Work {
            choice: Arc::new(choice),
            sets: Arc::default(),
        };
        let mut undoer = Undoer::default();
        undoer.add_undo(&work);
        Self {
            id: DocumentId::new(),
            region: None,
            report: Arc::new(report),
            origin,
            ranking: Arc::new(ranking),
            set: Arc::new(set),
            choosing,
            spectra: None,
            session: None,
            scanned: HashMap::new(),
            controls: Controls::default(),
            work,
            next_set: 0,
            undoer,
        }
    }

    /// Its identity.
    #[must_use]
    pub fn id(&self) -> DocumentId {
        self.id
    }

    /// The name that the work on it is kept under.
    pub(crate) fn key(&self) -> String {
        let path = self.report.path.as_ref();
        path.map_or_else(|| SAMPLE.to_owned(), |path| path.display().to_string())
    }

    /// The model, where the weights are at hand.
    #[must_use]
    pub fn model(&self) -> Option<&Arc<Model>> {
        if let Origin::Model(model) = &self.origin {
            Some(model)
        } else {
            None
        }
    }

    /// Takes in what a scan found of a module. [`Document::update_numbers`] is to follow.
    pub fn record(&mut self, module: usize, mut result: ModuleResult) {
        Arc::make_mut(&mut self.report).record(module, &result);
        // Of a fused weight there is one spectrum an expert, and no single one to show.
        if result.values.len() == 1 {
            let target = &mut Arc::make_mut(&mut self.report).modules[module];
            target.noise = Noise::of(target, &result.values[0], &mut self.controls);
            self.scanned
                .insert(module, result.values.swap_remove(0).into());
        }
    }

    /// Takes the ratios of `report`, an earlier scan of the same weights, and their `spectra`.
    pub(crate) fn take_ratios(&mut self, report: SnrReport, spectra: Option<Arc<Spectra>>) {
        for module in report.modules {
            let Some(index) = self.report.find(&module.name) else {
                continue;
            };
            if module.snr.is_some() {
                let target = &mut Arc::make_mut(&mut self.report).modules[index];
                target.snr = module.snr;
                target.detail = module.detail;
                target.noise = module.noise;
                target.problem = None;
            }
        }
        self.spectra = spectra;
        self.update_numbers();
    }

    /// Adds warnings to the report's.
    pub(crate) fn warn(&mut self, warnings: Vec<String>) {
        if !warnings.is_empty() {
            Arc::make_mut(&mut self.report).warnings.extend(warnings);
        }
    }

    /// Where the singular values of a module are to be had, if anywhere: reading them may take
    /// the disk.
    #[must_use]
    pub fn values(&self, module: usize) -> Option<Values> {
        if let Some(values) = self.scanned.get(&module) {
            return Some(Values::Scanned(Arc::clone(values)));
        }
        let name = &self.report.modules[module].name;
        let spectra = self.spectra.as_ref()?;
        spectra.entry(name)?;
        Some(Values::Kept(Arc::clone(spectra), name.clone()))
    }

    /// What the user chose.
    #[must_use]
    pub fn choice(&self) -> &Choice {
        &self.work.choice
    }

    /// The sets kept beside the selection, in the order they are listed in.
    #[must_use]
    pub fn sets(&self) -> &[Arc<KeptSet>] {
        &self.work.sets
    }

    /// Which snapshot of the named sets this is.
    pub(crate) fn sets_id(&self) -> SnapshotId<Vec<Arc<KeptSet>>> {
        SnapshotId::of(&self.work.sets)
    }

    /// The named set of that identity.
    #[must_use]
    pub fn kept_set(&self, id: SetId) -> Option<&KeptSet> {
        let mut sets = self.work.sets.iter();
        sets.find(|kept| kept.id == id).map(Arc::as_ref)
    }

    /// Changes the choice. `done` ends a step of undo: false while a drag goes on.
    pub fn edit(&mut self, done: bool, edit: impl FnOnce(&mut Choice)) {
        let before = Arc::clone(&self.work.choice);
        edit(Arc::make_mut(&mut self.work.choice));
        if self.work.choice == before {
            self.work.choice = before;
        } else {
            self.update_set();
        }
        if done {
            self.end_step();
        }
    }

    /// Changes the list of named sets, as one step.
    fn edit_sets(&mut self, edit: impl FnOnce(&mut Vec<Arc<KeptSet>>)) {
        edit(Arc::make_mut(&mut self.work.sets));
        self.end_step();
    }

    /// Puts sets kept from an earlier opening in place: where undo starts from.
    pub fn restore_sets(&mut self, sets: impl IntoIterator<Item = NamedSet>) {
        let sets = sets.into_iter().map(|set| self.identified(set)).collect();
        self.work.sets = Arc::new(sets);
        self.undoer = Undoer::default();
        self.undoer.add_undo(&self.work);
    }

    fn identified(&mut self, set: NamedSet) -> Arc<KeptSet> {
        self.next_set += 1;
        Arc::new(KeptSet::new(SetId(self.next_set), set, &self.report))
    }

    fn end_step(&mut self) {
        // Feeding first lets the undoer see that this is a new branch, and forget its redos.
        self.undoer.feed_state(0.0, &self.work);
        self.undoer.add_undo(&self.work);
    }

    /// Changes the marks of `modules`, as one step.
    pub fn mark(&mut self, modules: Vec<usize>, bulk: Bulk) {
        let mut choice = self.choice().clone();
        bulk.apply(
            &mut choice,
            &self.report,
            &self.set,
            &Choosable::Modules(modules),
        );
        self.edit(true, |current| *current = choice);
    }

    /// Turns modules over together: where any has a mark the marks go away; else they are
    /// dropped if all of them train, and pinned if not.
    pub fn toggle(&mut self, modules: Vec<usize>) {
        let marked = modules.iter().any(|&module| self.mark_of(module).is_some());
        let all = modules.iter().all(|&module| self.set.chosen[module]);
        let bulk = match (marked, all) {
            (true, _) => Bulk::Clear,
            (false, true) => Bulk::None,
            (false, false) => Bulk::All,
        };
        self.mark(modules, bulk);
    }

    /// The module's mark.
    #[must_use]
    pub fn mark_of(&self, module: usize) -> Option<Mark> {
        self.choice()
            .marks
            .get(&self.report.modules[module].name)
            .copied()
    }

    /// Each type's modules by SNR, as Spectrum ranks them.
    #[must_use]
    pub fn ranking(&self) -> &Arc<Ranking> {
        &self.ranking
    }

    /// What is derived for choosing.
    #[must_use]
    pub fn choosing(&self) -> &Choosing {
        &self.choosing
    }

    /// The order percentages take modules in, by the rules of the choice. [`Document::ranking`] is
    /// that of Spectrum's rules, whatever the choice.
    #[must_use]
    pub fn pools(&self) -> &Ranking {
        self.choosing.ranking(&self.ranking)
    }

    /// The best and the worst place (from 0) that a module may take in its pool while τ moves a
    /// little; `None` where the pool's singular values are not all known.
    #[must_use]
    pub fn rank_interval(&self, module: usize) -> Option<(usize, usize)> {
        self.choosing.places(module)
    }

    /// Why the data leave open on which side of its cut a module falls, where they do.
    #[must_use]
    pub fn near_tie(&self, module: usize) -> Option<NearTie> {
        choosing::near_tie(&self.choosing, &self.set, module, self.mark_of(module))
    }

    /// For each module whether the data leave open on which side of its cut it falls.
    #[must_use]
    pub fn near_ties(&self) -> &[bool] {
        self.choosing.near()
    }

    /// Whether there is a step to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.undoer.has_undo(&self.work)
    }

    /// Whether there is a step to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.undoer.has_redo(&self.work)
    }

    /// Takes the last step back.
    pub fn undo(&mut self) {
        if let Some(work) = self.undoer.undo(&self.work).cloned() {
            self.go_to(work);
        }
    }

    /// Takes the last undone step again.
    pub fn redo(&mut self) {
        if let Some(work) = self.undoer.redo(&self.work).cloned() {
            self.go_to(work);
        }
    }

    fn go_to(&mut self, work: Work) {
        let before = std::mem::replace(&mut self.work, work);
        if before.choice != self.work.choice {
            self.update_set();
        }
    }

    /// Holds the report against `other`, or lets the other go.
    pub fn hold_against(&mut self, other: Option<Other>) {
        Arc::make_mut(&mut self.report).other = other;
    }

    /// Holds the report against the ratios of `other`.
    ///
    /// # Errors
    /// When the two have no module in common.
    pub fn compare_with(&mut self, other: &SnrReport) -> Result<()> {
        Arc::make_mut(&mut self.report).hold_against(other)
    }

    /// Ranks again after the report's numbers changed.
    pub fn update_numbers(&mut self) {
        self.ranking = Arc::new(Ranking::new(&self.report));
        self.choosing
            .rank(&self.report, &self.ranking, &self.work.choice);
        self.update_set();
    }

    fn update_set(&mut self) {
        if !self.pools().fits(&self.work.choice) {
            self.choosing
                .rank(&self.report, &self.ranking, &self.work.choice);
        }
        self.set = Arc::new(FreezeSet::new(
            &self.report,
            self.pools(),
            &self.work.choice,
        ));
        self.choosing
            .take_set(&self.report, &self.ranking, &self.work.choice, &self.set);
    }
}
