//! Sets as lists and code: for Spectrum's README snippet, as one regular expression, as a loop.
//!
//! Enters: what trains. Leaves: text.

use super::{Chosen, Exported};
use crate::export::{Consumer, Naming};
use crate::report::SnrReport;
use crate::selection::FreezeSet;

/// A text as a literal of Python and JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A list for Spectrum's README snippet.
pub(super) fn snippet(report: &SnrReport, chosen: &Chosen<'_>) -> Exported {
    let entries: Vec<String> = chosen.prefixes().iter().map(|text| quoted(text)).collect();
    let text = if entries.is_empty() {
        "[]\n".to_owned()
    } else {
        format!("[\n  {}\n]\n", entries.join(",\n  "))
    };
    let file_name = super::short_file_name(Consumer::Snippet, &report.slug);
    Exported {
        text,
        notes: vec![
            "Each entry ends with the dot behind the module's name, so that it is no part of \
             another one."
                .into(),
        ],
        snippet: format!(
            "import json\n\
             unfrozen_parameters = json.load(open({}))\n\
             for name, parameter in model.named_parameters():\n    \
                 parameter.requires_grad = any(part in name for part in unfrozen_parameters)\n",
            quoted(&file_name)
        ),
        file_name,
        losses: Vec::new(),
        is_exact: false,
        uncovered: None,
    }
}

/// The set as one regular expression for the whole name of a parameter: `re.match`, `re.search`
/// and `re.fullmatch` read it alike. Where nothing trains: `$.`, which matches nothing.
#[must_use]
pub fn regular_expression(report: &SnrReport, set: &FreezeSet, naming: Naming) -> String {
    format!("{}\n", expression(&Chosen::of(report, set, naming)))
}

/// The expression without its line end.
pub(super) fn expression(chosen: &Chosen<'_>) -> String {
    let (modules, fused) = chosen.alternatives();
    let own = match modules.as_slice() {
        [] => Vec::new(),
        [one] => vec![format!(r"{one}\.[^.]+")],
        _ => vec![format!(r"(?:{})\.[^.]+", modules.join("|"))],
    };
    let all: Vec<String> = own.into_iter().chain(fused).collect();
    match all.as_slice() {
        [] => "$.".into(),
        [one] => format!("^{one}$"),
        _ => format!("^(?:{})$", all.join("|")),
    }
}

/// The set as a function in Python that freezes all but the set, and stops where a name of the
/// set is not the model's.
#[must_use]
pub fn python_loop(report: &SnrReport, set: &FreezeSet, naming: Naming) -> String {
    let chosen = Chosen::of(report, set, naming);
    let names: Vec<String> = chosen
        .modules
        .iter()
        .map(|one| format!("    {},\n", quoted(&one.name)))
        .collect();
    format!(
        r#"# The modules of {slug} that train.
TRAINED = [
{names}]


def freeze_all_but_trained(model):
    """Freezes all parameters but those of TRAINED; stops where a name is not the model's."""
    trained, found = set(TRAINED), set()
    for name, parameter in model.named_parameters():
        names = {{name, name.rpartition(".")[0]}} & trained
        parameter.requires_grad = bool(names)
        found |= names
    if found != trained:
        raise ValueError(f"not in this model: {{sorted(trained - found)}}")
"#,
        slug = report.slug,
        names = names.concat(),
    )
}
