//! Which layers a run trains, as a small heatmap beside the table: rows are layer types, columns
//! blocks. A cell pointed at picks out the runs that train it.

use std::sync::Arc;

use eframe::egui::{
    self, Align2, EventFilter, FontId, Key, Modifiers, Rect, Role, Sense, WidgetInfo, pos2, vec2,
};

use crate::figure::{Grid, Options};
use crate::report::SnrReport;
use crate::window::document::Document;
use crate::window::effect::Effect;
use crate::window::runs::command::Command;
use crate::window::runs::entry::{RunEntry, RunId};
use crate::window::runs::row;
use crate::window::runs::screen::{Map, MapKey};
use crate::window::runs::state::Runs;
use crate::window::scene::Tab;
use crate::window::{focus, theme};

/// Room for the map, with the gap before it.
pub(crate) const WIDTH: f32 = 360.0;
/// Height of the line above the cells.
const TITLE: f32 = 20.0;
/// Least room for the cells.
const CELLS: f32 = 140.0;

impl Map {
    pub(crate) fn show(
        &mut self,
        ui: &mut egui::Ui,
        (runs, document): (&Runs, &Document),
        (rect, lit): (Rect, &[RunId]),
        pointed: &mut Vec<RunId>,
        commands: &mut Vec<Command>,
    ) {
        self.update(runs, &document.report);
        let palette = theme::palette(ui);
        let with_set = |id: &RunId| self.trained.iter().any(|(run, _)| run == id);
        let shown = lit.iter().copied().find(with_set);
        let shown = shown.or(runs.selected.filter(with_set));
        // Without one, a run that leaves something frozen: all of the model says little.
        let partly = |(_, trained): &&(RunId, Vec<bool>)| trained.contains(&false);
        let first = || self.trained.iter().find(partly).or(self.trained.first());
        let shown = shown.or_else(|| first().map(|(run, _)| *run));
        let Some(entry) = shown.and_then(|run| runs.entry(run)) else {
            let font = FontId::proportional(11.0);
            let text = "Tie a run to its freeze set (right click) to see its layers here";
            let galley = ui
                .painter()
                .layout(text.to_owned(), font, palette.weak, rect.width());
            ui.painter().galley(rect.min, galley, palette.weak);
            return;
        };
        self.title(ui, entry, rect, palette, commands);
        let cells = rect.with_min_y(rect.top() + TITLE);
        self.cells(ui, (runs, document), entry, cells, (pointed, commands));
    }

    fn update(&mut self, runs: &Runs, report: &Arc<SnrReport>) {
        let links = runs.list.iter().filter_map(|entry| {
            let link = entry.link.as_ref()?;
            Some((entry.id, Arc::clone(link)))
        });
        let key = MapKey {
            report: Arc::downgrade(report),
            links: links.collect(),
        };
        if self.key.as_ref() == Some(&key) {
            return;
        }
        self.grid = Grid::new(report, &Options::default());
        let trained = key.links.iter().filter_map(|(run, link)| {
            let mut trained = vec![false; report.modules.len()];
            for module in link.modules_in(report) {
                trained[module] = true;
            }
            trained.contains(&true).then_some((*run, trained))
        });
        self.trained = trained.collect();
        self.key = Some(key);
    }

    fn title(
        &self,
        ui: &egui::Ui,
        entry: &RunEntry,
        rect: Rect,
        palette: theme::Palette,
        commands: &mut Vec<Command>,
    ) {
        let trained = self.trained.iter().find(|(run, _)| *run == entry.id);
        let count = trained.map_or(0, |(_, trained)| trained.iter().filter(|on| **on).count());
        let id = ui.scope_id().with("layers of the run");
        let place = Rect::from_min_size(rect.min, vec2(rect.width(), TITLE));
        let response = ui.interact(place, id, Sense::click());
        let text = format!("{} trains {count} modules", entry.run.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{text}: show")));
        let color = if response.hovered() {
            palette.accent
        } else {
            palette.text
        };
        let font = FontId::new(12.0, theme::semibold());
        let painter = ui.painter().with_clip_rect(place);
        painter.text(place.left_top(), Align2::LEFT_TOP, text, font, color);
        let response = response.on_hover_text("Show these layers in the heatmap");
        if response.clicked() {
            commands.push(Command::ShowLayers(entry.id));
        }
    }

    /// Room for the rows' labels.
    fn labels(&self, ui: &egui::Ui, font: &FontId, rect: Rect, labeled: bool) -> f32 {
        if !labeled {
            return 0.0;
        }
        let wide = self.grid.rows.iter().map(|row| {
            let text = row.label.clone();
            let color = egui::Color32::PLACEHOLDER;
            ui.painter()
                .layout_no_wrap(text, font.clone(), color)
                .size()
                .x
        });
        wide.fold(0.0, f32::max).min(rect.width() - CELLS) + 8.0
    }

    fn cells(
        &mut self,
        ui: &egui::Ui,
        (runs, document): (&Runs, &Document),
        entry: &RunEntry,
        rect: Rect,
        (pointed, commands): (&mut Vec<RunId>, &mut Vec<Command>),
    ) {
        let Some((_, trained)) = self.trained.iter().find(|(run, _)| *run == entry.id) else {
            return;
        };
        let palette = theme::palette(ui);
        let (rows, columns) = (self.grid.rows.len().max(1), self.grid.columns.len().max(1));
        let high = (rect.height() / rows as f32).min(16.0);
        let font = FontId::proportional(high.min(11.0));
        let labeled = high >= 9.0;
        let body = rect.with_min_x(rect.left() + self.labels(ui, &font, rect, labeled));
        let pitch = vec2((body.width() / columns as f32).min(14.0), high);
        let (color, _) = row::look(ui, entry.color);
        let mut mesh = egui::Mesh::default();
        for row in 0..rows {
            for column in 0..columns {
                let modules = self.grid.modules(row, column);
                if modules.is_empty() {
                    continue;
                }
                let on = modules
                    .iter()
                    .filter(|&&module| trained[module as usize])
                    .count();
                let share = on as f32 / modules.len() as f32;
                let corner = body.min + vec2(column as f32 * pitch.x, row as f32 * pitch.y);
                let gap = if pitch.x > 3.0 { 1.0 } else { 0.0 };
                let cell =
                    Rect::from_min_size(corner, (pitch - vec2(gap, gap)).max(vec2(1.0, 1.0)));
                let fill = palette.raised.lerp_to_gamma(color, share);
                mesh.add_colored_rect(cell, fill);
            }
            if labeled {
                let y = body.top() + (row as f32 + 0.5) * pitch.y;
                let font = font.clone();
                let label = &self.grid.rows[row].label;
                let clip = rect.with_max_x(body.left() - 4.0);
                let painter = ui.painter().with_clip_rect(clip);
                painter.text(
                    pos2(body.left() - 6.0, y),
                    Align2::RIGHT_CENTER,
                    label,
                    font,
                    palette.weak,
                );
            }
        }
        ui.painter().add(egui::Shape::mesh(mesh));
        let area = Rect::from_min_size(
            body.min,
            vec2(columns as f32 * pitch.x, rows as f32 * pitch.y),
        );
        let id = ui.scope_id().with("map of layers");
        let response = ui.interact(area, id, Sense::click());
        let on = trained.iter().filter(|on| **on).count();
        let by_key = by_key(ui, &response, self.cell, (rows, columns));
        self.cell = by_key.unwrap_or(self.cell);
        let at = response.hover_pos().map(|at| (at - body.min) / pitch);
        let place = at.map(|at| (at.y as usize, at.x as usize)).or(by_key);
        let described = place.and_then(|place| self.described(runs, document, place));
        let about = format!("{on} of {} modules train", trained.len());
        let name = format!("Layers of {}", entry.run.name);
        let text = described.as_ref().map(|(text, ..)| text.as_str());
        focus::say(&response, &name, text.unwrap_or(&about));
        if let Some((row, column)) = by_key {
            let corner = body.min + vec2(column as f32 * pitch.x, row as f32 * pitch.y);
            let cell = Rect::from_min_size(corner, pitch);
            let stroke = egui::Stroke::new(2.0, palette.accent);
            ui.painter()
                .rect_stroke(cell, 1.0, stroke, egui::StrokeKind::Outside);
        }
        let Some((text, by, first)) = described else {
            return;
        };
        pointed.extend(by);
        if response.clicked() {
            commands.push(Command::Ask(Effect::Inspect(Some(first))));
            commands.push(Command::Ask(Effect::Show(Tab::Layers)));
        }
        response.on_hover_text_at_pointer(text);
    }

    /// A cell in words, the runs that train it, and its first module.
    fn described(
        &self,
        runs: &Runs,
        document: &Document,
        (row, column): (usize, usize),
    ) -> Option<(String, Vec<RunId>, usize)> {
        if row >= self.grid.rows.len() || column >= self.grid.columns.len() {
            return None;
        }
        let modules = self.grid.modules(row, column);
        let first = *modules.first()? as usize;
        let by: Vec<RunId> = self
            .trained
            .iter()
            .filter(|(_, trained)| modules.iter().any(|&module| trained[module as usize]))
            .map(|(run, _)| *run)
            .collect();
        let names = by.iter().filter_map(|run| runs.entry(*run));
        let names: Vec<&str> = names.map(|entry| entry.run.name.as_str()).collect();
        let names = if names.is_empty() {
            "none of the runs".to_owned()
        } else {
            names.join(", ")
        };
        let name = &document.report.modules[first].name;
        Some((format!("{name}\nTrained by: {names}"), by, first))
    }
}

/// The cell that the arrow keys go to from `cell`, while the map has the keyboard.
fn by_key(
    ui: &egui::Ui,
    response: &egui::Response,
    cell: (usize, usize),
    (rows, columns): (usize, usize),
) -> Option<(usize, usize)> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    let step = |place: usize, more, less, count: usize| {
        (place + pressed(more))
            .saturating_sub(pressed(less))
            .min(count - 1)
    };
    Some((
        step(cell.0, Key::ArrowDown, Key::ArrowUp, rows),
        step(cell.1, Key::ArrowRight, Key::ArrowLeft, columns),
    ))
}
