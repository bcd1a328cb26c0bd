//! Lines about what just happened, over the lower right corner, or the upper one where a dialog is
//! open.

use eframe::egui::{self, accesskit};

use crate::window::shell::command::Command;
use crate::window::shell::state::{NoticeKind, State};
use crate::window::theme;
use crate::window::theme::icon;
use crate::window::theme::icon::Icon;

pub(crate) fn show(ui: &egui::Ui, state: &State, commands: &mut Vec<Command>) {
    if state.notices.is_empty() {
        return;
    }
    let palette = theme::palette(ui);
    // Where a dialog is open its buttons are in that corner.
    let (corner, offset) = if state.dialog.is_some() {
        (egui::Align2::RIGHT_TOP, [-12.0, 48.0])
    } else {
        (egui::Align2::RIGHT_BOTTOM, [-12.0, -48.0])
    };
    egui::Area::new(egui::Id::unique("notices"))
        .order(egui::Order::Tooltip)
        .anchor(corner, offset)
        .show(ui.ctx(), |ui| {
            ui.set_width(400.0_f32.min(ui.ctx().content_rect().width() - 40.0));
            for (index, notice) in state.notices.iter().enumerate() {
                let color = match notice.kind {
                    NoticeKind::News => palette.hairline,
                    NoticeKind::Error => palette.error,
                };
                egui::Frame::popup(ui.style())
                    .stroke(egui::Stroke::new(1.0, color))
                    .inner_margin(10.0)
                    .show(ui, |ui| {
                        ui.horizontal_top(|ui| {
                            if notice.kind == NoticeKind::Error {
                                let sign = icon::glyph(Icon::CircleAlert).color(palette.error);
                                ui.add(egui::Label::new(sign));
                                ui.colored_label(palette.error, theme::strong("Error"));
                            }
                            let close = 24.0;
                            ui.vertical(|ui| {
                                ui.set_max_width(ui.available_width() - close);
                                let text = egui::Label::new(&notice.text).selectable(true);
                                let text = ui.add(text.wrap());
                                let live = match notice.kind {
                                    NoticeKind::News => accesskit::Live::Polite,
                                    NoticeKind::Error => accesskit::Live::Assertive,
                                };
                                ui.ctx()
                                    .accesskit_node_builder(text.id, |node| node.set_live(live));
                            });
                            let dismiss = icon::only(ui, Icon::X, "Dismiss");
                            if dismiss.on_hover_text("Dismiss").clicked() {
                                commands.push(Command::Dismiss(index));
                            }
                        });
                    });
            }
        });
}
