//! `compare`: the table of runs.
//!
//! Enters: run logs. Leaves: the table as text, Markdown, LaTeX, CSV or JSON.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{ValueEnum, ValueHint};
use serde::Serialize;

use crate::cli::Common;
use crate::cli::logs::{Log, open_runs};
use crate::cli::output::print;
use crate::error::{Error, Problem, Result};
use crate::export::{self, Replace};
use crate::figure::table::{self as tables, Column};
use crate::run::{CompareOptions, Comparison, Run, series_like};

/// The arguments of `compare`.
#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// Run logs of any layout, each perhaps with a name; several of one name are one run. `sample`
    /// stands for the sample's runs
    #[arg(required = true, value_name = "[NAME=]LOG", value_hint = ValueHint::FilePath)]
    logs: Vec<Log>,
    /// The run to compare the others with; full fine-tuning or the first, where it is left out
    #[arg(long, value_name = "NAME")]
    baseline: Option<String>,
    /// The loss, by its name in the logs; the evaluation loss where every run has one, else the
    /// training loss, where it is left out
    #[arg(long, value_name = "KEY")]
    loss: Option<String>,
    /// How the table is written; as FILE's name says, or as text, where it is left out
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Replace FILE where it holds something else
    #[arg(long, requires = "output")]
    force: bool,
}

/// How a table is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned columns
    #[default]
    Text,
    /// Markdown
    Md,
    /// LaTeX, with the rules of booktabs
    Latex,
    /// Comma-separated values with all digits
    Csv,
    /// JSON
    Json,
}

impl Format {
    fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_string_lossy().to_lowercase();
        match ending.as_str() {
            "md" => Some(Self::Md),
            "tex" => Some(Self::Latex),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// The comparison as JSON has it. Numbers that are not known, or no finite numbers, are null.
#[derive(Debug, Serialize)]
struct ComparisonJson<'a> {
    baseline: Option<&'a str>,
    runs: Vec<RunJson<'a>>,
}

#[derive(Debug, Serialize)]
struct RunJson<'a> {
    name: &'a str,
    loss_key: Option<&'a str>,
    last_loss: Option<f64>,
    best_loss: Option<f64>,
    loss_difference_percent: Option<f64>,
    minutes: Option<f64>,
    time_improvement_percent: Option<f64>,
    gpu_memory_avg_gb: Option<f64>,
    gpu_memory_peak_gb: Option<f64>,
    cpu_memory_avg_gib: Option<f64>,
    cpu_memory_peak_gib: Option<f64>,
    warnings: &'a [String],
}

/// Compares the runs and prints or writes the table.
///
/// # Errors
/// When a log cannot be read, no run has the baseline's name or the loss, or the table cannot be
/// written.
pub(super) fn run(arguments: &CompareArgs, common: Common) -> Result<()> {
    let runs = open_runs(&arguments.logs, common)?;
    let options = options(arguments, &runs)?;
    let comparison = Comparison::new(&runs.iter().collect::<Vec<_>>(), &options);
    warn(&comparison, common);
    let format = if common.json {
        Format::Json
    } else {
        let named = arguments.output.as_deref().and_then(Format::of);
        arguments.format.or(named).unwrap_or_default()
    };
    let text = written(&comparison, format)?;
    let Some(path) = &arguments.output else {
        return print(&text);
    };
    let replace = Replace::from(arguments.force);
    export::write(path, text.as_bytes(), replace)?;
    Ok(())
}

/// Prints what to know before the numbers are believed.
pub(super) fn warn(comparison: &Comparison, common: Common) {
    common.warn_all(&comparison.warnings);
    for row in &comparison.rows {
        for line in &row.warnings {
            common.warn(&format!("{}: {line}", row.name));
        }
    }
}

/// What is asked for, as far as the runs have it.
fn options(arguments: &CompareArgs, runs: &[Run]) -> Result<CompareOptions> {
    if let Some(baseline) = &arguments.baseline
        && !runs.iter().any(|run| run.name == *baseline)
    {
        let names: Vec<&str> = runs.iter().map(|run| run.name.as_str()).collect();
        return Err(Problem::argument(
            format!("--baseline {baseline}"),
            format!("is no run here; there are {}", names.join(", ")),
        )
        .into());
    }
    if let Some(loss) = &arguments.loss
        && !runs.iter().any(|run| series_like(run, loss).is_some())
    {
        let series = runs.iter().flat_map(|run| &run.series);
        let keys: BTreeSet<&str> = series.map(|series| series.key.as_str()).collect();
        let keys: Vec<&str> = keys.into_iter().take(20).collect();
        return Err(Problem::argument(
            format!("--loss {loss}"),
            format!("is logged by no run; logged are {}", keys.join(", ")),
        )
        .into());
    }
    Ok(CompareOptions {
        baseline: arguments.baseline.clone(),
        loss_key: arguments.loss.clone(),
        ..CompareOptions::default()
    })
}

fn written(comparison: &Comparison, format: Format) -> Result<String> {
    let columns = Column::usual(comparison);
    Ok(match format {
        Format::Text => text(comparison, &columns),
        Format::Md => tables::markdown(comparison, &columns),
        Format::Latex => tables::latex(comparison, &columns),
        Format::Csv => tables::csv(comparison, &columns),
        Format::Json => json(comparison)?,
    })
}

/// Aligned columns, and what the differences are to.
fn text(comparison: &Comparison, columns: &[Column]) -> String {
    let mut text = tables::shown(comparison, columns).text();
    if let Some(base) = comparison.baseline_row() {
        let mut keys: Vec<&str> = Vec::new();
        for key in comparison.rows.iter().filter_map(|r| r.loss_key.as_deref()) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let loss = if keys.is_empty() {
            "none".to_owned()
        } else {
            keys.join(", ")
        };
        let _ = writeln!(text, "\nbaseline: {}; loss: {loss}", base.name);
    }
    text
}

fn json(comparison: &Comparison) -> Result<String> {
    let runs = comparison.rows.iter().map(|row| RunJson {
        name: &row.name,
        loss_key: row.loss_key.as_deref(),
        last_loss: row.last_loss,
        best_loss: row.best_loss,
        loss_difference_percent: row.loss_difference_percent,
        minutes: row.minutes,
        time_improvement_percent: row.time_improvement_percent,
        gpu_memory_avg_gb: row.gpu_memory_avg_gb,
        gpu_memory_peak_gb: row.gpu_memory_peak_gb,
        cpu_memory_avg_gib: row.cpu_memory_avg_gib,
        cpu_memory_peak_gib: row.cpu_memory_peak_gib,
        warnings: &row.warnings,
    });
    let document = ComparisonJson {
        baseline: comparison.baseline_row().map(|row| row.name.as_str()),
        runs: runs.collect(),
    };
    let text = serde_json::to_string_pretty(&document)
        .map_err(|error| Error::io("standard output", "write")(error.into()))?;
    Ok(format!("{text}\n"))
}
