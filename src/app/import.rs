//! A freeze set's file becomes a named set of the open document.
//!
//! Enters: the path of a file that [`crate::open`] took for a freeze set. Leaves: the set, beside
//! the current selection, with the lines that match nothing.

use std::path::{Path, PathBuf};

use crate::app::job::{self, Job};
use crate::app::sets::{SetsCommand, apply_sets};
use crate::app::state::State;
use crate::error::{Error, Result};
use crate::selection::{Members, NamedSet, Unmatched};

/// Reads the file and matches it against the open document's modules, in the background.
pub(super) fn start(state: &mut State, path: PathBuf) {
    let Some(document) = &state.document else {
        state.error("Open the model or its results first: a freeze set is matched against them");
        return;
    };
    let modules = document.report.modules.iter();
    let names: Vec<String> = modules.map(|module| module.name.clone()).collect();
    let job = Job::spawn("reading the set", &state.ctx, state.generation, move |_| {
        read(&path, &names).map(Box::new)
    });
    state.jobs.import = Some(job);
}

/// Takes the set in.
pub(super) fn poll(state: &mut State) {
    let Some((generation, result)) = job::take(&mut state.jobs.import) else {
        return;
    };
    match result {
        // The document it was matched against is closed.
        Ok(_) if generation != state.generation => {}
        Ok(set) => {
            let found = set.modules.len();
            let missed = match set.unmatched.len() {
                0 => String::new(),
                1 => "; 1 line matches nothing".to_owned(),
                lines => format!("; {lines} lines match nothing"),
            };
            let name = set.name.clone();
            apply_sets(state, SetsCommand::Import(set));
            state.news(format!("Read “{name}”: {found} modules train{missed}"));
        }
        Err(error) => state.error(error),
    }
}

fn read(path: &Path, names: &[String]) -> Result<NamedSet> {
    let text = std::fs::read_to_string(path).map_err(Error::io(path, "read the file"))?;
    let patterns = text.lines().enumerate().filter_map(|(index, line)| {
        let pattern = line.strip_prefix("- ")?;
        Some((index + 1, pattern.trim_end()))
    });
    let mut modules = Vec::new();
    let mut unmatched = Vec::new();
    for (line, pattern) in patterns {
        let plain = pattern.trim_start_matches('^').trim_end_matches('$');
        let plain = plain.strip_suffix(".weight").unwrap_or(plain);
        if names.iter().any(|name| name == plain) || pattern.starts_with('^') {
            modules.push(plain.to_owned());
        } else {
            unmatched.push(Unmatched {
                line,
                pattern: pattern.to_owned(),
            });
        }
    }
    let file = path.file_name().unwrap_or(path.as_os_str());
    let stem = path.file_stem().unwrap_or(path.as_os_str());
    Ok(NamedSet {
        name: stem.to_string_lossy().into_owned(),
        made: format!("read from {}", file.to_string_lossy()),
        unmatched,
        modules: modules.into_iter().collect::<Members>(),
        ..NamedSet::default()
    })
}
