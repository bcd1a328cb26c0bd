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
#[path = "../common/require.rs"]
mod require;
mod writers;

use std::path::{Path, PathBuf};

use layerscope::report::SnrReport;
use layerscope::selection::{Choice, FreezeSet, Ranking};

use require::shared;

/// A file of `tests/fixtures`.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

fn mixed() -> SnrReport {
    SnrReport::open(&fixture("snr_results_tiny-mixed.json")).expect("opens")
}

fn set(report: &SnrReport, choice: &Choice) -> FreezeSet {
    FreezeSet::new(report, &Ranking::new(report), choice)
}
