//! Models of the hub, from a small server on this machine that stands in for it and can be made
//! to fail in every way a network fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests may panic"
)]

mod download;
mod id;
mod listing;
mod mirror;
mod program;
mod remote;
mod server;
mod support;
