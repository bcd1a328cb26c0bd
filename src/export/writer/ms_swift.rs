//! Sets for ms-swift: prefixes, or one regular expression, on its command line.
//!
//! Enters: what trains. Leaves: arguments for `swift sft`.

use super::lists::expression;
use super::{Chosen, Exported};
use crate::export::Consumer;
use crate::report::SnrReport;

/// What comes before the names: full training of nothing, to which the names add.
const START: &str = "swift sft \\\n  --train_type full \\\n  --freeze_parameters_ratio 1 \\\n";

/// `--trainable_parameters`.
pub(super) fn export(report: &SnrReport, chosen: &Chosen<'_>) -> Exported {
    let words: Vec<String> = chosen.prefixes().iter().map(|text| word(text)).collect();
    let text = format!(
        "{START}  --trainable_parameters \\\n    {}\n",
        words.join(" \\\n    ")
    );
    exported(
        Consumer::MsSwift,
        report,
        text,
        "the dot at the end keeps a name from being the start of a longer one",
    )
}

/// `--trainable_parameters_regex`.
pub(super) fn export_regex(report: &SnrReport, chosen: &Chosen<'_>) -> Exported {
    let text = format!(
        "{START}  --trainable_parameters_regex {}\n",
        word(&expression(chosen))
    );
    exported(
        Consumer::MsSwiftRegex,
        report,
        text,
        "^ and $ keep it from matching inside a longer name",
    )
}

fn exported(consumer: Consumer, report: &SnrReport, text: String, why: &str) -> Exported {
    Exported {
        snippet: text.clone(),
        text,
        file_name: super::short_file_name(consumer, &report.slug),
        notes: vec![
            "Add your model, data and other arguments. Versions that know --tuner_type take that \
             for --train_type."
                .into(),
            format!("ms-swift does not say which names match: {why}."),
        ],
        losses: Vec::new(),
        is_exact: false,
        uncovered: None,
    }
}

/// A word for a shell.
fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('-') {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
