//! A layer type's ratios over the blocks, with one layer marked.

use crate::figure::{Axis, Chart, Ink, Layer, Legend, Shape, Stroke};

/// The chart of `ratios` (block, SNR, whether the layer trains); `this` is the place of the marked
/// layer among them.
#[must_use]
pub fn profile(ratios: &[(u32, f64, bool)], this: Option<usize>) -> Chart {
    let point = |&(block, snr, _): &(u32, f64, bool)| [f64::from(block), snr];
    let mut sorted: Vec<[f64; 2]> = ratios.iter().map(point).collect();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]));
    // A line through several layers of one block would be a scribble.
    let alone = sorted.windows(2).all(|pair| pair[0][0] < pair[1][0]);
    let snr = || sorted.iter().map(|point| point[1]);
    let (low, high) = (
        snr().fold(f64::INFINITY, f64::min),
        snr().fold(0.0, f64::max),
    );
    let last = sorted.last().map_or(1.0, |point| point[0]);
    let first = sorted.first().map_or(0.0, |point| point[0]);
    let room = ((last - first) * 0.03).max(0.5);
    let trains = ratios.iter().filter(|(.., trains)| *trains);
    let trains: Vec<[f64; 2]> = trains.map(point).collect();
    let shape = if alone {
        let (points, stroke) = (sorted, Stroke::Fine);
        Shape::Line { points, stroke }
    } else {
        Shape::Points(sorted)
    };
    let mut layers = vec![
        Layer::new("SNR", Ink::Quiet, shape),
        Layer::new("trains", Ink::Series(0), Shape::Points(trains)),
    ];
    if let Some(at) = this.and_then(|this| ratios.get(this)).map(point) {
        let label = "this layer".to_owned();
        layers.push(Layer::new(
            "this layer",
            Ink::Text,
            Shape::Dot { at, label },
        ));
    }
    Chart {
        title: "SNR over blocks".to_owned(),
        caption: Vec::new(),
        x: Axis::new("block", false, first - room, last + room),
        y: Axis::new("SNR", true, low / 1.15, high * 1.15),
        layers,
        aspect: 0.5,
        legend: Legend::Above,
    }
}
