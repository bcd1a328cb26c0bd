//! How spectra are drawn: what the spectrum room shows, and sessions keep.

use serde::{Deserialize, Serialize};

use crate::figure::{Quantity, SpectrumSettings};

/// How spectra are drawn: kept between runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SpectrumView {
    /// Which picture.
    pub picture: Picture,
    /// Whether the axis is λ = S²/M rather than S.
    pub lambda: bool,
    /// Whether the horizontal axis is logarithmic.
    pub log_x: bool,
    /// Whether the vertical axis is logarithmic.
    pub log_y: bool,
    /// Number of bins; 0 for as many as suit the values (Freedman & Diaconis 1981).
    pub bins: usize,
}

/// The pictures of the spectrum tab.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Picture {
    /// Histogram under the law.
    #[default]
    Histogram,
    /// Survival of λ on log-log axes, with the power law of its tail.
    Tail,
    /// Share of Σλ held by the largest values.
    Energy,
    /// All blocks of the type, one spectrum per row.
    Waterfall,
}

impl SpectrumView {
    /// The same for a figure.
    #[must_use]
    pub fn settings(&self) -> SpectrumSettings {
        SpectrumSettings {
            of: if self.lambda {
                Quantity::Lambda
            } else {
                Quantity::S
            },
            bins: (self.bins > 0).then_some(self.bins),
            log_x: self.log_x,
            log_y: self.log_y,
        }
    }
}

impl Picture {
    /// All pictures in the order they are offered in.
    pub const ALL: [Self; 4] = [Self::Histogram, Self::Tail, Self::Energy, Self::Waterfall];

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Histogram => "Histogram",
            Self::Tail => "Tail",
            Self::Energy => "Energy",
            Self::Waterfall => "Waterfall",
        }
    }

    /// What it shows.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Histogram => {
                "How the singular values lie, under the density that the Marchenko–Pastur law \
                 gives noise"
            }
            Self::Tail => {
                "Share of eigenvalues above each value, on logarithmic axes, with the power law \
                 of the tail (Clauset et al. 2009)"
            }
            Self::Energy => "Share of Σλ = ‖W‖²/M that the largest eigenvalues hold",
            Self::Waterfall => "The spectra of all blocks of this layer type, one per row",
        }
    }
}

impl Default for SpectrumView {
    fn default() -> Self {
        Self {
            picture: Picture::Histogram,
            lambda: false,
            log_x: false,
            log_y: false,
            bins: 0,
        }
    }
}
