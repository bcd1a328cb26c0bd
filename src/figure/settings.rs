//! How a heatmap is shown, apart from what it shows.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::figure::{ColorMap, Mode};

/// How the heatmap is shown: part of the program's state, kept between runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeatmapSettings {
    /// What the color stands for.
    pub mode: Mode,
    /// The color map.
    pub map: ColorMap,
    /// Whether frozen cells fade.
    pub dim: bool,
    /// Folded types whose experts are shown one by one.
    pub unfolded: BTreeSet<String>,
}

impl HeatmapSettings {
    /// Whether frozen cells fade: not where colors have two sides, for the middle one is pale.
    #[must_use]
    pub fn dims(&self) -> bool {
        self.dim && self.mode != Mode::Change
    }
}

impl Default for HeatmapSettings {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            map: ColorMap::default(),
            dim: true,
            unfolded: BTreeSet::new(),
        }
    }
}
