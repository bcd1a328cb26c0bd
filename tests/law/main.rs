//! The Marchenko–Pastur law and what is read from a spectrum: against closed forms, against
//! simulated matrices, and at the ends of its range.
#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking")]

mod closed_forms;
mod control;
mod degenerate;
mod inspect;
mod noise;
mod simulated;
mod stability;
mod tail;
