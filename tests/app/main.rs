//! The whole window, driven as a person or a screen reader does: by role and label. No picture is
//! drawn but in `pictures`, so that the rest needs no graphics package.
#![cfg(feature = "gui")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test says what it expects and what it skips"
)]

mod comparing;
mod export;
mod help;
mod journey;
mod models;
mod opening;
mod palette;
mod panels;
mod pictures;
mod settings;
mod spectrum;
mod window;
