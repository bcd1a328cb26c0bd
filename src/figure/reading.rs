//! A chart in words: the places where a reading line can stand, and what the layers show there.
//!
//! The window shows these values beside the line, whether pointer or keyboard moved it, and a
//! screen reader says them: a picture alone tells nothing to someone who cannot see it.

use crate::figure::{Axis, Chart, Curve, Layer, Shape};

/// The direction in which the reading line moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// From left to right.
    X,
    /// From row to row, where the vertical axis has names instead of numbers.
    Rows,
}

/// What a chart shows at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The place in words: `step 75`.
    pub place: String,
    /// What the layers show there.
    pub values: Vec<Value>,
}

/// What one layer shows at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The layer, as an index into the chart's.
    pub layer: usize,
    /// Its name, or what the axis measures.
    pub name: String,
    /// The value, the smoothed one first.
    pub text: String,
    /// The point that was read, where there is one.
    pub at: Option<[f64; 2]>,
}

impl Reading {
    /// All of it as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let value = |value: &Value| format!("{} {}", value.name, value.text);
        let values: Vec<String> = self.values.iter().map(value).collect();
        if values.is_empty() {
            format!("{}: nothing here", self.place)
        } else {
            format!("{}: {}", self.place, values.join(", "))
        }
    }
}

/// The direction in which the reading line of `chart` moves.
#[must_use]
pub fn along(chart: &Chart) -> Along {
    if chart.y.names.is_empty() {
        Along::X
    } else {
        Along::Rows
    }
}

/// Where the reading line of a chart can stand, ascending.
enum Places<'a> {
    Values(Vec<f64>),
    Points(&'a [[f64; 2]]),
}

impl<'a> Places<'a> {
    /// The rows of `chart`, the middles of its bars, or the points of its first or longest line.
    fn of(chart: &'a Chart) -> Self {
        if along(chart) == Along::Rows {
            return Self::sorted(chart.y.names.iter().map(|(place, _)| *place));
        }
        if let Some(edges) = chart.layers.iter().find_map(edges) {
            let middles = edges.windows(2);
            return Self::sorted(middles.map(|edges| f64::midpoint(edges[0], edges[1])));
        }
        let mut series = chart.layers.iter().filter_map(|layer| match &layer.shape {
            Shape::Curve(series) => Some(series.points.points()),
            _ => None,
        });
        if let Some(points) = series.find(|points| !points.is_empty()) {
            return Self::Points(points);
        }
        let lines = chart.layers.iter().filter_map(|layer| match &layer.shape {
            Shape::Line { points, .. } | Shape::Points(points) => Some(points),
            _ => None,
        });
        let several = lines.filter(|points| points.len() > 1);
        let longest = several.max_by_key(|points| points.len());
        Self::sorted(longest.into_iter().flatten().map(|point| point[0]))
    }

    fn sorted(places: impl Iterator<Item = f64>) -> Self {
        let mut places: Vec<f64> = places.filter(|place| place.is_finite()).collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        Self::Values(places)
    }

    fn len(&self) -> usize {
        match self {
            Self::Values(places) => places.len(),
            Self::Points(points) => points.len(),
        }
    }

    fn get(&self, index: usize) -> Option<f64> {
        match self {
            Self::Values(places) => places.get(index).copied(),
            Self::Points(points) => points.get(index).map(|point| point[0]),
        }
    }

    /// How many places lie below `place`, or at it.
    fn below(&self, place: f64, or_at: bool) -> usize {
        let before = |at: &f64| *at < place || or_at && *at <= place;
        match self {
            Self::Values(places) => places.partition_point(before),
            Self::Points(points) => points.partition_point(|point| before(&point[0])),
        }
    }

    fn nearest(&self, place: f64) -> Option<f64> {
        let after = self.below(place, false);
        let left = after.checked_sub(1).and_then(|index| self.get(index));
        match (left, self.get(after)) {
            (Some(left), Some(right)) if right - place < place - left => Some(right),
            (Some(left), _) => Some(left),
            (None, right) => right,
        }
    }
}

fn edges(layer: &Layer) -> Option<&Vec<f64>> {
    match &layer.shape {
        Shape::Bars { edges, .. } => Some(edges),
        _ => None,
    }
}

/// The place of the reading line nearest to `place`.
#[must_use]
pub fn nearest(chart: &Chart, place: f64) -> Option<f64> {
    Places::of(chart).nearest(place)
}

/// The place `steps` after the one nearest to `from`. Without `from` the first one in sight, or the
/// last one where `steps` is negative.
#[must_use]
pub fn step(chart: &Chart, from: Option<f64>, steps: i64) -> Option<f64> {
    let places = Places::of(chart);
    let last = places.len().checked_sub(1)?;
    let Some(from) = from else {
        let axis = axis(chart);
        let (first, end) = (places.below(axis.low, false), places.below(axis.high, true));
        let (first, end) = if first < end {
            (first, end - 1)
        } else {
            (0, last)
        };
        return places.get(if steps < 0 { end } else { first });
    };
    let now = places.nearest(from)?;
    // Of several at one place the one that steps lead away from.
    let index = if steps > 0 {
        places.below(now, true).saturating_sub(1)
    } else {
        places.below(now, false)
    };
    let to = (index as i64).saturating_add(steps).clamp(0, last as i64);
    places.get(to as usize)
}

/// The axis that the reading line moves along.
fn axis(chart: &Chart) -> &Axis {
    match along(chart) {
        Along::X => &chart.x,
        Along::Rows => &chart.y,
    }
}

/// The part of the x axis that has something on it: the axis may reach a little beyond the ends of
/// a line.
fn range(chart: &Chart) -> [f64; 2] {
    let whole = [chart.x.low, chart.x.high];
    if along(chart) == Along::Rows || chart.layers.iter().any(|layer| edges(layer).is_some()) {
        return whole;
    }
    match (step(chart, None, 1), step(chart, None, -1)) {
        (Some(first), Some(last)) if first < last => [first, last],
        _ => whole,
    }
}

/// What `chart` is as a whole: its axes, its marked places, its caption.
#[must_use]
pub fn summary(chart: &Chart) -> String {
    let log = if chart.x.log { ", logarithmic" } else { "" };
    let [low, high] = range(chart).map(|place| chart.x.say(place));
    let mut parts = vec![format!("{} over {low} to {high}{log}", chart.y.label)];
    for layer in &chart.layers {
        match &layer.shape {
            Shape::VLine { x, label, .. } => parts.push(format!("{label} at {}", Axis::read(*x))),
            Shape::Dot { at, label } => {
                let [x, y] = *at;
                parts.push(format!("{label} at {}, {}", chart.x.say(x), Axis::read(y)));
            }
            _ => {}
        }
    }
    parts.extend(chart.caption.iter().cloned());
    let last = last(chart);
    if !last.values.is_empty() {
        parts.insert(0, last.sentence());
    }
    parts.join("; ")
}

/// The last value of every run; nothing for charts of other things.
#[must_use]
pub fn last(chart: &Chart) -> Reading {
    let values = chart
        .layers
        .iter()
        .enumerate()
        .filter_map(|(index, layer)| {
            let Shape::Curve(series) = &layer.shape else {
                return None;
            };
            let end = series.points.points().last()?[0];
            of_series(chart, index, layer, series, end)
        });
    Reading {
        place: "last values".to_owned(),
        values: highest_first(values.collect()),
    }
}

/// What the layers of `chart` show at `place`.
#[must_use]
pub fn read(chart: &Chart, place: f64) -> Reading {
    match along(chart) {
        Along::X => at_x(chart, place),
        Along::Rows => of_row(chart, place),
    }
}

fn at_x(chart: &Chart, x: f64) -> Reading {
    let layers = chart.layers.iter().enumerate();
    let values = layers.filter_map(|(index, layer)| value_at(chart, index, layer, x));
    Reading {
        place: bin(chart, x).unwrap_or_else(|| chart.x.say(x)),
        values: highest_first(values.collect()),
    }
}

/// The bin at `x`, from its lower to its upper edge.
fn bin(chart: &Chart, x: f64) -> Option<String> {
    let edges = chart.layers.iter().find_map(edges)?;
    let after = edges.partition_point(|edge| *edge <= x);
    let (low, high) = (edges.get(after.checked_sub(1)?)?, edges.get(after)?);
    let digits = |edge: f64| chart.x.digits(edge);
    Some(format!(
        "{} {} to {}",
        chart.x.label,
        digits(*low),
        digits(*high)
    ))
}

/// Runs are listed as they lie over each other; other layers in their order.
fn highest_first(mut values: Vec<(f64, Value)>) -> Vec<Value> {
    let runs = values.iter().all(|(height, _)| height.is_finite());
    if runs {
        values.sort_by(|a, b| b.0.total_cmp(&a.0));
    }
    values.into_iter().map(|(_, value)| value).collect()
}

/// The height that a value is sorted by, NaN for one that keeps its place; and the value.
type Found = (f64, Value);

fn of_series(chart: &Chart, index: usize, layer: &Layer, series: &Curve, x: f64) -> Option<Found> {
    let (point, smooth) = series.at(x)?;
    let raw = chart.y.digits(point[1]);
    let text = match smooth {
        Some(smooth) => format!("{} ({raw})", chart.y.digits(smooth)),
        None => raw,
    };
    let height = smooth.unwrap_or(point[1]);
    let value = Value {
        layer: index,
        name: layer.name.clone(),
        text,
        at: Some([point[0], height]),
    };
    Some((
        if height.is_nan() {
            f64::NEG_INFINITY
        } else {
            height
        },
        value,
    ))
}

fn value_at(chart: &Chart, index: usize, layer: &Layer, x: f64) -> Option<Found> {
    let (text, at) = match &layer.shape {
        Shape::Curve(series) => {
            return reaches(series, x)
                .then(|| of_series(chart, index, layer, series, x))
                .flatten();
        }
        Shape::Bars { edges, heights } => {
            let after = edges.partition_point(|edge| *edge <= x);
            (chart.y.digits(*heights.get(after.checked_sub(1)?)?), None)
        }
        Shape::Line { points, .. } | Shape::Points(points) => {
            let point = near(points, x)?;
            (chart.y.digits(point[1]), Some(point))
        }
        Shape::Band(points) => {
            let distance = |point: &[f64; 3]| (point[0] - x).abs();
            let nearest = points
                .iter()
                .min_by(|a, b| distance(a).total_cmp(&distance(b)));
            let [_, low, high] = nearest?;
            let text = format!("{} to {}", chart.y.digits(*low), chart.y.digits(*high));
            (text, None)
        }
        Shape::Area(_) | Shape::VLine { .. } | Shape::Rug(_) | Shape::Dot { .. } => return None,
    };
    let name = match layer.name.as_str() {
        "" if matches!(layer.shape, Shape::Line { .. }) && named(chart) => return None,
        "" => chart.y.label.clone(),
        name => name.to_owned(),
    };
    let value = Value {
        layer: index,
        name,
        text,
        at,
    };
    Some((f64::NAN, value))
}

/// Whether any layer of `chart` has a name: the others then say nothing of their own.
fn named(chart: &Chart) -> bool {
    chart.layers.iter().any(|layer| !layer.name.is_empty())
}

/// Whether a run still goes on at `x`, or was logged nearby.
fn reaches(series: &Curve, x: f64) -> bool {
    let points = series.points.points();
    let ([first, second, ..], [.., before, last]) = (points, points) else {
        return true;
    };
    x >= first[0] - (second[0] - first[0]) && x <= last[0] + (last[0] - before[0])
}

/// The point nearest to `x`, where the points reach so far.
fn near(points: &[[f64; 2]], x: f64) -> Option<[f64; 2]> {
    let finite = || points.iter().filter(|point| point[0].is_finite());
    let low = finite().map(|point| point[0]).fold(f64::INFINITY, f64::min);
    let high = finite()
        .map(|point| point[0])
        .fold(f64::NEG_INFINITY, f64::max);
    let found = finite().min_by(|a, b| (a[0] - x).abs().total_cmp(&(b[0] - x).abs()));
    found.filter(|_| (low..=high).contains(&x)).copied()
}

/// A row: where its lines cross it, and how many points lie in it.
fn of_row(chart: &Chart, row: f64) -> Reading {
    let within = |y: f64| (row - 1e-6..row + 1.0 - 1e-6).contains(&y);
    let values = chart.layers.iter().enumerate().filter_map(|(layer, of)| {
        let (text, at) = match &of.shape {
            Shape::Line { points, .. } => {
                let point = points.iter().find(|point| within(point[1]))?;
                (chart.x.digits(point[0]), Some([point[0], row]))
            }
            Shape::Points(points) => {
                let count = points.iter().filter(|point| within(point[1])).count();
                (count.to_string(), None)
            }
            _ => return None,
        };
        let name = of.name.clone();
        (!name.is_empty()).then_some(Value {
            layer,
            name,
            text,
            at,
        })
    });
    let named = (chart.y.names.iter()).find(|(place, _)| (place - row).abs() < 1e-6);
    let name = named.map_or("", |(_, name)| name.as_str());
    Reading {
        place: format!("{} {name}", chart.y.label),
        values: values.collect(),
    }
}
