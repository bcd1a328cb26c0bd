//! Which results to hold the open ones against.

use eframe::egui;

use crate::window::action::Action;
use crate::window::change::state::{Change, Command};
use crate::window::path_field::{expand, recent_paths};
use crate::window::scene::Scene;

impl Change {
    /// The dialog's content.
    pub(crate) fn view(&self, ui: &mut egui::Ui, scene: &Scene<'_>, commands: &mut Vec<Command>) {
        show(ui, self, scene, commands);
    }
}

fn show(ui: &mut egui::Ui, room: &Change, scene: &Scene<'_>, commands: &mut Vec<Command>) {
    ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 80.0));
    ui.heading("Compare with other results");
    let about = "Results of the same architecture: the base model, another revision, another \
                 precision. The heatmap then shows how each layer's ratio changed.";
    ui.add(egui::Label::new(egui::RichText::new(about).weak()).wrap());
    ui.add_space(8.0);
    let (typed, entered) = room.field.view(ui, "model_snr_results/snr_results_….json");
    if room.field.differs_from(&typed) {
        commands.push(Command::EditPath(typed.clone()));
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let browse = Action::PickOther;
        let button = ui.button("Browse…").on_hover_text(browse.tooltip());
        if button.clicked() {
            commands.push(Command::Pick);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let opening = room.other.is_busy();
            let ready = !typed.trim().is_empty() && !opening;
            let compare = ui.add_enabled(ready, egui::Button::new("Compare"));
            if compare.clicked() || (entered && ready) {
                commands.push(Command::With(expand(typed.trim())));
            }
            if opening {
                ui.spinner();
            }
            if ui.button("Cancel").clicked() {
                commands.push(Action::CloseDialog.into());
            }
        });
    });
    let open = (scene.document).and_then(|document| document.report.path.as_ref());
    let others = (scene.preferences.recent.iter()).filter(|path| Some(*path) != open);
    if let Some(path) = recent_paths(ui, others.filter(|path| is_json(path))) {
        commands.push(Command::With(path));
    }
}

fn is_json(path: &std::path::Path) -> bool {
    (path.extension()).is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}
