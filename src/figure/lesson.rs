//! A made-up layer to learn from: noise of a known shape with a known signal in it. Its singular
//! values are those of the theory, without a random draw.
//!
//! Source: Benaych-Georges & Nadakuditi, "The singular values and vectors of low rank
//! perturbations of large rectangular random matrices" (2012). For W = X + √M·Σ θ·u·vᵀ with
//! entries of X of variance 1, a direction with θ > β^¼ lifts one singular value of W/√M to
//! √((1 + θ²)(β + θ²))/θ, beyond the noise's edge 1 + √β; a weaker one drowns in the noise and
//! lifts none.

use crate::figure::{Chart, Spectrum, SpectrumSettings, spectrum};
use crate::spectral::law::{MarchenkoPastur, Profile, ScaleMethod};

/// The shorter side of the made-up layer.
pub const SHORT: usize = 256;

/// A made-up layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// Columns: the longer side.
    pub long: usize,
    /// Singular values, descending.
    pub values: Vec<f64>,
    /// What is read from them.
    pub profile: Profile,
    /// θ below which a planted direction does not show: β^¼.
    pub threshold: f64,
}

impl Lesson {
    /// A layer of [`SHORT`] × `long` with `planted` directions of strength θ = `strength`.
    /// `None` where `long` is shorter than [`SHORT`] or `strength` is not a number.
    #[must_use]
    pub fn new(long: usize, planted: usize, strength: f64) -> Option<Self> {
        if long < SHORT || !strength.is_finite() {
            return None;
        }
        let law = MarchenkoPastur::of_shape(SHORT, long, 1.0)?;
        let beta = SHORT as f64 / long as f64;
        let threshold = beta.sqrt().sqrt();
        let shown = if strength > threshold {
            planted.min(SHORT)
        } else {
            0
        };
        let square = strength * strength;
        let lifted = (long as f64).sqrt() * ((1.0 + square) * (beta + square)).sqrt() / strength;
        let mut values = law.midpoints_s(SHORT - shown);
        values.splice(0..0, std::iter::repeat_n(lifted, shown));
        let profile = Profile::of(&values, SHORT, long, ScaleMethod::Median)?;
        Some(Self {
            long,
            values,
            profile,
            threshold,
        })
    }

    /// The share of the values that lie above τ, 0 to 1.
    #[must_use]
    pub fn share_above_tau(&self) -> f64 {
        self.profile.snr.signal_count as f64 / self.values.len() as f64
    }

    /// Its spectrum under the law.
    #[must_use]
    pub fn chart(&self) -> Chart {
        let layer = Spectrum {
            name: "a made-up layer",
            values: &self.values,
            profile: &self.profile,
        };
        spectrum(&layer, &SpectrumSettings::default())
    }
}
