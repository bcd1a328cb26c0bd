//! Runs side by side: alignment, smoothing, thinning, memory, and the table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::float_cmp,
    reason = "a test says what it expects, to the last digit where it must be"
)]

mod align;
mod comparison;
mod decimate;
mod memory;
mod published;
mod smooth;
mod support;
mod table;
