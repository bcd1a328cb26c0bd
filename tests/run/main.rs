//! Run logs: every layout read, every malformed twin refused or counted, layouts that agree.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests may panic"
)]
#![allow(clippy::print_stdout, reason = "a skipped test says so")]
#![allow(clippy::float_cmp, reason = "logged values are read back as they are")]

mod agree;
mod followed;
mod gathered;
mod joined;
mod layouts;
mod limits;
mod malformed;
mod names;
mod oddities;
mod printed;
mod recognized;
#[path = "../common/require.rs"]
mod require;
mod sample;
mod stores;
mod support;
mod tables;
mod written;
