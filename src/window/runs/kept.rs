//! What is kept of the runs between starts of the program: their logs are read again, and they look
//! as they did.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::run::Mapping;
use crate::window::kept_run::KeptRun;
use crate::window::runs::entry::RunEntry;
use crate::window::runs::shown::RunsView;

/// All that is kept of the room.
pub(crate) struct Kept {
    /// How runs are shown.
    pub(crate) view: RunsView,
    /// The runs.
    pub(crate) runs: Vec<KeptRun>,
    /// What the columns of unknown tables mean, by header.
    pub(crate) mappings: BTreeMap<String, Mapping>,
}

/// The runs of `list` to be kept.
pub(crate) fn keep(list: &[RunEntry]) -> Vec<KeptRun> {
    let kept = list.iter().map(|entry| KeptRun {
        logs: entry.logs().cloned().collect(),
        logged: entry.logged_name.clone(),
        name: entry.run.name.clone(),
        color: entry.color,
        hidden: entry.hidden,
    });
    kept.filter(|kept| !kept.logs.is_empty()).collect()
}

/// The logs of `kept` that are still there, each once.
pub(crate) fn logs(kept: &[KeptRun]) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in kept.iter().flat_map(|kept| &kept.logs) {
        if !paths.contains(path) && path.is_file() {
            paths.push(path.clone());
        }
    }
    paths
}

/// Gives the runs that were read again the names and looks they had, and puts together what was
/// one run.
pub(crate) fn dress(list: &mut Vec<RunEntry>, kept: &[KeptRun]) {
    for old in kept {
        let all_of_it = |entry: &RunEntry| entry.logs().all(|path| old.logs.contains(path));
        let base = list
            .iter()
            .position(|entry| entry.logged_name == old.logged && all_of_it(entry));
        let Some(base) = base else { continue };
        let id = list[base].id;
        // Logs that were merged into it, under whatever name.
        let claimed = |entry: &RunEntry| {
            let mut others = kept.iter().filter(|other| *other != old);
            others.any(|other| {
                other.logged == entry.logged_name
                    && entry.logs().all(|path| other.logs.contains(path))
            })
        };
        let part = |entry: &&RunEntry| entry.id != id && all_of_it(entry) && !claimed(entry);
        let parts: Vec<RunEntry> = list.iter().filter(part).cloned().collect();
        list.retain(|entry| parts.iter().all(|part| part.id != entry.id));
        let Some(entry) = list.iter_mut().find(|entry| entry.id == id) else {
            continue;
        };
        if !parts.is_empty() {
            let parts = parts.into_iter();
            let parts = parts.map(|part| Arc::unwrap_or_clone(part.run));
            entry.join(parts.collect());
        }
        Arc::make_mut(&mut entry.run).name.clone_from(&old.name);
        (entry.color, entry.hidden) = (old.color, old.hidden);
    }
    let order = |entry: &RunEntry| kept.iter().position(|old| old.name == entry.run.name);
    list.sort_by_key(|entry| order(entry).unwrap_or(usize::MAX));
}
