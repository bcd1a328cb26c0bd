//! `figure`: the window's pictures as SVG or PNG.
//!
//! Enters: results, what of them to draw, and how. Leaves: the file, or the SVG on standard
//! output.

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum, ValueHint};

use crate::cli::Common;
use crate::cli::figure_spectra::{Kept, waterfall_rows};
use crate::cli::inspect::Method;
use crate::cli::open::{open_report, open_results};
use crate::cli::output::print;
use crate::cli::select::percent;
use crate::error::{Error, Result};
use crate::export::{self, Replace};
use crate::figure::{
    self, Chart, ColorMap, Grid, HeatmapFigure, Mode, OKABE_ITO, Options, Quantity,
    SpectrumSettings, Style, Values,
};
use crate::report::SnrReport;
use crate::selection::{Choice, FreezeSet, Percent, Ranking, matching_modules, matching_types};
use crate::spectral::law::ScaleMethod;

/// The arguments of `figure`.
#[derive(Debug, clap::Args)]
pub struct FigureArgs {
    #[command(subcommand)]
    figure: Figure,
}

/// The figures.
#[derive(Debug, Subcommand)]
enum Figure {
    /// The ratios of all modules: layer types by blocks
    Heatmap {
        /// A results file, or `sample`
        #[arg(value_hint = ValueHint::FilePath)]
        results: String,
        /// Show the set that trains this share of each type, in percent
        #[arg(long, value_name = "P", value_parser = percent)]
        top_percent: Option<Percent>,
        /// What the colour stands for
        #[arg(long, value_enum, default_value = "snr")]
        mode: Colour,
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
}

/// How a spectrum is laid out.
#[derive(Debug, Clone, Copy, clap::Args)]
struct Axes {
    /// Singular values S, or eigenvalues λ = S²/M
    #[arg(long, value_enum, default_value = "s")]
    of: Of,
    /// How many bins; as many as suit the values, where it is left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=2000))]
    bins: Option<u16>,
    /// A logarithmic axis from left to right
    #[arg(long)]
    log_x: bool,
    /// How the scale of the noise is told
    #[arg(long, value_enum, default_value = "median")]
    method: Method,
}

/// Where the figure goes, and its size.
#[derive(Debug, clap::Args)]
struct Page {
    /// Write to FILE, an .svg or .png, instead of the SVG to standard output
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Width in px, 96 an inch; a column of a paper is 326
    #[arg(long, value_name = "PX", default_value = "326", value_parser = width)]
    width: f64,
    /// Height in px; what suits the figure, where it is left out
    #[arg(long, value_name = "PX", value_parser = height)]
    height: Option<f64>,
    /// Light on dark
    #[arg(long)]
    dark: bool,
    /// Pixels of a PNG for each px
    #[arg(long, value_name = "N", default_value = "3", value_parser = scale)]
    scale: f64,
    /// Replace FILE where it holds something else
    #[arg(long, requires = "output")]
    force: bool,
}

/// What the colour of the heatmap stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// The ratio, on a logarithmic scale
    Snr,
    /// The rank among the modules of the same type
    Rank,
    /// How far the ratio lies over that of noise, in powers of two
    Excess,
    /// The ratio of noise of the same shape and entry variance
    Control,
}

/// The colour maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Map {
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
enum View {
    /// How the values are spread, under the law
    Histogram,
    /// The tail on logarithmic axes, with its power law
    Tail,
    /// The share of the matrix that its first ranks hold
    Energy,
}

/// What the axis of a spectrum measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Of {
    /// Eigenvalues
    Lambda,
    /// Singular values
    S,
}

impl Axes {
    fn settings(&self, log_y: bool) -> SpectrumSettings {
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

/// What a file's name asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Svg,
    Png,
}

/// Draws what the arguments ask for.
///
/// # Errors
/// When the results cannot be read or hold no spectra, a name matches nothing, or the file cannot
/// be written.
pub(super) fn run(arguments: &FigureArgs, common: Common) -> Result<()> {
    match &arguments.figure {
        Figure::Heatmap {
            results,
            top_percent,
            mode,
            map,
            page,
        } => {
            let form = page.form()?;
            let report = open_report(results, common)?;
            page.write(form, &heatmap(&report, *top_percent, *mode, *map, page))
        }
        Figure::Spectrum {
            results,
            modules,
            view,
            expert,
            axes,
            log_y,
            page,
        } => {
            let form = page.form()?;
            let (report, spectra) = open_results(results, common)?;
            let spectra = spectra.ok_or_else(|| no_spectra(results))?;
            let names = names(&report, modules)?;
            let method = ScaleMethod::from(axes.method);
            let kept: Result<Vec<Kept>> = names
                .into_iter()
                .map(|module| Kept::read(&report, &spectra, module, *expert)?.profiled(method))
                .collect();
            let settings = axes.settings(*log_y);
            page.write_chart(form, &spectrum(&report, &kept?, *view, &settings)?)
        }
        Figure::Waterfall {
            results,
            layer_type,
            expert,
            axes,
            page,
        } => {
            let form = page.form()?;
            let (report, spectra) = open_results(results, common)?;
            let spectra = spectra.ok_or_else(|| no_spectra(results))?;
            let found = matching_types(&report, layer_type)?;
            let [index] = found.as_slice() else {
                return Err(Error::Selection {
                    what: layer_type.clone(),
                    problem: format!("fits {} layer types; name one", found.len()),
                });
            };
            let rows = waterfall_rows(&report, &spectra, *index, *expert)?;
            let title = format!("{} · {}", report.slug, report.types[*index].name);
            let method = ScaleMethod::from(axes.method);
            let chart = figure::waterfall(&title, &rows, &axes.settings(false), method);
            page.write_chart(form, &chart)
        }
    }
}

/// The heatmap's SVG.
fn heatmap(
    report: &SnrReport,
    top: Option<Percent>,
    mode: Colour,
    map: Map,
    page: &Page,
) -> String {
    let mode = match mode {
        Colour::Snr => Mode::Snr,
        Colour::Rank => Mode::Rank,
        Colour::Excess => Mode::Excess,
        Colour::Control => Mode::Control,
    };
    let map = match map {
        Map::Viridis => ColorMap::Viridis,
        Map::Magma => ColorMap::Magma,
        Map::Cividis => ColorMap::Cividis,
        Map::Grey => ColorMap::Grey,
    };
    let ranking = Ranking::new(report);
    let choice = top.map(|percent| Choice {
        percent,
        ..Choice::default()
    });
    let set = choice
        .as_ref()
        .map(|choice| FreezeSet::new(report, &ranking, choice));
    let grid = Grid::new(report, &Options::default());
    let values = Values::new(report, &ranking, &grid, mode);
    let chosen = choice.as_ref().zip(set.as_ref());
    let figure = HeatmapFigure::new(report, (&grid, &values), map, chosen);
    figure::heatmap_svg(&figure, &page.style())
}

/// The modules that any of `patterns` fits, each once, in the order they are asked for.
fn names(report: &SnrReport, patterns: &[String]) -> Result<Vec<usize>> {
    let mut modules = Vec::new();
    for pattern in patterns {
        let plain = pattern.strip_suffix(".weight");
        let found = match plain.and_then(|plain| report.find(plain)) {
            Some(module) => vec![module],
            None => matching_modules(report, pattern)?,
        };
        for module in found {
            if !modules.contains(&module) {
                modules.push(module);
            }
        }
    }
    Ok(modules)
}

fn spectrum(
    report: &SnrReport,
    kept: &[Kept],
    view: View,
    settings: &SpectrumSettings,
) -> Result<Chart> {
    let spectra: Vec<_> = kept.iter().filter_map(Kept::spectrum).collect();
    match (spectra.as_slice(), view) {
        ([one], View::Histogram) => Ok(figure::spectrum(one, settings)),
        ([one], View::Tail) => Ok(figure::tail(one)),
        ([one], View::Energy) => Ok(figure::energy(one)),
        (many, View::Histogram) if many.len() > OKABE_ITO.len() => Err(Error::Figure {
            what: format!("{} modules", many.len()),
            problem: format!(
                "are more than the {} colours that can be told apart; name fewer, or draw the \
                 layer type with `layerscope figure waterfall`",
                OKABE_ITO.len()
            ),
        }),
        (many, View::Histogram) => Ok(figure::overlay(&report.slug, many, settings)),
        (many, _) => Err(Error::Figure {
            what: "this view".to_owned(),
            problem: format!("shows one module, not {}; name one", many.len()),
        }),
    }
}

fn no_spectra(results: &str) -> Error {
    Error::Figure {
        what: results.to_owned(),
        problem: "has no spectra beside it; scan the model with `layerscope scan MODEL` (without \
                  --no-spectra), and name the results that it writes"
            .to_owned(),
    }
}

impl Page {
    fn style(&self) -> Style {
        Style {
            width: self.width,
            height: self.height,
            dark: self.dark,
        }
    }

    /// What the file's name asks for; SVG for standard output.
    fn form(&self) -> Result<Form> {
        let Some(path) = &self.output else {
            return Ok(Form::Svg);
        };
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        match ending.to_lowercase().as_str() {
            "svg" => Ok(Form::Svg),
            "png" => Ok(Form::Png),
            _ => Err(Error::Export {
                path: path.clone(),
                problem: "a figure is written as .svg or .png; give the file such a name"
                    .to_owned(),
            }),
        }
    }

    fn write_chart(&self, form: Form, chart: &Chart) -> Result<()> {
        self.write(form, &figure::svg(chart, &self.style()))
    }

    fn write(&self, form: Form, svg: &str) -> Result<()> {
        let Some(path) = &self.output else {
            return print(svg);
        };
        let path: &Path = path;
        let replace = if self.force {
            Replace::Yes
        } else {
            Replace::No
        };
        match form {
            Form::Svg => export::write(path, svg.as_bytes(), replace)?,
            Form::Png => export::write(path, &figure::png(svg, self.scale)?, replace)?,
        };
        Ok(())
    }
}

fn width(text: &str) -> Result<f64, String> {
    between(text, Style::LEAST_WIDTH, 10_000.0)
}

fn height(text: &str) -> Result<f64, String> {
    between(text, 100.0, 10_000.0)
}

fn scale(text: &str) -> Result<f64, String> {
    between(text, 0.1, 32.0)
}

fn between(text: &str, least: f64, most: f64) -> Result<f64, String> {
    let number: f64 = text
        .parse()
        .map_err(|_: std::num::ParseFloatError| "is not a number".to_owned())?;
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(format!("must be from {least} to {most}"))
    }
}
