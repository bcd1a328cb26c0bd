//! A chart read aloud: the places a reading line can stand at, and what the layers show there.
//!
//! Enters: a [`Chart`]. Leaves: places along an axis, and sentences. The window moves the line by
//! keyboard and says the sentence; a picture alone tells nothing to who cannot see it.

use crate::figure::{Axis, Chart, Layer, Shape};

/// Which way the reading line moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// From left to right.
    X,
    /// From row to row, where the vertical axis has names in place of numbers.
    Rows,
}

/// The places of a reading line, ascending.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Which way it moves.
    pub along: Along,
    /// Where it can stand, in units of that axis.
    pub places: Vec<f64>,
}

impl Reading {
    /// The places of `chart`: its rows, the middles of its bars, or the points of its first line.
    #[must_use]
    pub fn of(chart: &Chart) -> Self {
        if !chart.y.names.is_empty() {
            let mut places: Vec<f64> = chart.y.names.iter().map(|(place, _)| *place).collect();
            places.sort_by(f64::total_cmp);
            return Self {
                along: Along::Rows,
                places,
            };
        }
        let bars = chart.layers.iter().find_map(|layer| match &layer.shape {
            Shape::Bars { edges, .. } => Some(
                edges
                    .windows(2)
                    .map(|edges| f64::midpoint(edges[0], edges[1]))
                    .collect(),
            ),
            _ => None,
        });
        let line = || {
            let several = |points: &&Vec<[f64; 2]>| points.len() > 1;
            let lines = chart.layers.iter().filter_map(|layer| match &layer.shape {
                Shape::Line { points, .. } | Shape::Points(points) => Some(points),
                _ => None,
            });
            let points = lines.filter(several).max_by_key(|points| points.len());
            points.map(|points| points.iter().map(|point| point[0]).collect())
        };
        let mut places: Vec<f64> = bars.or_else(line).unwrap_or_default();
        places.retain(|place| place.is_finite());
        places.sort_by(f64::total_cmp);
        places.dedup();
        Self {
            along: Along::X,
            places,
        }
    }

    /// The place `steps` after the one nearest to `from`; the first or the last one without it.
    #[must_use]
    pub fn step(&self, from: Option<f64>, steps: i64) -> Option<f64> {
        let last = self.places.len().checked_sub(1)?;
        let Some(from) = from else {
            return Some(self.places[if steps < 0 { last } else { 0 }]);
        };
        let after = self.places.partition_point(|place| *place < from);
        let before = after.saturating_sub(1);
        let nearer = |a: usize, b: usize| {
            let distance = |at: usize| (self.places[at.min(last)] - from).abs();
            if distance(a) < distance(b) { a } else { b }
        };
        let now = nearer(before, after).min(last) as i64;
        let to = now.saturating_add(steps).clamp(0, last as i64);
        self.places.get(to as usize).copied()
    }
}

/// What `chart` is, as a whole: its axes, its lines with a place of their own, its caption.
#[must_use]
pub fn summary(chart: &Chart) -> String {
    let range = |axis: &Axis| {
        let log = if axis.log { ", logarithmic" } else { "" };
        let (low, high) = (Axis::read(axis.low), Axis::read(axis.high));
        format!("{} from {low} to {high}{log}", axis.label)
    };
    let mut parts = vec![format!("{} over {}", chart.y.label, range(&chart.x))];
    for layer in &chart.layers {
        match &layer.shape {
            Shape::VLine { x, label, .. } => {
                parts.push(format!("{label} at {}", Axis::read(*x)));
            }
            Shape::Dot { at, label } => {
                let [x, y] = at.map(Axis::read);
                parts.push(format!("{label} at {x}, {y}"));
            }
            _ => {}
        }
    }
    parts.extend(chart.caption.iter().cloned());
    parts.join("; ")
}

/// What the layers of `chart` show at `place`, in a sentence.
#[must_use]
pub fn read(chart: &Chart, along: Along, place: f64) -> String {
    match along {
        Along::X => at_x(chart, place),
        Along::Rows => of_row(chart, place),
    }
}

fn at_x(chart: &Chart, x: f64) -> String {
    let values = chart.layers.iter().filter_map(|layer| {
        let value = value_at(layer, x)?;
        let name = if layer.name.is_empty() {
            chart.y.label.as_str()
        } else {
            layer.name.as_str()
        };
        Some(format!("{name} {value}"))
    });
    let values: Vec<String> = values.collect();
    let place = format!("{} {}", chart.x.label, Axis::read(x));
    if values.is_empty() {
        format!("{place}: nothing here")
    } else {
        format!("{place}: {}", values.join(", "))
    }
}

fn value_at(layer: &Layer, x: f64) -> Option<String> {
    let near = |points: &[[f64; 2]]| {
        let finite = points.iter().filter(|point| point[0].is_finite());
        let (low, high) = finite
            .clone()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), point| {
                (low.min(point[0]), high.max(point[0]))
            });
        let found = finite.min_by(|a, b| (a[0] - x).abs().total_cmp(&(b[0] - x).abs()));
        found
            .filter(|_| (low..=high).contains(&x))
            .map(|point| Axis::read(point[1]))
    };
    match &layer.shape {
        Shape::Bars { edges, heights } => {
            let after = edges.partition_point(|edge| *edge <= x);
            heights
                .get(after.checked_sub(1)?)
                .map(|height| Axis::read(*height))
        }
        Shape::Line { points, .. } | Shape::Points(points) | Shape::Area(points) => near(points),
        Shape::Band(points) => {
            let found = points.iter().min_by(|a, b| {
                let (a, b) = ((a[0] - x).abs(), (b[0] - x).abs());
                a.total_cmp(&b)
            })?;
            Some(format!(
                "{} to {}",
                Axis::read(found[1]),
                Axis::read(found[2])
            ))
        }
        Shape::VLine { .. } | Shape::Rug(_) | Shape::Dot { .. } => None,
    }
}

/// A row: where its lines cross it, and how many points lie in it.
fn of_row(chart: &Chart, row: f64) -> String {
    let within = |y: f64| (row - 1e-6..row + 1.0 - 1e-6).contains(&y);
    let values = chart.layers.iter().filter_map(|layer| {
        let text = match &layer.shape {
            Shape::Line { points, .. } => {
                let point = points.iter().find(|point| within(point[1]))?;
                Axis::read(point[0])
            }
            Shape::Points(points) => {
                let count = points.iter().filter(|point| within(point[1])).count();
                count.to_string()
            }
            _ => return None,
        };
        (!layer.name.is_empty()).then(|| format!("{} {text}", layer.name))
    });
    let values: Vec<String> = values.collect();
    let named = (chart.y.names.iter()).find(|(place, _)| (place - row).abs() < 1e-6);
    let name = named.map_or("", |(_, name)| name.as_str());
    format!("{} {name}: {}", chart.y.label, values.join(", "))
}
