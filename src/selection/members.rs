//! The names of the modules in a set: sorted, each once, cheap to clone.
//!
//! Enters: names in any order. Leaves: [`Members`], and the algebra of sets on it.

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Names of modules, sorted, each once. Names rather than indices: they outlive the report.
#[derive(Debug, Clone, Eq)]
pub struct Members(Arc<[String]>);

impl Default for Members {
    fn default() -> Self {
        Self(Arc::from([]))
    }
}

impl PartialEq for Members {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl FromIterator<String> for Members {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        Self(names.into())
    }
}

impl Members {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `name` is one of them.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0
            .binary_search_by(|member| member.as_str().cmp(name))
            .is_ok()
    }

    /// The names, ascending.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The names in this set or in `other`.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.merge(other, |_| true)
    }

    /// The names in this set and in `other`.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.merge(other, |found| found == Ordering::Equal)
    }

    /// The names in this set that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.merge(other, |found| found == Ordering::Less)
    }

    /// Walks both in order; `keep` is told where a name is: `Less` only here, `Greater` only in
    /// `other`, `Equal` in both.
    fn merge(&self, other: &Self, keep: impl Fn(Ordering) -> bool) -> Self {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut names = Vec::new();
        loop {
            let found = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.cmp(b),
            };
            let name = if found == Ordering::Greater {
                right.next()
            } else {
                if found == Ordering::Equal {
                    right.next();
                }
                left.next()
            };
            names.extend(name.filter(|_| keep(found)).cloned());
        }
        Self(names.into())
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<String>::deserialize(deserializer)?
            .into_iter()
            .collect())
    }
}
