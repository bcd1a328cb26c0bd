//! One layer: its numbers, its place among its type's, and what is to become of it.

use eframe::egui;

use crate::report::Module;
use crate::selection::{Pool, RankBy};
use crate::window::action::Action;
use crate::window::document::Document;
use crate::window::effect::Effect;
use crate::window::layers::inspector_decision::{decision, over_blocks};
use crate::window::layers::inspector_overview;
use crate::window::layers::state::{Command, Layers};
use crate::window::scene::Scene;
use crate::window::theme::icon;
use crate::window::theme::icon::Icon;
use crate::window::{focus, number, theme};

impl Layers {
    /// Beside the tabs in a wide window. In a narrow one it lies over their right end, and only for
    /// a layer that was asked for: the cells must not move away under the pointer.
    pub(crate) fn inspector_view(
        &mut self,
        ui: &mut egui::Ui,
        scene: &Scene<'_>,
        wide: bool,
        commands: &mut Vec<Command>,
    ) {
        if let Some(document) = scene.document.filter(|_| scene.inspected.is_none()) {
            self.drawn.overview.update(document);
        }
        show(ui, self, scene, wide, commands);
    }
}

fn show(
    ui: &mut egui::Ui,
    room: &Layers,
    scene: &Scene<'_>,
    wide: bool,
    commands: &mut Vec<Command>,
) {
    let frame = theme::panel_frame(ui);
    if wide {
        egui::Panel::right("inspector")
            .frame(frame)
            .default_size(theme::INSPECTOR_WIDTH)
            .size_range(theme::INSPECTOR_WIDTH..=420.0)
            .show(ui, |ui| content(ui, room, scene, commands));
        return;
    }
    let area = ui.available_rect_before_wrap();
    let stroke = egui::Stroke::new(1.0, theme::palette(ui).hairline);
    let layer = layer();
    egui::Area::new(layer.id)
        .order(layer.order)
        .pivot(egui::Align2::RIGHT_TOP)
        .fixed_pos(area.right_top())
        .show(ui.ctx(), |ui| {
            frame.stroke(stroke).show(ui, |ui| {
                let margin = 2.0 * f32::from(theme::PANEL);
                ui.set_width(theme::INSPECTOR_WIDTH);
                ui.set_height(area.height() - margin);
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| {
                    let close = icon::only(ui, Icon::X, "Close the inspector");
                    if close.on_hover_text("Close the inspector").clicked() {
                        commands.push(Effect::Inspect(None).into());
                    }
                });
                content(ui, room, scene, commands);
            });
        });
}

/// The layer of the inspector where it lies over the tabs.
pub(crate) fn layer() -> egui::LayerId {
    egui::LayerId::new(egui::Order::Middle, egui::Id::unique("inspector over"))
}

fn content(ui: &mut egui::Ui, room: &Layers, scene: &Scene<'_>, commands: &mut Vec<Command>) {
    let (Some(document), Some(module)) = (scene.document, scene.inspected) else {
        inspector_overview::show(ui, scene, &room.drawn.overview);
        return;
    };
    egui::ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            focus::scrolls(ui, "Numbers of the layer");
            heading(ui, document, module, commands);
            facts(ui, document, module);
            ui.add_space(8.0);
            decision(ui, document, module, commands);
            ui.add_space(8.0);
            over_blocks(ui, document, module);
        });
}

fn heading(ui: &mut egui::Ui, document: &Document, module: usize, commands: &mut Vec<Command>) {
    let report = &document.report;
    let info = &report.modules[module];
    ui.horizontal(|ui| {
        ui.label(theme::strong("Layer"));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            for (sign, action) in [
                (Icon::ChevronRight, Action::NextModule),
                (Icon::ChevronLeft, Action::PreviousModule),
            ] {
                let response = icon::only(ui, sign, action.text());
                if response.on_hover_text(action.tooltip()).clicked() {
                    commands.push(action.into());
                }
            }
        });
    });
    let name = egui::RichText::new(&info.name).font(egui::FontId::new(14.0, theme::semibold()));
    let response = ui.add(egui::Label::new(name).wrap().sense(egui::Sense::click()));
    response.widget_info(|| {
        let label = format!("{}: copy the name", info.name);
        egui::WidgetInfo::labeled(egui::Role::Button, true, label)
    });
    if response.on_hover_text("Click to copy the name").clicked() {
        commands.push(
            Effect::Copy {
                text: info.name.clone(),
                what: "the name".into(),
            }
            .into(),
        );
    }
    ui.add_space(4.0);
}

fn facts(ui: &mut egui::Ui, document: &Document, module: usize) {
    let report = &document.report;
    let info = &report.modules[module];
    let layer_type = report.type_of(module);
    if let Some(problem) = &info.problem {
        ui.colored_label(theme::palette(ui).warning, problem);
    }
    egui::Grid::new("facts")
        .num_columns(2)
        .spacing([8.0, 3.0])
        .show(ui, |ui| {
            let mut row = |name: &str, value: String, hover: &str| {
                ui.weak(name).on_hover_text(hover);
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let label = egui::Label::new(&value).selectable(true).truncate();
                    ui.add(label).on_hover_text(format!("{value}\n{hover}"));
                });
                ui.end_row();
            };
            row("SNR", snr_text(info), &full_snr(info));
            let pools = document.pools();
            if let Some(pool) = pools.pool_of(module) {
                let rules = &document.choice().rules;
                let (name, among) = match rules.pool {
                    Pool::Type => ("Rank in type", "its type"),
                    Pool::TypeAndTower => ("Rank in tower", "its type in its tower"),
                    Pool::All => ("Rank of all", "all types ranked together"),
                };
                let by = match rules.by {
                    RankBy::Snr => "SNR",
                    RankBy::Excess => "excess",
                };
                row(
                    name,
                    format!("{} of {}", pools.rank[module] + 1, pools.order[pool].len()),
                    &format!("By {by} among {among}, the highest first"),
                );
            }
            if let Some((best, worst)) = document.rank_interval(module)
                && best != worst
            {
                row(
                    "Rank may be",
                    format!("{} – {}", best + 1, worst + 1),
                    "The places it takes while every τ it is ranked with moves by ± 0.5 %: ratios \
                     jump when a singular value crosses τ",
                );
            }
            let enters = pools.enters_at(module);
            row(
                "Enters at",
                enters.map_or_else(|| "never by percentage".to_owned(), number::entry),
                "The least top percent that takes this module, by the rules of choosing as they \
                 are",
            );
            row(
                "Layer type",
                layer_type.name.clone(),
                "Modules of one type are ranked together",
            );
            row(
                "Block",
                info.block
                    .map_or_else(|| "none".to_owned(), |block| block.to_string()),
                "The first number in the name",
            );
            weight(info, &mut row);
            detail(info, &mut row);
        });
}

fn weight(info: &Module, row: &mut impl FnMut(&str, String, &str)) {
    let Some(weight) = &info.weight else {
        row(
            "Shape",
            "unknown".to_owned(),
            "A results file holds no shapes: open the model's folder",
        );
        return;
    };
    row(
        "Shape",
        number::shape(&weight.shape),
        "Rows × columns as stored",
    );
    row(
        "Stored as",
        weight.dtype.to_string(),
        "The type of the stored values",
    );
    row(
        "Parameters",
        number::grouped(weight.parameters),
        "Elements of the weight",
    );
    if weight.companions > 0 {
        row(
            "With it",
            number::grouped(weight.companions),
            "Elements of the bias: it trains with the weight",
        );
    }
    if let Some(loaded) = &info.loaded_as {
        row(
            "Loaded as",
            loaded.clone(),
            "What transformers 5 calls it in the loaded model: a set must use this name",
        );
    }
    if let Some(tied) = &weight.tied_to {
        row(
            "Tied to",
            tied.clone(),
            "Shares that module's tensor: a trainer sees one parameter",
        );
    }
}

fn detail(info: &Module, row: &mut impl FnMut(&str, String, &str)) {
    let Some(detail) = &info.detail else { return };
    if let Some(noise) = &info.noise {
        let nothing = || "τ separates nothing".to_owned();
        row(
            "SNR of noise",
            noise.control_snr.map_or_else(nothing, number::ratio),
            "SNR₀: pure noise of the same shape and entry variance, from the quantiles of the \
             Marchenko–Pastur law",
        );
        row(
            "Excess",
            noise
                .excess
                .map_or_else(nothing, |excess| format!("{excess:+.2}")),
            "log₂ of SNR·S_max over the same of noise: 0 is what noise gives",
        );
    }
    row(
        "S max",
        number::ratio(detail.s_max),
        "The largest singular value",
    );
    row(
        "τ",
        number::ratio(detail.tau),
        "Spectrum's threshold on singular values: τ = σ̂ (1 + √β), β = N/M",
    );
    row(
        "σ̂",
        number::ratio(detail.sigma_iqr),
        "Scale from the quartiles: (q75 − q25) / 1.349",
    );
    row(
        "Above τ",
        format!(
            "{} of {}",
            number::grouped(detail.signal_count as u64),
            number::grouped(detail.count as u64)
        ),
        "How many singular values count as signal",
    );
    row(
        "Σ above τ",
        number::ratio(detail.signal_sum),
        "Sum of the singular values above τ",
    );
    row(
        "Σ below τ",
        number::ratio(detail.noise_sum),
        "Sum of those at or below τ; where there are none, the ratio divides by 1",
    );
}

fn snr_text(info: &Module) -> String {
    info.snr
        .map_or_else(|| "not scanned".to_owned(), number::ratio)
}

fn full_snr(info: &Module) -> String {
    let exact = info.snr.map_or_else(String::new, |snr| format!("{snr}\n"));
    let meaning = match info.snr {
        Some(snr) if snr.is_infinite() => {
            "No singular value lay at or below τ (an older version of Spectrum divided by 0)"
        }
        Some(snr) if snr.is_nan() => {
            "There is no ratio for this module; it is never taken by percentage"
        }
        _ => "(Σ S above τ / Σ S at or below τ) / S max (Spectrum, arXiv:2406.06623)",
    };
    format!("{exact}{meaning}")
}
