//! Faults: bytes that nobody meant as a file, files that change or vanish while they are read,
//! disks that are full, clocks that jump, processes that are killed. Nothing crashes, nothing is
//! left half-written, and the error says what to do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests may panic"
)]
#![allow(clippy::print_stdout, reason = "a skipped test says so")]

mod clock;
mod disk;
mod entry;
mod files;
mod hostile;
mod journal;
mod numbers;
mod replay;
mod seeds;
mod spectra_values;
#[path = "../spectral/support.rs"]
#[allow(dead_code, reason = "the tests of scans use the rest")]
mod support;
