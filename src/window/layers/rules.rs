//! The rules of choosing: by which number, which modules together, which towers and blocks, and
//! how near a near-tie is.

use eframe::egui;

use crate::selection::{Blocks, Percent, Pool, RankBy, Rules};
use crate::window::document::Document;
use crate::window::document::edit::Edit;
use crate::window::layers::state::Command;
use crate::window::theme;

const BY: [(RankBy, &str, &str); 2] = [
    (
        RankBy::Snr,
        "SNR",
        "Spectrum's ratio. It falls as a matrix grows, so it is to be compared within a type only",
    ),
    (
        RankBy::Excess,
        "excess over noise",
        "How much more than noise of the same shape has: comparable between types. Modules without \
         one are never taken",
    ),
];

const POOLS: [(Pool, &str, &str); 3] = [
    (
        Pool::Type,
        Pool::Type.text(),
        "The percentage is of each layer type, as in Spectrum",
    ),
    (
        Pool::TypeAndTower,
        Pool::TypeAndTower.text(),
        "The percentage is of each layer type in each tower: no tower takes the places of another",
    ),
    (
        Pool::All,
        Pool::All.text(),
        "One ranking over all types: the percentage is of all modules, but of types with their \
         own. Best by excess: SNR is not comparable between types",
    ),
];

pub(crate) fn show(ui: &mut egui::Ui, document: &Document, commands: &mut Vec<Command>) {
    let rules = &document.choice().rules;
    let title = format!("Ranked by {rules}");
    let header = egui::CollapsingHeader::new(title)
        .id_salt("rules")
        .show_unindented(ui, |ui| {
            let set = |change: &dyn Fn(&mut Rules), commands: &mut Vec<Command>| {
                let mut rules = rules.clone();
                change(&mut rules);
                commands.push(Edit::Rules { rules, done: true }.into());
            };
            list(ui, "Rank by", &BY, rules.by, |by| {
                set(&|rules| rules.by = by, commands);
            });
            if rules.by == RankBy::Excess {
                unranked(ui, document);
            }
            list(ui, "Rank together", &POOLS, rules.pool, |pool| {
                set(&|rules| rules.pool = pool, commands);
            });
            blocks(ui, document, commands);
            towers(ui, document, commands);
            tolerance(ui, document, commands);
        });
    header
        .header_response
        .on_hover_text("By which number layers are ranked, which together, and which not at all");
}

/// Says where the set takes one tower alone, though several are ranked together; offers to rank
/// each by itself.
pub(crate) fn tower_warning(ui: &mut egui::Ui, document: &Document, commands: &mut Vec<Command>) {
    let lines = &document.choosing().tower_warnings;
    let Some(first) = lines.first() else { return };
    let text = match lines.len() {
        1 => format!("⚠ {first}."),
        count => format!("⚠ {first}, and so of {} more types.", count - 1),
    };
    let text = egui::RichText::new(text).small();
    ui.add(egui::Label::new(text.color(theme::palette(ui).warning)).wrap())
        .on_hover_text(lines.join("\n"));
    let split = ui.small_button("Rank each tower by itself");
    if split
        .on_hover_text("The percentage is then of each layer type in each tower")
        .clicked()
    {
        let mut rules = document.choice().rules.clone();
        rules.pool = Pool::TypeAndTower;
        commands.push(Edit::Rules { rules, done: true }.into());
    }
}

fn list<T: Copy + PartialEq>(
    ui: &mut egui::Ui,
    name: &str,
    options: &[(T, &str, &str)],
    current: T,
    mut pick: impl FnMut(T),
) {
    ui.horizontal(|ui| {
        let label = ui.weak(name);
        let shown = options.iter().find(|(value, ..)| *value == current);
        let (text, hover) = shown.map_or(("", ""), |(_, text, hover)| (*text, *hover));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let list = egui::ComboBox::from_id_salt(name)
                .selected_text(text)
                .width(140.0)
                .show_ui(ui, |ui| {
                    for (value, text, hover) in options {
                        let response = ui.selectable_label(*value == current, *text);
                        if response.on_hover_text(*hover).clicked() {
                            pick(*value);
                            ui.close();
                        }
                    }
                });
            list.response.labelled_by(label.id).on_hover_text(hover);
        });
    });
}

fn unranked(ui: &mut egui::Ui, document: &Document) {
    let unranked = document.pools().unranked();
    if unranked > 0 {
        let text = format!("{unranked} modules have no excess and are never taken.");
        let text = egui::RichText::new(text).small();
        ui.add(egui::Label::new(text.color(theme::palette(ui).warning)).wrap())
            .on_hover_text(
                "τ separates nothing for their shape, or their singular values are not known",
            );
    }
}

fn blocks(ui: &mut egui::Ui, document: &Document, commands: &mut Vec<Command>) {
    let blocks = document
        .report
        .modules
        .iter()
        .filter_map(|module| module.block);
    let Some(end) = blocks.max() else { return };
    let rules = &document.choice().rules;
    let range = rules.blocks.unwrap_or(Blocks {
        first: 0,
        last: end,
    });
    let mut commit = |blocks: Option<Blocks>, done: bool| {
        let mut rules = rules.clone();
        rules.blocks = blocks;
        commands.push(Edit::Rules { rules, done }.into());
    };
    ui.horizontal(|ui| {
        let mut on = rules.blocks.is_some();
        let tick = ui.checkbox(&mut on, "Only blocks").on_hover_text(
            "Take from these blocks only; the percentage is of the layers in them. Pins are taken \
             whatever the block, layers without a block are not",
        );
        if tick.clicked() {
            commit(on.then_some(range), true);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let mut field = |ui: &mut egui::Ui,
                             name: &str,
                             value: u32,
                             bounds,
                             with: fn(Blocks, u32) -> Blocks| {
                let mut number = value;
                let field = egui::DragValue::new(&mut number)
                    .range(bounds)
                    .speed(0.15)
                    .update_while_editing(false);
                let response = ui.add_enabled(rules.blocks.is_some(), field);
                response.widget_info(|| {
                    let mut info = egui::WidgetInfo::labeled(
                        egui::Role::SpinButton,
                        rules.blocks.is_some(),
                        name,
                    );
                    info.value = Some(f64::from(number));
                    info
                });
                if (response.changed() && number != value) || response.drag_stopped() {
                    commit(Some(with(range, number)), !response.dragged());
                }
            };
            field(
                ui,
                "Last block",
                range.last,
                range.first..=end.max(range.last),
                |range, last| Blocks { last, ..range },
            );
            ui.weak("to");
            field(
                ui,
                "First block",
                range.first,
                0..=range.last,
                |range, first| Blocks { first, ..range },
            );
        });
    });
}

/// A tick for each tower, where there are several.
fn towers(ui: &mut egui::Ui, document: &Document, commands: &mut Vec<Command>) {
    let towers = &document.choosing().towers;
    if !towers.are_several() {
        return;
    }
    let rules = &document.choice().rules;
    ui.weak("Take from towers");
    ui.horizontal_wrapped(|ui| {
        for name in &towers.names {
            let mut taken = !rules.towers_out.contains(name);
            let tick = ui.checkbox(&mut taken, name);
            if tick
                .on_hover_text("Untick to leave the tower out of the ranking; pins are taken")
                .clicked()
            {
                let mut rules = rules.clone();
                if taken {
                    rules.towers_out.remove(name);
                } else {
                    rules.towers_out.insert(name.clone());
                }
                commands.push(Edit::Rules { rules, done: true }.into());
            }
        }
    });
}

fn tolerance(ui: &mut egui::Ui, document: &Document, commands: &mut Vec<Command>) {
    let before = document.choice().tolerance;
    let near = document.near_ties().iter().filter(|&&near| near).count();
    ui.horizontal(|ui| {
        let label = ui.weak(format!("Near-ties: {near}"));
        label.on_hover_text(
            "Layers with a notch in the heatmap: their ratio is within the tolerance of the ratio \
             on the other side of the cut, or moving every τ by 0.5 % may move them there. The \
             data do not settle their side",
        );
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let mut value = before.value();
            let field = egui::DragValue::new(&mut value)
                .range(0.0..=50.0)
                .max_decimals(2)
                .speed(0.05)
                .update_while_editing(false)
                .custom_formatter(|value, _| format!("{} %", Percent::from_slider(value)));
            let response = ui
                .add(field)
                .on_hover_text("How near two ratios are for a near-tie, relative to the larger");
            response.widget_info(|| {
                let mut info =
                    egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Near-tie tolerance");
                info.value = Some(value);
                info
            });
            let tolerance = Percent::from_slider(value);
            if (response.changed() && tolerance != before) || response.drag_stopped() {
                let done = !response.dragged();
                commands.push(Edit::Tolerance { tolerance, done }.into());
            }
            ui.weak("within");
        });
    });
}
