//! Results files: read in both layouts, refused with a place and a cause, written byte for byte.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test says what it expects and what it skips"
)]

mod other;
mod read;
#[path = "../common/require.rs"]
mod require;
mod write;

use std::path::{Path, PathBuf};

use require::shared;

/// A file of `tests/fixtures`.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}
