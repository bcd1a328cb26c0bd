//! Logs that are read on as they are written.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::run::{self, Follow, Mapping, Run};
use crate::window::runs::entry::RunEntry;
use crate::window::scene::Scene;
use crate::window::task::{Slot, Task};

/// How often logs that are followed are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A follower with the files it follows.
type Follower = (Vec<PathBuf>, Follow);

/// A follower that has looked, and the runs where anything was added.
type Looked = (Follower, Option<Vec<Run>>);

/// Logs that are still being written, and when they are to be looked at next.
#[derive(Default)]
pub(crate) struct Following {
    /// Whether logs are followed.
    on: bool,
    /// The follower while it is not at work.
    idle: Option<Follower>,
    looking: Slot<Looked>,
    looked: Option<Instant>,
}

impl Following {
    pub(crate) fn is_on(&self) -> bool {
        self.on
    }

    /// Follows logs, or stops.
    pub(crate) fn set(&mut self, on: bool) {
        self.looking.cancel();
        *self = Self {
            on,
            ..Self::default()
        };
    }

    /// What was added to the logs since they were looked at.
    pub(crate) fn poll(&mut self, scene: &Scene<'_>) -> Option<Result<Vec<Run>>> {
        match self.looking.take(scene.document_id())? {
            Ok((follower, runs)) => {
                self.idle = Some(follower);
                runs.map(Ok)
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// Looks at the logs of `list` again when it is time.
    pub(crate) fn look(
        &mut self,
        list: &[RunEntry],
        mapped: &BTreeMap<PathBuf, Mapping>,
        scene: &Scene<'_>,
    ) {
        if !self.on || self.looking.is_busy() {
            return;
        }
        let since = self.looked.map(|looked| looked.elapsed());
        if let Some(left) = since.and_then(|since| LOOK_EVERY.checked_sub(since)) {
            scene.ctx.request_repaint_after(left);
            return;
        }
        self.looked = Some(Instant::now());
        let wanted = paths(list);
        let idle = self.idle.take().filter(|(paths, _)| *paths == wanted);
        let (paths, mut follow) = idle.unwrap_or_else(|| {
            let follow = Follow::new(wanted.clone());
            let follow = mapped.iter().fold(follow, |follow, (path, mapping)| {
                follow.with_mapping(path, mapping)
            });
            (wanted, follow)
        });
        let work = move |progress: &_| {
            let runs = follow.poll(progress)?;
            Ok(((paths, follow), runs))
        };
        (self.looking).put(Task::start("following logs", scene.ctx, work));
    }
}

/// The files that the runs came from, each once.
fn paths(list: &[RunEntry]) -> Vec<PathBuf> {
    let sources = list.iter().flat_map(|entry| &entry.run.sources);
    let mut met: HashSet<&Path> = HashSet::new();
    let each = sources.filter(|source| met.insert(&source.path));
    let there = each.filter(|source| source.path.is_file());
    there.map(|source| source.path.clone()).collect()
}

/// Puts what was read anew in the place of what was read before. A log may hold several runs, told
/// apart by the names in it; a run may come from several logs, which are put together again.
pub(crate) fn refresh(list: &mut [RunEntry], read: &[Run]) {
    for place in 0..list.len() {
        let entry = &list[place];
        let from = |run: &Run, path: &Path| run.sources.iter().any(|source| source.path == path);
        let shared = |path: &Path| {
            let mut others = list.iter().filter(|other| other.id != entry.id);
            others.any(|other| from(&other.run, path))
        };
        let belongs = |new: &&Run| {
            let mut sources = new.sources.iter();
            let named = new.name == entry.logged_name;
            sources.all(|source| from(&entry.run, &source.path) && (named || !shared(&source.path)))
        };
        let parts = read.iter().filter(belongs).map(|new| {
            let mut part = new.clone();
            part.name.clone_from(&entry.run.name);
            part
        });
        if let Some(joined) = run::join(parts.collect()).into_iter().next() {
            list[place].run = joined.into();
        }
    }
}
