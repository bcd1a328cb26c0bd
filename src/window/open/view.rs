//! Open by typed path; the system's dialogs and the recent items beside it.

use eframe::egui;

use crate::window::action::Action;
use crate::window::open::state::{Command, Open};
use crate::window::path_field::{expand, recent_paths};
use crate::window::scene::Scene;

impl Open {
    /// The dialog's content.
    pub(crate) fn view(&self, ui: &mut egui::Ui, scene: &Scene<'_>, commands: &mut Vec<Command>) {
        show(ui, self, scene, commands);
    }
}

fn show(ui: &mut egui::Ui, room: &Open, scene: &Scene<'_>, commands: &mut Vec<Command>) {
    ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 80.0));
    ui.heading("Open");
    ui.add(
        egui::Label::new(
            egui::RichText::new(
                "A model's folder or weight file, a model of the Hugging Face hub as org/name, a \
                 Spectrum results file, a freeze set of any trainer, a log of training runs or a \
                 folder of logs, or a session. Files dropped on the window are opened, too.",
            )
            .weak(),
        )
        .wrap(),
    );
    ui.add_space(8.0);
    let (typed, entered) = room.field.view(
        ui,
        "/data/models/SmolLM2-135M, or HuggingFaceTB/SmolLM2-135M",
    );
    if room.field.differs_from(&typed) {
        commands.push(Command::EditPath(typed.clone()));
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        for action in [Action::PickFile, Action::PickFolder, Action::OpenSample] {
            if ui
                .button(action.text())
                .on_hover_text(action.tooltip())
                .clicked()
            {
                commands.push(action.into());
                if action == Action::OpenSample {
                    commands.push(Action::CloseDialog.into());
                }
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let opening = room.opening.is_busy();
            let ready = !typed.trim().is_empty() && !opening;
            let open = ui.add_enabled(ready, egui::Button::new("Open"));
            if open.clicked() || (entered && ready) {
                commands.push(Command::Open(vec![expand(typed.trim())]));
            }
            if opening {
                ui.spinner();
            }
            if ui.button("Cancel").clicked() {
                commands.push(Action::CloseDialog.into());
            }
        });
    });
    if let Some(path) = recent_paths(ui, &scene.preferences.recent) {
        commands.push(Command::Open(vec![path]));
    }
}
