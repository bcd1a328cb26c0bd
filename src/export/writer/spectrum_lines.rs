//! Spectrum's YAML for AWS's readers: the reference's lines wherever they match what they name.
//!
//! Enters: a report and a set. Leaves: the text; a line that would match more is anchored.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;

use super::{Chosen, Exported};
use crate::export::{Consumer, dry_run, read_freeze_text, spectrum_file_name, spectrum_yaml};
use crate::report::SnrReport;
use crate::selection::{EMBEDDINGS, EMBEDDINGS_MODULE, FreezeSet, HEAD, HEAD_MODULE};

/// What a name may hold and a regular expression reads otherwise; dots are looked after by the
/// dry run.
const SPECIAL: [char; 14] = [
    '\\', '^', '$', '*', '+', '?', '{', '}', '[', ']', '|', '(', ')', '#',
];

pub(super) fn export(
    consumer: Consumer,
    report: &SnrReport,
    set: &FreezeSet,
    chosen: &Chosen<'_>,
) -> Exported {
    let file_name = spectrum_file_name(&report.slug, set);
    let mut notes = vec![
        "Upload the file with the training script (or as a channel of the job), and name its path \
         as spectrum_config_path."
            .to_owned(),
    ];
    let reference = spectrum_yaml(report, set);
    let mut text = with_loaded_names(&reference, chosen);
    let loose = loose_lines(&file_name, &text, chosen);
    if !loose.is_empty() {
        let parameters: HashSet<&str> =
            chosen.parameters.all.iter().map(|one| &*one.name).collect();
        let lines = text.lines().enumerate().map(|(index, line)| {
            match line
                .strip_prefix("- ")
                .filter(|_| loose.contains(&(index + 1)))
            {
                Some(name) => format!("- {}", anchored(name, parameters.contains(name))),
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
        is_exact: false,
        uncovered: None,
    }
}

/// The name of a parameter, or of a module whose own parameters are meant, as a regular expression.
fn anchored(name: &str, is_parameter: bool) -> String {
    let escaped = regex::escape(name);
    if is_parameter {
        format!("^{escaped}$")
    } else {
        format!(r"^{escaped}\.[^.]+$")
    }
}

/// The reference's lines, those of modules that are loaded under other names replaced by what is
/// loaded.
fn with_loaded_names(reference: &str, chosen: &Chosen<'_>) -> String {
    let mut loaded: HashMap<&str, Vec<(&str, bool)>> = HashMap::new();
    for one in &chosen.modules {
        let lines = loaded.entry(one.report_name).or_default();
        lines.push((&one.name, one.is_parameter));
    }
    let fixed = [(HEAD, HEAD_MODULE), (EMBEDDINGS, EMBEDDINGS_MODULE)];
    let mut text = String::new();
    let mut written: HashSet<&str> = HashSet::new();
    for line in reference.lines() {
        let entry = line.strip_prefix("- ");
        let module = entry.map(|entry| {
            let of_pattern = fixed.iter().find(|(pattern, _)| *pattern == entry);
            of_pattern.map_or(entry, |(_, module)| module)
        });
        written.extend(module);
        match module.map(|module| (module, loaded.get(module))) {
            Some((module, Some(names))) if names[..] != [(module, false)] => {
                for (name, is_parameter) in names {
                    // Single parameters are anchored: a longer name may start the same.
                    let line = if *is_parameter {
                        anchored(name, true)
                    } else {
                        (*name).to_owned()
                    };
                    let _ = writeln!(text, "- {line}");
                }
            }
            // What another line stands for, or loading leaves out.
            Some((module, None)) if is_left_out(module, chosen) => {}
            _ => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    // The owner of a tied head, whose own line may be off.
    let others = chosen.modules.iter();
    for one in others.filter(|one| one.module.is_some() && !written.contains(one.report_name)) {
        let _ = writeln!(text, "- {}", anchored(&one.name, one.is_parameter));
    }
    text
}

/// Whether a module of the set needs no line: another one's line holds its parameter.
fn is_left_out(module: &str, chosen: &Chosen<'_>) -> bool {
    let all = &chosen.parameters;
    let is_fixed = [HEAD_MODULE, EMBEDDINGS_MODULE].contains(&module);
    !is_fixed && all.sources.iter().any(|source| source.name == module)
}

/// The lines that match what they do not name, or are no name to a regular expression.
fn loose_lines(file_name: &str, text: &str, chosen: &Chosen<'_>) -> HashSet<usize> {
    let Ok(file) = read_freeze_text(Path::new(file_name), text) else {
        return HashSet::new();
    };
    let run = dry_run(&file, Consumer::Aws, &chosen.parameters);
    let beyond = run.accidental.iter().map(|(pattern, _)| pattern.line);
    // The fixed lines are patterns already, and start with an anchor.
    let names = text.lines().enumerate().filter(|(_, line)| {
        let name = line.strip_prefix("- ").unwrap_or_default();
        !name.starts_with('^') && name.contains(SPECIAL)
    });
    beyond.chain(names.map(|(index, _)| index + 1)).collect()
}
