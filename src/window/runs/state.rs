//! The runs that are compared: which, how they are named, coloured and ordered, and what is
//! derived from them for the table and the plots.
//!
//! Enters: logs, read by a job; [`RunsCommand`]s. Leaves: [`RunsState`] for the panels.

use crate::window::runs::derive::Derived;
use crate::window::runs::import;
use crate::window::runs::link::FreezeLink;
use crate::window::runs::shown::RunsView;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use crate::run::{Mapping, Measure, Run, TablePreview};

/// Names a run for as long as the program is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(u64);

/// A run on screen.
#[derive(Debug, Clone)]
pub struct RunEntry {
    /// Its name for the program.
    pub id: RunId,
    /// What was logged.
    pub run: Arc<Run>,
    /// Its name as logged: what it is found by when its log has grown.
    pub logged_name: String,
    /// Its place among the series colours: the same in every plot, table and figure.
    pub color: usize,
    /// Whether it is left out of the plots.
    pub hidden: bool,
    /// The freeze set it was trained with, where that is known.
    pub link: Option<FreezeLink>,
}

/// The runs, and what is asked of them.
#[derive(Default)]
pub struct RunsState {
    /// The runs, in the order of the table when it is not sorted.
    pub list: Vec<RunEntry>,
    /// Whether these are the runs compiled into the program.
    pub sample: bool,
    /// The run whose layers are lit.
    pub selected: Option<RunId>,
    /// The run that others are compared with.
    pub baseline: Option<RunId>,
    /// The part of the horizontal axis in view; all of it without.
    pub zoom: Option<(f64, f64)>,
    /// The part of the vertical axis in view, of those plots that do not show all of it.
    pub zoom_y: BTreeMap<Measure, (f64, f64)>,
    /// Table and plot data of the runs as they are, or were a moment ago.
    pub derived: Option<Arc<Derived>>,
    /// Rises with every change of the runs themselves.
    pub revision: u64,
    /// Tables whose columns are to be named, the one in the dialog first.
    pub tables: VecDeque<TablePreview>,
    /// The run removed last, with its place.
    pub removed: Option<(usize, RunEntry)>,
    /// Whether logs are read on as they are written.
    pub following: bool,
    /// Rises with every change of what runs were trained with.
    pub links: u64,
    /// What was wrong with logs, until it is dismissed.
    pub problems: Vec<String>,
    /// How tables of no known layout were read, for those that are followed.
    pub(crate) mapped: BTreeMap<PathBuf, Mapping>,
    pub(crate) queue: import::Queue,
    pub(crate) next: u64,
}

impl RunsState {
    /// The run of that name for the program.
    #[must_use]
    pub fn entry(&self, id: RunId) -> Option<&RunEntry> {
        self.list.iter().find(|entry| entry.id == id)
    }

    /// Its place in the list.
    #[must_use]
    pub fn place(&self, id: RunId) -> Option<usize> {
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
    pub fn shown(&self) -> impl Iterator<Item = &RunEntry> {
        self.list.iter().filter(|entry| !entry.hidden)
    }

    /// What the runs have logged.
    #[must_use]
    pub fn measures(&self) -> Vec<Measure> {
        crate::window::runs::shown::measures(self.list.iter().map(|entry| &*entry.run))
    }

    /// The names of series that the table has no column for.
    #[must_use]
    pub fn other_keys(&self) -> Vec<String> {
        let keys = self
            .measures()
            .into_iter()
            .filter_map(|measure| match measure {
                Measure::Key(key) => Some(key),
                _ => None,
            });
        keys.collect()
    }

    /// The panels to show with those settings.
    #[must_use]
    pub fn panels(&self, view: &RunsView) -> Vec<Measure> {
        let suited = || crate::window::runs::shown::suited(&self.measures());
        view.panels.clone().unwrap_or_else(suited)
    }

    /// Adds runs, each with the first colour that is free. Returns the first one's name.
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
        self.revision += 1;
        first
    }

    /// `name`, numbered where there is such a run already: the table tells runs apart by name.
    fn free_name(&self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names
            .find(|name| self.list.iter().all(|entry| entry.run.name != *name))
            .unwrap_or_default()
    }

    /// The first colour that no run has.
    fn free_color(&self) -> usize {
        // One more than there are runs: one of them is free.
        (0..=self.list.len())
            .find(|color| self.list.iter().all(|entry| entry.color != *color))
            .unwrap_or_default()
    }
}
