//! What is to become of the inspected layer, and where it stands among its type's.

use eframe::egui;
use egui_plot::{Line, MarkerShape, Plot, PlotPoints, Points};

use crate::selection::{Bulk, Mark};
use crate::window::document::Document;
use crate::window::document::choosing::NearTie;
use crate::window::shell::command::Command;
use crate::window::{number, theme};

/// Whether it trains, why, and buttons to change that.
pub(crate) fn decision(
    ui: &mut egui::Ui,
    document: &Document,
    module: usize,
    commands: &mut Vec<Command>,
) {
    let mark = document.mark_of(module);
    let trains = document.set.chosen[module];
    let left_out = document.pools().pool_of(module).is_none();
    let why = match (trains, mark) {
        (_, Some(Mark::Pin)) => "Trains: pinned by hand",
        (true, Some(Mark::Drop)) => "Dropped by hand, but a fixed line trains it",
        (false, Some(Mark::Drop)) => "Frozen: dropped by hand",
        (true, None) => "Trains: by percentage or a fixed line",
        (false, None) if left_out => "Frozen: its tower or block is left out",
        (false, None) => "Frozen: below the top percent",
    };
    let palette = theme::palette(ui);
    let colour = if trains { palette.accent } else { palette.weak };
    ui.add(egui::Label::new(theme::strong(why).color(colour)).wrap());
    if let Some(near) = document.near_tie(module) {
        let text = match near {
            NearTie::Tolerance => format!(
                "Near-tie: within {} % of the ratio on the other side of the cut.",
                document.choice().tolerance
            ),
            NearTie::Stability => "Near-tie: moving every τ by 0.5 % may move it to the other \
                                   side of the cut."
                .to_owned(),
        };
        let text = egui::RichText::new(text).small().color(palette.warning);
        ui.add(egui::Label::new(text).wrap())
            .on_hover_text("The data do not settle on which side of the cut it falls");
    }
    ui.horizontal(|ui| {
        for (text, wanted, edit, hover) in [
            (
                "Pin",
                Some(Mark::Pin),
                Bulk::All,
                "Train it whatever the percentage",
            ),
            (
                "Drop",
                Some(Mark::Drop),
                Bulk::None,
                "Freeze it whatever the percentage",
            ),
            (
                "By percentage",
                None,
                Bulk::Clear,
                "Leave it to the percentage",
            ),
        ] {
            let response = ui.add(egui::Button::new(text).selected(mark == wanted));
            if response.on_hover_text(hover).clicked() && mark != wanted {
                commands.push(Command::Mark {
                    modules: vec![module],
                    edit,
                });
            }
        }
    });
}

/// The type's SNR over its blocks, this layer marked.
pub(crate) fn over_blocks(ui: &mut egui::Ui, document: &Document, module: usize) {
    let report = &document.report;
    let layer_type = report.type_of(module);
    if layer_type.modules.len() < 2 {
        return;
    }
    let palette = theme::palette(ui);
    let place = |index: usize| {
        let info = &report.modules[index];
        let snr = info.snr.filter(|snr| snr.is_finite() && *snr > 0.0)?;
        Some([f64::from(info.block?), snr.log10()])
    };
    let points: Vec<[f64; 2]> = layer_type
        .modules
        .iter()
        .filter_map(|&index| place(index))
        .collect();
    ui.label(theme::strong("SNR over blocks"));
    if points.is_empty() {
        ui.weak("No finite SNR in this type yet.");
        return;
    }
    let chosen: Vec<[f64; 2]> = layer_type
        .modules
        .iter()
        .filter(|&&index| document.set.chosen[index])
        .filter_map(|&index| place(index))
        .collect();
    let said = in_words(&points, chosen.len(), place(module));
    let plot = Plot::new("over blocks")
        .height(130.0)
        .sense(egui::Sense::hover())
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .show_background(false)
        .y_axis_formatter(|mark, _| number::tick(10_f64.powf(mark.value)))
        .show(ui, |plot| {
            plot.line(
                Line::new(layer_type.name.as_str(), PlotPoints::from(points.clone()))
                    .color(palette.weak)
                    .width(1.0),
            );
            plot.points(
                Points::new("trains", PlotPoints::from(chosen))
                    .color(palette.accent)
                    .radius(2.5),
            );
            if let Some(point) = place(module) {
                plot.points(
                    Points::new("this layer", PlotPoints::from(vec![point]))
                        .color(palette.text)
                        .shape(MarkerShape::Circle)
                        .filled(false)
                        .radius(6.0),
                );
            }
        });
    plot.response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &said));
    ui.add(
        egui::Label::new(
            egui::RichText::new("Log scale. Blue: layers that train. Ring: this layer.")
                .small()
                .weak(),
        )
        .wrap(),
    );
}

/// The picture for a screen reader: its range, how many train, where this layer is.
fn in_words(points: &[[f64; 2]], chosen: usize, this: Option<[f64; 2]>) -> String {
    let ratios = || points.iter().map(|point| point[1]);
    let read = |log: f64| number::ratio(10_f64.powf(log));
    let low = read(ratios().fold(f64::INFINITY, f64::min));
    let high = read(ratios().fold(f64::NEG_INFINITY, f64::max));
    let this = this.map_or_else(String::new, |[block, ratio]| {
        format!("; this layer, in block {block}: {}", read(ratio))
    });
    let count = points.len();
    format!("SNR over blocks: {low} to {high} in {count} blocks, {chosen} of them train{this}")
}
