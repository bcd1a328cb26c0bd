//! The numbers read from a spectrum, in columns under its picture.

use eframe::egui;

use crate::window::number;
use crate::window::spectrum::state::Loaded;

/// Height of one number with its name.
const CELL: f32 = 38.0;
/// Least width of a column.
const WIDTH: f32 = 104.0;
/// How many numbers there are.
const COUNT: usize = 14;

/// The height that [`show`] will take.
pub(crate) fn height(ui: &egui::Ui) -> f32 {
    let columns = columns(ui.available_width());
    COUNT.div_ceil(columns) as f32 * CELL + 12.0
}

fn columns(width: f32) -> usize {
    ((width / WIDTH) as usize).clamp(2, COUNT.div_ceil(2))
}

pub(crate) fn show(ui: &mut egui::Ui, loaded: &Loaded) {
    let profile = &loaded.profile;
    let fit = profile.fit;
    let text = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number::ratio);
    let stability = profile.stability;
    let numbers: [(&str, String, String); COUNT] = [
        ("SNR at τ", number::ratio(profile.snr.snr), "Spectrum's ratio (arXiv:2406.06623)".into()),
        (
            "while τ ± 0.5 %",
            format!("{} – {}", number::ratio(stability.least), number::ratio(stability.greatest)),
            "The ratio's least and greatest value while τ moves by half a percent: it jumps when \
             a singular value crosses τ"
                .into(),
        ),
        ("SNR of noise", text(profile.control_snr), "SNR₀: pure noise of the same shape and entry variance".into()),
        ("Excess", text(profile.excess), "log₂ of SNR·S_max over the same of noise: 0 is noise".into()),
        ("SNR at edge", text(fit.map(|fit| fit.snr_at_edge)), "The ratio with the law's edge S₊ in the place of τ".into()),
        ("Edge S₊", text(fit.map(|fit| fit.law.s_edges().1)), "s(√M + √N): the largest singular value of noise, in the limit".into()),
        (
            "Spikes",
            fit.map_or_else(|| "–".to_owned(), |fit| number::grouped(fit.spikes as u64)),
            "Singular values above the 95 % Tracy–Widom point: what noise of this scale does not explain (Johnstone 2001)".into(),
        ),
        ("KS of bulk", text(fit.map(|fit| fit.ks)), "Kolmogorov–Smirnov distance between the law and the values that are not spikes: 0 is a perfect fit".into()),
        ("MP soft rank", text(profile.soft_rank), "λ₊/λ_max: near 1 where the bulk is all there is (Martin & Mahoney 2021)".into()),
        ("Stable rank", number::ratio(profile.stable_rank), "‖W‖²_F / S²_max".into()),
        ("Effective rank", number::ratio(profile.effective_rank), "exp of the entropy of S/ΣS (Roy & Vetterli 2007)".into()),
        ("α", text(profile.tail.map(|tail| tail.alpha)), "Exponent of the power law of λ's tail, x_min by least KS (Clauset et al. 2009)".into()),
        ("α from λ ≥", text(profile.tail.map(|tail| tail.x_min)), "x_min: where the tail begins".into()),
        ("Shape", format!("{} × {}", loaded.shape.0, loaded.shape.1), "Rows × columns of the matrix".into()),
    ];
    ui.add_space(4.0);
    ui.separator();
    let columns = columns(ui.available_width());
    let width = ui.available_width() / columns as f32;
    for row in numbers.chunks(columns) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (name, value, hover) in row {
                let size = egui::vec2(width, CELL - 4.0);
                ui.allocate_ui_with_layout(size, egui::Layout::top_down(egui::Align::Min), |ui| {
                    ui.set_min_size(size);
                    ui.spacing_mut().item_spacing.y = 0.0;
                    ui.add(egui::Label::new(egui::RichText::new(*name).small().weak()).truncate())
                        .on_hover_text(hover);
                    ui.add(egui::Label::new(value).selectable(true).truncate())
                        .on_hover_text(hover);
                });
            }
        });
    }
}
