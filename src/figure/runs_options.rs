//! How runs are drawn.

use crate::figure::{Form, View};

/// What memory is counted in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, clap::ValueEnum,
)]
pub enum MemoryUnit {
    /// 10⁶ bytes.
    Mb,
    /// 10⁹ bytes.
    Gb,
    /// 2³⁰ bytes.
    Gib,
}

impl MemoryUnit {
    /// Its sign.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Mb => "MB",
            Self::Gb => "GB",
            Self::Gib => "GiB",
        }
    }

    /// Bytes in one.
    #[must_use]
    pub fn bytes(self) -> f64 {
        match self {
            Self::Mb => 1e6,
            Self::Gb => 1e9,
            Self::Gib => 1_073_741_824.0,
        }
    }
}

/// How runs are drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunsOptions {
    /// A line above the plot; none where it is empty, as in a paper.
    pub title: String,
    /// The weight of TensorBoard's smoothing, 0 to 1; the values as logged stay behind it.
    pub smoothing: f64,
    /// A logarithmic axis from left to right.
    pub log_x: bool,
    /// A logarithmic axis from bottom to top.
    pub log_y: bool,
    /// How values are joined.
    pub form: Form,
    /// Whether the range leaves out the lowest and the highest 5 % of the values. They are drawn
    /// all the same, as far as they lie in it.
    pub ignore_outliers: bool,
    /// Whether the axis from bottom to top starts at 0; `None`: that of memory does. An axis that
    /// does not has a break.
    pub zero: Option<bool>,
    /// What memory is counted in; `None`: GB for GPUs, GiB for main memory, as in the table.
    pub unit: Option<MemoryUnit>,
    /// The part that is seen. Where it names no range from bottom to top, that axis fits the
    /// values in sight.
    pub view: View,
}
