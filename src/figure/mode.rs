//! What the colors of a heatmap stand for.

use serde::{Deserialize, Serialize};

use crate::figure::ColorMap;
use crate::report::SnrReport;

/// What the color stands for.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum,
)]
pub enum Mode {
    /// The signal-to-noise ratio, on a logarithmic scale.
    #[default]
    Snr,
    /// The rank among the modules of the same type.
    Rank,
    /// The ratio of pure noise of the same shape and entry variance, on a logarithmic scale.
    Control,
    /// How far the ratio lies over that of noise, in powers of two.
    Excess,
    /// How far the ratio lies over the other report's, in powers of two.
    Change,
    /// The other report's ratio, on a logarithmic scale.
    Other,
}

impl Mode {
    /// All modes in the order they are offered in.
    pub const ALL: [Self; 6] = [
        Self::Snr,
        Self::Rank,
        Self::Excess,
        Self::Control,
        Self::Change,
        Self::Other,
    ];

    /// The modes that `report` has something to show in: two of them are for a report that is
    /// held against another.
    pub fn offered(report: &SnrReport) -> impl Iterator<Item = Self> {
        let beside = report.other.is_some();
        (Self::ALL.into_iter()).filter(move |mode| beside || !mode.needs_other())
    }

    /// Whether it is for a report that is held against another.
    #[must_use]
    pub fn needs_other(self) -> bool {
        matches!(self, Self::Change | Self::Other)
    }

    /// The colors it is shown in, where `chosen` are those of one-sided scales: a change has
    /// two sides.
    #[must_use]
    pub fn map(self, chosen: ColorMap) -> ColorMap {
        match self {
            Self::Change => ColorMap::Sides,
            _ => chosen,
        }
    }

    /// Its name on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Snr => "SNR",
            Self::Rank => "Rank within type",
            Self::Control => "Noise control (SNR₀)",
            Self::Excess => "Excess over noise",
            Self::Change => "Change of SNR",
            Self::Other => "SNR of the other",
        }
    }

    /// What it says and where it comes from.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Snr => {
                "Spectrum's signal-to-noise ratio (arXiv:2406.06623) on a logarithmic scale: \
                 comparable within a layer type, not between matrices of different scale."
            }
            Self::Rank => {
                "Place among the modules of the same layer type, from 0 (lowest ratio) to 1 \
                 (highest). A percentage takes modules in this order; equal ratios share a place."
            }
            Self::Control => {
                "SNR₀: the ratio that pure noise of the same shape and entry variance has, from \
                 the quantiles of the Marchenko–Pastur law. Where Spectrum's τ lies below all of \
                 the noise there is none: τ separates nothing for that shape."
            }
            Self::Excess => {
                "log₂ of SNR·S_max over the same of pure noise: 0 is what noise of this shape \
                 gives, each step up is twice as much. Free of the weights' scale, so it can be \
                 compared between types."
            }
            Self::Change => {
                "log₂ of the ratio over that of the results it is compared with: 0 is no change, \
                 1 twice the ratio, −1 half of it. Small changes can be a singular value that \
                 crossed τ: see the interval in the inspector."
            }
            Self::Other => {
                "The ratios of the results it is compared with, in the colors of this one's."
            }
        }
    }

    /// The legend's title, with the unit.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Snr | Self::Other => "SNR",
            Self::Rank => "Rank",
            Self::Control => "SNR₀",
            Self::Excess | Self::Change => "log₂",
        }
    }
}
