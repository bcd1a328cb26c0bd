//! The law laid over one spectrum.
//!
//! Enters: singular values, descending, their matrix's shape, and a way to tell the scale.
//! Leaves: [`Fit`]: the law, its edge with the room chance needs, the spikes above, and how well
//! the rest follows. Cheap enough to be made again for every move of a dragged edge.
//!
//! Where it differs from `WeightWatcher`: there the scale is fitted to a smoothed density, and the
//! room above the edge is the square root of a Tracy–Widom width without its constant. On a real
//! BERT its spike counts lie within a tenth of those by the median where β = 1/4 (42, 64 and 58
//! for its 39, 65 and 57), and near those by the variance where β = 1 (23, 14 and 11 for its 20,
//! 10 and 6): the spectra of square layers are far from the law, and each way gives its own edge.

use crate::spectral::law::{MarchenkoPastur, ScaleMethod, TracyWidom, bulk_distance};

/// The law fitted to a spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// How the scale was told.
    pub method: ScaleMethod,
    /// The law at that scale; its edges are those of the bulk.
    pub law: MarchenkoPastur,
    /// The 95 % Tracy–Widom point, on singular values: the edge with the room chance needs.
    pub tw95: f64,
    /// The 99 % Tracy–Widom point, on singular values.
    pub tw99: f64,
    /// Values above the 95 % point: what noise of this scale does not explain.
    pub spikes: usize,
    /// Kolmogorov–Smirnov distance between the law and the values that are no spikes, 0 to 1;
    /// 1 where all are spikes.
    pub ks: f64,
    /// The ratio as Spectrum defines it with the edge S₊ in the place of τ; see [`snr_at`].
    pub snr_at_edge: f64,
}

impl Fit {
    /// The fit to `descending`, the singular values of a `rows` × `cols` matrix. `None` where
    /// `method` finds no scale.
    #[must_use]
    pub fn of(descending: &[f64], rows: usize, cols: usize, method: ScaleMethod) -> Option<Self> {
        let scale = method.estimate(descending, rows, cols)?;
        let law = MarchenkoPastur::of_shape(rows, cols, scale)?;
        let points = TracyWidom::of_shape(rows, cols)?;
        let tw95 = scale * points.p95;
        let spikes = descending.partition_point(|&value| value > tw95);
        Some(Self {
            method,
            law,
            tw95,
            tw99: scale * points.p99,
            spikes,
            ks: bulk_distance(&descending[spikes..], &law).unwrap_or(1.0),
            snr_at_edge: snr_at(descending, law.s_edges().1),
        })
    }
}

/// Spectrum's ratio with `threshold` in the place of τ: the sum of the values above it over the
/// sum of the others (over 1 where there are no others), over the largest. NaN of no values.
#[must_use]
pub fn snr_at(descending: &[f64], threshold: f64) -> f64 {
    let Some(largest) = descending.first() else {
        return f64::NAN;
    };
    let (signal, noise) =
        descending.split_at(descending.partition_point(|&value| value > threshold));
    let sum = |values: &[f64]| values.iter().rev().fold(0.0, |sum, value| sum + value);
    let noise = if noise.is_empty() { 1.0 } else { sum(noise) };
    sum(signal) / noise / largest
}
