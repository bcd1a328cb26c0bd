//! Every key the window knows: from the commands themselves, and those of the heatmap.

use eframe::egui;

use crate::app::Action;
use crate::ui::heatmap::KEYS;
use crate::ui::theme;

pub(super) fn show(ui: &mut egui::Ui) {
    let screen = ui.ctx().content_rect();
    ui.set_width(520.0_f32.min(screen.width() - 80.0));
    ui.heading("Keyboard shortcuts");
    ui.add_space(theme::GRID);
    let area = egui::ScrollArea::vertical().max_height(screen.height() - 140.0);
    area.auto_shrink([false, true]).show(ui, |ui| {
        let commands = Action::PALETTE.into_iter().filter_map(|action| {
            let shortcut = action.shortcut()?;
            let keys = ui.ctx().format_shortcut(&shortcut);
            Some((keys, action.text().to_owned(), action.tooltip().to_owned()))
        });
        let commands: Vec<_> = commands.collect();
        table(ui, "Anywhere", commands);
        ui.add_space(2.0 * theme::GRID);
        let heatmap = KEYS
            .iter()
            .map(|(keys, does)| ((*keys).to_owned(), (*does).to_owned(), String::new()));
        table(ui, "In the heatmap", heatmap.collect());
    });
}

fn table(ui: &mut egui::Ui, title: &str, rows: Vec<(String, String, String)>) {
    ui.label(theme::strong(title));
    egui::Grid::new(title)
        .num_columns(2)
        .min_col_width(236.0)
        .spacing([16.0, 4.0])
        .striped(true)
        .show(ui, |ui| {
            for (keys, does, hover) in rows {
                ui.label(egui::RichText::new(keys).color(theme::palette(ui).accent));
                let label = ui.label(does);
                if !hover.is_empty() {
                    label.on_hover_text(hover);
                }
                ui.end_row();
            }
        });
}
