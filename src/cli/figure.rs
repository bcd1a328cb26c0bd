//! `figure`: the window's pictures as SVG or PNG.

use crate::cli::Common;
use crate::cli::figure_args::{Figure, FigureArgs, View};
use crate::cli::figure_page::Page;
use crate::cli::figure_runs;
use crate::cli::figure_spectra::{Kept, waterfall_rows};
use crate::cli::open::{open_report, open_results};
use crate::error::{Error, Problem, Result};
use crate::figure::{
    self, Chart, ColorMap, Grid, HeatmapFigure, Mode, OKABE_ITO, Options, SpectrumSettings, Values,
};
use crate::report::SnrReport;
use crate::selection::{Choice, FreezeSet, Percent, Ranking, matching_modules, matching_types};

pub(super) fn run(arguments: &FigureArgs, common: Common) -> Result<()> {
    match &arguments.figure {
        Figure::Heatmap {
            results,
            top_percent,
            against,
            mode,
            map,
            page,
        } => {
            let form = page.form()?;
            let mut report = open_report(results, common)?;
            if let Some(other) = against {
                report.hold_against(&open_report(other, common)?)?;
            }
            let mode = match (mode, against) {
                (Some(mode), _) => *mode,
                (None, Some(_)) => Mode::Change,
                (None, None) => Mode::Snr,
            };
            if mode.needs_other() && against.is_none() {
                return Err(Problem::output(
                    format!("--mode {}", mode.label().to_lowercase()),
                    "needs other results to compare with: --against RESULTS",
                )
                .into());
            }
            page.write(form, &heatmap(&report, *top_percent, mode, *map, page))
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
            let method = axes.method;
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
                return Err(Problem::argument(
                    layer_type,
                    format!("fits {} layer types; name one", found.len()),
                )
                .into());
            };
            let rows = waterfall_rows(&report, &spectra, *index, *expert)?;
            let title = format!("{} · {}", report.slug, report.types[*index].name);
            let method = axes.method;
            let chart = figure::waterfall(&title, &rows, &axes.settings(false), method);
            page.write_chart(form, &chart)
        }
        Figure::Runs(arguments) => figure_runs::run(arguments, common),
    }
}

/// The heatmap's SVG.
fn heatmap(
    report: &SnrReport,
    top: Option<Percent>,
    mode: Mode,
    map: ColorMap,
    page: &Page,
) -> String {
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

/// The modules that match any of `patterns`, each once, in the order of the patterns.
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
        (many, View::Histogram) if many.len() > OKABE_ITO.len() => Err(Problem::output(
            format!("{} modules", many.len()),
            format!(
                "are more than the {} colors that can be told apart; name fewer, or draw the \
                 layer type with `layerscope figure waterfall`",
                OKABE_ITO.len()
            ),
        )
        .into()),
        (many, View::Histogram) => Ok(figure::overlay(&report.slug, many, settings)),
        (many, _) => Err(Problem::output(
            "this view",
            format!("shows one module, not {}; name one", many.len()),
        )
        .into()),
    }
}

fn no_spectra(results: &str) -> Error {
    Problem::output(
        results,
        "has no spectra beside it; scan the model with `layerscope scan MODEL` (without \
                  --no-spectra), and name the results that it writes",
    )
    .into()
}
