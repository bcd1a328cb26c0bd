//! A freeze set's file becomes a named set of the open document.
//!
//! Enters: the path of a file that [`crate::open`] took for a freeze set. Leaves: the set that its
//! own consumer would train, beside the current selection, with the lines that go astray.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::Result;
use crate::export::{DryRun, Severity, follow_file, modules_of, read_freeze_file};
use crate::report::SnrReport;
use crate::selection::{EMBEDDINGS_MODULE, HEAD_MODULE, Members, NamedSet, Unmatched};
use crate::tensor::Model;
use crate::window::document::Document;
use crate::window::scene::Scene;
use crate::window::task::Task;

/// How many accidental matches of a line are named.
const NAMED: usize = 3;

/// A file followed as its consumer does. The modules wait for the report they are looked up in.
#[derive(Debug)]
pub(super) struct Followed {
    set: NamedSet,
    run: DryRun,
}

/// Said where there is nothing that a set could be matched against.
pub(super) const NOTHING_OPEN: &str =
    "Open the model or its results first: a freeze set is matched against them";

/// Reads the file and follows its consumer's rule over the open document's parameters.
pub(super) fn task(path: PathBuf, document: &Document, scene: &Scene<'_>) -> Task<Followed> {
    let (report, model) = (Arc::clone(&document.report), document.model().cloned());
    let work = move |_: &_| follow(&path, &report, model.as_deref());
    Task::about("reading the set", scene, work)
}

/// Part of a path as text.
fn text(part: Option<&OsStr>) -> String {
    part.unwrap_or_default().to_string_lossy().into_owned()
}

fn follow(path: &Path, report: &SnrReport, model: Option<&Model>) -> Result<Followed> {
    let file = read_freeze_file(path)?;
    let (run, parameters) = follow_file(&file, report, model);
    let mut notes = file.warnings.clone();
    let told = run.warnings.iter();
    let told = told.filter(|warning| warning.severity > Severity::Note);
    notes.extend(told.map(ToString::to_string));
    for (pattern, reason) in &run.unreadable {
        notes.push(format!("line {}: {}: {reason}", pattern.line, pattern.text));
    }
    for (pattern, places) in &run.accidental {
        let named = places.iter().take(NAMED);
        let names: Vec<&str> = named.map(|&place| &*parameters.all[place].name).collect();
        let more = match places.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        notes.push(format!(
            "line {}: {} also matches {}{more}",
            pattern.line,
            pattern.text,
            names.join(", ")
        ));
    }
    let unmatched = run.unmatched.iter().map(|pattern| Unmatched {
        line: pattern.line,
        pattern: pattern.text.clone(),
    });
    let set = NamedSet {
        name: text(path.file_stem()),
        made: format!(
            "{}, as {} reads it",
            text(path.file_name()),
            file.consumer.name()
        ),
        unmatched: unmatched.collect(),
        notes,
        ..NamedSet::default()
    };
    Ok(Followed { set, run })
}

impl Followed {
    /// The set on `report`, and what to say of it.
    pub(super) fn on(self, report: &SnrReport) -> (NamedSet, String) {
        let Self { mut set, run } = self;
        let modules = modules_of(report, &run);
        // Results files often leave these two out; the set has them all the same.
        let fixed = [HEAD_MODULE, EMBEDDINGS_MODULE].into_iter().filter(|name| {
            let names_it = |text: &str| text.trim_start_matches('^').starts_with(name);
            run.unknown.iter().any(|pattern| names_it(&pattern.text))
        });
        let trained = modules.len();
        set.modules = (modules.into_iter())
            .map(|module| report.modules[module].name.clone())
            .chain(fixed.map(str::to_owned))
            .collect::<Members>();
        let missed = match set.unmatched.len() {
            0 => String::new(),
            1 => "; 1 line matches nothing".to_owned(),
            lines => format!("; {lines} lines match nothing"),
        };
        let news = format!("{}: {trained} modules train{missed}", set.made);
        (set, news)
    }
}
