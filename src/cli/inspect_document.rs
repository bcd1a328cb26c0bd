//! What `inspect` prints.

use serde::Serialize;

use crate::report::{LayerType, Module, Ratio};
use crate::selection::Percent;
use crate::spectral::law::{Control, Profile};
use crate::table::{Align, Table};
use crate::text::{number, thousands};

/// One module's numbers; `null` where one is not known, which `notes` explain.
#[derive(Debug, Serialize)]
pub(super) struct Document<'a> {
    module: &'a str,
    #[serde(rename = "type")]
    layer_type: &'a str,
    block: Option<u32>,
    /// As stored.
    shape: Option<&'a [usize]>,
    dtype: Option<String>,
    /// What the loaded model calls its weight, where that is another name.
    loaded_as: Option<&'a str>,
    parameters: Option<u64>,
    snr: Option<Ratio>,
    tau: Option<f64>,
    sigma_iqr: Option<f64>,
    s_max: Option<f64>,
    signal_sum: Option<f64>,
    noise_sum: Option<f64>,
    control_snr: Option<f64>,
    excess: Option<Ratio>,
    mp: Option<Law>,
    soft_rank: Option<f64>,
    stable_rank: Option<f64>,
    effective_rank: Option<f64>,
    alpha: Option<Alpha>,
    enters_at_percent: Option<f64>,
    interval: Option<Interval>,
    rank: Option<Rank>,
    notes: Vec<String>,
}

/// The law: `lambda_plus` is on λ = S²/M, the others on S.
#[derive(Debug, Serialize)]
struct Law {
    method: &'static str,
    scale: f64,
    lambda_plus: f64,
    s_plus: f64,
    tw95: f64,
    spikes: usize,
    ks: f64,
    #[serde(skip)]
    explanation: &'static str,
}

#[derive(Debug, Serialize)]
struct Alpha {
    #[serde(rename = "alpha")]
    exponent: f64,
    /// On λ.
    x_min: f64,
    ks: f64,
    #[serde(skip)]
    count: usize,
}

/// The ratio while τ moves by `width` of itself to either side.
#[derive(Debug, Serialize)]
struct Interval {
    width: f64,
    least: Ratio,
    greatest: Ratio,
}

/// A place in the type's ranking, from 1, and the places that the intervals leave open.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Rank {
    pub(super) place: usize,
    pub(super) best: usize,
    pub(super) worst: usize,
    pub(super) of: usize,
}

impl<'a> Document<'a> {
    pub(super) fn new(
        module: &'a Module,
        layer_type: &'a LayerType,
        profile: Option<&Profile>,
        enters: Option<Percent>,
        rank: Option<Rank>,
        mut notes: Vec<String>,
    ) -> Self {
        let weight = module.weight.as_ref();
        let detail = profile.map(|profile| profile.snr).or(module.detail);
        if let Some(profile) = profile {
            if profile.control == Control::NothingBelow {
                notes.push(format!(
                    "for {} × {} noise every singular value lies above τ: here τ separates nothing",
                    profile.rows, profile.cols
                ));
            }
            if profile.fit.is_none() {
                notes.push("this way finds no scale in these values; try another --method".into());
            }
        }
        let fit = profile.and_then(|profile| profile.fit);
        Self {
            module: &module.name,
            layer_type: &layer_type.name,
            block: module.block,
            shape: weight.map(|weight| weight.shape.as_slice()),
            dtype: weight.map(|weight| weight.dtype.to_string()),
            loaded_as: module.loaded_as.as_deref(),
            parameters: weight.map(|weight| weight.parameters),
            snr: module.snr.map(Ratio),
            tau: detail.map(|detail| detail.tau),
            sigma_iqr: detail.map(|detail| detail.sigma_iqr),
            s_max: detail.map(|detail| detail.s_max),
            signal_sum: detail.map(|detail| detail.signal_sum),
            noise_sum: detail.map(|detail| detail.noise_sum),
            control_snr: profile.and_then(|profile| profile.control_snr),
            excess: profile.and_then(|profile| profile.excess).map(Ratio),
            mp: fit.map(|fit| Law {
                method: fit.method.name(),
                scale: fit.law.scale(),
                lambda_plus: fit.law.lambda_edges().1,
                s_plus: fit.law.s_edges().1,
                tw95: fit.tw95,
                spikes: fit.spikes,
                ks: fit.ks,
                explanation: fit.method.explanation(),
            }),
            soft_rank: profile.and_then(|profile| profile.soft_rank),
            stable_rank: profile.map(|profile| profile.stable_rank),
            effective_rank: profile.map(|profile| profile.effective_rank),
            alpha: profile.and_then(|profile| profile.tail).map(|tail| Alpha {
                exponent: tail.alpha,
                x_min: tail.x_min,
                ks: tail.ks,
                count: tail.count,
            }),
            enters_at_percent: enters.map(Percent::value),
            interval: profile.map(|profile| Interval {
                width: profile.stability.width,
                least: Ratio(profile.stability.least),
                greatest: Ratio(profile.stability.greatest),
            }),
            rank,
            notes,
        }
    }

    /// The numbers with what they say, one a line; those not known are left out.
    pub(super) fn text(&self) -> String {
        let mut rows = Rows::default();
        self.identity(&mut rows);
        self.ratio(&mut rows);
        self.law(&mut rows);
        let columns = [("", Align::Left), ("", Align::Right), ("", Align::Left)];
        let table = Table::new(columns).with_rows(rows.0).text();
        // The empty heads make an empty line, which parts the name from its numbers.
        let mut text = format!("{}\n{table}", self.module);
        for note in &self.notes {
            text.push_str("\nnote: ");
            text.push_str(note);
        }
        if !self.notes.is_empty() {
            text.push('\n');
        }
        text
    }

    fn identity(&self, rows: &mut Rows) {
        rows.push("type", Some(self.layer_type.to_owned()), "");
        rows.push("block", self.block.map(|block| block.to_string()), "");
        let shape = self.shape.map(|shape| {
            let sizes: Vec<String> = shape.iter().map(ToString::to_string).collect();
            sizes.join("×")
        });
        rows.push("shape", shape, "rows × columns as stored");
        rows.push("dtype", self.dtype.clone(), "");
        rows.push("loaded as", self.loaded_as.map(str::to_owned), "");
        rows.push("parameters", self.parameters.map(thousands), "");
    }

    fn ratio(&self, rows: &mut Rows) {
        let ratio = |ratio: &Ratio| ratio.0;
        rows.number(
            "SNR",
            self.snr.as_ref().map(ratio),
            "Spectrum's ratio: signal sum / noise sum / S max",
        );
        let interval = self.interval.as_ref().map(|interval| {
            let (least, greatest) = (interval.least.0, interval.greatest.0);
            format!("{} to {}", number(least), number(greatest))
        });
        rows.push("SNR interval", interval, "while τ moves by 0.5 % of itself");
        let rank = self
            .rank
            .map(|rank| format!("{} of {}", rank.place, rank.of));
        let places = self.rank.map_or_else(String::new, |rank| {
            if rank.best == rank.worst {
                "by SNR within the type; settled".into()
            } else {
                format!(
                    "by SNR within the type; {} to {} are open: their intervals overlap",
                    rank.best, rank.worst
                )
            }
        });
        rows.push("rank", rank, &places);
        let enters = self.enters_at_percent;
        rows.push(
            "enters at",
            enters.map(|percent| {
                // Rounded up: that percentage is to take the module.
                let percent = (percent * 100.0 - 1e-9).ceil() / 100.0;
                format!("{} %", number(percent))
            }),
            "the least top percentage that takes it",
        );
        rows.number(
            "control SNR",
            self.control_snr,
            "of noise of the same shape and norm",
        );
        rows.number(
            "excess",
            self.excess.as_ref().map(ratio),
            "log₂ of SNR·S max over the control's; 0 is noise",
        );
        rows.number("τ", self.tau, "σ̂·(1 + √β), on singular values");
        rows.number("σ̂", self.sigma_iqr, "distance of the quartiles / 1.349");
        rows.number("S max", self.s_max, "largest singular value");
        rows.number("signal sum", self.signal_sum, "of the values above τ");
        rows.number("noise sum", self.noise_sum, "of the values at or below τ");
    }

    fn law(&self, rows: &mut Rows) {
        if let Some(law) = &self.mp {
            rows.number(
                &format!("scale ({})", law.method),
                Some(law.scale),
                law.explanation,
            );
            rows.number(
                "λ+",
                Some(law.lambda_plus),
                "edge of the Marchenko–Pastur law, on S²/M",
            );
            rows.number("S+", Some(law.s_plus), "the same edge, on singular values");
            rows.number(
                "TW 95 %",
                Some(law.tw95),
                "noise stays below it 19 times of 20",
            );
            rows.push(
                "spikes",
                Some(law.spikes.to_string()),
                "values above that point",
            );
            rows.number("KS", Some(law.ks), "distance of the rest from the law");
        }
        rows.number(
            "soft rank",
            self.soft_rank,
            "λ+ / λ max: near 1, no value stands out",
        );
        rows.number("stable rank", self.stable_rank, "‖W‖² / S max²");
        rows.number(
            "effective rank",
            self.effective_rank,
            "exp of the entropy of the values' shares (Roy & Vetterli 2007)",
        );
        if let Some(alpha) = &self.alpha {
            rows.number(
                "α",
                Some(alpha.exponent),
                "power law of the tail of λ (Clauset et al. 2009)",
            );
            let places = format!("where the tail of {} values begins, on S²/M", alpha.count);
            rows.number("x min", Some(alpha.x_min), &places);
            rows.number(
                "tail KS",
                Some(alpha.ks),
                "distance of the tail from the power law",
            );
        }
    }
}

/// Rows of name, value and explanation.
#[derive(Default)]
struct Rows(Vec<Vec<String>>);

impl Rows {
    fn push(&mut self, name: &str, value: Option<String>, explanation: &str) {
        if let Some(value) = value {
            self.0
                .push(vec![name.to_owned(), value, explanation.to_owned()]);
        }
    }

    fn number(&mut self, name: &str, value: Option<f64>, explanation: &str) {
        self.push(name, value.map(number), explanation);
    }
}
