//! Singular values, the signal-to-noise ratio made from them, and the scan over a whole model.

mod snr;

pub use snr::{Snr, snr};
