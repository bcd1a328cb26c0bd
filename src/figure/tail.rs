//! The tail of a spectrum on logarithmic axes, with its power law.
//!
//! It shows the share of eigenvalues at or above λ: a power law p(λ) ∝ λ^−α is a straight line of
//! slope 1 − α there, without bins that could bend it (Clauset, Shalizi & Newman, "Power-law
//! distributions in empirical data", 2009).

use crate::figure::spectrum::{EDGE, TAIL};
use crate::figure::{Axis, Chart, Ink, Layer, Legend, Quantity, Shape, Spectrum, Stroke};

/// About how many of the values are drawn: those whose ranks are even in the logarithm.
const DRAWN: usize = 240;

/// The chart of `layer`'s tail.
#[must_use]
pub fn tail(layer: &Spectrum<'_>) -> Chart {
    let mut values = layer.quantities(Quantity::Lambda);
    values.retain(|&value| value > 0.0);
    let count = values.len();
    let at_or_above = |rank: usize| rank as f64 / layer.values.len().max(1) as f64;
    let points: Vec<[f64; 2]> = ranks(count)
        .into_iter()
        .map(|rank| [values[rank - 1], at_or_above(rank)])
        .collect();
    let greatest = values.first().copied().unwrap_or(1.0);
    // Tiny values of a rank-deficient matrix would press the tail into a corner.
    let least = values.last().copied().unwrap_or(0.1).max(greatest * 1e-6);
    let mut caption = vec![layer.shape_text()];
    let mut layers = vec![Layer::new("eigenvalues", Ink::Quiet, Shape::Points(points))];
    if let Some(fit) = &layer.profile.tail {
        caption.push(format!(
            "α = {} ± {} · x_min = {} · {} values in the tail · KS {}",
            Axis::read(fit.alpha),
            Axis::read(fit.error),
            Axis::read(fit.x_min),
            fit.count,
            Axis::read(fit.ks)
        ));
        let at = |x: f64| {
            [
                x,
                at_or_above(fit.count) * (x / fit.x_min).powf(1.0 - fit.alpha),
            ]
        };
        let shape = Shape::Line {
            points: vec![at(fit.x_min), at(greatest)],
            stroke: Stroke::Solid,
        };
        let name = format!("power law, α = {}", Axis::read(fit.alpha));
        layers.push(Layer::new(name, TAIL, shape));
        let shape = Shape::VLine {
            x: fit.x_min,
            label: format!("x_min {}", Axis::read(fit.x_min)),
            stroke: Stroke::Dashed,
        };
        layers.push(Layer::unnamed(TAIL, shape));
    }
    if let Some(fit) = &layer.profile.fit {
        let (_, edge) = fit.law.lambda_edges();
        let shape = Shape::VLine {
            x: edge,
            label: format!("edge λ₊ {}", Axis::read(edge)),
            stroke: Stroke::Solid,
        };
        layers.push(Layer::unnamed(EDGE, shape));
    }
    let lowest = at_or_above(1) * 0.6;
    Chart {
        title: layer.name.to_owned(),
        caption,
        x: Axis::new(Quantity::Lambda.label(), true, least * 0.9, greatest * 1.2),
        y: Axis::new("share at or above λ", true, lowest, 1.5),
        layers,
        aspect: 0.6,
        legend: Legend::Above,
    }
}

/// Ranks from 1 to `count`, all of the first and fewer and fewer later.
fn ranks(count: usize) -> Vec<usize> {
    let step = (count.max(2) as f64).powf(1.0 / DRAWN as f64);
    let mut ranks: Vec<usize> = (0..=DRAWN)
        .map(|index| step.powi(index as i32).round() as usize)
        .filter(|rank| (1..=count).contains(rank))
        .collect();
    ranks.dedup();
    ranks
}
