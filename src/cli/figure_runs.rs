//! `figure runs`: a metric of several runs, or all figures of a comparison.
//!
//! Enters: run logs and how to draw them. Leaves: SVG or PNG files, with the table beside them
//! where all figures are drawn.

use std::path::{Path, PathBuf};

use crate::cli::Common;
use crate::cli::compare::warn;
use crate::cli::figure_page::Form as FileForm;
use crate::cli::figure_runs_args::RunsArgs;
use crate::cli::logs::open_runs;
use crate::error::{Error, Problem, Result};
use crate::export::{self, Replace};
use crate::figure::table::{self, Column};
use crate::figure::{
    self, Chart, RunLine, Style, TradeOff, published, runs_chart, trade_off_chart,
};
use crate::run::{CompareOptions, Comparison, Measure, Run};

/// Draws what the arguments ask for.
///
/// # Errors
/// When a log cannot be read, no run has the metric, or a file cannot be written.
pub(super) fn run(arguments: &RunsArgs, common: Common) -> Result<()> {
    let form = arguments.page.form()?;
    let all = arguments.metric == "published";
    if all && arguments.page.output.is_none() {
        return Err(Problem::output(
            "--metric published",
            "draws several files; name them with -o FILE.svg or .png",
        )
        .into());
    }
    let runs = open_runs(&arguments.logs, common)?;
    let comparison = Comparison::new(&runs.iter().collect::<Vec<_>>(), &CompareOptions::default());
    let lines = RunLine::all(&runs);
    if all {
        warn(&comparison, common);
        return arguments.write_all(form, &lines, &comparison);
    }
    for (name, line) in runs
        .iter()
        .flat_map(|run| run.warnings.iter().map(move |line| (&run.name, line)))
    {
        common.warn(&format!("{name}: {line}"));
    }
    let chart = arguments.chart(&lines, &comparison);
    if chart.layers.is_empty() {
        return Err(nothing(&arguments.metric, &chart, &runs));
    }
    let svg = figure::svg(&chart, &arguments.style());
    arguments.page.write(form, &svg)
}

impl RunsArgs {
    fn style(&self) -> Style {
        if self.talk {
            Style {
                dark: self.page.dark,
                ..Style::talk()
            }
        } else {
            self.page.style()
        }
    }

    fn chart(&self, lines: &[RunLine<'_>], comparison: &Comparison) -> Chart {
        let against = match self.metric.as_str() {
            "loss-memory" => Some(TradeOff::memory(comparison)),
            "loss-minutes" => Some(TradeOff::Minutes),
            _ => None,
        };
        if let Some(against) = against {
            let mut chart = trade_off_chart(comparison, against, &[]);
            chart.title.clone_from(&self.drawing.title);
            return chart;
        }
        let measure = match self.metric.as_str() {
            "loss" => Measure::loss(lines.iter().map(|line| line.run)),
            "eval-loss" => Measure::EvalLoss,
            "train-loss" => Measure::TrainLoss,
            "gpu-memory" => Measure::GpuMemory,
            "cpu-memory" => Measure::CpuMemory,
            key => Measure::Key(key.to_owned()),
        };
        runs_chart(lines, &measure, self.x, &self.drawing.options())
    }

    /// All figures, `FILE-loss.svg` and so on, with the table as CSV and LaTeX.
    fn write_all(
        &self,
        form: FileForm,
        lines: &[RunLine<'_>],
        comparison: &Comparison,
    ) -> Result<()> {
        let file = self.page.output.as_deref().unwrap_or(Path::new("runs.svg"));
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let beside =
            |name: &str, ending: &str| file.with_file_name(format!("{stem}-{name}.{ending}"));
        let ending = file.extension().unwrap_or_default().to_string_lossy();
        let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
        for figure in published(lines, comparison) {
            let svg = figure::svg(&figure.chart, &self.style());
            files.push((beside(figure.stem, &ending), self.page.bytes(form, svg)?));
        }
        let columns = Column::usual(comparison);
        let table = [
            ("csv", table::csv(comparison, &columns)),
            ("tex", table::latex(comparison, &columns)),
        ];
        for (ending, text) in table {
            files.push((beside("table", ending), text.into_bytes()));
        }
        let files: Vec<(&Path, &[u8])> = files
            .iter()
            .map(|(path, bytes)| (path.as_path(), bytes.as_slice()))
            .collect();
        let replace = Replace::from(self.page.force);
        export::write_all(&files, replace)
    }
}

fn nothing(metric: &str, chart: &Chart, runs: &[Run]) -> Error {
    let mut keys: Vec<&str> = Vec::new();
    for series in runs.iter().flat_map(|run| &run.series) {
        if !keys.contains(&series.key.as_str()) && keys.len() < 20 {
            keys.push(&series.key);
        }
    }
    Problem::output(
        format!("--metric {metric}"),
        format!(
            "no run has it along this axis ({}); logged are {}",
            chart.x.label,
            keys.join(", ")
        ),
    )
    .into()
}
