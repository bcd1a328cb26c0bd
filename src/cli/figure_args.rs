//! The arguments of `figure`.

use clap::{Subcommand, ValueEnum, ValueHint};

use crate::cli::figure_page::Page;
use crate::cli::figure_runs_args::RunsArgs;
use crate::cli::select::percent;
use crate::figure::{ColorMap, Mode, Quantity, SpectrumSettings};
use crate::selection::Percent;
use crate::spectral::law::ScaleMethod;

/// The arguments of `figure`.
#[derive(Debug, clap::Args)]
pub struct FigureArgs {
    /// Which one
    #[command(subcommand)]
    pub(super) figure: Figure,
}

/// The figures.
#[derive(Debug, Subcommand)]
pub(super) enum Figure {
    /// The ratios of all modules: layer types by blocks
    Heatmap {
        /// A results file, or `sample`
        #[arg(value_hint = ValueHint::FilePath)]
        results: String,
        /// Show the set that trains this share of each type, in percent
        #[arg(long, value_name = "P", value_parser = percent)]
        top_percent: Option<Percent>,
        /// Other results of the same architecture to hold these against: a base model, another
        /// revision
        #[arg(long, value_name = "RESULTS", value_hint = ValueHint::FilePath)]
        against: Option<String>,
        /// What the color stands for [default: snr, with --against: change]
        #[arg(long, value_enum)]
        mode: Option<Mode>,
        /// The color map
        #[arg(long, value_enum, default_value = "viridis")]
        map: ColorMap,
        #[command(flatten)]
        page: Page,
    },
    /// A module's spectrum under the Marchenko–Pastur law; of several, their outlines
    Spectrum {
        /// A results file with its spectra beside it, or `sample`
        #[arg(value_hint = ValueHint::FilePath)]
        results: String,
        /// Modules, by name or pattern such as 'model.layers.7.*'
        #[arg(required = true, value_name = "MODULE")]
        modules: Vec<String>,
        /// What of it to draw
        #[arg(long, value_enum, default_value = "histogram")]
        view: View,
        /// Which matrix of a weight that holds those of all experts, from 0
        #[arg(long, value_name = "I", default_value = "0")]
        expert: usize,
        #[command(flatten)]
        axes: Axes,
        /// A logarithmic axis from bottom to top
        #[arg(long)]
        log_y: bool,
        #[command(flatten)]
        page: Page,
    },
    /// All blocks of a layer type, one spectrum per row
    Waterfall {
        /// A results file with its spectra beside it, or `sample`
        #[arg(value_hint = ValueHint::FilePath)]
        results: String,
        /// The layer type, by name or pattern
        #[arg(value_name = "TYPE")]
        layer_type: String,
        /// Which matrix of a weight that holds those of all experts, from 0
        #[arg(long, value_name = "I", default_value = "0")]
        expert: usize,
        #[command(flatten)]
        axes: Axes,
        #[command(flatten)]
        page: Page,
    },
    /// A metric of several training runs, from their logs
    Runs(RunsArgs),
}

/// How a spectrum is laid out.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Axes {
    /// Singular values S, or eigenvalues λ = S²/M
    #[arg(long, value_enum, default_value = "s")]
    pub(super) of: Quantity,
    /// How many bins [default: suits the values]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=2000))]
    pub(super) bins: Option<u16>,
    /// A logarithmic axis from left to right
    #[arg(long)]
    pub(super) log_x: bool,
    /// How the scale of the noise is estimated
    #[arg(long, value_enum, default_value = "median")]
    pub(super) method: ScaleMethod,
}

/// The pictures of one spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum View {
    /// How the values are spread, under the law
    Histogram,
    /// The tail on logarithmic axes, with its power law
    Tail,
    /// The share of the matrix that its first ranks hold
    Energy,
}

impl Axes {
    /// As figures take them.
    pub(super) fn settings(self, log_y: bool) -> SpectrumSettings {
        SpectrumSettings {
            of: self.of,
            bins: self.bins.map(usize::from),
            log_x: self.log_x,
            log_y,
        }
    }
}
