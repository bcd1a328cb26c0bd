//! Models opened from files good and broken.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]
#![allow(clippy::print_stdout, reason = "a skipped test says so")]
#![allow(clippy::float_cmp, reason = "stored values are read back as they are")]

mod fixture;
mod gguf;
mod header;
mod matrix;
mod modules;
mod name;
mod open;
mod packed;
mod quantized;
#[path = "../common/require.rs"]
mod require;
mod shared;
mod state_dict;
mod torch;
