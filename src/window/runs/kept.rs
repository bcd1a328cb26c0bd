//! The runs of the last time the program was open: their logs are read again, and they look as
//! they did.
//!
//! Enters: the list of runs when the window closes. Leaves: [`KeptRun`]s for the settings, and at
//! the next start the same list.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::window::runs::import;
use crate::window::runs::state::{RunEntry, RunsState};
use crate::window::shell::state::State;

/// A run to be read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRun {
    /// The files it came from.
    pub logs: Vec<PathBuf>,
    /// Its name in them.
    pub logged: String,
    /// Its name in the table.
    pub name: String,
    /// Its place among the series colours.
    pub color: usize,
    /// Whether it is left out of the plots.
    pub hidden: bool,
}

/// The runs to be kept; the sample's need no keeping.
#[must_use]
pub(crate) fn keep(runs: &RunsState) -> Vec<KeptRun> {
    let entries = runs.list.iter().filter(|_| !runs.sample);
    let kept = entries.map(|entry| KeptRun {
        logs: logs(entry).cloned().collect(),
        logged: entry.logged_name.clone(),
        name: entry.run.name.clone(),
        color: entry.color,
        hidden: entry.hidden,
    });
    kept.filter(|kept| !kept.logs.is_empty()).collect()
}

fn logs(entry: &RunEntry) -> impl Iterator<Item = &PathBuf> {
    entry.run.sources.iter().map(|source| &source.path)
}

/// Reads the kept runs' logs again, as far as they are still there.
pub(crate) fn read_again(state: &mut State) {
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in state.settings.kept_runs.iter().flat_map(|kept| &kept.logs) {
        if !paths.contains(path) && path.is_file() {
            paths.push(path.clone());
        }
    }
    if !paths.is_empty() {
        import::start_again(state, paths);
    }
}

/// Lists `kept` in the place of what is listed now.
pub(crate) fn replace(state: &mut State, kept: Vec<KeptRun>) {
    state.runs.list.clear();
    state.runs.sample = false;
    state.runs.selected = None;
    state.runs.baseline = None;
    state.runs.revision += 1;
    state.settings.kept_runs = kept;
    read_again(state);
}

/// Gives the runs that were read again the names and looks they had, and puts together what was
/// one run.
pub(crate) fn dress(runs: &mut RunsState, kept: &[KeptRun]) {
    for old in kept {
        let all_of_it = |entry: &RunEntry| logs(entry).all(|path| old.logs.contains(path));
        let base = runs
            .list
            .iter()
            .position(|entry| entry.logged_name == old.logged && all_of_it(entry));
        let Some(base) = base else { continue };
        let id = runs.list[base].id;
        // Logs that were merged into it, under whatever name.
        let claimed = |entry: &RunEntry| {
            let mut others = kept.iter().filter(|other| *other != old);
            others.any(|other| {
                other.logged == entry.logged_name
                    && logs(entry).all(|path| other.logs.contains(path))
            })
        };
        let part = |entry: &&RunEntry| entry.id != id && all_of_it(entry) && !claimed(entry);
        let parts: Vec<RunEntry> = runs.list.iter().filter(part).cloned().collect();
        runs.list
            .retain(|entry| parts.iter().all(|part| part.id != entry.id));
        let Some(place) = runs.place(id) else {
            continue;
        };
        if !parts.is_empty() {
            let parts = parts.iter().map(|part| (*part.run).clone());
            import::merge(runs, place, parts.collect());
        }
        let entry = &mut runs.list[place];
        Arc::make_mut(&mut entry.run).name.clone_from(&old.name);
        (entry.color, entry.hidden) = (old.color, old.hidden);
    }
    let order = |entry: &RunEntry| kept.iter().position(|old| old.name == entry.run.name);
    runs.list
        .sort_by_key(|entry| order(entry).unwrap_or(usize::MAX));
    runs.revision += 1;
}
