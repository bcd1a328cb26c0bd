//! Singular values, the signal-to-noise ratio made from them, and the scan over a whole model.

mod eigen;
mod gram;
mod parallel;
mod singular;
mod snr;
mod symmetric;

pub use singular::{singular_values, work};
pub use snr::{Snr, snr};
