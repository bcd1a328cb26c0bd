//! The line above the picture: what to color by, the color map, fading, the zoom.

use eframe::egui::{Button, Checkbox, ComboBox, Ui};

use crate::figure::HeatmapSettings as Settings;
use crate::figure::{ColorMap, Mode};
use crate::report::SnrReport;
use crate::window::heatmap::event::HeatmapEvent;

/// Draws the line; whether the zoom was reset.
pub(crate) fn toolbar(
    ui: &mut Ui,
    (report, settings): (&SnrReport, &Settings),
    zoomed: bool,
    events: &mut Vec<HeatmapEvent>,
) -> bool {
    let mut reset = false;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ComboBox::from_id_salt("heatmap mode")
            .selected_text(settings.mode.label())
            .width(140.0)
            .show_ui(ui, |ui| {
                for mode in Mode::offered(report) {
                    let item = ui
                        .selectable_label(mode == settings.mode, mode.label())
                        .on_hover_text(mode.tooltip());
                    if item.clicked() {
                        events.push(HeatmapEvent::Mode(mode));
                        ui.close();
                    }
                }
            })
            .response
            .accessible_name("Color by")
            .on_hover_text(settings.mode.tooltip());
        // A change has two sides, and colors of its own.
        let plain = settings.mode != Mode::Change;
        ui.add_enabled_ui(plain, |ui| {
            let shown = settings.mode.map(settings.map);
            ComboBox::from_id_salt("heatmap colors")
                .selected_text(shown.label())
                .width(90.0)
                .show_ui(ui, |ui| {
                    for map in ColorMap::ALL {
                        let item = ui.selectable_label(map == settings.map, map.label());
                        if item.clicked() {
                            events.push(HeatmapEvent::ColorMap(map));
                            ui.close();
                        }
                    }
                })
                .response
                .accessible_name("Color map")
                .on_hover_text("Colors from the lowest to the highest value");
        });
        let mut dim = settings.dims();
        let box_ = ui
            .add_enabled(plain, Checkbox::new(&mut dim, "Dim frozen"))
            .on_hover_text("Fade the cells that are not chosen");
        if box_.changed() {
            events.push(HeatmapEvent::Dim(dim));
        }
        reset = ui
            .add_enabled(zoomed, Button::new("Reset zoom"))
            .on_hover_text("Show the whole picture (key 0, or double-click beside the cells)")
            .clicked();
    });
    reset
}
