//! What a lower loss costs: loss against memory, or against time, one dot per run. Further down and
//! further left is better.

use crate::figure::run_range::fitted;
use crate::figure::{Axis, Chart, Ink, Layer, Legend, Rgb, RunsOptions, Shape, run_look};
use crate::run::{Comparison, ComparisonRow, LossKind};

/// Room right of the outermost dot, as a factor.
const ROOM: f64 = 1.03;
/// About how many round numbers the axis is widened to.
const TICKS: usize = 8;

/// What is set against the loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum TradeOff {
    /// Peak GPU memory, summed over GPUs.
    GpuMemory,
    /// Peak main memory.
    CpuMemory,
    /// Minutes.
    Minutes,
}

impl TradeOff {
    /// All, in the order they are offered in.
    pub const ALL: [Self; 3] = [Self::GpuMemory, Self::CpuMemory, Self::Minutes];

    /// Its axis's label.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::GpuMemory => "peak GPU memory (GB)",
            Self::CpuMemory => "peak CPU memory (GiB)",
            Self::Minutes => "time (min)",
        }
    }

    /// The kind of memory that can be compared: the GPUs' where a run has some, else main memory.
    #[must_use]
    pub fn memory(comparison: &Comparison) -> Self {
        let gpu = |row: &ComparisonRow| row.gpu_memory_peak_gb.is_some();
        if comparison.rows.iter().any(gpu) {
            Self::GpuMemory
        } else {
            Self::CpuMemory
        }
    }

    fn of(self, row: &ComparisonRow) -> Option<f64> {
        match self {
            Self::GpuMemory => row.gpu_memory_peak_gb,
            Self::CpuMemory => row.cpu_memory_peak_gib,
            Self::Minutes => row.minutes,
        }
    }
}

/// The chart of the last loss against `against`. `pinned` holds the colors that users gave, one per
/// row; rows beyond its end have the colors of their places.
#[must_use]
pub fn trade_off_chart(
    comparison: &Comparison,
    against: TradeOff,
    pinned: &[Option<Rgb>],
) -> Chart {
    let mut layers = Vec::new();
    let mut values = Vec::new();
    let mut most: f64 = 0.0;
    let mut lacking = Vec::new();
    for (place, row) in comparison.rows.iter().enumerate() {
        let loss = row.last_loss.filter(|loss| loss.is_finite());
        let (Some(x), Some(y)) = (against.of(row), loss) else {
            lacking.push(row.name.as_str());
            continue;
        };
        let (color, _) = run_look(place, pinned.get(place).copied().flatten());
        let label = row.name.clone();
        let shape = Shape::Dot { at: [x, y], label };
        layers.push(Layer::unnamed(Ink::Fixed(color), shape));
        values.push(y);
        most = most.max(x);
    }
    let name = match comparison.loss_kind {
        Some(LossKind::Eval) => "last evaluation loss".to_owned(),
        Some(LossKind::Train) => "last training loss".to_owned(),
        _ => {
            let mut keys = comparison.rows.iter().filter_map(|r| r.loss_key.as_ref());
            keys.next()
                .map_or_else(|| "last loss".to_owned(), |key| format!("last {key}"))
        }
    };
    let y = fitted(name, values, &RunsOptions::default(), false);
    let mut caption = Vec::new();
    if !lacking.is_empty() {
        caption.push(format!("Not shown: {}.", lacking.join(", ")));
    }
    Chart {
        title: String::new(),
        caption,
        x: Axis::new(against.label(), false, 0.0, most * ROOM).rounded(TICKS),
        y,
        layers,
        aspect: 0.72,
        legend: Legend::Above,
    }
}
