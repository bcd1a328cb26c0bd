//! The spectrum tab: one layer's singular values under the Marchenko–Pastur law, and what that
//! says about its ratio.

use std::sync::Arc;

use eframe::egui;

use crate::figure::Chart;
use crate::spectral::law::{Control, EXPLAINED, ScaleMethod};
use crate::window::action::Action;
use crate::window::document::Document;
use crate::window::effect::Effect;
use crate::window::plot::Plot;
use crate::window::scene::Scene;
use crate::window::spectrum::controls::{controls, method, overlay};
use crate::window::spectrum::readout;
use crate::window::spectrum::state::{Command, Loaded, SpectrumRoom};
use crate::window::spectrum_view::Picture;
use crate::window::theme::icon;
use crate::window::theme::icon::Icon;
use crate::window::{number, theme};

impl SpectrumRoom {
    /// The tab's content.
    pub(crate) fn view(
        &mut self,
        ui: &mut egui::Ui,
        scene: &Scene<'_>,
        commands: &mut Vec<Command>,
    ) {
        let Some(document) = scene.document else {
            return;
        };
        let Some(module) = scene.inspected else {
            return no_layer(ui, document, commands);
        };
        heading(ui, self, document, module, commands);
        controls(ui, self, commands);
        let Some(loaded) = &self.loaded else {
            return not_read(ui, self.problem.as_deref(), commands);
        };
        verdict(ui, loaded);
        let below = readout::height(ui);
        let size = egui::vec2(
            ui.available_width(),
            (ui.available_height() - below).max(160.0),
        );
        let chart = self.chart(document);
        if let Some(loaded) = &self.loaded {
            picture(ui, self, loaded, chart.as_ref(), size, commands);
            readout::show(ui, loaded);
        }
    }

    /// The figure as a chart to draw, made again only where something changed.
    fn chart(&mut self, document: &Document) -> Option<Arc<Chart>> {
        let key = self.figure_key(document)?;
        match &self.drawn {
            Some((made_from, chart)) if *made_from == key => Some(Arc::clone(chart)),
            _ => {
                let chart = Arc::new(self.figure(document)?);
                self.drawn = Some((key, Arc::clone(&chart)));
                Some(chart)
            }
        }
    }
}

/// No layer is inspected.
fn no_layer(ui: &mut egui::Ui, document: &Document, commands: &mut Vec<Command>) {
    let text = "Choose a layer: click one in the heatmap, or press the button.";
    empty(ui, text, |ui| {
        let mut orders = document.ranking().order.iter();
        let first = orders.find_map(|order| order.first());
        if let Some(&first) = first
            && ui.button("Show the first layer").clicked()
        {
            commands.push(Command::Ask(Effect::OpenSpectrum(first as usize)));
        }
    });
}

/// The inspected layer's spectrum is not there, or not yet.
fn not_read(ui: &mut egui::Ui, problem: Option<&str>, commands: &mut Vec<Command>) {
    match problem {
        Some(problem) => empty(ui, problem, |ui| {
            for action in [Action::PickFolder, Action::ShowOpen] {
                let response = ui.button(action.text());
                if response.on_hover_text(action.tooltip()).clicked() {
                    commands.push(action.into());
                }
            }
        }),
        None => empty(ui, "Reading the singular values…", |ui| {
            ui.spinner();
        }),
    }
}

/// A line, and what to do, in the middle of the tab.
fn empty(ui: &mut egui::Ui, text: &str, actions: impl FnOnce(&mut egui::Ui)) {
    ui.add_space(ui.available_height() * 0.3);
    ui.vertical_centered(|ui| {
        ui.label(text);
        ui.add_space(8.0);
        actions(ui);
    });
}

/// Which layer, and the way to its neighbors.
fn heading(
    ui: &mut egui::Ui,
    room: &SpectrumRoom,
    document: &Document,
    module: usize,
    commands: &mut Vec<Command>,
) {
    ui.horizontal(|ui| {
        for (sign, action) in [
            (Icon::ChevronLeft, Action::PreviousModule),
            (Icon::ChevronRight, Action::NextModule),
        ] {
            let response = icon::only(ui, sign, action.text());
            if response.on_hover_text(action.tooltip()).clicked() {
                commands.push(action.into());
            }
        }
        let info = &document.report.modules[module];
        let name = egui::RichText::new(&info.name).font(egui::FontId::new(15.0, theme::semibold()));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            method(ui, room, commands);
            overlay(ui, room, document, module, commands);
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.add(egui::Label::new(name).truncate());
            });
        });
    });
}

/// What the control says about this ratio, in a sentence.
fn verdict(ui: &mut egui::Ui, loaded: &Loaded) {
    let profile = &loaded.profile;
    let palette = theme::palette(ui);
    let snr = number::ratio(profile.snr.snr);
    let (text, color) = match (profile.control, profile.control_snr, profile.excess) {
        (Control::NothingBelow, ..) => (
            format!(
                "SNR {snr}. For this shape Spectrum's τ lies below all of the noise: it separates \
                 nothing, and the ratio does not tell signal from noise."
            ),
            palette.warning,
        ),
        (_, Some(control), Some(excess)) if excess <= EXPLAINED => (
            format!(
                "SNR {snr}; pure noise of this shape and norm has {}. Excess {excess:+.2}: no \
                 more than noise gives, so noise explains this ratio.",
                number::ratio(control)
            ),
            palette.warning,
        ),
        (_, Some(control), Some(excess)) => (
            format!(
                "SNR {snr}; pure noise of this shape and norm has {}. Excess {excess:+.2}: the sum above τ \
                 over the sum below is {} times that of noise.",
                number::ratio(control),
                number::tick(excess.exp2())
            ),
            palette.text,
        ),
        _ => (
            format!(
                "SNR {snr}. No value lies at or below τ, so the ratio divides by 1 and has no noise part."
            ),
            palette.warning,
        ),
    };
    let (above, count) = (profile.snr.signal_count, profile.snr.count);
    let below = count - above;
    let text = if below > 0 && below * 20 < count {
        format!(
            "{text} Only {below} of {count} values lie at or below τ: the ratio is as large as \
             what it divides by is small."
        )
    } else {
        text
    };
    ui.add(egui::Label::new(egui::RichText::new(text).color(color)).wrap());
}

fn picture(
    ui: &mut egui::Ui,
    room: &SpectrumRoom,
    loaded: &Loaded,
    figure: Option<&Arc<Chart>>,
    size: egui::Vec2,
    commands: &mut Vec<Command>,
) {
    let view = room.view;
    let Some(figure) = figure else {
        empty(ui, "Reading the spectra of this type…", |ui| {
            ui.spinner();
        });
        return;
    };
    let edge = loaded
        .profile
        .fit
        .filter(|_| view.picture == Picture::Histogram)
        .map(|fit| {
            if view.lambda {
                fit.law.lambda_edges().1
            } else {
                fit.law.s_edges().1
            }
        });
    let before = room.seen();
    let mut seen = before;
    let plot = Plot::new(ui, "spectrum", size).main().handle(edge);
    let response = plot.show(ui, figure, &mut seen);
    if seen != before {
        commands.push(Command::Zoom(seen));
    }
    if let Some(edge) = response.moved
        && edge > 0.0
        && let Some(fit) = loaded.profile.fit
    {
        // The edge is proportional to the scale: S₊ = s(√M + √N).
        let now = if view.lambda {
            fit.law.lambda_edges().1.sqrt()
        } else {
            fit.law.s_edges().1
        };
        let to = if view.lambda { edge.sqrt() } else { edge };
        commands.push(Command::Method(ScaleMethod::ByHand(
            fit.law.scale() * to / now,
        )));
    }
}
