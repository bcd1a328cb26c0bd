//! Telling whether something changed since it was last looked at, without counting changes.

use std::sync::{Arc, Weak};

/// Which snapshot something was made of.
///
/// It keeps the snapshot's address and not its content: a snapshot that only caches remember is
/// moved by [`Arc::make_mut`], and not copied whole; and the address is not given to another one
/// while a cache remembers it.
#[derive(Debug)]
pub(crate) struct SnapshotId<T>(Weak<T>);

impl<T> SnapshotId<T> {
    pub(crate) fn of(snapshot: &Arc<T>) -> Self {
        Self(Arc::downgrade(snapshot))
    }
}

impl<T> Clone for SnapshotId<T> {
    fn clone(&self) -> Self {
        Self(Weak::clone(&self.0))
    }
}

/// Of none.
impl<T> Default for SnapshotId<T> {
    fn default() -> Self {
        Self(Weak::new())
    }
}

impl<T> PartialEq for SnapshotId<T> {
    fn eq(&self, other: &Self) -> bool {
        Weak::ptr_eq(&self.0, &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_itself_until_it_is_changed() {
        let mut snapshot = Arc::new(vec![1, 2, 3]);
        let id = SnapshotId::of(&snapshot);
        assert_eq!(id, SnapshotId::of(&snapshot));
        assert_ne!(id, SnapshotId::default());
        let content = snapshot.as_ptr();
        Arc::make_mut(&mut snapshot)[0] = 7;
        assert_ne!(id, SnapshotId::of(&snapshot));
        assert_eq!(snapshot.as_ptr(), content, "moved, not copied");
    }
}
