//! What a test needs of the machine. Without it the test is skipped with a line that says so; or
//! it fails, where `LAYERSCOPE_REQUIRE` (`shared,python,renderer,gcc`) names what is missing.

#![allow(
    dead_code,
    clippy::print_stdout,
    reason = "each test binary has other needs, and a skipped test says so"
)]

use std::fmt::Display;
use std::path::{Path, PathBuf};

/// Says that a test is skipped for want of `what`; fails where `need` is required.
pub(crate) fn missing(need: &str, what: impl Display) {
    let required = std::env::var("LAYERSCOPE_REQUIRE").unwrap_or_default();
    let is_required = required.split(',').any(|one| one.trim() == need);
    assert!(
        !is_required,
        "LAYERSCOPE_REQUIRE names {need}: {what} is not here"
    );
    println!("skipped: {what} is not here");
}

/// A file or folder of the material beside the repository, if it is there.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    if path.exists() {
        return Some(path);
    }
    missing("shared", path.display());
    None
}
