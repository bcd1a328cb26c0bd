//! `select`: the modules to train, as text in the format of whoever reads it.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};
use serde::Serialize;

use crate::cli::output::{print, print_json};
use crate::cli::{Common, open_report};
use crate::error::{Error, Result};
use crate::export::{self, Consumer, Outcome, Replace};
use crate::report::SnrReport;
use crate::selection::{
    Choice, FreezeSet, Mark, Percent, Ranking, matching_modules, matching_types,
};

/// The arguments of `select`.
#[derive(Debug, clap::Args)]
pub struct SelectArgs {
    /// A results file, or `sample`
    #[arg(value_hint = ValueHint::FilePath)]
    results: String,
    /// The share of each type to train, in percent: the modules with the highest ratios
    #[arg(long, value_name = "P", default_value = "25", value_parser = percent)]
    top_percent: Percent,
    /// A type's own share; TYPE is its name or a pattern such as 'mlp.*'. The last that fits counts
    #[arg(long, value_name = "TYPE=P", value_parser = type_percent)]
    type_percent: Vec<(String, Percent)>,
    /// Train the modules whose whole name matches, whatever the percentage
    #[arg(long, value_name = "GLOB")]
    pin: Vec<String>,
    /// Freeze the modules whose whole name matches, whatever the percentage; wins over --pin
    #[arg(long, value_name = "GLOB")]
    drop: Vec<String>,
    /// Leave the output head's line out
    #[arg(long)]
    no_head: bool,
    /// Leave the input embedding's line out
    #[arg(long)]
    no_embeddings: bool,
    /// Who reads it
    #[arg(long, value_enum, default_value = "spectrum")]
    format: Format,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Replace FILE where it holds something else
    #[arg(long, requires = "output")]
    force: bool,
}

/// The formats a freeze set is printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// The YAML of the Spectrum program, byte for byte
    Spectrum,
    /// The same for AWS's train_spectrum.py, with lines anchored that would match too much
    Aws,
    /// A list for the snippet of Spectrum's README
    Snippet,
    /// unfrozen_parameters of an axolotl configuration
    Axolotl,
    /// The configuration of axolotl's Spectrum plugin
    AxolotlPlugin,
    /// ms-swift's arguments, with --trainable_parameters
    MsSwift,
    /// ms-swift's arguments, with --trainable_parameters_regex
    MsSwiftRegex,
    /// target_modules and modules_to_save for PEFT
    Peft,
    /// The nearest that LLaMA-Factory's freeze tuning comes to it
    LlamaFactory,
    /// One regular expression for whole parameter names
    Regex,
    /// Module names, one a line
    Names,
    /// A function in Python that freezes and unfreezes
    Python,
}

impl Format {
    /// The text, and what of the set it does not say.
    fn text(self, report: &SnrReport, set: &FreezeSet) -> (String, Vec<String>) {
        let consumer = match self {
            Self::Spectrum => return (export::spectrum_yaml(report, set), Vec::new()),
            Self::Names => return (export::names(report, set), Vec::new()),
            Self::Regex => return (export::regular_expression(report, set, None), Vec::new()),
            Self::Python => return (export::python_loop(report, set, None), Vec::new()),
            Self::Aws => Consumer::Aws,
            Self::Snippet => Consumer::Snippet,
            Self::Axolotl => Consumer::Axolotl,
            Self::AxolotlPlugin => Consumer::AxolotlPlugin,
            Self::MsSwift => Consumer::MsSwift,
            Self::MsSwiftRegex => Consumer::MsSwiftRegex,
            Self::Peft => Consumer::Peft,
            Self::LlamaFactory => Consumer::LlamaFactory,
        };
        let exported = export::export_text(consumer, report, set);
        (exported.text, exported.losses)
    }
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
    /// The set in the format asked for.
    text: &'a str,
    file: Option<&'a PathBuf>,
    outcome: Option<&'static str>,
    warnings: &'a [String],
}

#[derive(Debug, Serialize)]
struct TypeLists<'a> {
    #[serde(rename = "type")]
    name: &'a str,
    modules: usize,
    /// In rank order.
    trained: Vec<&'a str>,
}

pub(super) fn percent(text: &str) -> Result<Percent, String> {
    text.parse().map_err(|error| match error {
        Error::Selection { problem, .. } => problem,
        other => other.to_string(),
    })
}

fn type_percent(text: &str) -> Result<(String, Percent), String> {
    let (layer_type, share) = text
        .rsplit_once('=')
        .ok_or("give TYPE=P, such as mlp.down_proj=50")?;
    Ok((layer_type.to_owned(), percent(share)?))
}

/// Makes the set and prints or writes it.
///
/// # Errors
/// When the results cannot be read, a pattern matches nothing, or the set cannot be written.
pub(super) fn run(arguments: &SelectArgs, common: Common) -> Result<()> {
    let report = open_report(&arguments.results, common)?;
    let choice = choice(&report, arguments)?;
    let set = FreezeSet::new(&report, &Ranking::new(&report), &choice);
    let (text, losses) = arguments.format.text(&report, &set);
    for line in &losses {
        common.warn(line);
    }
    let replace = if arguments.force {
        Replace::Yes
    } else {
        Replace::No
    };
    let mut outcome = None;
    if let Some(path) = &arguments.output {
        let done = export::write(path, text.as_bytes(), replace).map_err(|error| match error {
            Error::Exists { path } => Error::Selection {
                what: path.display().to_string(),
                problem: "is there already with other content; choose another name, or replace \
                          it with --force"
                    .into(),
            },
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
    if common.json {
        print_json(&document(&report, &set, arguments, &text, outcome))
    } else if outcome.is_none() {
        print(&text)
    } else {
        Ok(())
    }
}

fn choice(report: &SnrReport, arguments: &SelectArgs) -> Result<Choice> {
    let mut choice = Choice {
        percent: arguments.top_percent,
        head: !arguments.no_head,
        embeddings: !arguments.no_embeddings,
        ..Choice::default()
    };
    for (pattern, share) in &arguments.type_percent {
        for index in matching_types(report, pattern).map_err(option("--type-percent"))? {
            let name = report.types[index].name.clone();
            choice.type_percent.insert(name, *share);
        }
    }
    let marks = [
        ("--pin", &arguments.pin, Mark::Pin),
        ("--drop", &arguments.drop, Mark::Drop),
    ];
    for (name, patterns, mark) in marks {
        for pattern in patterns {
            for module in matching_modules(report, pattern).map_err(option(name))? {
                choice.set_mark(&report.modules[module].name, Some(mark));
            }
        }
    }
    Ok(choice)
}

/// Puts the option's name before a pattern that is refused.
fn option(name: &'static str) -> impl Fn(Error) -> Error {
    move |error| match error {
        Error::Selection { what, problem } => Error::Selection {
            what: format!("{name} {what}"),
            problem,
        },
        other => other,
    }
}

fn document<'a>(
    report: &'a SnrReport,
    set: &FreezeSet,
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
        text,
        file: arguments.output.as_ref(),
        outcome,
        warnings: &report.warnings,
    }
}

fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "written",
        Outcome::Replaced => "replaced",
        Outcome::Unchanged => "unchanged",
    }
}
