//! The plots together: one horizontal axis, one reading line.

use std::sync::Arc;

use eframe::egui::{self, Rect, Sense, vec2};

use crate::figure::Chart;
use crate::window::plot::Plot;
use crate::window::runs::command::Command;
use crate::window::runs::derive::{Derived, PanelData};
use crate::window::runs::entry::RunId;
use crate::window::runs::screen::Panels;
use crate::window::runs::state::Runs;

/// Least size of a panel.
const LEAST: egui::Vec2 = vec2(260.0, 150.0);
/// The width over the height that a panel looks best at.
const ASPECT: f32 = 2.1;
/// Room between panels.
const GAP: f32 = 16.0;

impl Panels {
    /// Draws the panels in all the space there is; runs other than those `lit` fade. Returns the
    /// run whose line is pointed at.
    pub(crate) fn show(
        &mut self,
        ui: &mut egui::Ui,
        runs: &Runs,
        derived: &Derived,
        lit: &[RunId],
        commands: &mut Vec<Command>,
    ) -> Option<RunId> {
        let count = derived.panels.len();
        self.charts.truncate(count);
        let (columns, height) = layout(ui.available_size(), count);
        let rows = count.div_ceil(columns.max(1));
        let tall = rows as f32 * (height + GAP) - GAP;
        let mut pointed = None;
        egui::ScrollArea::vertical()
            .auto_shrink([false, false])
            .show(ui, |ui| {
                let size = vec2(ui.available_width(), tall.max(1.0));
                let (space, _) = ui.allocate_exact_size(size, Sense::hover());
                let wide = (space.width() - GAP * (columns as f32 - 1.0)) / columns as f32;
                for (place, data) in derived.panels.iter().enumerate() {
                    let (row, column) = ((place / columns) as f32, (place % columns) as f32);
                    let corner = space.min + vec2(column * (wide + GAP), row * (height + GAP));
                    let rect = Rect::from_min_size(corner, vec2(wide, height));
                    let chart = self.chart(runs, place, data);
                    let found = panel(ui, runs, (data, &chart), (rect, lit), commands);
                    pointed = pointed.or(found);
                }
            });
        pointed
    }

    /// The chart of the panel at `place`, made again only where something changed.
    fn chart(&mut self, runs: &Runs, place: usize, data: &Arc<PanelData>) -> Arc<Chart> {
        let key = runs.chart_key(data);
        match self.charts.get(place) {
            Some((old, chart)) if *old == key => Arc::clone(chart),
            _ => {
                let chart = Arc::new(runs.chart(data));
                let kept = (key, Arc::clone(&chart));
                match self.charts.get_mut(place) {
                    Some(old) => *old = kept,
                    None => self.charts.push(kept),
                }
                chart
            }
        }
    }
}

/// One plot. Returns the run whose line is pointed at.
fn panel(
    ui: &mut egui::Ui,
    runs: &Runs,
    (data, chart): (&PanelData, &Arc<Chart>),
    (rect, lit): (Rect, &[RunId]),
    commands: &mut Vec<Command>,
) -> Option<RunId> {
    let named = |name: &str| runs.shown().find(|entry| entry.run.name == name);
    let any = runs.shown().any(|entry| lit.contains(&entry.id));
    let lights = |name: &str| !any || named(name).is_some_and(|entry| lit.contains(&entry.id));
    let measure = &data.measure;
    let before = runs.seen(measure);
    let mut seen = before;
    let linked = ui.scope_id().with("plots");
    let builder = egui::UiBuilder::new()
        .max_rect(rect)
        .id_salt(measure.label());
    let response = ui.scope_builder(builder, |ui| {
        let plot = Plot::new(ui, "plot", rect.size()).named(measure.label());
        plot.linked(linked).lit(&lights).show(ui, chart, &mut seen)
    });
    if seen.x != before.x {
        commands.push(Command::Zoom(seen.x));
    }
    if seen.y != before.y {
        let zoom = Command::ZoomValues(measure.clone(), seen.y);
        commands.push(zoom);
    }
    let layer = chart.layers.get(response.inner.pointed?)?;
    named(&layer.name).map(|entry| entry.id)
}

/// The columns and the height of panels that fill `space` best.
fn layout(space: egui::Vec2, count: usize) -> (usize, f32) {
    let most = ((space.x + GAP) / (LEAST.x + GAP)).floor().max(1.0) as usize;
    let size = |columns: usize| {
        let rows = count.div_ceil(columns).max(1) as f32;
        let wide = (space.x - GAP * (columns as f32 - 1.0)) / columns as f32;
        let high = (space.y - GAP * (rows - 1.0)) / rows;
        (wide, high.max(LEAST.y))
    };
    let misfit = |columns: &usize| {
        let (wide, high) = size(*columns);
        // As far from the best as its logarithm says: half and double are equally bad.
        (wide / high / ASPECT).ln().abs()
    };
    let columns = (1..=most.min(count.max(1)))
        .min_by(|a, b| misfit(a).total_cmp(&misfit(b)))
        .unwrap_or(1);
    (columns, size(columns).1)
}
