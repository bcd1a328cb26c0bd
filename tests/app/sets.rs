//! The sets tab.
