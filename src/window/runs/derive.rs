//! What the table and the plots are drawn from, computed in the background: the comparison, and
//! every line at several levels of detail.
//!
//! Enters: the runs and how they are shown. Leaves: [`Derived`], while the old one stays on
//! screen.

use std::sync::Arc;

use crate::error::Result;
use crate::figure::{Chart, RunLine, RunsOptions, Trace, View, traces_chart};
use crate::progress::Progress;
use crate::run::{CompareOptions, Comparison, ComparisonRow, Measure, Run, XAxis};
use crate::window::runs::shown::RunsView;
use crate::window::runs::state::{RunEntry, RunId, RunsState};
use crate::window::scene::Tab;
use crate::window::shell::state::State;
use crate::window::task::{self, Job};

/// Least smoothing of the smoothed last loss: TensorBoard's default.
const SMOOTHED_LAST: f64 = 0.6;

/// What [`Derived`] is made from: made again only when this changes.
#[derive(Debug, Clone, PartialEq)]
pub struct DerivedKey {
    revision: u64,
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
pub struct ChartKey {
    data: Arc<PanelData>,
    view: RunsView,
    seen: View,
    runs: Vec<(RunId, usize)>,
}

impl PartialEq for ChartKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.data, &other.data)
            && self.view == other.view
            && self.seen == other.seen
            && self.runs == other.runs
    }
}

impl RunsState {
    /// The part of the plot of `measure` that is seen.
    #[must_use]
    pub fn seen(&self, measure: &Measure) -> View {
        View {
            x: self.zoom,
            y: self.zoom_y.get(measure).copied(),
        }
    }

    /// What the chart of `data` depends on.
    #[must_use]
    pub fn chart_key(&self, data: &Arc<PanelData>, view: &RunsView) -> ChartKey {
        ChartKey {
            data: Arc::clone(data),
            view: view.clone(),
            seen: self.seen(&data.measure),
            runs: self.shown().map(|entry| (entry.id, entry.color)).collect(),
        }
    }

    /// The chart of `data` as it is seen: on screen, and in a file.
    #[must_use]
    pub fn chart(&self, data: &PanelData, view: &RunsView) -> Chart {
        let lines = self.shown().filter_map(|entry| {
            let (_, trace) = data.traces.iter().find(|(run, _)| *run == entry.id)?;
            Some((RunLine::new(&entry.run, entry.color, None), trace))
        });
        let lines: Vec<(RunLine<'_>, &Trace)> = lines.collect();
        let options = RunsOptions {
            smoothing: view.smoothing,
            log_x: view.log_x,
            log_y: view.log_y,
            form: view.form,
            ignore_outliers: view.ignore_outliers,
            view: self.seen(&data.measure),
            ..RunsOptions::default()
        };
        traces_chart(&lines, &data.measure, view.axis, &options)
    }
}

impl DerivedKey {
    fn of(state: &State) -> Self {
        let (runs, view) = (&state.runs, &state.settings.runs);
        Self {
            revision: runs.revision,
            axis: view.axis,
            smoothing: view.smoothing.to_bits(),
            panels: runs.panels(view),
            baseline: runs.baseline.filter(|id| runs.entry(*id).is_some()),
            extra: view.extra.clone(),
        }
    }

    /// Whether the lines as logged are the same as under `other`.
    fn same_lines(&self, other: &Self) -> bool {
        self.revision == other.revision && self.axis == other.axis
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

/// Starts the work where what is on screen is no longer what was asked for.
pub(crate) fn need(state: &mut State) {
    if state.tab != Tab::Runs || state.jobs.derived.is_some() {
        return;
    }
    let key = DerivedKey::of(state);
    let old = state.runs.derived.clone();
    if old.as_ref().is_some_and(|old| old.key == key) {
        return;
    }
    let entries = state.runs.list.clone();
    let job = Job::spawn(
        "comparing runs",
        &state.ctx,
        state.generation,
        move |progress| derive(key, &entries, old.as_deref(), progress),
    );
    state.jobs.derived = Some(job);
}

/// Takes the result in.
pub(crate) fn poll(state: &mut State) {
    if let Some((_, result)) = task::take(&mut state.jobs.derived) {
        match result {
            Ok(derived) => state.runs.derived = Some(Arc::new(derived)),
            Err(error) => state.error(error),
        }
    }
    need(state);
}

fn derive(
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
