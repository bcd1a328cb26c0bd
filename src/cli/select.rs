//! `select`: the modules to train, as text in the format of whoever reads it.

use std::path::{Path, PathBuf};

use clap::ValueHint;
use serde::Serialize;

use crate::cli::Common;
use crate::cli::choosing::ChoosingArgs;
use crate::cli::cost::{self, BudgetDocument, CostDocument};
use crate::cli::open::{open_report, open_results};
use crate::cli::output::{print, print_json};
use crate::error::{Error, Problem, Result};
use crate::export::{self, Consumer, Exported, Format, Outcome, Replace};
use crate::names::{Architecture, Names};
use crate::report::SnrReport;
use crate::selection::{Choice, FreezeSet, Percent, Pool, RankBy, Ranking, Sizes, Towers};
use crate::source::Config;

pub(super) use crate::cli::choosing::percent;

/// What is told where nothing says what the model is loaded as.
pub(super) const UNKNOWN_ARCHITECTURE: &str = "the model's architecture is not known, so its loaded \
    names are taken to be the checkpoint's; --config names its config.json";

/// The arguments of `select`.
#[derive(Debug, clap::Args)]
pub struct SelectArgs {
    /// A results file, or `sample`
    #[arg(value_hint = ValueHint::FilePath)]
    results: String,
    #[command(flatten)]
    choosing: ChoosingArgs,
    /// The program that reads it, or the form of the text
    #[arg(long, value_enum, default_value = "spectrum")]
    format: Format,
    /// Whose names to write: those of the model as transformers loads it, or the checkpoint's.
    /// Spectrum's own format always has the checkpoint's
    #[arg(long, value_enum, default_value = "loaded")]
    names: Names,
    /// The model's config.json or its folder, where the results do not tell the architecture
    #[arg(long, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    config: Option<PathBuf>,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Replace FILE where it holds something else
    #[arg(long, requires = "output")]
    force: bool,
}

/// The set as `--json` has it.
#[derive(Debug, Serialize)]
struct Document<'a> {
    slug: &'a str,
    format: Format,
    /// The percentage that alone makes the set.
    top_percent: Option<f64>,
    head: bool,
    embeddings: bool,
    types: Vec<TypeLists<'a>>,
    modules: usize,
    modules_total: usize,
    parameters: Option<u64>,
    parameters_total: Option<u64>,
    rank_by: RankBy,
    pool: Pool,
    /// How the budget was solved, where there is one.
    budget: Option<BudgetDocument>,
    /// Bytes that training takes; where shapes are known.
    memory: Option<CostDocument>,
    /// Modules whose ratio is within 1 % of the ratio on the other side of their cut.
    near_ties: Vec<&'a str>,
    /// The set in the format asked for.
    text: &'a str,
    file: Option<&'a PathBuf>,
    outcome: Option<&'static str>,
    warnings: Vec<String>,
}

#[derive(Debug, Serialize)]
struct TypeLists<'a> {
    #[serde(rename = "type")]
    name: &'a str,
    modules: usize,
    /// In rank order.
    trained: Vec<&'a str>,
}

/// Makes the set and prints or writes it.
///
/// # Errors
/// When the results cannot be read, a pattern matches nothing, or the set cannot be written.
pub(super) fn run(arguments: &SelectArgs, common: Common) -> Result<()> {
    // A plain set needs the ratios alone; all that is told beside it needs more.
    let tells = common.json || arguments.output.is_some();
    let is_plain = arguments.format == Format::Names && arguments.names == Names::Checkpoint;
    let mut report = if tells || !is_plain || arguments.choosing.needs_spectra() {
        open_results(&arguments.results, common)?.0
    } else {
        open_report(&arguments.results, common)?
    };
    if let Some(path) = &arguments.config {
        report.architecture = Some(architecture(path)?);
    }
    report.fuse(arguments.names);
    let choice = arguments.choosing.choice(&report)?;
    let ranking = Ranking::of(&report, &choice);
    let set = FreezeSet::new(&report, &ranking, &choice);
    cost::check_budget(&report, &choice, &set)?;
    let warnings = warnings(&report, &choice, &ranking, &set);
    common.warn_all(&warnings);
    let naming = arguments.names.into();
    let exported = arguments.format.render(&report, &set, naming);
    let Exported { text, losses, .. } = &exported;
    refuse_inexact(arguments.format, &report, &exported)?;
    common.warn_all(losses);
    if let Some(line) = exported.uncovered.as_ref().filter(|_| tells) {
        common.note(line);
    }
    let replace = Replace::from(arguments.force);
    let mut outcome = None;
    if let Some(path) = &arguments.output {
        let done = export::write(path, text.as_bytes(), replace).map_err(|error| match error {
            Error::Exists { path } => Error::from(Problem::argument(
                path.display().to_string(),
                "is there already with other content; choose another name, or replace \
                          it with --force",
            )),
            other => other,
        })?;
        common.note(&format!(
            "{}: {}, {} of {} modules",
            path.display(),
            outcome_text(done),
            set.counts.modules,
            set.counts.modules_total
        ));
        outcome = Some(outcome_text(done));
    }
    let is_list = matches!(arguments.format, Format::Spectrum | Format::Names);
    let is_translated = arguments.names != Names::Checkpoint && (outcome.is_some() || !is_list);
    if is_translated && report.architecture.is_none() {
        common.note(UNKNOWN_ARCHITECTURE);
    }
    if !common.json && (outcome.is_some() || choice.budget.is_some()) {
        for line in cost::lines(&report, &choice, &set) {
            common.note(&line);
        }
    }
    if common.json {
        let mut document = document(&report, (&choice, &set), arguments, text, outcome);
        document.warnings.extend(warnings);
        document.warnings.extend(losses.iter().cloned());
        print_json(&document)
    } else if outcome.is_none() {
        print(text)
    } else {
        Ok(())
    }
}

/// The architecture that a model's configuration names.
pub(super) fn architecture(path: &Path) -> Result<Architecture> {
    let config = if path.is_dir() {
        Config::read(path)?
    } else {
        let text = std::fs::read(path).map_err(Error::io(path, "read the configuration"))?;
        Config::parse(path, &text)?
    };
    Architecture::of(&config).ok_or_else(|| {
        Problem::input(path, "names no architecture and no model_type")
            .advice("give the model's config.json")
            .into()
    })
}

/// Refuses a set that its reader cannot be told, where all that it would train is known.
fn refuse_inexact(format: Format, report: &SnrReport, exported: &Exported) -> Result<()> {
    let is_lossless = format.consumer().is_some_and(Consumer::is_lossless);
    let is_known = report.others.is_some() && report.architecture.is_some();
    // Spectrum's own bytes are always written, and PEFT trains adapters.
    let is_own = matches!(
        format,
        Format::Spectrum | Format::For(Consumer::Peft | Consumer::Snippet)
    );
    if exported.is_exact || is_own || !is_lossless || !is_known {
        return Ok(());
    }
    let why = exported.losses.last().map(String::as_str);
    let cause = format!(
        "cannot say this set: {}",
        why.unwrap_or("it trains something else")
    );
    Err(Problem::argument(format!("--format {format}"), cause)
        .advice("use --format regex or python")
        .into())
}

/// Lines about what the set may not be meant to be: one tower alone, modules that cannot be taken.
fn warnings(
    report: &SnrReport,
    choice: &Choice,
    ranking: &Ranking,
    set: &FreezeSet,
) -> Vec<String> {
    let rules = &choice.rules;
    let is_out = |name: &str| rules.towers_out.contains(name);
    let mut lines = Towers::of(report).warnings(report, set, rules.pool, is_out);
    for line in &mut lines {
        line.push_str("; --pool type-and-tower ranks each tower by itself");
    }
    if rules.by == RankBy::Excess && ranking.unranked() > 0 {
        lines.push(format!(
            "{} modules have no excess and are never taken: τ separates nothing for their shape, \
             or their spectra are not kept",
            ranking.unranked()
        ));
    }
    lines
}

fn document<'a>(
    report: &'a SnrReport,
    (choice, set): (&Choice, &FreezeSet),
    arguments: &'a SelectArgs,
    text: &'a str,
    outcome: Option<&'static str>,
) -> Document<'a> {
    let types = report.types.iter().zip(&set.types);
    let types = types.filter_map(|(layer_type, trained)| {
        let trained = trained.as_ref()?.iter();
        Some(TypeLists {
            name: &layer_type.name,
            modules: layer_type.modules.len(),
            trained: trained
                .map(|&module| report.modules[module as usize].name.as_str())
                .collect(),
        })
    });
    Document {
        slug: &report.slug,
        format: arguments.format,
        top_percent: set.percent.map(Percent::value),
        head: set.head,
        embeddings: set.embeddings,
        types: types.collect(),
        modules: set.counts.modules,
        modules_total: set.counts.modules_total,
        parameters: set.counts.parameters,
        parameters_total: set.counts.parameters_total,
        rank_by: choice.rules.by,
        pool: choice.rules.pool,
        budget: BudgetDocument::new(choice, set),
        memory: set
            .costs(Sizes::of(report), choice.optimizer)
            .map(|costs| CostDocument::new(choice, set, &costs)),
        near_ties: (set.near_ties.iter())
            .map(|&module| report.modules[module as usize].name.as_str())
            .collect(),
        text,
        file: arguments.output.as_ref(),
        outcome,
        warnings: report.warnings.clone(),
    }
}

fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "written",
        Outcome::Replaced => "replaced",
        Outcome::Unchanged => "unchanged",
    }
}
