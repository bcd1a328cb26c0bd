//! Spectrum's YAML: the freeze set as the reference program and its readers know it.
//!
//! Enters: a report and the set made of it. Leaves: text, byte for byte the reference's for a
//! plain percentage.
//!
//! The text is put together here and not by a YAML library: the readers met in the wild take it
//! by lines (`- ` in column 0, what follows is the pattern, quotes included), so its layout is
//! the format.

use std::fmt::Write as _;

use crate::report::SnrReport;
use crate::selection::{EMBEDDINGS, FreezeSet, HEAD};

/// The set as `unfrozen_parameters`: the fixed lines that are on, then for each type a comment
/// and its modules in rank order. A type without a module keeps its comment; one that is left
/// out altogether has none.
#[must_use]
pub fn spectrum_yaml(report: &SnrReport, set: &FreezeSet) -> String {
    let mut text = String::from("unfrozen_parameters:\n");
    for (on, pattern) in [(set.head, HEAD), (set.embeddings, EMBEDDINGS)] {
        if on {
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(text, "- {pattern}");
        }
    }
    for (layer_type, modules) in report.types.iter().zip(&set.types) {
        let Some(modules) = modules else { continue };
        let _ = writeln!(text, "# {} layers", layer_type.name);
        for &module in modules {
            let _ = writeln!(text, "- {}", report.modules[module as usize].name);
        }
    }
    text
}

/// The file's name: `snr_results_<slug>_unfrozenparameters_<P>percent.yaml` for a set that the
/// percentage P alone makes, `…_unfrozenparameters_custom.yaml` for any other. Types left out
/// do not change the name, as they do not in the reference program.
#[must_use]
pub fn spectrum_file_name(slug: &str, set: &FreezeSet) -> String {
    let made_by = set
        .percent
        .map_or_else(|| "custom".into(), |percent| format!("{percent}percent"));
    format!("snr_results_{slug}_unfrozenparameters_{made_by}.yaml")
}
