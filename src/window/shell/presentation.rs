//! The presentation view: the picture of the shown tab alone, in large type.
//!
//! Enters: the state. Leaves: commands. F5 comes here, Escape and F5 leave.

use eframe::egui::{self, Key, Modifiers};

use crate::window::action::Action;
use crate::window::shell::command::Command;
use crate::window::shell::state::State;
use crate::window::shell::tabs;
use crate::window::theme;

/// Room around the picture.
const MARGIN: i8 = 20;

pub(crate) fn show(ui: &mut egui::Ui, state: &mut State, commands: &mut Vec<Command>) {
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        commands.push(Action::Present.into());
    }
    let palette = theme::palette(ui);
    let frame = egui::Frame::new().fill(palette.base).inner_margin(MARGIN);
    egui::CentralPanel::default().frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            let title = tabs::title(state);
            let text = egui::RichText::new(title).font(egui::FontId::new(18.0, theme::semibold()));
            let layout = egui::Layout::right_to_left(egui::Align::Center);
            ui.with_layout(layout, |ui| {
                let leave = egui::Button::new("Leave  Esc").frame(false);
                let response = ui.add(leave).on_hover_text("Back to the whole window");
                response.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::Role::Button, true, "Leave the presentation")
                });
                if response.clicked() {
                    commands.push(Action::Present.into());
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add(egui::Label::new(text).truncate());
                });
            });
        });
        ui.add_space(8.0);
        tabs::picture(ui, state, commands);
    });
}
