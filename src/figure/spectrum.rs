//! The spectrum of a layer under the Marchenko–Pastur law, as a chart: histogram (the bulk, and
//! the values above the law), the law's density, Spectrum's τ, the true edge and its 95 %
//! Tracy–Widom point; or the outlines of several layers.

use crate::figure::{Axis, Chart, Histogram, Ink, Layer, Legend, Quantity, Shape, Stroke};
use crate::spectral::law::{Fit, Profile, ScaleMethod};

/// Points on the law's curve.
const CURVE: usize = 160;

/// The ink of the law's curve: it must stand out from bars of any color.
const LAW: Ink = Ink::Text;
/// The ink of what lies above the law.
pub(super) const TAIL: Ink = Ink::Series(1);
/// The ink of the law's edge.
pub(super) const EDGE: Ink = Ink::Series(2);
/// The ink of Spectrum's threshold.
pub(super) const TAU: Ink = Ink::Series(3);

/// A layer's spectrum.
#[derive(Debug, Clone, Copy)]
pub struct Spectrum<'a> {
    /// The layer's name.
    pub name: &'a str,
    /// Its singular values, descending.
    pub values: &'a [f64],
    /// What is read from them.
    pub profile: &'a Profile,
}

/// How a spectrum is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpectrumSettings {
    /// What the axis measures.
    pub of: Quantity,
    /// How many bins; `None` for as many as suit the values.
    pub bins: Option<usize>,
    /// Whether the axis from left to right is logarithmic.
    pub log_x: bool,
    /// Whether the axis from bottom to top is.
    pub log_y: bool,
}

impl Spectrum<'_> {
    pub(super) fn long(&self) -> usize {
        self.profile.rows.max(self.profile.cols)
    }

    /// Shape and β, as every caption has them.
    pub(super) fn shape_text(&self) -> String {
        let Profile { rows, cols, .. } = *self.profile;
        let beta = rows.min(cols) as f64 / rows.max(cols) as f64;
        format!("{rows} × {cols}, β = {}", Axis::read(beta))
    }

    pub(super) fn quantities(&self, of: Quantity) -> Vec<f64> {
        let long = self.long();
        self.values.iter().map(|&s| of.of(s, long)).collect()
    }

    /// The shape, the ratio, and how the law fits.
    fn caption(&self) -> Vec<String> {
        let snr = self.profile.snr.snr;
        let control = match self.profile.control_snr {
            Some(control) => format!("noise control {}", Axis::read(control)),
            None => "no noise control: τ lies below all noise".to_owned(),
        };
        let shape = self.shape_text();
        let mut lines = vec![format!("{shape} · SNR {}, {control}", Axis::read(snr))];
        lines.push(match &self.profile.fit {
            Some(fit) => fit_text(fit),
            None => "the scale of the noise cannot be told".to_owned(),
        });
        lines
    }
}

/// How the law was fitted, and how well it does.
fn fit_text(fit: &Fit) -> String {
    let spikes = match fit.spikes {
        1 => "1 spike".to_owned(),
        count => format!("{count} spikes"),
    };
    format!(
        "scale {}: s = {} · {spikes} above TW 95 % · KS {}",
        method_text(fit.method),
        Axis::read(fit.law.scale()),
        Axis::read(fit.ks)
    )
}

/// The way the scale is told, as a caption names it.
pub(super) fn method_text(method: ScaleMethod) -> &'static str {
    match method {
        ScaleMethod::Median => "by median",
        ScaleMethod::Iqr => "by quartiles",
        ScaleMethod::Variance => "by entry variance",
        ScaleMethod::LeastKs => "by least KS",
        ScaleMethod::ByHand(_) => "by hand",
    }
}

/// The law's density times `share`, on the axis that `settings` ask for; empty where no point of
/// it can be drawn.
fn law_points(fit: &Fit, settings: &SpectrumSettings, share: f64) -> Vec<[f64; 2]> {
    let (low, high) = settings.of.edges(&fit.law);
    let (middle, half) = (f64::midpoint(low, high), (high - low) / 2.0);
    let point = |step: usize| {
        // Closer together where the curve is steep: at the edges.
        let angle = std::f64::consts::PI * (1.0 - step as f64 / CURVE as f64);
        // Not `clamp`: of a scale beyond all numbers an edge may be none.
        let x = (middle + half * angle.cos()).max(low).min(high);
        let per_unit = settings.of.density(&fit.law, x);
        let per_decade = x * std::f64::consts::LN_10;
        let y = per_unit * share * if settings.log_x { per_decade } else { 1.0 };
        [x, y]
    };
    let possible = |&[x, y]: &[f64; 2]| {
        y.is_finite() && (x > 0.0 || !settings.log_x) && (y > 0.0 || !settings.log_y)
    };
    (0..=CURVE).map(point).filter(possible).collect()
}

fn density_label(log_x: bool) -> &'static str {
    if log_x {
        "density per decade"
    } else {
        "density"
    }
}

/// The range of the axis of densities for bars from `lowest` to `highest` and a law that rises
/// to `law`: a pole of the law is cut off.
fn density_axis(lowest: f64, highest: f64, law: f64, settings: &SpectrumSettings) -> Axis {
    let top = highest.max(law.min(1.6 * highest));
    let (low, high) = if settings.log_y {
        (lowest * 0.6, top * 1.6)
    } else {
        (0.0, top * 1.06)
    };
    Axis::new(density_label(settings.log_x), settings.log_y, low, high)
}

/// The range of the axis of values, with `beyond` in it.
fn value_axis(edges: (f64, f64), beyond: f64, settings: &SpectrumSettings) -> Axis {
    let (first, last) = edges;
    let last = last.max(beyond);
    let (low, high) = if settings.log_x {
        (first, last * (last / first).powf(0.02))
    } else if first < 0.3 * last {
        (0.0, last * 1.02)
    } else {
        (first - 0.02 * (last - first), last + 0.02 * (last - first))
    };
    Axis::new(settings.of.label(), settings.log_x, low, high)
}

/// The chart of one layer.
#[must_use]
pub fn spectrum(layer: &Spectrum<'_>, settings: &SpectrumSettings) -> Chart {
    let (of, long) = (settings.of, layer.long());
    let values = layer.quantities(of);
    let fit = layer.profile.fit.as_ref();
    let point = fit.map(|fit| of.of(fit.tw95, long));
    let histogram = Histogram::new(&values, settings.bins, settings.log_x, point);
    let mut layers = Vec::new();
    let bars = |heights: &[f64]| Shape::Bars {
        edges: histogram.edges.clone(),
        heights: heights.to_vec(),
    };
    let spikes = fit.map_or(0, |fit| fit.spikes.min(values.len()));
    layers.push(Layer::new("bulk", Ink::Quiet, bars(&histogram.bulk)));
    if spikes > 0 {
        layers.push(Layer::new("spikes", TAIL, bars(&histogram.tail)));
        let spikes = values[..spikes].to_vec();
        layers.push(Layer::unnamed(TAIL, Shape::Rug(spikes)));
    }
    let mut law = 0.0;
    if let Some(fit) = fit {
        let in_bulk = 1.0 - spikes as f64 / values.len() as f64;
        let points = law_points(fit, settings, in_bulk);
        law = points.iter().map(|point| point[1]).fold(0.0, f64::max);
        let stroke = Stroke::Solid;
        let shape = Shape::Line { points, stroke };
        layers.push(Layer::new("Marchenko–Pastur law", LAW, shape));
    }
    layers.extend(marks(layer, settings));
    let first = histogram.edges.first().copied().unwrap_or(0.0);
    let last = histogram.edges.last().copied().unwrap_or(1.0);
    Chart {
        title: layer.name.to_owned(),
        caption: layer.caption(),
        x: value_axis((first, last), point.unwrap_or(last), settings),
        y: density_axis(histogram.lowest(), histogram.highest(), law, settings),
        layers,
        aspect: 0.55,
        legend: Legend::Above,
    }
}

/// τ, the law's edge, and the point that chance may take it to.
fn marks(layer: &Spectrum<'_>, settings: &SpectrumSettings) -> Vec<Layer> {
    let (of, long) = (settings.of, layer.long());
    let mark = |s: f64, symbol: &str, ink, stroke| {
        let x = of.of(s, long);
        let label = format!("{symbol} {}", Axis::read(x));
        Layer::unnamed(ink, Shape::VLine { x, label, stroke })
    };
    let (tau, edge) = match of {
        Quantity::S => ("Spectrum’s τ", "edge S₊"),
        Quantity::Lambda => ("Spectrum’s τ²/M", "edge λ₊"),
    };
    let mut marks = vec![mark(layer.profile.snr.tau, tau, TAU, Stroke::Dashed)];
    if let Some(fit) = &layer.profile.fit {
        let (_, upper) = fit.law.s_edges();
        marks.push(mark(upper, edge, EDGE, Stroke::Solid));
        marks.push(mark(fit.tw95, "TW 95 %", EDGE, Stroke::Dotted));
    }
    marks
}

/// The outlines of several layers over each other, with the law of each dashed. One alone is
/// drawn by [`spectrum`].
#[must_use]
pub fn overlay(title: &str, spectra: &[Spectrum<'_>], settings: &SpectrumSettings) -> Chart {
    let of = settings.of;
    let histograms: Vec<Histogram> = spectra
        .iter()
        .map(|layer| Histogram::new(&layer.quantities(of), settings.bins, settings.log_x, None))
        .collect();
    let lowest = histograms.iter().map(Histogram::lowest);
    let lowest = lowest.fold(f64::INFINITY, f64::min);
    let highest = histograms
        .iter()
        .map(Histogram::highest)
        .fold(0.0, f64::max);
    let ends = |histogram: &Histogram| Some((*histogram.edges.first()?, *histogram.edges.last()?));
    let (mut first, mut last) = (f64::INFINITY, f64::NEG_INFINITY);
    for (low, high) in histograms.iter().filter_map(ends) {
        (first, last) = (first.min(low), last.max(high));
    }
    let floor = if settings.log_y { lowest * 0.6 } else { 0.0 };
    let (mut layers, mut caption, mut law) = (Vec::new(), Vec::new(), 0.0_f64);
    for (index, (layer, histogram)) in spectra.iter().zip(&histograms).enumerate() {
        let ink = Ink::Series(index);
        if let Some(fit) = &layer.profile.fit {
            let in_bulk = 1.0 - fit.spikes as f64 / layer.values.len().max(1) as f64;
            let points = law_points(fit, settings, in_bulk);
            law = points.iter().map(|point| point[1]).fold(law, f64::max);
            let stroke = Stroke::Dotted;
            layers.push(Layer::unnamed(ink, Shape::Line { points, stroke }));
        }
        let outline = histogram.outline(floor);
        layers.push(Layer::unnamed(ink, Shape::Area(outline.clone())));
        let shape = Shape::Line {
            points: outline,
            // Color is not the only sign.
            stroke: [Stroke::Solid, Stroke::Dashed, Stroke::DashDot][index % 3],
        };
        layers.push(Layer::new(layer.name, ink, shape));
        let read = layer.profile.fit.as_ref().map_or_else(String::new, |fit| {
            let edge = of.of(fit.law.s_edges().1, layer.long());
            format!(", edge {}, {} spikes", Axis::read(edge), fit.spikes)
        });
        let snr = Axis::read(layer.profile.snr.snr);
        let shape = layer.shape_text();
        caption.push(format!("{}: {shape}, SNR {snr}{read}", layer.name));
    }
    caption.push("dotted: the Marchenko–Pastur law of each".to_owned());
    Chart {
        title: title.to_owned(),
        caption,
        x: value_axis((first, last), last, settings),
        y: density_axis(lowest, highest, law, settings),
        layers,
        aspect: 0.55,
        legend: Legend::Above,
    }
}
