//! A chart read aloud: places of the line, and what it says there.

use layerscope::figure::reading::{Along, Reading, read, summary};
use layerscope::figure::{Axis, Chart, Ink, Layer, Legend, Shape, Stroke};

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
    let reading = Reading::of(&histogram());
    assert_eq!(reading.along, Along::X);
    assert_eq!(reading.places, [0.5, 1.5, 3.0]);
    assert_eq!(reading.step(None, 1), Some(0.5));
    assert_eq!(reading.step(None, -1), Some(3.0));
    assert_eq!(reading.step(Some(0.5), 1), Some(1.5));
    assert_eq!(reading.step(Some(1.6), 1), Some(3.0), "from the nearest");
    assert_eq!(reading.step(Some(3.0), 10), Some(3.0));
    assert_eq!(reading.step(Some(3.0), -10), Some(0.5));
}

#[test]
fn it_says_what_every_layer_shows_there() {
    let said = read(&histogram(), Along::X, 1.5);
    for part in ["Singular value 1.5", "bulk 0.5", "law 0.5"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    // The law ends before the last bar.
    let said = read(&histogram(), Along::X, 3.0);
    assert!(
        said.contains("bulk 0.125") && !said.contains("law"),
        "{said}"
    );
    let whole = summary(&histogram());
    for part in [
        "Density over Singular value from 0 to 4",
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
    let reading = Reading::of(&chart);
    assert_eq!(
        (reading.along, &reading.places[..]),
        (Along::Rows, &[0.0, 1.0][..])
    );
    assert_eq!(
        read(&chart, Along::Rows, 0.0),
        "block 9: edge 5.00, spikes 2"
    );
    assert_eq!(
        read(&chart, Along::Rows, 1.0),
        "block 8: edge 7.00, spikes 1"
    );
}

#[test]
fn a_chart_without_anything_to_read_has_no_places() {
    let reading = Reading::of(&chart(Vec::new()));
    assert_eq!(reading.step(None, 1), None);
    assert!(read(&chart(Vec::new()), Along::X, 1.0).contains("nothing"));
}
