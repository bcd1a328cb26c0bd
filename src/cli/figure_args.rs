//! The arguments of `figure`.
//!
//! Leaves: what to draw and how, checked as far as it can be without the results.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum, ValueHint};

use crate::cli::figure_runs_args::RunsArgs;
use crate::cli::inspect::Method;
use crate::cli::select::percent;
use crate::figure::{ColorMap, Mode, Quantity, SpectrumSettings, Style};
use crate::selection::Percent;

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
        /// What the colour stands for [default: snr, with --against: change]
        #[arg(long, value_enum)]
        mode: Option<Colour>,
        /// The colour map
        #[arg(long, value_enum, default_value = "viridis")]
        map: Map,
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
    /// All blocks of a layer type, one spectrum a row
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
    pub(super) of: Of,
    /// How many bins; as many as suit the values, where it is left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=2000))]
    pub(super) bins: Option<u16>,
    /// A logarithmic axis from left to right
    #[arg(long)]
    pub(super) log_x: bool,
    /// How the scale of the noise is told
    #[arg(long, value_enum, default_value = "median")]
    pub(super) method: Method,
}

/// Where the figure goes, and its size.
#[derive(Debug, clap::Args)]
pub(super) struct Page {
    /// Write to FILE, an .svg or .png, instead of the SVG to standard output
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) output: Option<PathBuf>,
    /// Width in px, 96 an inch; a column of a paper is 326
    #[arg(long, value_name = "PX", default_value = "326", value_parser = width)]
    pub(super) width: f64,
    /// Height in px; what suits the figure, where it is left out
    #[arg(long, value_name = "PX", value_parser = height)]
    pub(super) height: Option<f64>,
    /// Light on dark
    #[arg(long)]
    pub(super) dark: bool,
    /// Size of text in px; what suits the width, where it is left out
    #[arg(long, value_name = "PX", value_parser = text)]
    pub(super) text: Option<f64>,
    /// Pixels of a PNG for each px
    #[arg(long, value_name = "N", default_value = "3", value_parser = scale)]
    pub(super) scale: f64,
    /// Replace FILE where it holds something else
    #[arg(long, requires = "output")]
    pub(super) force: bool,
}

/// What the colour of the heatmap stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// The ratio, on a logarithmic scale
    Snr,
    /// The rank among the modules of the same type
    Rank,
    /// How far the ratio lies over that of noise, in powers of two
    Excess,
    /// The ratio of noise of the same shape and entry variance
    Control,
    /// How far the ratio lies over that of --against, in powers of two
    Change,
    /// The ratio of --against, in the colours of these results
    Other,
}

/// The colour maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Map {
    /// Violet over green to yellow
    Viridis,
    /// Black over red to pale yellow
    Magma,
    /// Blue to yellow, the same for deuteranopes
    Cividis,
    /// Dark to light grey
    Grey,
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

/// What the axis of a spectrum measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Of {
    /// Eigenvalues
    Lambda,
    /// Singular values
    S,
}

impl Axes {
    /// As figures take them.
    pub(super) fn settings(self, log_y: bool) -> SpectrumSettings {
        SpectrumSettings {
            of: match self.of {
                Of::Lambda => Quantity::Lambda,
                Of::S => Quantity::S,
            },
            bins: self.bins.map(usize::from),
            log_x: self.log_x,
            log_y,
        }
    }
}

impl From<Colour> for Mode {
    fn from(colour: Colour) -> Self {
        match colour {
            Colour::Snr => Self::Snr,
            Colour::Rank => Self::Rank,
            Colour::Excess => Self::Excess,
            Colour::Control => Self::Control,
            Colour::Change => Self::Change,
            Colour::Other => Self::Other,
        }
    }
}

impl From<Map> for ColorMap {
    fn from(map: Map) -> Self {
        match map {
            Map::Viridis => Self::Viridis,
            Map::Magma => Self::Magma,
            Map::Cividis => Self::Cividis,
            Map::Grey => Self::Grey,
        }
    }
}

fn width(text: &str) -> Result<f64, String> {
    between(text, Style::LEAST_WIDTH, 10_000.0)
}

fn height(text: &str) -> Result<f64, String> {
    between(text, 100.0, 10_000.0)
}

fn text(text: &str) -> Result<f64, String> {
    between(text, Style::LEAST_TEXT, Style::MOST_TEXT)
}

fn scale(text: &str) -> Result<f64, String> {
    between(text, 0.1, 32.0)
}

fn between(text: &str, least: f64, most: f64) -> Result<f64, String> {
    let number: f64 = text
        .parse()
        .map_err(|error: std::num::ParseFloatError| error.to_string())?;
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(format!("must be from {least} to {most}"))
    }
}
