//! Open by typed path; the system's dialogs and the recent items beside it.

use eframe::egui;

use crate::window::action::Action;
use crate::window::shell::command::Command;
use crate::window::shell::state::State;
use crate::window::theme;

pub(crate) fn show(
    ui: &mut egui::Ui,
    state: &State,
    path: &str,
    problem: Option<&str>,
    commands: &mut Vec<Command>,
) {
    ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 80.0));
    ui.heading("Open");
    ui.add(
        egui::Label::new(
            egui::RichText::new(
                "A model's folder or weight file, a model of the Hugging Face hub as org/name, a \
                 Spectrum results file, a freeze set of any trainer, or a session. Files dropped on \
                 the window are opened, too.",
            )
            .weak(),
        )
        .wrap(),
    );
    ui.add_space(8.0);
    let (typed, entered) = path_field(
        ui,
        path,
        "/data/models/SmolLM2-135M, or HuggingFaceTB/SmolLM2-135M",
    );
    if typed != path {
        commands.push(Command::EditOpenPath(typed.clone()));
    }
    if let Some(problem) = problem {
        let text = egui::RichText::new(problem).color(theme::palette(ui).error);
        ui.add(egui::Label::new(text).selectable(true).wrap());
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
            let opening = state.jobs.open.is_some();
            let ready = !typed.trim().is_empty() && !opening;
            let open = ui.add_enabled(ready, egui::Button::new("Open"));
            if open.clicked() || (entered && ready) {
                commands.push(Command::Open(expand(typed.trim())));
            }
            if opening {
                ui.spinner();
            }
            if ui.button("Cancel").clicked() {
                commands.push(Action::CloseDialog.into());
            }
        });
    });
    recent(ui, state, commands);
}

fn recent(ui: &mut egui::Ui, state: &State, commands: &mut Vec<Command>) {
    if state.preferences.recent.is_empty() {
        return;
    }
    ui.add_space(8.0);
    ui.label(theme::strong("Recent"));
    egui::ScrollArea::vertical()
        .max_height(180.0)
        .show(ui, |ui| {
            for path in &state.preferences.recent {
                let text = path.display().to_string();
                let button = egui::Button::new(&text).frame(false).truncate();
                if ui.add(button).on_hover_text(text).clicked() {
                    commands.push(Command::Open(path.clone()));
                }
            }
        });
}

/// The field for a path: what it holds now, and whether Enter was pressed in it.
pub(crate) fn path_field(ui: &mut egui::Ui, path: &str, hint: &str) -> (String, bool) {
    let mut typed = path.to_owned();
    let label = ui.label("Path");
    let field = egui::TextEdit::singleline(&mut typed)
        .hint_text(hint)
        .desired_width(f32::INFINITY);
    let response = ui.add(field).labelled_by(label.id);
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    // Read before the focus is asked back, which would undo the loss of it.
    if ui.memory(|memory| memory.focused().is_none()) {
        response.request_focus();
    }
    (typed, entered)
}

/// The path with a leading `~` as the home folder.
pub(crate) fn expand(path: &str) -> std::path::PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => path.into(),
    }
}
