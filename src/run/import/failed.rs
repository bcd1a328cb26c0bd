//! What is said of a log that cannot be read.

use std::path::Path;

use crate::error::{Error, Problem};

/// An error about a run's log.
pub(in crate::run) fn fail(
    path: &Path,
    place: &str,
    problem: impl Into<String>,
    advice: &str,
) -> Error {
    Problem::input(path, problem)
        .at(place)
        .advice(advice)
        .into()
}
