//! What is open, while no layer is inspected: the model in numbers, and how to ask for more.

use eframe::egui;

use crate::report::SnrReport;
use crate::tensor::DType;
use crate::window::document::{Document, Origin};
use crate::window::scene::Scene;
use crate::window::snapshot::SnapshotId;
use crate::window::{number, theme};

/// Ways on, for who has not found them yet.
const HINTS: [&str; 4] = [
    "Click a cell to see the layer's numbers here.",
    "Ctrl-click a cell to pin or drop it by hand.",
    "Drag over cells to mark a rectangle.",
    "Arrow keys move, Space pins or drops, Enter inspects.",
];

/// A name, its value, and what it is.
type Row = (&'static str, String, &'static str);

/// The rows, counted anew only when the report changes: a model may have 28,800 modules.
#[derive(Default)]
pub(crate) struct Overview {
    made_from: SnapshotId<SnrReport>,
    rows: Vec<Row>,
}

impl Overview {
    /// Makes the rows anew if the document's numbers changed.
    pub(crate) fn update(&mut self, document: &Document) {
        let from = SnapshotId::of(&document.report);
        if self.made_from != from {
            self.made_from = from;
            self.rows = rows(document);
        }
    }
}

pub(crate) fn show(ui: &mut egui::Ui, scene: &Scene<'_>, overview: &Overview) {
    egui::ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            if let Some(document) = scene.document {
                facts(ui, document, &overview.rows);
                ui.add_space(8.0);
            }
            ui.label(theme::strong("Layers"));
            for line in HINTS {
                ui.add(egui::Label::new(egui::RichText::new(line).weak()).wrap());
            }
        });
}

fn facts(ui: &mut egui::Ui, document: &Document, rows: &[Row]) {
    let report = &document.report;
    let what = match document.origin {
        Origin::Sample => "Sample",
        Origin::Results => "Results",
        Origin::Model(_) => "Model",
    };
    ui.label(theme::strong(what));
    let name = egui::RichText::new(&report.slug).font(egui::FontId::new(14.0, theme::semibold()));
    ui.add(egui::Label::new(name).wrap());
    ui.add_space(4.0);
    let grid = egui::Grid::new("overview").num_columns(2);
    grid.spacing([8.0, 3.0]).show(ui, |ui| {
        for (name, value, hover) in rows {
            ui.weak(*name).on_hover_text(*hover);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let label = egui::Label::new(value).selectable(true).truncate();
                ui.add(label).on_hover_text(format!("{value}\n{hover}"));
            });
            ui.end_row();
        }
    });
}

/// What is known, and no more: a results file has neither shapes nor sizes.
fn rows(document: &Document) -> Vec<Row> {
    let report = &document.report;
    let count = |count: usize| number::grouped(count as u64);
    let mut rows = vec![
        (
            "Modules",
            count(report.modules.len()),
            "Weights with a layer type, each with a ratio once it is scanned",
        ),
        (
            "Layer types",
            count(report.types.len()),
            "Modules of one type are ranked together",
        ),
        (
            "Blocks",
            count(blocks(document)),
            "Different block numbers in the names",
        ),
    ];
    if let Some(parameters) = report.total_parameters {
        rows.push((
            "Parameters",
            number::grouped(parameters),
            "Elements of all tensors, tied ones once",
        ));
    }
    let stored = stored_as(document);
    if !stored.is_empty() {
        rows.push(("Stored as", stored, "The types of the stored values"));
    }
    if let Some(tied) = tied(document) {
        rows.push((
            "Tied",
            tied,
            "Shares another module's tensor: a trainer sees one parameter",
        ));
    }
    rows.push((
        "Scanned",
        format!(
            "{} of {}",
            count(report.scanned()),
            count(report.modules.len())
        ),
        "Modules with a ratio",
    ));
    rows.extend(noise(document));
    let from = report.path.as_ref().map_or_else(
        || "the program".to_owned(),
        |path| path.display().to_string(),
    );
    rows.push(("From", from, "Where it was read"));
    rows
}

fn blocks(document: &Document) -> usize {
    let modules = document.report.modules.iter();
    let mut blocks: Vec<u32> = modules.filter_map(|module| module.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    blocks.len()
}

/// The types of the stored values, the most used first.
fn stored_as(document: &Document) -> String {
    let mut counts: Vec<(&DType, usize)> = Vec::new();
    for weight in document
        .report
        .modules
        .iter()
        .filter_map(|m| m.weight.as_ref())
    {
        match counts.iter_mut().find(|(dtype, _)| *dtype == &weight.dtype) {
            Some((_, count)) => *count += 1,
            None => counts.push((&weight.dtype, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let names: Vec<String> = counts.iter().map(|(dtype, _)| dtype.to_string()).collect();
    names.join(", ")
}

fn tied(document: &Document) -> Option<String> {
    let mut modules = document.report.modules.iter();
    let weight = |module: &crate::report::Module| module.weight.as_ref()?.tied_to.clone();
    modules.find_map(|module| Some(format!("{} to {}", module.name, weight(module)?)))
}

/// How many layers have a ratio that noise of their shape does not reach.
fn noise(document: &Document) -> Option<Row> {
    let modules = document.report.modules.iter();
    let excesses: Vec<f64> = modules
        .filter_map(|module| module.noise.as_ref()?.excess)
        .collect();
    if excesses.is_empty() {
        return None;
    }
    let above = excesses.iter().filter(|excess| **excess > 0.0).count();
    Some((
        "Above noise",
        format!(
            "{} of {}",
            number::grouped(above as u64),
            number::grouped(excesses.len() as u64)
        ),
        "Layers with an excess above 0: a larger ratio than pure noise of the same shape and \
         entry variance has. Counted where there is a control",
    ))
}
