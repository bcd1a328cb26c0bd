//! Which results to hold the open ones against.

use eframe::egui;

use crate::window::action::Action;
use crate::window::change::update::ComparingCommand;
use crate::window::open::view::{expand, path_field};
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
    let ask = |path: String| Command::Comparing(ComparingCommand::Ask(path));
    let with = |path| Command::Comparing(ComparingCommand::With(path));
    ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 80.0));
    ui.heading("Compare with other results");
    let about = "Results of the same architecture: the base model, another revision, another \
                 precision. The heatmap then shows how each layer's ratio changed.";
    ui.add(egui::Label::new(egui::RichText::new(about).weak()).wrap());
    ui.add_space(8.0);
    let (typed, entered) = path_field(ui, path, "model_snr_results/snr_results_….json");
    if typed != path {
        commands.push(ask(typed.clone()));
    }
    if let Some(problem) = problem {
        let text = egui::RichText::new(problem).color(theme::palette(ui).error);
        ui.add(egui::Label::new(text).selectable(true).wrap());
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let browse = Action::PickOther;
        let button = ui.button("Browse…").on_hover_text(browse.tooltip());
        if button.clicked() {
            commands.push(browse.into());
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let opening = state.jobs.other.is_some();
            let ready = !typed.trim().is_empty() && !opening;
            let compare = ui.add_enabled(ready, egui::Button::new("Compare"));
            if compare.clicked() || (entered && ready) {
                commands.push(with(expand(typed.trim())));
            }
            if opening {
                ui.spinner();
            }
            if ui.button("Cancel").clicked() {
                commands.push(Action::CloseDialog.into());
            }
        });
    });
    let open = (state.document.as_ref()).and_then(|document| document.report.path.as_ref());
    let others = (state.preferences.recent.iter()).filter(|path| Some(*path) != open);
    let others: Vec<_> = others.filter(|path| is_json(path)).collect();
    if others.is_empty() {
        return;
    }
    ui.add_space(8.0);
    ui.label(theme::strong("Recent"));
    let list = egui::ScrollArea::vertical().max_height(180.0);
    list.show(ui, |ui| {
        for path in others {
            let text = path.display().to_string();
            let button = egui::Button::new(&text).frame(false).truncate();
            if ui.add(button).on_hover_text(text).clicked() {
                commands.push(with(path.clone()));
            }
        }
    });
}

fn is_json(path: &std::path::Path) -> bool {
    (path.extension()).is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}
