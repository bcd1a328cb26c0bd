//! What the set takes in memory to train, beside full fine-tuning and QLoRA; live.

use eframe::egui;

use crate::app::{Command, Document};
use crate::selection::{Costs, LORA_RANK, Memory, Optimizer};
use crate::ui::{number, theme};

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
        "Optimiser",
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

pub(super) fn show(ui: &mut egui::Ui, document: &Document, commands: &mut Vec<Command>) {
    let optimizer = document.choice().optimizer;
    let Some(costs) = document.choosing.costs(&document.set, optimizer) else {
        return;
    };
    let title = format!("Training memory: {} GiB", number::gib(costs.set.total()));
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
                            commands.push(Command::SetOptimizer(other));
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
    let first = 76.0;
    let width = (ui.available_width() - first) / 3.0 - ui.spacing().item_spacing.x;
    let cell = |ui: &mut egui::Ui, text: egui::RichText| {
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        ui.allocate_ui_with_layout(egui::vec2(width, 16.0), layout, |ui| ui.label(text))
            .inner
    };
    let response = egui::Grid::new("memory")
        .num_columns(4)
        .min_col_width(0.0)
        .min_row_height(16.0)
        .spacing([ui.spacing().item_spacing.x, 2.0])
        .show(ui, |ui| {
            let small = |text: &str| egui::RichText::new(text).small().color(palette.weak);
            ui.add_sized(
                [first, 16.0],
                egui::Label::new(small("GiB")).halign(egui::Align::Min),
            );
            for (name, _) in columns {
                cell(ui, small(name));
            }
            ui.end_row();
            for (name, part, hover) in LINES {
                let is_total = name == "Total";
                let text = |text: String| {
                    if is_total {
                        theme::strong(text)
                    } else {
                        egui::RichText::new(text)
                    }
                };
                ui.label(text(name.to_owned())).on_hover_text(hover);
                for (whose, memory) in columns {
                    let bytes = part(memory);
                    cell(ui, text(number::gib(bytes))).on_hover_text(format!(
                        "{whose}, {}: {} bytes",
                        name.to_lowercase(),
                        number::grouped(bytes)
                    ));
                }
                ui.end_row();
            }
        })
        .response;
    response.on_hover_text(formula(costs, optimizer));
    let note = egui::RichText::new("Activations are not included.").small();
    ui.label(note.color(palette.weak))
        .on_hover_text(formula(costs, optimizer));
}

/// The formulas with the counts they are of.
fn formula(costs: &Costs, optimizer: Optimizer) -> String {
    let sizes = costs.sizes;
    format!(
        "{}.\n\nQLoRA: {} parameters of linear weights in 4.127 bits (NF4 with double \
         quantisation), the rest in bf16, adapters of rank {LORA_RANK} on all linear layers, {} \
         parameters in bf16 with two f32 moments (Dettmers et al. 2023).\n\nThe model has {} \
         parameters. Activations are not included.",
        optimizer.formula(),
        number::parameters(sizes.linear),
        number::parameters(sizes.adapters),
        number::parameters(sizes.parameters),
    )
}
