//! The runs that are compared: which, how they are named, colored and ordered, and what is derived
//! from them for the table and the plots.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use crate::run::{Mapping, Measure, Run, TablePreview};
use crate::text;
use crate::window::files::Written;
use crate::window::kept_run::KeptRun;
use crate::window::runs::derive::Derived;
use crate::window::runs::entry::{RunEntry, RunId};
use crate::window::runs::figures::FiguresWanted;
use crate::window::runs::follow::Following;
use crate::window::runs::kept::{self, Kept};
use crate::window::runs::link::FreezeLink;
use crate::window::runs::read::Read;
use crate::window::runs::screen::Screen;
use crate::window::runs::shown::{self, RunsView};
use crate::window::task::Slot;

/// The runs room: the runs, and what is asked of them.
#[derive(Default)]
pub struct Runs {
    /// How they are shown.
    pub view: RunsView,
    /// The runs, in the order of the table when it is not sorted.
    pub list: Vec<RunEntry>,
    /// Whether these are the runs compiled into the program.
    pub sample: bool,
    /// The run whose layers are lit.
    pub(crate) selected: Option<RunId>,
    /// The run that others are compared with, where one was chosen.
    pub(crate) baseline: Option<RunId>,
    /// The part of the horizontal axis in view; all of it without.
    pub zoom: Option<(f64, f64)>,
    /// The part of the vertical axis in view, of those plots that do not show all of it.
    pub zoom_y: BTreeMap<Measure, (f64, f64)>,
    /// Table and plot data of the runs as they are, or were a moment ago.
    pub derived: Option<Arc<Derived>>,
    /// What was wrong with logs, until it is dismissed.
    pub problems: Vec<String>,
    /// The run removed last, with its place.
    pub(crate) removed: Option<(usize, RunEntry)>,
    /// Tables whose columns are to be named, the one in the dialog first.
    pub(crate) tables: VecDeque<TablePreview>,
    /// What the columns of unknown tables mean, by header.
    pub(crate) mappings: BTreeMap<String, Mapping>,
    /// How tables of an unknown layout were read, for those that are followed.
    pub(crate) mapped: BTreeMap<PathBuf, Mapping>,
    /// The runs of the last time, until they are read again.
    pub(crate) kept: Vec<KeptRun>,
    /// The number of the next run.
    pub(crate) next: u64,
    /// Logs being read.
    pub(crate) reading: Slot<Read>,
    /// Logs to be read after them.
    pub(crate) queue: VecDeque<(Vec<PathBuf>, Option<RunId>)>,
    /// Logs being looked at for what was added.
    pub(crate) following: Following,
    /// The first rows of a table being read again.
    pub(crate) preview: Slot<TablePreview>,
    /// The freeze set of a run being read.
    pub(crate) tying: Slot<(RunId, FreezeLink)>,
    /// Table and plots being made.
    pub(crate) deriving: Slot<Derived>,
    /// A system dialog on screen.
    pub(crate) picking: Slot<Option<Picked>>,
    /// Figures being written.
    pub(crate) writing: Slot<Written>,
    /// What drawing keeps.
    pub(crate) screen: Screen,
}

/// What a system dialog was asked for, and the answer.
pub(crate) enum Picked {
    /// Logs to read, perhaps as parts of a run.
    Logs(Vec<PathBuf>, Option<RunId>),
    /// The freeze set of a run.
    FreezeSet(RunId, PathBuf),
    /// The folder for figures.
    Folder(PathBuf, FiguresWanted),
}

impl Runs {
    #[must_use]
    pub fn entry(&self, id: RunId) -> Option<&RunEntry> {
        self.list.iter().find(|entry| entry.id == id)
    }

    /// Its place in the list.
    #[must_use]
    pub(crate) fn place(&self, id: RunId) -> Option<usize> {
        self.list.iter().position(|entry| entry.id == id)
    }

    /// The run that others are compared with: the chosen one, else the one that the comparison
    /// took.
    #[must_use]
    pub fn baseline(&self) -> Option<RunId> {
        let chosen = self.baseline.filter(|id| self.entry(*id).is_some());
        chosen.or_else(|| {
            let derived = self.derived.as_ref()?;
            derived.runs.get(derived.comparison.baseline?).copied()
        })
    }

    /// The runs that are plotted.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &RunEntry> {
        self.list.iter().filter(|entry| !entry.hidden)
    }

    /// What the runs have logged.
    #[must_use]
    pub(crate) fn measures(&self) -> Vec<Measure> {
        shown::measures(self.list.iter().map(|entry| &*entry.run))
    }

    /// The names of series that the table has no column for.
    #[must_use]
    pub(crate) fn other_keys(&self) -> Vec<String> {
        let keys = self
            .measures()
            .into_iter()
            .filter_map(|measure| match measure {
                Measure::Key(key) => Some(key),
                _ => None,
            });
        keys.collect()
    }

    /// The panels to show.
    #[must_use]
    pub(crate) fn panels(&self) -> Vec<Measure> {
        let suited = || shown::suited(&self.measures());
        self.view.panels.clone().unwrap_or_else(suited)
    }

    /// Adds runs, each with the first color that is free. Returns the first one's name.
    pub fn add(&mut self, runs: Vec<Run>) -> Option<RunId> {
        let mut first = None;
        for mut run in runs {
            let logged_name = run.name.clone();
            run.name = self.free_name(&run.name);
            let id = RunId(self.next);
            self.next += 1;
            let color = self.free_color();
            self.list.push(RunEntry {
                id,
                logged_name,
                run: Arc::new(run),
                color,
                hidden: false,
                link: None,
            });
            first = first.or(Some(id));
        }
        first
    }

    /// `name`, numbered where there is such a run already: the table tells runs apart by name.
    fn free_name(&self, name: &str) -> String {
        let taken = |name: &str| self.list.iter().any(|entry| entry.run.name == name);
        text::free_name(name, taken)
    }

    /// The first color that no run has.
    fn free_color(&self) -> usize {
        // One more than there are runs: one of them is free.
        (0..=self.list.len())
            .find(|color| self.list.iter().all(|entry| entry.color != *color))
            .unwrap_or_default()
    }

    /// The room as it was left; the logs of its runs are to be read again.
    pub(crate) fn restore(kept: Kept) -> Self {
        Self {
            view: kept.view,
            kept: kept.runs,
            mappings: kept.mappings,
            ..Self::default()
        }
    }

    /// What is kept of it between starts of the program; the sample's runs need no keeping.
    pub(crate) fn kept(&self) -> Kept {
        let list: &[RunEntry] = if self.sample { &[] } else { &self.list };
        Kept {
            view: self.view.clone(),
            runs: kept::keep(list),
            mappings: self.mappings.clone(),
        }
    }

    /// Whether logs are being read.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.reading.is_busy()
    }

    /// Whether anything is under way, but for looking at logs that are followed.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.reading.is_busy()
            || self.preview.is_busy()
            || self.tying.is_busy()
            || self.deriving.is_busy()
            || self.picking.is_busy()
            || self.writing.is_busy()
    }
}
