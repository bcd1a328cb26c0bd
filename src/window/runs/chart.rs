//! The charts of the plots, as they are seen: on screen, and in a file.

use std::sync::Arc;

use crate::figure::{Chart, RunLine, RunsOptions, Trace, View, traces_chart};
use crate::run::Measure;
use crate::window::runs::derive::{ChartKey, PanelData};
use crate::window::runs::state::Runs;

impl Runs {
    /// The part of the plot of `measure` that is seen.
    #[must_use]
    pub(crate) fn seen(&self, measure: &Measure) -> View {
        View {
            x: self.zoom,
            y: self.zoom_y.get(measure).copied(),
        }
    }

    /// What the chart of `data` depends on.
    #[must_use]
    pub(crate) fn chart_key(&self, data: &Arc<PanelData>) -> ChartKey {
        ChartKey {
            data: Arc::clone(data),
            view: self.view.clone(),
            seen: self.seen(&data.measure),
            runs: self.shown().map(|entry| (entry.id, entry.color)).collect(),
        }
    }

    /// The chart of `data` as it is seen: on screen, and in a file.
    #[must_use]
    pub fn chart(&self, data: &PanelData) -> Chart {
        let view = &self.view;
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
