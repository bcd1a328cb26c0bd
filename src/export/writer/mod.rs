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

use crate::export::{Consumer, Parameters, Rename, dry_run, read_freeze_text};
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
}

/// The set as `consumer` takes it.
#[must_use]
pub fn export_text(consumer: Consumer, report: &SnrReport, set: &FreezeSet) -> Exported {
    export_renamed(consumer, report, set, None)
}

/// The set as `consumer` takes it, under the names that a trainer has.
#[must_use]
pub fn export_renamed(
    consumer: Consumer,
    report: &SnrReport,
    set: &FreezeSet,
    rename: Option<Rename>,
) -> Exported {
    let chosen = Chosen::of(report, set).renamed(rename);
    let mut exported = match consumer {
        Consumer::Aws | Consumer::AwsRecipes => {
            spectrum_lines::export(consumer, report, set, rename)
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
    exported
        .losses
        .extend(differences(consumer, report, &chosen, &exported, rename));
    // Spectrum's own lines name the head, tied or not.
    if !matches!(
        consumer,
        Consumer::Aws | Consumer::AwsRecipes | Consumer::AxolotlPlugin | Consumer::LlamaFactory
    ) {
        exported.notes.extend(chosen.tied.iter().cloned());
    }
    exported
}

/// Reads the text back, follows the consumer, and tells how what trains differs from the set.
fn differences(
    consumer: Consumer,
    report: &SnrReport,
    chosen: &Chosen<'_>,
    exported: &Exported,
    rename: Option<Rename>,
) -> Vec<String> {
    let file = match read_freeze_text(Path::new(&exported.file_name), &exported.text) {
        Ok(file) => file,
        // A set of nothing is no file that its reader would take.
        Err(error) => return vec![error.to_string()],
    };
    let mut parameters = Parameters::of_report(report);
    if let Some(rename) = rename {
        parameters = parameters.renamed(|name| rename.apply(name));
    }
    let run = dry_run(&file, consumer, &parameters);
    let wanted: HashSet<&str> = chosen.modules.iter().map(|one| one.report_name).collect();
    let trained: HashSet<&str> = run.modules.iter().map(String::as_str).collect();
    let listed: HashSet<&str> = report.modules.iter().map(|one| one.name.as_str()).collect();
    let beyond = run.modules.iter().map(String::as_str);
    let beyond: Vec<&str> = beyond.filter(|name| !wanted.contains(name)).collect();
    let short = chosen.modules.iter().map(|one| one.report_name);
    // Of what the results do not list nothing can be told.
    let short: Vec<&str> = short
        .filter(|name| listed.contains(name) && !trained.contains(name))
        .collect();
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
    lines
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
