//! Figure data: grids, values, scales, colors.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod axis;
mod charts;
mod colormap;
mod grid;
mod lesson;
mod number;
mod reading;
#[path = "../common/require.rs"]
mod require;
mod runs;
mod scale;
mod structure;
mod support;
mod svg;
mod values;
