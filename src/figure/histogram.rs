//! How singular values or eigenvalues are spread over an axis: the density in each bin, that of
//! the bulk separate from the values beyond an edge.

use crate::spectral::law::MarchenkoPastur;

/// Fewest and most bins unless a number is asked for.
const BINS: (usize, usize) = (24, 400);

/// What the axis of a spectrum measures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Quantity {
    /// Singular values S.
    #[default]
    S,
    /// Eigenvalues λ = S²/M of W·Wᵀ/M.
    Lambda,
}

impl Quantity {
    /// The quantity of the singular value `s` of a matrix whose long side is `long`.
    #[must_use]
    pub fn of(self, s: f64, long: usize) -> f64 {
        match self {
            Self::S => s,
            Self::Lambda => s * s / long as f64,
        }
    }

    /// The axis's label.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::S => "singular value S",
            Self::Lambda => "eigenvalue λ = S²/M",
        }
    }

    /// The law's density at `x`.
    pub(super) fn density(self, law: &MarchenkoPastur, x: f64) -> f64 {
        match self {
            Self::S => law.density_s(x),
            Self::Lambda => law.density(x),
        }
    }

    /// The law's edges.
    pub(super) fn edges(self, law: &MarchenkoPastur) -> (f64, f64) {
        match self {
            Self::S => law.s_edges(),
            Self::Lambda => law.lambda_edges(),
        }
    }
}

/// The most bins that may be asked for, as by a session file: more than there are pixels.
pub(super) const MOST_BINS: usize = 10_000;

/// Densities in bins that are even on the axis: per unit on a linear one, per decade (a factor
/// of ten) on a logarithmic one. The areas of both parts together are 1, but for zeros on a
/// logarithmic axis, which have no place there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Histogram {
    /// Where bins begin and end, ascending; one more than there are bins.
    pub edges: Vec<f64>,
    /// Density of the values at or below the edge of the bulk.
    pub bulk: Vec<f64>,
    /// Density of the values above it.
    pub tail: Vec<f64>,
}

impl Histogram {
    /// The histogram of `values` (in any order). `bins`: how many over the whole range, or `None`
    /// for as many as Freedman and Diaconis' rule takes ("On the histogram as a density
    /// estimator", 1981). `edge` ends the bulk and falls between two bins.
    #[must_use]
    pub fn new(values: &[f64], bins: Option<usize>, log: bool, edge: Option<f64>) -> Self {
        let place = |value: f64| if log { value.log10() } else { value };
        let mut places: Vec<f64> = values.iter().map(|&value| place(value)).collect();
        places.retain(|place| place.is_finite());
        places.sort_by(f64::total_cmp);
        let (Some(&low), Some(&high)) = (places.first(), places.last()) else {
            return Self::default();
        };
        let bins = bins.unwrap_or_else(|| freedman_diaconis(&places));
        let bins = bins.clamp(1, MOST_BINS);
        let mut width = (high - low) / bins as f64;
        if width <= 1e-12 * high.abs() {
            // All values are one: a bin around it.
            width = if log {
                0.1
            } else {
                high.abs().max(1e-12) * 0.1
            };
        }
        let edge = edge.map(place).filter(|edge| edge.is_finite());
        let start = match edge {
            Some(edge) if edge > low && edge < high => edge - ((edge - low) / width).ceil() * width,
            _ => low,
        };
        // Values at the very end, and rounding, stay inside.
        let bins = ((high - start) / width * (1.0 + 1e-12)).floor() as usize + 1;
        let mut histogram = Self {
            edges: Vec::with_capacity(bins + 1),
            bulk: vec![0.0; bins],
            tail: vec![0.0; bins],
        };
        let value = |place: f64| if log { 10_f64.powf(place) } else { place };
        for bin in 0..=bins {
            let edge = value(start + width * bin as f64);
            // Values are not negative; nor is what is drawn.
            histogram.edges.push(if low >= 0.0 && !log {
                edge.max(0.0)
            } else {
                edge
            });
        }
        let one = 1.0 / values.len() as f64;
        for place in places {
            let bin = (((place - start) / width) as usize).min(bins - 1);
            if edge.is_some_and(|edge| place > edge) {
                histogram.tail[bin] += one;
            } else {
                histogram.bulk[bin] += one;
            }
        }
        for bin in 0..bins {
            let ends = [histogram.edges[bin], histogram.edges[bin + 1]].map(place);
            let width = if ends[1] > ends[0] {
                ends[1] - ends[0]
            } else {
                width
            };
            histogram.bulk[bin] /= width;
            histogram.tail[bin] /= width;
        }
        histogram
    }

    /// The highest bar.
    #[must_use]
    pub fn highest(&self) -> f64 {
        self.bulk
            .iter()
            .chain(&self.tail)
            .copied()
            .fold(0.0, f64::max)
    }

    /// The lowest bar that is one; 0 where there is none.
    #[must_use]
    pub fn lowest(&self) -> f64 {
        let bars = self.bulk.iter().chain(&self.tail).copied();
        let lowest = bars.filter(|&bar| bar > 0.0).fold(f64::INFINITY, f64::min);
        if lowest.is_finite() { lowest } else { 0.0 }
    }

    /// Both parts as one outline, (x, density) from left to right, standing on `floor`.
    #[must_use]
    pub fn outline(&self, floor: f64) -> Vec<[f64; 2]> {
        let mut points = Vec::with_capacity(2 * self.edges.len());
        let mut height = floor;
        let bars = self.bulk.iter().zip(&self.tail);
        let bars = bars.map(|(bulk, tail)| (bulk + tail).max(floor));
        for (&edge, next) in self.edges.iter().zip(bars.chain([floor])) {
            points.extend([[edge, height], [edge, next]]);
            height = next;
        }
        points
    }
}

/// As many bins as the rule takes for `ascending`: width 2·IQR/∛n.
fn freedman_diaconis(ascending: &[f64]) -> usize {
    let last = ascending.len() - 1;
    let quartile = |q: f64| ascending[(q * last as f64).round() as usize];
    let width = 2.0 * (quartile(0.75) - quartile(0.25)) / (ascending.len() as f64).cbrt();
    let bins = ((ascending[last] - ascending[0]) / width).ceil();
    // A width of 0 has no number of bins: `as` turns infinity and NaN into a number.
    (bins as usize).clamp(BINS.0, BINS.1)
}
