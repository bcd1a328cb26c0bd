//! Every key the window knows: from the commands themselves, and those of each widget that reads
//! keys of its own.

use eframe::egui;

use crate::window::action::Action;
use crate::window::layers::percent;
use crate::window::runs::view as runs;
use crate::window::shell::command::Command;
use crate::window::{focus, heatmap, plot, theme};

/// Where keys do something, and what.
const PLACES: [(&str, &[(&str, &str)]); 6] = [
    ("The window", &focus::KEYS),
    ("In the heatmap", &heatmap::KEYS),
    ("On the slider and in fields of numbers", &percent::KEYS),
    ("In every plot", &plot::KEYS),
    ("In the table of runs", &runs::KEYS),
    ("In text that scrolls", &focus::SCROLL_KEYS),
];

pub(crate) fn show(ui: &mut egui::Ui, commands: &mut Vec<Command>) {
    let screen = ui.ctx().content_rect();
    ui.set_width(520.0_f32.min(screen.width() - 80.0));
    ui.horizontal(|ui| {
        ui.heading("Keyboard shortcuts");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.button("Close").clicked() {
                commands.push(Action::CloseDialog.into());
            }
        });
    });
    ui.add_space(theme::GRID);
    let area = egui::ScrollArea::vertical().max_height(screen.height() - 140.0);
    area.auto_shrink([false, true]).show(ui, |ui| {
        focus::scrolls(ui, "List of keys");
        let actions = Action::PALETTE.into_iter().filter_map(|action| {
            let shortcut = action.shortcut()?;
            let keys = ui.ctx().format_shortcut(&shortcut);
            Some((keys, action.text(), action.tooltip()))
        });
        let actions: Vec<_> = actions.collect();
        table(ui, "Anywhere", actions);
        for (place, keys) in PLACES {
            ui.add_space(2.0 * theme::GRID);
            let keys = keys.iter();
            let keys = keys.map(|(keys, does)| ((*keys).to_owned(), *does, ""));
            table(ui, place, keys.collect());
        }
    });
}

fn table(ui: &mut egui::Ui, title: &str, rows: Vec<(String, &str, &str)>) {
    ui.label(theme::strong(title));
    // Keys have two fifths of the width; what they do wraps in the rest.
    let room = ui.available_width() - 32.0;
    let left = (room * 0.42).min(220.0);
    egui::Grid::new(title)
        .num_columns(2)
        .min_col_width(left)
        .max_col_width(room - left)
        .spacing([16.0, 4.0])
        .striped(true)
        .show(ui, |ui| {
            for (keys, does, hover) in rows {
                ui.scope(|ui| {
                    ui.set_max_width(left);
                    let keys = egui::RichText::new(keys).color(theme::palette(ui).accent);
                    ui.add(egui::Label::new(keys).wrap());
                });
                let label = ui.add(egui::Label::new(does).wrap());
                if !hover.is_empty() {
                    label.on_hover_text(hover);
                }
                ui.end_row();
            }
        });
}
