//! The heatmap widget, driven without a display.
#![cfg(feature = "gui")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;
mod drawing;
mod keyboard;
mod pictures;
mod pointer;
#[path = "../common/require.rs"]
mod require;
