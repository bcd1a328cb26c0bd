//! The slider block: how much of each type trains, and what that comes to.

use eframe::egui;

use crate::selection::{Mark, Percent};
use crate::window::action::Action;
use crate::window::document::Document;
use crate::window::document::edit::Edit;
use crate::window::layers::state::{Command, Layers};
use crate::window::layers::{budget, costs, presets, rules};
use crate::window::scene::Scene;
use crate::window::{number, theme};

/// The keys of the slider and of fields of numbers, for the list of shortcuts.
pub(crate) const KEYS: [(&str, &str); 4] = [
    ("Arrow keys on the slider", "By 1 %, with Shift by 0.1 %"),
    (
        "Digits in a field",
        "Type the value; Enter takes it, Escape does not",
    ),
    ("Up, Down in a field", "A little more, a little less"),
    (
        "Shift + F10, or Menu, on a type's percentage",
        "Back to the common one",
    ),
];

/// What the list of types above keeps of the panel's height, at least.
const LIST: f32 = 164.0;
/// The height of what does not scroll: the slider and the button.
const FIXED: f32 = 108.0;

/// Draws the block; `space` is the height that it shares with the list of types.
pub(crate) fn show(
    ui: &mut egui::Ui,
    room: &Layers,
    (scene, document): (&Scene<'_>, &Document),
    space: f32,
    commands: &mut Vec<Command>,
) {
    slider(ui, room, (scene, document), commands);
    ui.add_space(theme::GRID);
    // The panel takes the height that its content had in the frame before: its own height is not
    // to bound the content's, or it would never grow.
    let height = (space - LIST - FIXED).max(60.0);
    let size = egui::vec2(ui.available_width(), height);
    let place = egui::Rect::from_min_size(ui.cursor().min, size);
    let shown = ui.scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
        egui::ScrollArea::vertical()
            .id_salt("choosing")
            .auto_shrink([false, true])
            .show(ui, |ui| {
                ui.spacing_mut().interact_size.y = 20.0;
                rules::tower_warning(ui, document, commands);
                budget::show(ui, document, commands);
                rules::show(ui, document, commands);
                outcome(ui, document);
                fixed_lines(ui, document, commands);
                costs::show(ui, document, commands);
                marks(ui, document, commands);
            });
    });
    let id = ui.scope_id().with("height");
    // In whole points: less is not worth a frame.
    let now = (
        space.round() as i32,
        shown.response.rect.height().round() as i32,
    );
    let before: Option<(i32, i32)> = ui.data(|data| data.get_temp(id));
    ui.data_mut(|data| data.insert_temp(id, now));
    // Another room comes with frames of its own.
    if before.is_some_and(|before| before.0 == now.0 && before.1 != now.1) {
        ui.ctx().request_repaint();
    }
    ui.add_space(theme::GRID);
    let export = egui::Button::new(theme::strong("Export freeze set…"))
        .fill(theme::palette(ui).accent_fill)
        .min_size(egui::vec2(ui.available_width(), 28.0));
    if ui
        .add(export)
        .on_hover_text(Action::ShowExport.tooltip())
        .clicked()
    {
        commands.push(Action::ShowExport.into());
    }
}

fn slider(
    ui: &mut egui::Ui,
    room: &Layers,
    (scene, document): (&Scene<'_>, &Document),
    commands: &mut Vec<Command>,
) {
    // With a budget that is the percentage that it allows.
    let percent = document.set.top;
    let mut value = percent.value();
    let mut typed = value;
    let heading = ui
        .horizontal(|ui| {
            let heading = ui.label(theme::strong("Top percent"));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let field = egui::DragValue::new(&mut typed)
                    .range(0.0..=100.0)
                    .max_decimals(2)
                    .speed(0.2)
                    .update_while_editing(false)
                    .custom_formatter(|value, _| format!("{} %", Percent::from_slider(value)));
                let response = ui.add(field).labelled_by(heading.id);
                push(&response, percent, typed, commands);
                presets::menu(ui, room, (scene, document), commands);
            });
            heading
        })
        .inner;
    // Arrow keys move by 1 %, with Shift by 0.1 %: taken before the slider sees them.
    let memory = ui.scope_id().with("slider");
    let id: Option<egui::Id> = ui.data(|data| data.get_temp(memory));
    if id.is_some_and(|id| ui.memory(|memory| memory.has_focus(id))) {
        for (key, up) in [
            (egui::Key::ArrowRight, true),
            (egui::Key::ArrowUp, true),
            (egui::Key::ArrowLeft, false),
            (egui::Key::ArrowDown, false),
        ] {
            for (modifiers, fine) in [
                (egui::Modifiers::SHIFT, true),
                (egui::Modifiers::NONE, false),
            ] {
                if ui.input_mut(|input| input.consume_key(modifiers, key)) {
                    let percent = nudged(percent, up, fine);
                    let done = true;
                    commands.push(Edit::Percent { percent, done }.into());
                }
            }
        }
    }
    ui.spacing_mut().slider_width = ui.available_width();
    let slider = egui::Slider::new(&mut value, 0.0..=100.0)
        .show_value(false)
        .step_by(0.1);
    let response = ui.add(slider).labelled_by(heading.id).on_hover_text(
        "The share of each layer type's modules that train, by SNR: count · percent of each, \
         rounded down (Spectrum, arXiv:2406.06623). Moving it lifts a budget",
    );
    ui.data_mut(|data| data.insert_temp(memory, response.id));
    // The slider keeps left and right to itself: up and down would go on to another widget.
    let filter = egui::EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..egui::EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    push(&response, percent, value, commands);
}

fn push(response: &egui::Response, before: Percent, value: f64, commands: &mut Vec<Command>) {
    let percent = Percent::from_slider(value);
    let changed = response.changed() && percent != before;
    if changed || response.drag_stopped() {
        let done = !response.dragged();
        commands.push(Edit::Percent { percent, done }.into());
    }
}

/// The percentage one step of the keyboard away: 1 %, or 0.1 % with Shift.
fn nudged(percent: Percent, up: bool, fine: bool) -> Percent {
    let step = if fine { 0.1 } else { 1.0 };
    Percent::from_slider(percent.value() + if up { step } else { -step })
}

/// Modules, parameters and share that train.
fn outcome(ui: &mut egui::Ui, document: &Document) {
    let counts = document.set.counts;
    let line = |ui: &mut egui::Ui, name: &str, value: String, hover: &str| {
        ui.horizontal(|ui| {
            ui.weak(name);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(value);
            });
        })
        .response
        .on_hover_text(hover);
    };
    line(
        ui,
        "Modules",
        format!(
            "{} of {}",
            number::grouped(counts.modules as u64),
            number::grouped(counts.modules_total as u64)
        ),
        "Modules that train, the fixed lines included",
    );
    match (counts.parameters, counts.share()) {
        (Some(parameters), share) => {
            let share =
                share.map_or_else(String::new, |share| format!(" = {}", number::share(share)));
            line(
                ui,
                "Trainable parameters",
                format!("{}{share}", number::parameters(parameters)),
                &format!(
                    "{} weights and biases; a tied tensor counts once",
                    number::grouped(parameters)
                ),
            );
        }
        (None, _) => line(
            ui,
            "Trainable parameters",
            "unknown".to_owned(),
            "A results file holds no shapes: open the model's folder to see costs",
        ),
    }
}

/// The two fixed lines of a Spectrum YAML, with what they cost.
fn fixed_lines(ui: &mut egui::Ui, document: &Document, commands: &mut Vec<Command>) {
    let choice = document.choice();
    let counts = document.set.counts;
    let cost = |on: bool, parameters: Option<u64>| match (on, parameters) {
        (_, None) => String::new(),
        (true, Some(0)) => "adds none".to_owned(),
        (false, Some(0)) => "would add none".to_owned(),
        (true, Some(parameters)) => format!("+ {}", number::parameters(parameters)),
        (false, Some(parameters)) => format!("would add {}", number::parameters(parameters)),
    };
    let mut line = |ui: &mut egui::Ui,
                    mut on: bool,
                    text: &str,
                    cost: String,
                    edit: fn(bool) -> Edit| {
        ui.horizontal(|ui| {
            let response = ui.checkbox(&mut on, text);
            let response = response.on_hover_text(
                "Spectrum always trains the head and the input embedding; in small sets they \
                 outweigh the rest. Parameters that are tied or chosen already are not added twice.",
            );
            if response.clicked() {
                commands.push(edit(on).into());
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.weak(cost);
            });
        });
    };
    line(
        ui,
        choice.head,
        "Always train the head",
        cost(choice.head, counts.head_parameters),
        Edit::Head,
    );
    line(
        ui,
        choice.embeddings,
        "Always train the embedding",
        cost(choice.embeddings, counts.embedding_parameters),
        Edit::Embeddings,
    );
}

/// How many marks were made by hand, and a way to be rid of them.
fn marks(ui: &mut egui::Ui, document: &Document, commands: &mut Vec<Command>) {
    let marks = &document.choice().marks;
    let pins = marks.values().filter(|&&mark| mark == Mark::Pin).count();
    let drops = marks.len() - pins;
    ui.horizontal(|ui| {
        ui.weak(format!("By hand: {pins} pinned, {drops} dropped"));
        if !marks.is_empty() {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let clear = Action::ClearMarks;
                if ui
                    .small_button("Clear")
                    .on_hover_text(clear.tooltip())
                    .clicked()
                {
                    commands.push(clear.into());
                }
            });
        }
    });
}
