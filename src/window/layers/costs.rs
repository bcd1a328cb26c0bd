//! What the set takes in memory to train, beside full fine-tuning and QLoRA; live.

use eframe::egui;

use crate::selection::{Costs, LORA_RANK, Memory, Optimizer};
use crate::window::document::Document;
use crate::window::document::edit::Edit;
use crate::window::layers::state::Command;
use crate::window::{number, theme};

/// Height of a row of the table, and width of its names.
const ROW: f32 = 17.0;
const NAMES: f32 = 76.0;

/// A line of the table, and its part of a memory.
type Line = (&'static str, fn(Memory) -> u64, &'static str);

const LINES: [Line; 4] = [
    (
        "Weights",
        |memory| memory.weights,
        "All weights of the model, frozen ones too; of QLoRA in 4 bits, with its adapters",
    ),
    ("Gradients", |memory| memory.gradients, "Of what trains"),
    (
        "Optimizer",
        |memory| memory.optimizer,
        "States of what trains, with its f32 copy in mixed precision",
    ),
    (
        "Total",
        Memory::total,
        "Activations, buffers and a framework's own are not included: they go by batch size and \
         sequence length",
    ),
];

pub(crate) fn show(ui: &mut egui::Ui, document: &Document, commands: &mut Vec<Command>) {
    let optimizer = document.choice().optimizer;
    let Some(costs) = document.choosing().costs(&document.set, optimizer) else {
        return;
    };
    let total = number::gib(costs.set.total());
    let title = format!("Training memory: {total} GiB + activations");
    let tall = ui.ctx().content_rect().height() >= theme::TALL;
    let header = egui::CollapsingHeader::new(title)
        .id_salt("training memory")
        .default_open(tall)
        .show_unindented(ui, |ui| {
            optimizers(ui, optimizer, commands);
            table(ui, &costs, optimizer);
        });
    header
        .header_response
        .on_hover_text(formula(&costs, optimizer));
}

fn optimizers(ui: &mut egui::Ui, optimizer: Optimizer, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let label = ui.weak("Trained with");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let list = egui::ComboBox::from_id_salt("optimizer")
                .selected_text(optimizer.text())
                .width(140.0)
                .show_ui(ui, |ui| {
                    for other in Optimizer::ALL {
                        let response = ui.selectable_label(other == optimizer, other.text());
                        if response.on_hover_text(other.formula()).clicked() {
                            commands.push(Edit::Optimizer(other).into());
                            ui.close();
                        }
                    }
                });
            list.response
                .labelled_by(label.id)
                .on_hover_text(optimizer.formula());
        });
    });
}

fn table(ui: &mut egui::Ui, costs: &Costs, optimizer: Optimizer) {
    let palette = theme::palette(ui);
    let columns = [
        ("This set", costs.set),
        ("Full", costs.full),
        ("QLoRA", costs.qlora),
    ];
    let small = |text: &str| egui::RichText::new(text).small().color(palette.weak);
    ui.spacing_mut().item_spacing.y = 1.0;
    let hover = formula(costs, optimizer);
    row(ui, |ui, place| {
        let name = if place == 0 {
            "GiB"
        } else {
            columns[place - 1].0
        };
        ui.label(small(name)).on_hover_text(&hover);
    });
    for (name, part, hover) in LINES {
        let text = |text: String| match name {
            "Total" => theme::strong(text),
            _ => egui::RichText::new(text),
        };
        row(ui, |ui, place| {
            if place == 0 {
                ui.label(text(name.to_owned())).on_hover_text(hover);
                return;
            }
            let (whose, memory) = columns[place - 1];
            let bytes = part(memory);
            ui.label(text(number::gib(bytes))).on_hover_text(format!(
                "{whose}, {}: {} bytes",
                name.to_lowercase(),
                number::grouped(bytes)
            ));
        });
    }
}

/// A row of four cells: a name, and three numbers at the right of equal columns.
fn row(ui: &mut egui::Ui, mut cell: impl FnMut(&mut egui::Ui, usize)) {
    let size = egui::vec2(ui.available_width(), ROW);
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let width = (rect.width() - NAMES) / 3.0;
    for place in 0..4 {
        let left = rect.left()
            + if place == 0 {
                0.0
            } else {
                NAMES + width * (place - 1) as f32
            };
        let layout = if place == 0 {
            egui::Layout::left_to_right(egui::Align::Center)
        } else {
            egui::Layout::right_to_left(egui::Align::Center)
        };
        let size = egui::vec2(if place == 0 { NAMES } else { width }, ROW);
        let cell_rect = egui::Rect::from_min_size(egui::pos2(left, rect.top()), size);
        let builder = egui::UiBuilder::new().max_rect(cell_rect).layout(layout);
        cell(&mut ui.new_child(builder), place);
    }
}

/// The formulas with the counts they are of.
fn formula(costs: &Costs, optimizer: Optimizer) -> String {
    let sizes = costs.sizes;
    format!(
        "{}.\n\nQLoRA: {} parameters of linear weights in 4.127 bits (NF4 with double \
         quantization), the rest in bf16, adapters of rank {LORA_RANK} on all linear layers, {} \
         parameters in bf16 with two f32 moments (Dettmers et al. 2023).\n\nThe model has {} \
         parameters. Activations are not included.",
        optimizer.formula(),
        number::parameters(sizes.linear),
        number::parameters(sizes.adapters),
        number::parameters(sizes.parameters),
    )
}
