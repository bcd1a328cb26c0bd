//! What undo remembers: the selection and the named sets, as one value.
//!
//! Shared by reference, so that a step costs two pointers and not a copy of every name.

use std::sync::Arc;

use crate::report::SnrReport;
use crate::selection::{Choice, NamedSet, Resolved};

/// A named set's identity in a document: it outlives renaming and reordering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SetId(pub(crate) u64);

/// A named set with what it amounts to on the open report.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptSet {
    /// Its identity.
    pub id: SetId,
    /// The set as it is stored.
    pub set: NamedSet,
    /// On the open report.
    pub resolved: Arc<Resolved>,
}

impl KeptSet {
    /// Looks a set's modules up in `report`.
    pub(crate) fn new(id: SetId, set: NamedSet, report: &SnrReport) -> Self {
        let resolved = Arc::new(set.resolve(report));
        Self { id, set, resolved }
    }
}

/// The selection and the sets kept beside it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Work {
    pub(crate) choice: Arc<Choice>,
    pub(crate) sets: Arc<Vec<Arc<KeptSet>>>,
}

impl PartialEq for Work {
    fn eq(&self, other: &Self) -> bool {
        // By reference first: undo compares every frame, and mostly a value with itself.
        (Arc::ptr_eq(&self.choice, &other.choice) || self.choice == other.choice)
            && (Arc::ptr_eq(&self.sets, &other.sets) || self.sets == other.sets)
    }
}
