//! `check`: which parameters a trainer would train with a freeze set.

use std::cmp::Reverse;
use std::path::PathBuf;

use clap::ValueHint;
use serde::Serialize;

use crate::cli::Common;
use crate::cli::open::open_source;
use crate::cli::output::{print, print_json};
use crate::error::{Error, Problem, Result};
use crate::export::{
    Consumer, DryRun, FreezeFile, Parameters, Pattern, Rename, Warning, WarningKind, dry_run,
    read_freeze_file, rename_warnings, rewrite_for,
};
use crate::names::{Names, Translation};
use crate::open::Opened;
use crate::report::SnrReport;
use crate::text::thousands;

/// How many entries or names a text lists of each kind.
const SHOWN: usize = 10;

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// The freeze set: Spectrum's YAML, a configuration of axolotl, LLaMA-Factory or PEFT, a
    /// command line of ms-swift, or names one a line
    #[arg(value_hint = ValueHint::FilePath)]
    set: PathBuf,
    /// What it is to train: a model's folder or weight file (all parameters), a results file
    /// (weights only), or `sample`
    #[arg(value_name = "MODEL|RESULTS", value_hint = ValueHint::AnyPath)]
    source: String,
    /// Who reads the set: aws, aws-recipes, snippet, axolotl, axolotl-plugin, ms-swift,
    /// ms-swift-regex, llama-factory or peft; told by the file where it is not given
    #[arg(long, value_name = "C", value_parser = consumer)]
    consumer: Option<Consumer>,
    /// Whose names to check against: those of the model as transformers loads it, or the
    /// checkpoint's
    #[arg(long, value_enum, default_value = "loaded")]
    names: Names,
    /// The model's config.json or its folder, where the results do not tell the architecture
    #[arg(long, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    config: Option<PathBuf>,
    /// Check against names that are changed further: peft, fsdp, vision-language,
    /// vision-language-back, qwen-vl or vit
    #[arg(long, value_name = "CHANGE", value_parser = rename)]
    rename: Option<Rename>,
    /// Rewrite the set for the names of --rename first
    #[arg(long, requires = "rename")]
    rewrite: bool,
    /// The results that axolotl's plugin reads, where MODEL has none
    #[arg(long, value_name = "RESULTS", value_hint = ValueHint::FilePath)]
    results: Option<PathBuf>,
    /// Fail if an entry matches nothing or more than it names, cannot be followed, or if nothing
    /// trains
    #[arg(long)]
    strict: bool,
}

fn consumer(text: &str) -> Result<Consumer, String> {
    text.parse().map_err(problem)
}

fn rename(text: &str) -> Result<Rename, String> {
    text.parse().map_err(problem)
}

fn problem(error: Error) -> String {
    match error {
        Error::Problem(problem) => problem.cause,
        other => other.to_string(),
    }
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Document<'a> {
    consumer: &'static str,
    /// Whose the file is by its content.
    file_is_for: &'static str,
    rename: Option<&'static str>,
    entries: usize,
    trainable: Vec<&'a str>,
    trainable_parameters: Option<u64>,
    total_parameters: Option<u64>,
    unmatched: Vec<&'a str>,
    /// Entries of which the results do not tell: they list no such module.
    unknown: Vec<&'a str>,
    accidental: Vec<Accident<'a>>,
    unreadable: Vec<Unreadable<'a>>,
    tied: Vec<&'a str>,
    warnings: &'a [String],
}

#[derive(Debug, Serialize)]
struct Accident<'a> {
    pattern: &'a str,
    line: usize,
    names: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct Unreadable<'a> {
    pattern: &'a str,
    line: usize,
    reason: &'a str,
}

/// Runs the dry run and prints what it found.
///
/// # Errors
/// When the set or the model cannot be read; with `--strict` also when something of the set goes
/// astray.
pub(super) fn run(arguments: &CheckArgs, common: Common) -> Result<()> {
    let mut file = read_freeze_file(&arguments.set)?;
    let Target {
        mut parameters,
        lines,
        unknown,
    } = target(arguments, common)?;
    if let Some(rename) = arguments.rename {
        parameters = parameters.renamed(|name| rename.apply(name));
        if arguments.rewrite {
            file = rewrite_for(&file, rename);
        }
    }
    let consumer = arguments.consumer.unwrap_or(file.consumer);
    let mut run = dry_run(&file, consumer, &parameters);
    if arguments.rename.is_none() {
        let lines = rename_warnings(&file, consumer, &parameters, &run);
        run.warnings.extend(lines);
    }
    run.warnings
        .sort_by_key(|warning| Reverse(warning.severity));
    let mut warnings = file.warnings.clone();
    warnings.extend(lines);
    warnings.extend(run.warnings.iter().map(Warning::to_string));
    if common.json {
        print_json(&document(arguments, &file, &run, &warnings, &parameters))?;
    } else {
        common.warn_all(&warnings);
        print(&text(arguments, &file, &run, &parameters))?;
    }
    if arguments.strict {
        refuse(arguments, consumer, &run, unknown)?;
    }
    Ok(())
}

/// Fails where the trainer does otherwise than the set says, or that cannot be told.
fn refuse(
    arguments: &CheckArgs,
    consumer: Consumer,
    run: &DryRun,
    unknown: Option<String>,
) -> Result<()> {
    let is_changed = |warning: &&Warning| warning.kind == WarningKind::NamesChange;
    let changed = run.warnings.iter().find(is_changed);
    let unsure = unknown.or(changed.map(|warning| warning.text.clone()));
    let (cause, advice) = if !run.is_clean() {
        let mut cause = format!(
            "{} entries match nothing, {} match what they do not name, {} cannot be followed, \
             {} parameters train",
            run.unmatched.len(),
            run.accidental.len(),
            run.unreadable.len(),
            run.trainable.len()
        );
        if let Some(stop) = run.stops().first() {
            cause = format!("{cause}; the trainer stops: {stop}");
        }
        (
            cause,
            "correct the set, or export it anew for this consumer",
        )
    } else if let Some(cause) = unsure {
        (
            cause,
            "check it with --names checkpoint where the names stay",
        )
    } else {
        return Ok(());
    };
    let problem = Problem::input(&arguments.set, cause);
    Err(problem.at(format!("for {consumer}")).advice(advice).into())
}

/// What a set is checked against.
struct Target {
    parameters: Parameters,
    /// What is to be told of them.
    lines: Vec<String>,
    /// Why the loaded names are not known, although the architecture is.
    unknown: Option<String>,
}

/// The model's parameters as the trainer has them, with lines about what is not known.
fn target(arguments: &CheckArgs, common: Common) -> Result<Target> {
    let (mut parameters, mut architecture) = match open_source(&arguments.source, common)? {
        Opened::Report(report, _) => {
            common.warn_all(&report.warnings);
            let parameters = Parameters::of_report(&report);
            (parameters, report.architecture.clone())
        }
        Opened::Model(model) => {
            common.warn_all(&model.warnings);
            (Parameters::of_model(&model), model.architecture.clone())
        }
        neither => return Err(neither.refused()),
    };
    if let Some(path) = &arguments.config {
        architecture = Some(super::select::architecture(path)?);
    }
    if let Some(results) = &arguments.results {
        parameters = parameters.with_ratios(&SnrReport::open(results)?);
    }
    let names = parameters.all.iter().map(|one| one.name.as_str());
    let translation = Translation::new(architecture.as_ref(), arguments.names, names);
    let mut lines = Vec::new();
    let mut unknown = None;
    match &architecture {
        Some(architecture) if !translation.is_known() => {
            let line = format!(
                "the table of names does not have {}: its loaded names are not known for certain",
                architecture.text()
            );
            lines.push(line.clone());
            unknown = Some(line);
        }
        None if arguments.names != Names::Checkpoint => {
            lines.push(super::select::UNKNOWN_ARCHITECTURE.to_owned());
        }
        _ => {}
    }
    let parameters = parameters.loaded(&translation);
    let mut tell = |names: &[String], what: &str| {
        if let Some(first) = names.first() {
            lines.push(format!(
                "{} tensors of the checkpoint {what}; the first: {first}",
                names.len()
            ));
        }
    };
    tell(&parameters.buffers, "are state that no trainer trains");
    tell(&parameters.ignored, "are left out when the model is loaded");
    Ok(Target {
        parameters,
        lines,
        unknown,
    })
}

fn document<'a>(
    arguments: &CheckArgs,
    file: &FreezeFile,
    run: &'a DryRun,
    warnings: &'a [String],
    parameters: &'a Parameters,
) -> Document<'a> {
    let names = |places: &[usize]| -> Vec<&'a str> {
        let names = places.iter().map(|&place| &*parameters.all[place].name);
        names.collect()
    };
    let texts = |patterns: &'a [Pattern]| patterns.iter().map(|one| &*one.text).collect();
    let accidental = run.accidental.iter().map(|(pattern, places)| Accident {
        pattern: &pattern.text,
        line: pattern.line,
        names: names(places),
    });
    let unreadable = run.unreadable.iter().map(|(pattern, reason)| Unreadable {
        pattern: &pattern.text,
        line: pattern.line,
        reason,
    });
    Document {
        consumer: run.consumer.id(),
        file_is_for: file.consumer.id(),
        rename: arguments.rename.map(Rename::id),
        entries: run.entries,
        trainable: names(&run.trainable),
        trainable_parameters: run.trainable_parameters,
        total_parameters: run.total_parameters,
        unmatched: texts(&run.unmatched),
        unknown: texts(&run.unknown),
        accidental: accidental.collect(),
        unreadable: unreadable.collect(),
        tied: run.tied.iter().map(|pair| &*pair.name).collect(),
        warnings,
    }
}

fn text(arguments: &CheckArgs, file: &FreezeFile, run: &DryRun, parameters: &Parameters) -> String {
    let mut lines = vec![format!(
        "consumer: {} ({})",
        run.consumer,
        run.consumer.name()
    )];
    if file.consumer != run.consumer {
        lines.push(format!("the file is written for: {}", file.consumer));
    }
    if let Some(rename) = arguments.rename {
        lines.push(format!("names: {}", rename.about()));
    }
    lines.push(format!("entries: {}", thousands(run.entries as u64)));
    let mut trains = format!(
        "train: {} of {} parameter tensors, in {} of {} modules",
        thousands(run.trainable.len() as u64),
        thousands(parameters.all.len() as u64),
        thousands(run.modules.len() as u64),
        thousands(parameters.modules.len() as u64),
    );
    if let (Some(trained), Some(total)) = (run.trainable_parameters, run.total_parameters) {
        let share = 100.0 * trained as f64 / (total.max(1)) as f64;
        trains = format!(
            "{trains}; {} of {} elements = {share:.2} %",
            thousands(trained),
            thousands(total)
        );
    }
    lines.push(trains);
    let mut list = |title: &str, entries: Vec<String>| {
        if entries.is_empty() {
            return;
        }
        lines.push(format!("{title}: {}", entries.len()));
        lines.extend(entries.iter().take(SHOWN).map(|entry| format!("  {entry}")));
        if entries.len() > SHOWN {
            let more = entries.len() - SHOWN;
            lines.push(format!("  {more} more (--json lists all)"));
        }
    };
    let at = |pattern: &Pattern| match pattern.line {
        0 => pattern.text.clone(),
        line => format!("line {line}: {}", pattern.text),
    };
    list("match nothing", run.unmatched.iter().map(at).collect());
    let accidental = run.accidental.iter().map(|(pattern, places)| {
        let first = &parameters.all[places[0]].name;
        let more = match places.len() {
            1 => String::new(),
            more => format!(" and {} more", more - 1),
        };
        format!("{} also matches {first}{more}", at(pattern))
    });
    list("match what they do not name", accidental.collect());
    let unreadable = run.unreadable.iter();
    let unreadable = unreadable.map(|(pattern, reason)| format!("{}: {reason}", at(pattern)));
    list("cannot be followed", unreadable.collect());
    list(
        "not listed by the results",
        run.unknown.iter().map(at).collect(),
    );
    if run.is_clean() && run.unknown.is_empty() {
        lines.push("every entry matches what it names, and nothing else".into());
    }
    lines.push(String::new());
    lines.join("\n")
}
