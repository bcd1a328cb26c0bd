//! Three pictures of the window, compared with those that a person looked at and kept.
//! `UPDATE_SNAPSHOTS=1 cargo test --test app pictures` accepts new ones.
