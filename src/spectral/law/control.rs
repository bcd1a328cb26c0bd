//! The noise control: what the ratio would be if the matrix held nothing but noise.
//!
//! Enters: a shape. Leaves: [`Control`], from the quantiles of the law at the midpoints
//! (i − ½)/N, without a random draw.
//!
//! ```text
//! excess = log₂( (SNR·S_max) / (SNR₀·S₀_max) )
//! ```
//!
//! Spectrum's τ is not the edge of the law; it lies inside the bulk, at a place that depends on
//! the shape alone. So the ratio of two matrices of different shapes, or of different norms,
//! cannot be compared; their excess can: `SNR·S_max = Σ S[S > τ] / Σ S[S ≤ τ]` is free of scale.
//! That of the control depends on the shape alone and is computed once for each.
//!
//! SNR₀ itself needs a scale: it is that of a noise matrix of the same shape and the same
//! Frobenius norm (entry variance), because the norm is what the ratio is divided by and because
//! this takes no decision about what is noise.

use std::collections::HashMap;

use crate::spectral::law::MarchenkoPastur;
use crate::spectral::{Snr, snr};

/// Up to this excess (a factor of √2) noise explains a ratio.
pub const EXPLAINED: f64 = 0.5;

/// What pure noise of one shape gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Control {
    /// τ divides the noise.
    Separates {
        /// `SNR₀·S₀_max`: the sum of the values above τ over the sum of the others.
        ratio: f64,
        /// `S₀_max` at entry scale 1.
        s_max: f64,
        /// The share of the noise's values that counts as signal, 0 to 1.
        signal_share: f64,
    },
    /// All of the noise lies above τ: its ratio divides by nothing. For this shape τ separates
    /// nothing, and a ratio tells the low end of a spectrum, not its signal.
    NothingBelow,
}

impl Control {
    /// The control of a `rows` × `cols` matrix; `None` for an empty one. About a millisecond at
    /// N = 4096: see [`Controls`] for many modules.
    #[must_use]
    pub fn of_shape(rows: usize, cols: usize) -> Option<Self> {
        let law = MarchenkoPastur::of_shape(rows, cols, 1.0)?;
        let values = law.midpoints_s(rows.min(cols));
        let noise = snr(&values, rows, cols)?;
        if noise.signal_count == noise.count {
            return Some(Self::NothingBelow);
        }
        Some(Self::Separates {
            ratio: noise.signal_sum / noise.noise_sum,
            s_max: noise.s_max,
            signal_share: noise.signal_count as f64 / noise.count as f64,
        })
    }

    /// SNR₀ for entries of standard deviation `scale`, to be shown beside a module's ratio.
    /// `None` where τ separates nothing.
    #[must_use]
    pub fn snr(&self, scale: f64) -> Option<f64> {
        match self {
            Self::Separates { ratio, s_max, .. } => Some(ratio / (s_max * scale)),
            Self::NothingBelow => None,
        }
    }

    /// The excess of a module over its control, in powers of two: 0 for pure noise, ∞ where the
    /// module's noise is exactly zero, −∞ where it has no signal. `None` where τ separates nothing
    /// in the control or in the module.
    #[must_use]
    pub fn excess(&self, module: &Snr) -> Option<f64> {
        match self {
            Self::Separates { ratio, .. } if module.signal_count < module.count => {
                Some((module.signal_sum / module.noise_sum / ratio).log2())
            }
            _ => None,
        }
    }
}

/// The controls of a model's shapes, each computed once.
#[derive(Debug, Clone, Default)]
pub struct Controls(HashMap<(usize, usize), Option<Control>>);

impl Controls {
    /// The control of a `rows` × `cols` matrix; `None` for an empty one.
    pub fn get(&mut self, rows: usize, cols: usize) -> Option<Control> {
        // A matrix and its transpose have the same spectrum.
        *self
            .0
            .entry((rows.min(cols), rows.max(cols)))
            .or_insert_with(|| Control::of_shape(rows, cols))
    }
}
