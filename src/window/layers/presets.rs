//! The menu of presets: named settings of choosing.

use eframe::egui;

use crate::selection::Preset;
use crate::window::document::Document;
use crate::window::document::edit::Edit;
use crate::window::effect::Effect;
use crate::window::layers::state::{Command, Layers};
use crate::window::scene::Scene;

pub(crate) fn menu(
    ui: &mut egui::Ui,
    room: &Layers,
    (scene, document): (&Scene<'_>, &Document),
    commands: &mut Vec<Command>,
) {
    let choice = document.choice();
    let own = &scene.preferences.presets;
    let built_in = Preset::built_in();
    let config = egui::containers::menu::MenuConfig::new()
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
    let button = egui::containers::menu::MenuButton::new("Presets").config(config);
    let (response, _) = button.ui(ui, |ui| {
        ui.set_min_width(200.0);
        for preset in built_in.iter().chain(own) {
            ui.horizontal(|ui| {
                let use_it = ui.selectable_label(preset.is_of(choice), &preset.name);
                if use_it
                    .on_hover_text("Choose by these settings; pins and drops stay")
                    .clicked()
                {
                    commands.push(Edit::Preset(Box::new(preset.clone())).into());
                    ui.close();
                }
                if own.contains(preset) {
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        let forget = ui.small_button("Forget");
                        if forget.on_hover_text("Forget this preset").clicked() {
                            commands.push(Effect::ForgetPreset(preset.name.clone()).into());
                        }
                    });
                }
            });
        }
        ui.separator();
        keep(ui, &room.preset_name, commands);
    });
    response.on_hover_text(
        "Settings of choosing under a name: percentages, rules, budget, types left out, fixed lines",
    );
}

/// A field for the name of what is set now, and a button.
fn keep(ui: &mut egui::Ui, typed: &str, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let mut name = typed.to_owned();
        let field = egui::TextEdit::singleline(&mut name)
            .hint_text("Name of what is set now")
            .desired_width(150.0);
        let response = ui.add(field);
        response
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Preset name"));
        if response.changed() {
            commands.push(Command::NamePreset(name.clone()));
        }
        let enter = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let button = ui.add_enabled(!name.trim().is_empty(), egui::Button::new("Keep"));
        if button.clicked() || enter {
            commands.push(Command::KeepPreset);
        }
    });
}
