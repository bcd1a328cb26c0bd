//! The lines of buttons: adding sets, comparing two, combining them, choosing the view.

use eframe::egui::{self, vec2};

use crate::selection::{Combine, Part, Percent, SetDifference};
use crate::window::action::Action;
use crate::window::document::Document;
use crate::window::document::sets::SetsView;
use crate::window::scene::Scene;
use crate::window::sets::pair::Pair;
use crate::window::sets::state::Command;
use crate::window::sets::{table, tables};
use crate::window::{number, theme};

/// From this width on, px, what belongs at the right of a line stands there; in less it follows.
const ROOMY: f32 = 620.0;

/// Ways to add a set; at the right the session file.
pub(crate) fn adding(
    ui: &mut egui::Ui,
    scene: &Scene<'_>,
    document: &Document,
    commands: &mut Vec<Command>,
) {
    let narrow = ui.available_width() < ROOMY;
    ui.horizontal_wrapped(|ui| {
        let keep = ui.button("Keep selection").on_hover_text(
            "Keep the current selection under a name: it stays as it is while you go on",
        );
        if keep.clicked() {
            commands.push(Command::Keep);
        }
        for percent in [10, 25, 50] {
            let text = format!("+ {percent} %");
            let hover = format!("Add the set that the top {percent} % of each layer type make");
            if ui.button(text).on_hover_text(hover).clicked() {
                commands.push(Command::Add(Percent::whole(percent)));
            }
        }
        let open = ui.button("Open a set…").on_hover_text(
            "Read a freeze set's file, of any trainer; dropping it on the window works, too",
        );
        if open.clicked() {
            commands.push(Action::ShowOpen.into());
        }
        if narrow {
            session(ui, scene, commands);
            return;
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            session(ui, scene, commands);
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                if document.sets().is_empty() {
                    let hint = "Keep or add sets to see what tells them apart.";
                    let hint = egui::RichText::new(hint).weak();
                    ui.add(egui::Label::new(hint).truncate());
                }
            });
        });
    });
}

fn session(ui: &mut egui::Ui, scene: &Scene<'_>, commands: &mut Vec<Command>) {
    let save = Action::SaveSession;
    if ui
        .button(save.text())
        .on_hover_text(save.tooltip())
        .clicked()
    {
        commands.push(save.into());
    }
    let session = scene
        .document
        .and_then(|document| document.session.as_ref());
    if let Some(path) = session {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = egui::RichText::new(name).weak();
        let label = egui::Label::new(text).truncate();
        ui.add(label).on_hover_text(path.display().to_string());
    }
}

/// What is compared with what, and ways to make one set of the two.
pub(crate) fn comparing(ui: &mut egui::Ui, pair: &Pair<'_>, commands: &mut Vec<Command>) {
    let other = pair.a.of != pair.b.of;
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let hint = "A and B are the same set; pick another one in the list";
            for (text, hover, command) in [
                (
                    "B − A",
                    "Make a set of what only B trains",
                    Command::Subtract,
                ),
                (
                    "A − B",
                    "Make a set of what only A trains",
                    Command::Combine(Combine::Difference),
                ),
                (
                    "Intersect",
                    "Make a set of what both train",
                    Command::Combine(Combine::Intersection),
                ),
                (
                    "Merge",
                    "Make a set of what either trains",
                    Command::Combine(Combine::Union),
                ),
                ("Swap", "A for B and B for A", Command::Swap),
            ] {
                let button = ui.add_enabled(other, egui::Button::new(text));
                let button = button.on_hover_text(hover).on_disabled_hover_text(hint);
                if button.clicked() {
                    commands.push(command);
                }
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                names(ui, pair);
            });
        });
    });
}

fn names(ui: &mut egui::Ui, pair: &Pair<'_>) {
    let [a, b] = pair.colors(ui);
    let half = ui.available_width() / 2.0 - 30.0;
    for (letter, side, color) in [("A", &pair.a, a), ("B", &pair.b, b)] {
        let (square, _) = ui.allocate_exact_size(vec2(12.0, 12.0), egui::Sense::hover());
        ui.painter().rect_filled(square, 3.0, color);
        let text = theme::strong(format!("{letter}  {}", side.name));
        let label = egui::Label::new(text).truncate();
        ui.scope(|ui| {
            ui.set_max_width(half.max(40.0));
            ui.add(label).on_hover_text(side.name);
        });
    }
}

/// The four parts with their signs: the legend of the heatmap, and the counts.
pub(crate) fn parts(ui: &mut egui::Ui, pair: &Pair<'_>, difference: &SetDifference) {
    let (inks, look) = (pair.inks(ui), theme::heatmap(ui));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        for part in Part::ALL {
            let count = difference.total.get(part);
            let (sign, _) = ui.allocate_exact_size(vec2(18.0, 14.0), egui::Sense::hover());
            inks.sign(ui.painter(), sign, part, &look);
            let mut text = format!("{} {}", number::grouped(count.modules as u64), part.text());
            let mut hover = format!("{text}: modules");
            if difference.shapes {
                text = format!("{text} ({})", number::parameters(count.parameters));
                hover = format!(
                    "{hover} with {} parameters, tied tensors once",
                    number::grouped(count.parameters)
                );
            }
            ui.add(egui::Label::new(text).extend()).on_hover_text(hover);
            ui.add_space(8.0);
        }
    });
}

/// The views; beside a table the ways to copy it.
pub(crate) fn views(
    ui: &mut egui::Ui,
    shown: SetsView,
    (difference, unmatched): (&SetDifference, usize),
    commands: &mut Vec<Command>,
) {
    let narrow = ui.available_width() < ROOMY;
    ui.horizontal_wrapped(|ui| {
        for view in SetsView::ALL {
            let text = match view {
                SetsView::Unmatched if unmatched > 0 => {
                    format!("{} ({})", view.text(), number::grouped(unmatched as u64))
                }
                _ => view.text().to_owned(),
            };
            let label = ui.selectable_label(view == shown, text);
            if label.on_hover_text(view.tooltip()).clicked() {
                commands.push(Command::Show(view));
            }
        }
        if !matches!(shown, SetsView::Types | SetsView::Blocks) {
            return;
        }
        let table = || table::table(shown, difference);
        if narrow {
            tables::copy(ui, table, commands);
        } else {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                tables::copy(ui, table, commands);
            });
        }
    });
}
