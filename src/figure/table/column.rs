//! The columns of a comparison, and their cells for a person and for a program.

use crate::run::{Comparison, ComparisonRow};
use crate::text::significant;

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Column {
    /// The run's name.
    Name,
    /// How it was trained.
    Method,
    /// The share of the parameters that train.
    Trainable,
    /// The last loss.
    LastLoss,
    /// The lowest loss.
    BestLoss,
    /// The last loss after smoothing.
    SmoothedLoss,
    /// The last training loss, whichever is compared.
    TrainLoss,
    /// The last evaluation loss, whichever is compared.
    EvalLoss,
    /// The loss difference to the baseline.
    LossDifference,
    /// How long it ran.
    Minutes,
    /// The time improvement over the baseline.
    TimeImprovement,
    /// GPU memory, mean.
    GpuAverage,
    /// GPU memory, highest.
    GpuPeak,
    /// Main memory, mean.
    CpuAverage,
    /// Main memory, highest.
    CpuPeak,
    /// The further metric of that place in [`Comparison::metrics`].
    Extra(usize),
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing: not known.
    Empty,
    /// Text.
    Text(String),
    /// A number in the column's unit.
    Number(f64),
}

impl Column {
    /// All but further metrics, in the order of a table.
    pub const ALL: [Self; 15] = [
        Self::Name,
        Self::Method,
        Self::Trainable,
        Self::LastLoss,
        Self::BestLoss,
        Self::SmoothedLoss,
        Self::TrainLoss,
        Self::EvalLoss,
        Self::LossDifference,
        Self::Minutes,
        Self::TimeImprovement,
        Self::GpuAverage,
        Self::GpuPeak,
        Self::CpuAverage,
        Self::CpuPeak,
    ];

    /// The columns that a table shows unless others are asked for: those of the published
    /// comparison and the peaks, as far as a run has something in them, and the further metrics.
    #[must_use]
    pub fn usual(comparison: &Comparison) -> Vec<Self> {
        let usual = [
            Self::Name,
            Self::Trainable,
            Self::GpuAverage,
            Self::GpuPeak,
            Self::CpuAverage,
            Self::CpuPeak,
            Self::LastLoss,
            Self::BestLoss,
            Self::LossDifference,
            Self::Minutes,
            Self::TimeImprovement,
        ];
        let further = (0..comparison.metrics.len()).map(Self::Extra);
        let any = |column: &Self| {
            let mut rows = comparison.rows.iter();
            rows.any(|row| column.cell(row) != Cell::Empty)
        };
        let known = usual.into_iter().filter(any);
        known.chain(further).collect()
    }

    /// What the column measures, without its unit.
    #[must_use]
    pub fn name(self, comparison: &Comparison) -> String {
        let name = match self {
            Self::Name => "Run",
            Self::Method => "Method",
            Self::Trainable => "Trainable",
            Self::LastLoss => "Last loss",
            Self::BestLoss => "Best loss",
            Self::SmoothedLoss => "Smoothed last loss",
            Self::TrainLoss => "Training loss",
            Self::EvalLoss => "Evaluation loss",
            Self::LossDifference => "Loss difference",
            Self::Minutes => "Time",
            Self::TimeImprovement => "Time improvement",
            Self::GpuAverage => "GPU memory, avg",
            Self::GpuPeak => "GPU memory, peak",
            Self::CpuAverage => "CPU memory, avg",
            Self::CpuPeak => "CPU memory, peak",
            Self::Extra(index) => {
                return comparison.metrics.get(index).cloned().unwrap_or_default();
            }
        };
        name.to_owned()
    }

    /// Its unit; empty for plain numbers and text.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Trainable | Self::LossDifference | Self::TimeImprovement => "%",
            Self::Minutes => "min",
            Self::GpuAverage | Self::GpuPeak => "GB",
            Self::CpuAverage | Self::CpuPeak => "GiB",
            _ => "",
        }
    }

    /// Name and unit.
    #[must_use]
    pub fn header(self, comparison: &Comparison) -> String {
        let (name, unit) = (self.name(comparison), self.unit());
        if unit.is_empty() {
            name
        } else {
            format!("{name} ({unit})")
        }
    }

    /// Whether its cells are text, which lies at the left.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Name | Self::Method)
    }

    /// What the column holds for `row`.
    #[must_use]
    pub fn cell(self, row: &ComparisonRow) -> Cell {
        let number = match self {
            Self::Name => return Cell::Text(row.name.clone()),
            Self::Method => {
                let method = row.method.to_string();
                return if method.is_empty() {
                    Cell::Empty
                } else {
                    Cell::Text(method)
                };
            }
            Self::Trainable => row.trainable_percent,
            Self::LastLoss => row.last_loss,
            Self::BestLoss => row.best_loss,
            Self::SmoothedLoss => row.smoothed_last,
            Self::TrainLoss => row.train.as_ref().map(|loss| loss.last),
            Self::EvalLoss => row.eval.as_ref().map(|loss| loss.last),
            Self::LossDifference => row.loss_difference_percent,
            Self::Minutes => row.minutes,
            Self::TimeImprovement => row.time_improvement_percent,
            Self::GpuAverage => row.gpu_memory_avg_gb,
            Self::GpuPeak => row.gpu_memory_peak_gb,
            Self::CpuAverage => row.cpu_memory_avg_gib,
            Self::CpuPeak => row.cpu_memory_peak_gib,
            Self::Extra(index) => row.extra.get(index).copied().flatten(),
        };
        number.map_or(Cell::Empty, Cell::Number)
    }
}

impl Cell {
    /// As a table shows it: 4 significant digits, a real minus.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => significant(*number, 4).replace('-', "−"),
        }
    }

    /// With all digits, as programs read it.
    #[must_use]
    pub fn exact(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}
