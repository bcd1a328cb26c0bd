//! All blocks of a layer type over one axis, one spectrum per row: a ridge per block, the first
//! block on top, all equally high; dots for the values above the law, and the courses of τ and of
//! the law's edge down the blocks.

use crate::figure::histogram::MOST_BINS;
use crate::figure::spectrum::{EDGE, TAIL, TAU, method_text};
use crate::figure::{Axis, Chart, Ink, Layer, Legend, Quantity, Shape, SpectrumSettings, Stroke};
use crate::spectral::law::{Fit, ScaleMethod};
use crate::spectral::snr;

/// Fewest and most points of a ridge, unless a number is asked for.
const POINTS: (usize, usize) = (40, 120);

/// About how many values a point stands for, where there are few: fewer would draw their chance.
const VALUES: usize = 5;

/// How high a ridge is, in rows: it overlaps the rows above.
const HEIGHT: f64 = 1.9;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct WaterfallRow {
    /// What stands beside it: the block's number.
    pub name: String,
    /// Singular values, descending.
    pub values: Vec<f64>,
    /// Rows of the matrix.
    pub rows: usize,
    /// Columns of the matrix.
    pub cols: usize,
}

/// A row with its place and what is read from it.
struct Ridge {
    /// Its lower edge; the first row's is the highest.
    base: f64,
    values: Vec<f64>,
    tau: Option<f64>,
    edge: Option<f64>,
    spikes: usize,
}

/// The chart of `rows`, from top to bottom. Of `settings`, the logarithmic axis from bottom to
/// top has no meaning here.
#[must_use]
pub fn waterfall(
    title: &str,
    rows: &[WaterfallRow],
    settings: &SpectrumSettings,
    method: ScaleMethod,
) -> Chart {
    let count = rows.len();
    let ridges: Vec<Ridge> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| ridge(row, (count - 1 - index) as f64, settings.of, method))
        .collect();
    let axis = axis(&ridges, settings);
    let most = ridges.iter().map(|ridge| ridge.values.len()).max();
    let suited = (most.unwrap_or(0) / VALUES).clamp(POINTS.0, POINTS.1);
    let suited = (suited as f64 / bulk_share(&ridges, &axis)) as usize;
    let points = settings.bins.unwrap_or(suited).clamp(8, MOST_BINS);
    let mut layers = Vec::new();
    for ridge in &ridges {
        let heights = heights(&ridge.values, &axis, points);
        let point = |(index, height): (usize, &f64)| {
            let x = axis.value((index as f64 + 0.5) / points as f64);
            [x, ridge.base, ridge.base + HEIGHT * height]
        };
        // Where there is nothing on either side, no line is drawn.
        let mut band: Vec<[f64; 3]> = heights.iter().enumerate().map(point).collect();
        let rises = |&[_, low, high]: &[f64; 3]| high > low;
        let first = band.iter().position(rises).unwrap_or(0).saturating_sub(1);
        let last = band.iter().rposition(rises).map_or(0, |last| last + 2);
        band.truncate(last);
        band.drain(..first.min(band.len()));
        let band = thinned(&band);
        let line = band.iter().map(|&[x, _, high]| [x, high]).collect();
        let line = Shape::Line {
            points: line,
            stroke: Stroke::Fine,
        };
        layers.push(Layer::unnamed(Ink::Quiet, Shape::Band(band)));
        layers.push(Layer::unnamed(Ink::Text, line));
    }
    layers.extend(course(
        &ridges,
        "Spectrum’s τ",
        TAU,
        Stroke::Dashed,
        |r| r.tau,
    ));
    let edge = match settings.of {
        Quantity::S => "edge S₊",
        Quantity::Lambda => "edge λ₊",
    };
    layers.extend(course(&ridges, edge, EDGE, Stroke::Solid, |r| r.edge));
    let spikes: Vec<[f64; 2]> = ridges
        .iter()
        .flat_map(|ridge| {
            let spikes = &ridge.values[..ridge.spikes];
            spikes.iter().map(|&x| [x, ridge.base + 0.12])
        })
        .collect();
    if !spikes.is_empty() {
        layers.push(Layer::new("spikes", TAIL, Shape::Points(spikes)));
    }
    let names = rows.iter().rev().enumerate();
    let y = Axis {
        names: names
            .map(|(place, row)| (place as f64, row.name.clone()))
            .collect(),
        ..Axis::new("block", false, -0.15, count.max(1) as f64 + HEIGHT - 0.9)
    };
    Chart {
        title: title.to_owned(),
        caption: vec![caption(rows, method)],
        x: axis,
        y,
        layers,
        aspect: (count as f64 * 0.045).clamp(0.5, 2.2),
        legend: Legend::Above,
    }
}

fn ridge(row: &WaterfallRow, base: f64, of: Quantity, method: ScaleMethod) -> Ridge {
    let (rows, cols) = (row.rows, row.cols);
    let quantity = |s: f64| of.of(s, rows.max(cols));
    let fit = Fit::of(&row.values, rows, cols, method);
    Ridge {
        base,
        tau: snr(&row.values, rows, cols).map(|snr| quantity(snr.tau)),
        edge: fit.map(|fit| quantity(fit.law.s_edges().1)),
        spikes: fit.map_or(0, |fit| fit.spikes.min(row.values.len())),
        values: row.values.iter().map(|&s| quantity(s)).collect(),
    }
}

/// The axis that holds all rows. On a logarithmic one, the least values of a rank-deficient
/// matrix are left out: they would press all else into a corner.
fn axis(ridges: &[Ridge], settings: &SpectrumSettings) -> Axis {
    let all = || ridges.iter().flat_map(|ridge| ridge.values.iter().copied());
    let high = all().fold(0.0, f64::max);
    let least = all()
        .filter(|&v| v > high * 1e-4)
        .fold(f64::INFINITY, f64::min);
    let (low, high) = if settings.log_x {
        (least, high * 1.1)
    } else if least > 0.5 * high {
        (least, high * 1.02)
    } else {
        (0.0, high * 1.02)
    };
    Axis::new(settings.of.label(), settings.log_x, low, high)
}

/// The share of `axis` that nearly all values take, at least a fifth: one far value leaves few
/// points to the others.
fn bulk_share(ridges: &[Ridge], axis: &Axis) -> f64 {
    let values = ridges.iter().flat_map(|ridge| &ridge.values);
    let mut places: Vec<f64> = values.map(|&value| axis.position(value)).collect();
    places.sort_by(f64::total_cmp);
    let nearly_all = places.get(places.len() * 49 / 50).copied();
    nearly_all.unwrap_or(1.0).clamp(0.2, 1.0)
}

/// How dense `values` are at the midpoints of `count` parts of `axis`, from 0 to 1, smoothed a
/// little: with weights 1, 2, 1.
fn heights(values: &[f64], axis: &Axis, count: usize) -> Vec<f64> {
    let mut counts = vec![0.0; count + 2];
    for &value in values {
        let place = axis.position(value) * count as f64;
        if place >= 0.0 {
            counts[1 + (place as usize).min(count - 1)] += 1.0;
        }
    }
    let smooth = |at: &[f64]| at[0] + 2.0 * at[1] + at[2];
    let heights: Vec<f64> = counts.windows(3).map(smooth).collect();
    let highest = heights.iter().copied().fold(0.0, f64::max);
    if highest == 0.0 {
        return heights;
    }
    heights.into_iter().map(|height| height / highest).collect()
}

/// `band` without the points inside a level stretch: they would only cost time to draw.
fn thinned(band: &[[f64; 3]]) -> Vec<[f64; 3]> {
    let level = |a: f64, b: f64| a.to_bits() == b.to_bits();
    let inside = |place: usize| {
        let [before, here, after] = [place - 1, place, place + 1].map(|at| band[at][2]);
        level(before, here) && level(here, after)
    };
    let ends = |place: usize| place == 0 || place + 1 == band.len();
    let kept = (0..band.len()).filter(|&place| ends(place) || !inside(place));
    kept.map(|place| band[place]).collect()
}

/// A line down the rows; none where no row has a value.
fn course(
    ridges: &[Ridge],
    name: &str,
    ink: Ink,
    stroke: Stroke,
    of: impl Fn(&Ridge) -> Option<f64>,
) -> Option<Layer> {
    let step = |ridge: &Ridge| {
        let x = of(ridge)?;
        Some([[x, ridge.base + 1.0], [x, ridge.base]])
    };
    let points: Vec<[f64; 2]> = ridges.iter().filter_map(step).flatten().collect();
    let shape = Shape::Line { points, stroke };
    ridges
        .iter()
        .any(|ridge| of(ridge).is_some())
        .then(|| Layer::new(name, ink, shape))
}

/// The shapes, and how the edge was found.
fn caption(rows: &[WaterfallRow], method: ScaleMethod) -> String {
    let mut shapes: Vec<String> = Vec::new();
    for row in rows {
        let beta = row.rows.min(row.cols) as f64 / row.rows.max(row.cols).max(1) as f64;
        let shape = format!("{} × {}, β = {}", row.rows, row.cols, Axis::read(beta));
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
    }
    if shapes.len() > 2 {
        shapes = vec![format!("{} shapes", shapes.len())];
    }
    format!(
        "{} · scale {} · each row to its own height",
        shapes.join("; "),
        method_text(method)
    )
}
