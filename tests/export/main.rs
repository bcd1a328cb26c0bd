//! Freeze sets as text, byte for byte, and files written wholly or not at all.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test says what it expects and what it skips"
)]

mod dry_run;
mod file;
mod golden;
mod loaded;
mod names;
mod python;
mod read_set;
mod writers;

use std::path::{Path, PathBuf};

use layerscope::report::SnrReport;
use layerscope::selection::{Choice, FreezeSet, Ranking};

/// A file of `tests/fixtures`.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

/// A file of the shared material beside the repository; `None`, with a line, where it is absent.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not here", path.display());
    None
}

fn mixed() -> SnrReport {
    SnrReport::open(&fixture("snr_results_tiny-mixed.json")).expect("opens")
}

fn set(report: &SnrReport, choice: &Choice) -> FreezeSet {
    FreezeSet::new(report, &Ranking::new(report), choice)
}
