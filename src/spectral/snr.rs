//! Spectrum's signal-to-noise ratio of a list of singular values.
//!
//! Source: Hartford et al., "Spectrum: Targeted Training on Signal to Noise Ratio",
//! arXiv:2406.06623, and the behavior of its reference program:
//!
//! ```text
//! σ̂   = (q75(S) − q25(S)) / 1.349          quantiles by linear interpolation
//! τ   = σ̂ · (1 + √β)                       β = min(n, m) / max(n, m), on singular values
//! SNR = ( Σ S[S > τ] / Σ S[S ≤ τ] ) / S_max
//! ```

use serde::{Deserialize, Serialize};

/// Distance between the quartiles of a normal distribution in standard deviations, as the
/// reference rounds it.
const NORMAL_IQR: f64 = 1.349;

/// The ratio with all that it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Snr {
    /// The ratio; ∞ where all noise is exactly zero.
    #[serde(with = "crate::spectral::number")]
    pub snr: f64,
    /// σ̂: the scale taken from the quartiles.
    pub sigma_iqr: f64,
    /// τ: values above it count as signal.
    pub tau: f64,
    /// The largest singular value.
    pub s_max: f64,
    /// Σ S\[S > τ\].
    pub signal_sum: f64,
    /// Σ S\[S ≤ τ\]; 0 where no value lies at or below τ (the ratio then divides by 1).
    pub noise_sum: f64,
    /// How many values lie above τ.
    pub signal_count: usize,
    /// How many values there are: N = min(n, m).
    pub count: usize,
}

/// The ratio for the singular values `descending` of a matrix of shape (`rows`, `cols`).
/// `None` where there is none: no values, or the largest is zero or not finite.
#[must_use]
pub fn snr(descending: &[f64], rows: usize, cols: usize) -> Option<Snr> {
    let s_max = *descending.first()?;
    if !(s_max > 0.0 && s_max.is_finite()) {
        return None;
    }
    let beta = rows.min(cols) as f64 / rows.max(cols) as f64;
    let sigma_iqr = (quantile(descending, 0.75) - quantile(descending, 0.25)) / NORMAL_IQR;
    let tau = sigma_iqr * (1.0 + beta.sqrt());
    let signal_count = descending.partition_point(|&value| value > tau);
    let (signal, noise) = descending.split_at(signal_count);
    // Smallest first: the sums of a long tail keep their last digits. From zero: `sum` makes −0
    // of no values, which a results file would show.
    let sum = |values: &[f64]| values.iter().rev().fold(0.0, |sum, value| sum + value);
    let (signal_sum, noise_sum) = (sum(signal), sum(noise));
    let denominator = if noise.is_empty() { 1.0 } else { noise_sum };
    let snr = signal_sum / denominator / s_max;
    Some(Snr {
        snr,
        sigma_iqr,
        tau,
        s_max,
        signal_sum,
        noise_sum,
        signal_count,
        count: descending.len(),
    })
}

/// The `q` quantile of `descending` values by linear interpolation between the closest ranks
/// (numpy's and torch's default).
pub(super) fn quantile(descending: &[f64], q: f64) -> f64 {
    let last = descending.len() - 1;
    let position = (1.0 - q) * last as f64;
    let lower = position.floor() as usize;
    let upper = (lower + 1).min(last);
    let weight = position - lower as f64;
    descending[lower] + (descending[upper] - descending[lower]) * weight
}
