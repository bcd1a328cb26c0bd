//! A chart read aloud: places of the line, and what it says there.

use std::sync::Arc;

use layerscope::figure::reading::{self, Along, along, nearest, step, summary};
use layerscope::figure::{Axis, Chart, Curve, Form, Ink, Layer, Legend, Levels, Shape, Stroke};

fn read(chart: &Chart, place: f64) -> String {
    reading::read(chart, place).sentence()
}

fn chart(layers: Vec<Layer>) -> Chart {
    Chart {
        title: "made up".to_owned(),
        caption: vec!["4 × 4".to_owned()],
        x: Axis::new("Singular value", false, 0.0, 4.0),
        y: Axis::new("Density", false, 0.0, 1.0),
        layers,
        aspect: 0.5,
        legend: Legend::Above,
    }
}

fn histogram() -> Chart {
    let bars = Shape::Bars {
        edges: vec![0.0, 1.0, 2.0, 4.0],
        heights: vec![0.25, 0.5, 0.125],
    };
    let law = Shape::Line {
        points: vec![[0.5, 0.75], [1.5, 0.5]],
        stroke: Stroke::Solid,
    };
    let edge = Shape::VLine {
        x: 2.0,
        label: "edge".to_owned(),
        stroke: Stroke::Solid,
    };
    chart(vec![
        Layer::new("bulk", Ink::Quiet, bars),
        Layer::new("law", Ink::Text, law),
        Layer::unnamed(Ink::Series(0), edge),
    ])
}

#[test]
fn the_line_goes_from_bar_to_bar_and_stops_at_the_ends() {
    let chart = histogram();
    assert_eq!(along(&chart), Along::X);
    assert_eq!(step(&chart, None, 1), Some(0.5));
    assert_eq!(step(&chart, None, -1), Some(3.0));
    assert_eq!(step(&chart, Some(0.5), 1), Some(1.5));
    assert_eq!(step(&chart, Some(1.6), 1), Some(3.0), "from the nearest");
    assert_eq!(step(&chart, Some(3.0), 10), Some(3.0));
    assert_eq!(step(&chart, Some(3.0), -10), Some(0.5));
    assert_eq!(nearest(&chart, 2.5), Some(3.0));
}

#[test]
fn it_says_what_every_layer_shows_there() {
    let said = read(&histogram(), 1.5);
    for part in ["Singular value 1.000 to 2.000", "bulk 0.5", "law 0.5"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    // The law ends before the last bar.
    let said = read(&histogram(), 3.0);
    assert!(
        said.contains("bulk 0.125") && !said.contains("law"),
        "{said}"
    );
    let whole = summary(&histogram());
    for part in [
        "Density over Singular value 0 to Singular value 4",
        "edge at 2",
        "4 × 4",
    ] {
        assert!(whole.contains(part), "{part} in {whole}");
    }
}

#[test]
fn rows_with_names_are_read_row_by_row() {
    let line = Shape::Line {
        points: vec![[7.0, 2.0], [7.0, 1.0], [5.0, 1.0], [5.0, 0.0]],
        stroke: Stroke::Solid,
    };
    let spikes = Shape::Points(vec![[1.0, 0.12], [2.0, 0.12], [3.0, 1.12]]);
    let mut chart = chart(vec![
        Layer::new("edge", Ink::Text, line),
        Layer::new("spikes", Ink::Text, spikes),
    ]);
    chart.y = Axis {
        names: vec![(0.0, "9".to_owned()), (1.0, "8".to_owned())],
        ..Axis::new("block", false, 0.0, 2.0)
    };
    assert_eq!(along(&chart), Along::Rows);
    assert_eq!(nearest(&chart, 0.4), Some(0.0));
    assert_eq!(step(&chart, Some(0.0), 1), Some(1.0));
    assert_eq!(read(&chart, 0.0), "block 9: edge 5.000, spikes 2");
    assert_eq!(read(&chart, 1.0), "block 8: edge 7.000, spikes 1");
}

#[test]
fn a_chart_without_anything_to_read_has_no_places() {
    assert_eq!(step(&chart(Vec::new()), None, 1), None);
    assert!(read(&chart(Vec::new()), 1.0).contains("nothing"));
}

#[test]
fn runs_are_read_highest_first_and_only_as_far_as_they_go() {
    let run = |name: &str, points: Vec<[f64; 2]>| {
        let series = Curve {
            points: Arc::new(Levels::new(points)),
            logged: None,
            form: Form::Line,
            stroke: Stroke::Solid,
        };
        Layer::new(name, Ink::Series(0), Shape::Curve(series))
    };
    let short = run("short", vec![[0.0, 1.0], [10.0, 0.5]]);
    let long = run(
        "long",
        (0..=10).map(|n| [f64::from(n) * 10.0, 2.0]).collect(),
    );
    let chart = chart(vec![short, long]);
    assert_eq!(
        read(&chart, 10.0),
        "Singular value 10: long 2.000, short 0.5000"
    );
    assert_eq!(read(&chart, 90.0), "Singular value 90: long 2.000");
    let whole = summary(&chart);
    assert!(
        whole.starts_with("last values: long 2.000, short 0.5000"),
        "{whole}"
    );
}
