//! Ratios, the scan over a model, its journal, and the spectra and files it leaves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests may panic"
)]
#![allow(clippy::print_stdout, reason = "a skipped test says so")]
#![allow(clippy::float_cmp, reason = "stored values are read back as they are")]

mod cli;
#[cfg(target_os = "linux")]
mod device;
mod journal;
mod merge;
mod models;
mod parts;
#[path = "../common/require.rs"]
mod require;
mod scan;
mod shards;
mod snr;
mod spectra;
mod support;
