//! What the table and the plots are drawn from, computed in the background: the comparison, and
//! every line at several levels of detail. The old one stays on screen until the new one is there.

use std::sync::{Arc, Weak};

use crate::error::Result;
use crate::figure::{Trace, View};
use crate::progress::Progress;
use crate::run::{CompareOptions, Comparison, ComparisonRow, Measure, Run, XAxis};
use crate::window::runs::entry::{RunEntry, RunId};
use crate::window::runs::shown::RunsView;

/// Least smoothing of the smoothed last loss: TensorBoard's default.
const SMOOTHED_LAST: f64 = 0.6;

/// The runs that something was made from, in their order. It keeps none of them alive: a run is
/// renamed in place, and not copied for the sake of the old plots.
#[derive(Debug, Clone)]
struct Made(Vec<(RunId, Weak<Run>)>);

impl PartialEq for Made {
    fn eq(&self, other: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        self.0.len() == other.0.len()
            && pairs.all(|((a, run), (b, other))| a == b && Weak::ptr_eq(run, other))
    }
}

/// What [`Derived`] is made from: made again only when this changes.
#[derive(Debug, Clone, PartialEq)]
pub struct DerivedKey {
    made: Made,
    axis: XAxis,
    smoothing: u64,
    panels: Vec<Measure>,
    baseline: Option<RunId>,
    extra: Vec<String>,
}

/// Table and plot data.
#[derive(Debug, Clone)]
pub struct Derived {
    /// What it was made from.
    pub key: DerivedKey,
    /// The runs that it was made from, in the order of the comparison's rows.
    pub runs: Vec<RunId>,
    /// The table.
    pub comparison: Comparison,
    /// The panels, in their order.
    pub panels: Vec<Arc<PanelData>>,
}

/// The lines of one panel.
#[derive(Debug, Clone)]
pub struct PanelData {
    /// What it shows.
    pub measure: Measure,
    /// The runs' lines, in the order of the list.
    pub traces: Vec<(RunId, Trace)>,
}

/// What the chart of a panel depends on.
#[derive(Clone)]
pub(crate) struct ChartKey {
    pub(crate) data: Arc<PanelData>,
    pub(crate) view: RunsView,
    pub(crate) seen: View,
    pub(crate) runs: Vec<(RunId, usize)>,
}

impl PartialEq for ChartKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.data, &other.data)
            && self.view == other.view
            && self.seen == other.seen
            && self.runs == other.runs
    }
}

impl DerivedKey {
    /// What is made from the runs of `list` as they are shown in `view`.
    pub(crate) fn new(
        list: &[RunEntry],
        view: &RunsView,
        panels: Vec<Measure>,
        baseline: Option<RunId>,
    ) -> Self {
        let made = list
            .iter()
            .map(|entry| (entry.id, Arc::downgrade(&entry.run)));
        Self {
            made: Made(made.collect()),
            axis: view.axis,
            smoothing: view.smoothing.to_bits(),
            panels,
            baseline,
            extra: view.extra.clone(),
        }
    }

    /// Whether the lines as logged are the same as under `other`.
    fn same_lines(&self, other: &Self) -> bool {
        self.made == other.made && self.axis == other.axis
    }
}

impl Derived {
    /// The row of the comparison that is about `run`.
    #[must_use]
    pub fn row(&self, run: RunId) -> Option<&ComparisonRow> {
        let place = self.runs.iter().position(|id| *id == run)?;
        self.comparison.rows.get(place)
    }
}

/// Makes table and plots; what has not changed is taken from `old`.
pub(crate) fn derive(
    key: DerivedKey,
    entries: &[RunEntry],
    old: Option<&Derived>,
    progress: &Progress,
) -> Result<Derived> {
    let old = old.filter(|old| old.key.same_lines(&key));
    let mut panels = Vec::new();
    for measure in &key.panels {
        progress.check()?;
        let before = old.and_then(|old| {
            let mut panels = old.panels.iter();
            panels.find(|panel| panel.measure == *measure)
        });
        let same = old.is_some_and(|old| old.key.smoothing == key.smoothing);
        panels.push(match before {
            Some(before) if same => Arc::clone(before),
            before => Arc::new(panel(measure, entries, &key, before.map(|panel| &**panel))),
        });
    }
    let runs: Vec<&Run> = entries.iter().map(|entry| &*entry.run).collect();
    let baseline = entries.iter().find(|entry| Some(entry.id) == key.baseline);
    let options = CompareOptions {
        baseline: baseline.map(|entry| entry.run.name.clone()),
        smoothing: SMOOTHED_LAST.max(f64::from_bits(key.smoothing)),
        metrics: key.extra.clone(),
        ..CompareOptions::default()
    };
    Ok(Derived {
        runs: entries.iter().map(|entry| entry.id).collect(),
        comparison: Comparison::new(&runs, &options),
        panels,
        key,
    })
}

/// The lines of `measure`; those as logged are taken from `before` where it is given.
fn panel(
    measure: &Measure,
    entries: &[RunEntry],
    key: &DerivedKey,
    before: Option<&PanelData>,
) -> PanelData {
    let weight = f64::from_bits(key.smoothing);
    let trace = |entry: &RunEntry| {
        let mut old = before.into_iter().flat_map(|before| &before.traces);
        let trace = match old.find(|(run, _)| *run == entry.id) {
            Some((_, old)) => old.smoothed(weight),
            None => Trace::new(&entry.run, measure, key.axis, weight),
        };
        (entry.id, trace)
    };
    PanelData {
        measure: measure.clone(),
        traces: entries.iter().map(trace).collect(),
    }
}
