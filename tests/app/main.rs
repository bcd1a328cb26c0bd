//! The whole window, driven as a person or a screen reader does: by role and label. No picture is
//! drawn but in `pictures`, so that the rest needs no graphics package.
#![cfg(feature = "gui")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test says what it expects and what it skips"
)]

mod access;
mod choosing;
mod comparing;
mod contrast;
mod export;
mod faults;
mod help;
mod hub;
#[path = "../hub/support.rs"]
#[allow(dead_code, reason = "the tests of the hub itself use the rest")]
mod hub_support;
mod journey;
mod keyboard;
mod models;
mod opening;
mod palette;
mod panels;
mod pictures;
mod plots;
#[path = "../common/require.rs"]
mod require;
mod runs;
#[path = "../hub/server.rs"]
#[allow(dead_code, reason = "the tests of the hub itself use the rest")]
mod server;
mod session;
mod sets;
mod settings;
mod spectrum;
mod tour;
mod window;
