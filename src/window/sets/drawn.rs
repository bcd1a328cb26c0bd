//! What drawing the sets keeps from frame to frame: each made again only when what it is made of
//! changes.

use std::sync::Arc;

use crate::report::SnrReport;
use crate::selection::{FreezeSet, SetDifference};
use crate::window::document::Document;
use crate::window::document::sets::SetRef;
use crate::window::document::work::{KeptSet, SetId};
use crate::window::heatmap::Heatmap;
use crate::window::sets::findings::Findings;
use crate::window::sets::members::Members;
use crate::window::snapshot::SnapshotId;

/// What is kept.
#[derive(Default)]
pub(crate) struct Drawn {
    /// The set whose name is being typed, and the name so far.
    pub(crate) renaming: Option<(SetId, String)>,
    pub(crate) heatmap: Heatmap,
    pub(crate) difference: Cached<(Snapshots, SetRef, SetRef), SetDifference>,
    pub(crate) findings: Cached<(Snapshots, SetRef, SetRef), Findings>,
    pub(crate) members: Cached<Snapshots, Members>,
}

/// The report and all sets on it, as they are.
#[derive(Clone, PartialEq)]
pub(crate) struct Snapshots {
    report: SnapshotId<SnrReport>,
    current: SnapshotId<FreezeSet>,
    kept: SnapshotId<Vec<Arc<KeptSet>>>,
}

impl Snapshots {
    pub(crate) fn of(document: &Document) -> Self {
        Self {
            report: SnapshotId::of(&document.report),
            current: SnapshotId::of(&document.set),
            kept: document.sets_id(),
        }
    }
}

/// A value with what it was made from.
pub(crate) struct Cached<K, T>(Option<(K, T)>);

impl<K, T> Default for Cached<K, T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: PartialEq, T> Cached<K, T> {
    /// The value, made anew where `key` is another one.
    pub(crate) fn get(&mut self, key: K, make: impl FnOnce() -> T) -> &T {
        let kept = self.0.take().filter(|(before, _)| *before == key);
        &self.0.insert(kept.unwrap_or_else(|| (key, make()))).1
    }
}
