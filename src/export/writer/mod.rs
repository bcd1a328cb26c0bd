//! A freeze set as the text its consumer takes, with what a person needs to use it.
//!
//! Enters: a consumer, a report and the set made of it. Leaves: [`Exported`]. Each text is read
//! back and followed by the consumer's own rule; what then trains otherwise than the set says is
//! told as a loss.

mod axolotl;
mod chosen;
mod lists;
mod llama_factory;
mod ms_swift;
mod peft;
mod spectrum_lines;

use std::collections::HashSet;
use std::path::Path;

use crate::export::{Consumer, Naming, dry_run, read_freeze_text};
use crate::report::SnrReport;
use crate::selection::FreezeSet;
use crate::text::counted;

use chosen::Chosen;
pub use lists::{python_loop, regular_expression};

/// How many names a line gives before it only counts.
const NAMED: usize = 3;

/// A text to write, and how to use it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// The text.
    pub text: String,
    /// What to call the file.
    pub file_name: String,
    /// Where the file goes and what to mind, an entry a line.
    pub notes: Vec<String>,
    /// The code, command or configuration that loads it, to be copied.
    pub snippet: String,
    /// What of the set this text does not say, or more than it; empty where it is exact.
    pub losses: Vec<String>,
    /// Whether its consumer trains what loading leaves of the set, and nothing else.
    pub is_exact: bool,
    /// What no layer type covers, so that no set trains it.
    pub uncovered: Option<String>,
}

/// The set as `consumer` takes it, under the names of the loaded model.
#[must_use]
pub fn export_text(consumer: Consumer, report: &SnrReport, set: &FreezeSet) -> Exported {
    export_renamed(consumer, report, set, Naming::default())
}

/// The set as `consumer` takes it.
#[must_use]
pub fn export_renamed(
    consumer: Consumer,
    report: &SnrReport,
    set: &FreezeSet,
    naming: Naming,
) -> Exported {
    let chosen = Chosen::of(report, set, naming);
    let mut exported = match consumer {
        Consumer::Aws | Consumer::AwsRecipes => {
            spectrum_lines::export(consumer, report, set, &chosen)
        }
        Consumer::Snippet => lists::snippet(report, &chosen),
        Consumer::Axolotl => axolotl::export(report, &chosen),
        Consumer::AxolotlPlugin => axolotl::export_plugin(report, set),
        Consumer::MsSwift => ms_swift::export(report, &chosen),
        Consumer::MsSwiftRegex => ms_swift::export_regex(report, &chosen),
        Consumer::LlamaFactory => llama_factory::export(report, set, &chosen),
        Consumer::Peft => peft::export(report, &chosen),
    };
    exported.losses.extend(chosen.absent.iter().cloned());
    exported.losses.extend(chosen.beyond.iter().cloned());
    let differences = differences(consumer, &chosen, &exported);
    exported.is_exact = differences.lines.is_empty();
    exported.losses.extend(differences.stops);
    exported.losses.extend(differences.lines);
    exported.uncovered = uncovered(report, &chosen);
    exported.notes.extend(exported.uncovered.clone());
    // Spectrum's own lines name the head, tied or not.
    if !matches!(
        consumer,
        Consumer::Aws | Consumer::AwsRecipes | Consumer::AxolotlPlugin | Consumer::LlamaFactory
    ) {
        exported.notes.extend(chosen.tied.iter().cloned());
    }
    exported
}

/// Spectrum's own text, which keeps the checkpoint's names whatever the trainer's are: what of it
/// would train otherwise than the set says.
#[must_use]
pub(super) fn spectrum_losses(report: &SnrReport, set: &FreezeSet, text: &str) -> Vec<String> {
    let chosen = Chosen::of(report, set, Naming::default());
    let exported = Exported {
        text: text.to_owned(),
        file_name: "set.yaml".into(),
        ..Exported::default()
    };
    let mut lines = differences(Consumer::Aws, &chosen, &exported).lines;
    if !lines.is_empty() {
        lines.push(
            "Spectrum's format keeps the checkpoint's names; --format aws writes those of the \
             loaded model"
                .into(),
        );
    }
    lines.extend(chosen.beyond.iter().cloned());
    lines
}

/// What a set in no one's format, such as code, trains beyond the set, or not.
#[must_use]
pub(super) fn loading_losses(report: &SnrReport, set: &FreezeSet, naming: Naming) -> Vec<String> {
    let chosen = Chosen::of(report, set, naming);
    chosen.absent.into_iter().chain(chosen.beyond).collect()
}

/// How what trains differs from the set.
struct Differences {
    lines: Vec<String>,
    /// Why the trainer ends with an error, whatever the set.
    stops: Vec<String>,
}

/// Reads the text back, follows the consumer, and tells how what trains differs from the set.
fn differences(consumer: Consumer, chosen: &Chosen<'_>, exported: &Exported) -> Differences {
    let file = match read_freeze_text(Path::new(&exported.file_name), &exported.text) {
        Ok(file) => file,
        // A set of nothing is no file that its reader would take.
        Err(error) => {
            return Differences {
                lines: vec![error.to_string()],
                stops: Vec::new(),
            };
        }
    };
    let parameters = &chosen.parameters;
    let run = dry_run(&file, consumer, parameters);
    let stops = run.stops().into_iter().map(str::to_owned).collect();
    let trained: HashSet<usize> = run.trainable.iter().copied().collect();
    let names = |places: &mut dyn Iterator<Item = usize>| -> Vec<&str> {
        let mut seen = HashSet::new();
        let modules = places.map(|place| {
            let parameter = &parameters.all[place];
            let module = &parameters.modules[parameter.module];
            // Of a module that has others beside it, the parameter says more.
            let last = parameter.name.rsplit('.').next();
            if matches!(last, Some("weight" | "bias")) {
                module.name.as_str()
            } else {
                parameter.name.as_str()
            }
        });
        modules.filter(|name| seen.insert(*name)).collect()
    };
    let places = chosen.places.iter().copied();
    let short = names(&mut places.filter(|place| !trained.contains(place)));
    let beyond = run.trainable.iter().copied();
    let beyond = names(&mut beyond.filter(|place| !chosen.places.contains(place)));
    let mut lines = Vec::new();
    for (names, what) in [
        (short, "of the set would not train"),
        (beyond, "outside the set would train too"),
    ] {
        if !names.is_empty() {
            lines.push(format!(
                "{} {what}: {}",
                counted(names.len(), "module", "modules"),
                some(&names)
            ));
        }
    }
    Differences { lines, stops }
}

/// A line about parameters that no layer type covers, and that no set trains.
fn uncovered(report: &SnrReport, chosen: &Chosen<'_>) -> Option<String> {
    let modules: HashSet<&str> = report.modules.iter().map(|one| one.name.as_str()).collect();
    let parameters = &chosen.parameters;
    let all = parameters.all.iter().enumerate();
    let others: Vec<usize> = all
        .filter(|(_, one)| {
            !parameters
                .sources_of(one)
                .any(|source| modules.contains(source))
        })
        .map(|(place, _)| place)
        .collect();
    let first = others.first().filter(|_| report.others.is_some())?;
    let elements = parameters.sum(others.iter().copied())?;
    Some(format!(
        "{} parameters with {elements} elements are in no layer type and stay frozen, such as {}",
        others.len(),
        parameters.all[*first].name
    ))
}

/// The names of what trains, each once.
pub(super) fn trained_names(report: &SnrReport, set: &FreezeSet, naming: Naming) -> Vec<String> {
    let chosen = Chosen::of(report, set, naming);
    chosen.modules.into_iter().map(|one| one.name).collect()
}

/// The file name for consumers that have no naming rule of their own.
pub(super) fn short_file_name(consumer: Consumer, slug: &str) -> String {
    let ending = match consumer {
        Consumer::Snippet => "_unfrozen_parameters.json",
        Consumer::MsSwift => "_ms-swift.sh",
        Consumer::MsSwiftRegex => "_ms-swift-regex.sh",
        Consumer::Peft => "_peft.json",
        Consumer::Axolotl => "_axolotl.yaml",
        Consumer::AxolotlPlugin => "_axolotl-plugin.yaml",
        Consumer::LlamaFactory => "_llama-factory.yaml",
        Consumer::Aws | Consumer::AwsRecipes => "_unfrozenparameters.yaml",
    };
    format!("{slug}{ending}")
}

/// The first few of some names.
fn some(names: &[&str]) -> String {
    let first: Vec<&str> = names.iter().take(NAMED).copied().collect();
    let more = names.len() - first.len();
    if more == 0 {
        first.join(", ")
    } else {
        format!("{} and {more} more", first.join(", "))
    }
}
