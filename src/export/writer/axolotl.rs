//! Sets for axolotl: its list, and its plugin's fraction.
//!
//! Enters: what trains. Leaves: a piece of axolotl's configuration.

use super::{Chosen, Exported};
use crate::report::SnrReport;
use crate::selection::FreezeSet;

/// `unfrozen_parameters`. axolotl takes dots literally, so that a name needs no escapes but for
/// what else is special in it; the dot at the end keeps it from being the start of another.
pub(super) fn export(report: &SnrReport, chosen: &Chosen<'_>) -> Exported {
    let parents = chosen.parents();
    let mut text = String::from("unfrozen_parameters:\n");
    for one in &chosen.modules {
        let name = escaped(&one.name);
        let pattern = if one.is_parameter {
            format!("{name}$")
        } else if parents.contains(one.name.as_str()) {
            // Modules below it are not meant.
            format!("{name}.[^.]+$")
        } else {
            format!("{name}.")
        };
        text.push_str("- ");
        text.push_str(&scalar(&pattern));
        text.push('\n');
    }
    if chosen.modules.is_empty() {
        text = "unfrozen_parameters: []\n".into();
    }
    Exported {
        snippet: text.clone(),
        text,
        file_name: super::short_file_name(crate::export::Consumer::Axolotl, &report.slug),
        notes: vec![
            "Put the list into axolotl's configuration (YAML), beside base_model, without an \
             adapter; with FSDP set use_orig_params: true."
                .into(),
            "axolotl takes every dot literally and matches from the start of the name: the dot at \
             the end keeps a name from being the start of a longer one."
                .into(),
        ],
        losses: Vec::new(),
        is_exact: false,
        uncovered: None,
    }
}

/// The name with what is special to Python escaped, but for dots, which axolotl escapes itself.
fn escaped(name: &str) -> String {
    let parts: Vec<String> = name.split('.').map(regex::escape).collect();
    parts.join(".")
}

/// A text as YAML, with quotes where it needs them.
fn scalar(text: &str) -> String {
    let written = serde_yaml::to_string(text).unwrap_or_default();
    written.trim_end().to_owned()
}

/// The plugin: a fraction, not a set.
pub(super) fn export_plugin(report: &SnrReport, set: &FreezeSet) -> Exported {
    let fraction = set.percent.map_or(0.25, |percent| percent.value() / 100.0);
    let results = crate::export::flat_file_name(&report.slug);
    let text = format!(
        "plugins:\n- axolotl.integrations.spectrum.SpectrumPlugin\nspectrum_top_fraction: \
         {fraction}\nspectrum_model_name: {}\n",
        scalar(&report.slug)
    );
    let mut losses = Vec::new();
    if set.percent.is_none() {
        losses.push(
            "the plugin knows one fraction for all types and always trains head and embedding: \
             this set is no plain percentage, and cannot be said to it; 0.25 is written"
                .into(),
        );
    }
    Exported {
        snippet: text.clone(),
        text,
        file_name: super::short_file_name(crate::export::Consumer::AxolotlPlugin, &report.slug),
        notes: vec![
            format!(
                "Put it into axolotl's configuration, and the results file where axolotl runs: \
                 model_snr_results/{results}, in the flat layout."
            ),
            "The fraction is 0 to 1: 25 would take every module.".into(),
            "If the plugin finds no results it warns and trains everything.".into(),
        ],
        losses,
        is_exact: false,
        uncovered: None,
    }
}
