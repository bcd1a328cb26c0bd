//! The list of layer types: which are listed, how their SNR runs over the blocks, how much of
//! each trains; and below it the slider for all.

use eframe::egui;

use crate::window::document::Document;
use crate::window::document::edit::Edit;
use crate::window::landmark::Landmark;
use crate::window::layers::percent;
use crate::window::layers::state::{Command, Layers};
use crate::window::layers::type_list::{TypeList, TypeRow};
use crate::window::layers::type_row::{HEIGHT, row};
use crate::window::scene::Scene;
use crate::window::{focus, theme};

impl Layers {
    /// The panel at the left: the list of types, and the rules of choosing below it.
    pub(crate) fn types_view(
        &mut self,
        ui: &mut egui::Ui,
        scene: &Scene<'_>,
        commands: &mut Vec<Command>,
    ) {
        if let Some(document) = scene.document {
            self.drawn.types.update(document);
        }
        show(ui, self, scene, commands);
    }
}

fn show(ui: &mut egui::Ui, room: &Layers, scene: &Scene<'_>, commands: &mut Vec<Command>) {
    let frame = theme::panel_frame(ui);
    egui::Panel::left("types")
        .frame(frame)
        .default_size(theme::TYPES_WIDTH)
        .size_range(theme::TYPES_WIDTH..=480.0)
        .show(ui, |ui| {
            let Some(document) = scene.document else {
                ui.weak("Layer types appear here.");
                return;
            };
            let block = egui::Frame::new().inner_margin(egui::Margin {
                top: 8,
                ..Default::default()
            });
            let height = ui.available_height();
            let choosing = egui::Panel::bottom("percent").frame(block).show(ui, |ui| {
                percent::show(ui, room, (scene, document), height, commands);
            });
            Landmark::Choosing.is_at(ui, choosing.response.rect);
            focus::comes_last(ui);
            let list = &room.drawn.types;
            heading(ui, document, list, commands);
            search(ui, &room.search, commands);
            rows(ui, document, list, &room.search, commands);
        });
}

fn heading(ui: &mut egui::Ui, document: &Document, list: &TypeList, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.label(theme::strong("Layer types"));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let all = || {
                list.rows
                    .iter()
                    .flat_map(|row| row.types.iter().copied())
                    .collect()
            };
            let none = ui
                .small_button("None")
                .on_hover_text("Leave every type out");
            if none.clicked() {
                commands.push(
                    Edit::ListTypes {
                        types: all(),
                        listed: false,
                    }
                    .into(),
                );
            }
            let every = ui.small_button("All").on_hover_text("List every type");
            if every.clicked() {
                commands.push(
                    Edit::ListTypes {
                        types: all(),
                        listed: true,
                    }
                    .into(),
                );
            }
            if !document.choice().type_percent.is_empty() {
                let reset = ui.small_button("Reset %");
                let reset = reset.on_hover_text("Every type back to the common percentage");
                if reset.clicked() {
                    commands.push(
                        Edit::TypePercent {
                            types: all(),
                            percent: None,
                            done: true,
                        }
                        .into(),
                    );
                }
            }
        });
    });
}

fn search(ui: &mut egui::Ui, before: &str, commands: &mut Vec<Command>) {
    let mut search = before.to_owned();
    let field = egui::TextEdit::singleline(&mut search)
        .hint_text("Search types")
        .desired_width(f32::INFINITY);
    let response = ui.add(field);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Search types"));
    if response.changed() {
        commands.push(Command::Search(search));
    }
}

fn rows(
    ui: &mut egui::Ui,
    document: &Document,
    list: &TypeList,
    search: &str,
    commands: &mut Vec<Command>,
) {
    let search = search.to_lowercase();
    let shown: Vec<&TypeRow> = list
        .rows
        .iter()
        .filter(|row| row.name.to_lowercase().contains(&search))
        .collect();
    if shown.is_empty() {
        ui.weak("No layer type has that in its name.");
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    egui::ScrollArea::vertical()
        .auto_shrink([false, false])
        .show_rows(ui, HEIGHT, shown.len(), |ui, range| {
            for place in range {
                let first_of_group = place == 0 || shown[place - 1].group != shown[place].group;
                let ruled = first_of_group && place > 0;
                // By its name: what has the keyboard keeps it while the list scrolls.
                let drawn = ui.push_id(&shown[place].name, |ui| {
                    row(ui, document, shown[place], ruled, commands);
                });
                focus::around_row(ui, drawn.response.rect);
            }
        });
}
