//! What is to become of the inspected layer, and where it stands among its type's.

use std::sync::Arc;

use eframe::egui;

use crate::figure::{View, profile};
use crate::selection::{Bulk, Mark};
use crate::window::document::Document;
use crate::window::document::choosing::NearTie;
use crate::window::document::edit::Edit;
use crate::window::layers::state::Command;
use crate::window::plot::Plot;
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
    let color = if trains { palette.accent } else { palette.weak };
    ui.add(egui::Label::new(theme::strong(why).color(color)).wrap());
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
                commands.push(
                    Edit::Mark {
                        modules: vec![module],
                        edit,
                    }
                    .into(),
                );
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
    ui.label(theme::strong("SNR over blocks"));
    let finite = |&index: &usize| {
        let info = &report.modules[index];
        let snr = info.snr.filter(|snr| snr.is_finite() && *snr > 0.0)?;
        Some((index, (info.block?, snr, document.set.chosen[index])))
    };
    let (modules, ratios): (Vec<usize>, Vec<(u32, f64, bool)>) =
        layer_type.modules.iter().filter_map(finite).unzip();
    if ratios.is_empty() {
        ui.weak("No finite SNR in this type yet.");
        return;
    }
    let this = modules.iter().position(|index| *index == module);
    let seen = ui.scope_id().with(("profile", &layer_type.name));
    let mut view: View = ui.data(|data| data.get_temp(seen)).unwrap_or_default();
    let mut chart = profile(&ratios, this).zoomed(view);
    chart.caption.push(in_words(&ratios, this));
    let size = egui::vec2(ui.available_width(), 168.0);
    Plot::new(ui, "profile", size).show(ui, &Arc::new(chart), &mut view);
    ui.data_mut(|data| data.insert_temp(seen, view));
}

/// The picture for a screen reader: its range, how many train, where this layer is.
fn in_words(ratios: &[(u32, f64, bool)], this: Option<usize>) -> String {
    let snr = || ratios.iter().map(|(_, snr, _)| *snr);
    let low = number::ratio(snr().fold(f64::INFINITY, f64::min));
    let high = number::ratio(snr().fold(f64::NEG_INFINITY, f64::max));
    let trained = ratios.iter().filter(|(.., trains)| *trains).count();
    let this = this.and_then(|this| ratios.get(this));
    let this = this.map_or_else(String::new, |(block, snr, _)| {
        format!("; this layer, in block {block}: {}", number::ratio(*snr))
    });
    let count = ratios.len();
    format!("{low} to {high} in {count} layers, {trained} of them train{this}")
}
