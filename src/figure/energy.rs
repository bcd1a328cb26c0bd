//! How much of a matrix its largest directions hold: the cumulative share of `Σλ = ‖W‖²_F/M` over
//! the rank, beside that of pure noise of the same shape.

use crate::figure::spectrum::{EDGE, TAIL};
use crate::figure::{Axis, Chart, Ink, Layer, Legend, Shape, Spectrum, Stroke};
use crate::spectral::law::MarchenkoPastur;

/// About how many points a curve has.
const DRAWN: usize = 200;

/// The chart of `layer`'s cumulative energy.
#[must_use]
pub fn energy(layer: &Spectrum<'_>) -> Chart {
    let profile = layer.profile;
    let count = layer.values.len();
    let mut layers = Vec::new();
    let line = |points, stroke| Shape::Line { points, stroke };
    if let Some(law) = MarchenkoPastur::of_shape(profile.rows, profile.cols, 1.0) {
        let noise = curve(&law.midpoints_s(count));
        let shape = line(noise, Stroke::Dashed);
        layers.push(Layer::new(
            "pure noise of this shape",
            Ink::Series(0),
            shape,
        ));
    }
    let own = line(curve(layer.values), Stroke::Solid);
    layers.push(Layer::new("this layer", Ink::Text, own));
    let mut mark = |x: f64, label: String, ink, stroke| {
        layers.push(Layer::unnamed(ink, Shape::VLine { x, label, stroke }));
    };
    let (stable, effective) = (profile.stable_rank, profile.effective_rank);
    let label = format!("stable rank {}", Axis::read(stable));
    mark(stable, label, TAIL, Stroke::Dashed);
    let label = format!("effective rank {}", Axis::read(effective));
    mark(effective, label, TAIL, Stroke::Solid);
    if let Some(fit) = profile.fit.as_ref().filter(|fit| fit.spikes > 0) {
        let label = format!("{} spikes", fit.spikes);
        mark(fit.spikes as f64, label, EDGE, Stroke::Dotted);
    }
    Chart {
        title: layer.name.to_owned(),
        caption: vec![layer.shape_text()],
        x: Axis::new("rank", false, 0.0, count as f64),
        y: Axis::new("share of ‖W‖²", false, 0.0, 1.02),
        layers,
        aspect: 0.6,
        legend: Legend::Above,
    }
}

/// (rank, share of the sum of squares up to it), from (0, 0) to (count, 1).
fn curve(descending: &[f64]) -> Vec<[f64; 2]> {
    let largest = descending.first().copied().unwrap_or(1.0);
    // Relative to the largest: squares of huge values would overflow.
    let square = |s: &f64| (s / largest).powi(2);
    let total: f64 = descending.iter().rev().map(square).sum();
    let stride = descending.len().div_ceil(DRAWN).max(1);
    let mut points = vec![[0.0, 0.0]];
    let mut sum = 0.0;
    for (index, s) in descending.iter().enumerate() {
        sum += square(s);
        let rank = index + 1;
        if rank % stride == 0 || rank == descending.len() || rank < 16 {
            points.push([rank as f64, sum / total]);
        }
    }
    points
}
