//! Spectrum's YAML for AWS's readers: the reference's lines wherever they match what they name.
//!
//! Enters: a report and a set. Leaves: the text; a line that would match more is anchored.

use std::collections::HashSet;
use std::path::Path;

use super::Exported;
use crate::export::parameters::is_fused;
use crate::export::{
    Consumer, Parameters, Rename, dry_run, read_freeze_text, spectrum_file_name, spectrum_yaml,
};
use crate::report::SnrReport;
use crate::selection::FreezeSet;

/// What a name may hold and a regular expression reads otherwise; dots are looked after by the
/// dry run.
const SPECIAL: [char; 14] = [
    '\\', '^', '$', '*', '+', '?', '{', '}', '[', ']', '|', '(', ')', '#',
];

pub(super) fn export(
    consumer: Consumer,
    report: &SnrReport,
    set: &FreezeSet,
    rename: Option<Rename>,
) -> Exported {
    let file_name = spectrum_file_name(&report.slug, set);
    let mut text = spectrum_yaml(report, set);
    let mut notes = vec![
        "Upload the file with the training script (or as a channel of the job), and name its path \
         as spectrum_config_path."
            .to_owned(),
    ];
    if let Some(rename) = rename {
        let lines = text.lines().map(|line| match line.strip_prefix("- ") {
            Some(entry) => format!("- {}\n", rename.rewrite(entry)),
            None => format!("{line}\n"),
        });
        text = lines.collect();
    }
    let loose = loose_lines(report, &file_name, &text, rename);
    if !loose.is_empty() {
        let lines = text.lines().enumerate().map(|(index, line)| {
            match line
                .strip_prefix("- ")
                .filter(|_| loose.contains(&(index + 1)))
            {
                // A fused weight is a parameter itself.
                Some(name) if is_fused(name) => format!("- ^{}$", regex::escape(name)),
                Some(name) => format!(r"- ^{}\.[^.]+$", regex::escape(name)),
                None => line.to_owned(),
            }
        });
        let lines: Vec<String> = lines.collect();
        text = format!("{}\n", lines.join("\n"));
        notes.push(format!(
            "{} of the lines are anchored: as Spectrum writes them they would also match modules \
             whose names start the same.",
            loose.len()
        ));
    }
    let reader = match consumer {
        Consumer::AwsRecipes => "sft.py",
        _ => "train_spectrum.py",
    };
    Exported {
        snippet: format!(
            "# what {reader} does with it\n\
             import re\n\
             with open({}) as file:\n    \
                 lines = file.read().splitlines()\n\
             patterns = [line.split(\"- \")[1] for line in lines if line.startswith(\"- \")]\n\
             for name, parameter in model.named_parameters():\n    \
                 parameter.requires_grad = any(re.match(pattern, name) for pattern in patterns)\n",
            super::lists::quoted(&file_name)
        ),
        text,
        file_name,
        notes,
        losses: Vec::new(),
    }
}

/// The lines that match what they do not name, or are no name to a regular expression.
fn loose_lines(
    report: &SnrReport,
    file_name: &str,
    text: &str,
    rename: Option<Rename>,
) -> HashSet<usize> {
    let Ok(file) = read_freeze_text(Path::new(file_name), text) else {
        return HashSet::new();
    };
    let mut parameters = Parameters::of_report(report);
    if let Some(rename) = rename {
        parameters = parameters.renamed(|name| rename.apply(name));
    }
    let run = dry_run(&file, Consumer::Aws, &parameters);
    let accidental = run.accidental.iter().map(|(pattern, _)| pattern.line);
    // The fixed lines are patterns already, and start with an anchor.
    let names = text.lines().enumerate().filter(|(_, line)| {
        let name = line.strip_prefix("- ").unwrap_or_default();
        !name.starts_with('^') && name.contains(SPECIAL)
    });
    accidental
        .chain(names.map(|(index, _)| index + 1))
        .collect()
}
