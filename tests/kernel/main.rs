//! The kernel: singular values of one matrix, against a full SVD in `f64`.
#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking")]

mod accuracy;
mod properties;
mod singular;
mod support;
