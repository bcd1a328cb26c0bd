//! What the charts of spectra hold.

use layerscope::figure::{
    Chart, Histogram, Layer, Quantity, Shape, SpectrumSettings, WaterfallRow, energy, overlay,
    spectrum, tail, waterfall,
};
use layerscope::spectral::law::ScaleMethod;

use crate::support;

fn layer<'a>(chart: &'a Chart, name: &str) -> &'a Layer {
    chart
        .layers
        .iter()
        .find(|layer| layer.name == name)
        .expect("is drawn")
}

fn marks(chart: &Chart) -> Vec<(f64, &str)> {
    let marks = chart.layers.iter().filter_map(|layer| match &layer.shape {
        Shape::VLine { x, label, .. } => Some((*x, label.as_str())),
        _ => None,
    });
    marks.collect()
}

#[test]
fn a_histogram_has_area_1_and_parts_at_the_edge() {
    let values = support::values();
    for (log, edge) in [
        (false, None),
        (false, Some(38.0)),
        (true, Some(38.0)),
        (true, None),
    ] {
        let histogram = Histogram::new(&values, None, log, edge);
        let width = |pair: &[f64]| {
            if log {
                (pair[1] / pair[0]).log10()
            } else {
                pair[1] - pair[0]
            }
        };
        let areas = histogram.edges.windows(2).map(width);
        let area = |part: &[f64]| -> f64 { areas.clone().zip(part).map(|(w, h)| w * h).sum() };
        let (bulk, tail) = (area(&histogram.bulk), area(&histogram.tail));
        assert!((bulk + tail - 1.0).abs() < 1e-9, "{bulk} {tail}");
        let spikes = if edge.is_some() { 3.0 } else { 0.0 };
        assert!((tail * 128.0 - spikes).abs() < 1e-9, "{tail}");
        if let Some(edge) = edge {
            let nearest = histogram.edges.iter().map(|e| (e - edge).abs());
            assert!(nearest.fold(f64::INFINITY, f64::min) < 1e-9);
        }
        assert!(histogram.edges.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

#[test]
fn odd_values_have_a_histogram_too() {
    for values in [
        vec![],
        vec![0.0],
        vec![2.0; 5],
        vec![f64::NAN],
        vec![0.0, 1e-300, 1e300],
    ] {
        for log in [false, true] {
            let histogram = Histogram::new(&values, Some(7), log, Some(1.0));
            let bars = histogram.bulk.iter().chain(&histogram.tail);
            assert!(
                bars.copied().all(f64::is_finite),
                "{values:?} {histogram:?}"
            );
        }
    }
}

#[test]
fn the_spectrum_shows_bulk_spikes_law_and_all_three_marks() {
    let values = support::values();
    let profile = support::profile(&values);
    let input = support::spectrum("model.layers.3.mlp.up_proj", &values, &profile);
    let chart = spectrum(&input, &SpectrumSettings::default());
    assert_eq!(chart.title, "model.layers.3.mlp.up_proj");
    let caption = chart.caption.join("\n");
    for text in ["128 × 512", "β = 0.250", "by median", "3 spikes", "KS"] {
        assert!(caption.contains(text), "{text} in {caption}");
    }
    let fit = profile.fit.unwrap();
    let expected = [profile.snr.tau, fit.law.s_edges().1, fit.tw95];
    let drawn = marks(&chart);
    assert_eq!(
        drawn.iter().map(|mark| mark.0).collect::<Vec<_>>(),
        expected
    );
    assert!(drawn[0].1.contains('τ') && drawn[1].1.contains("S₊") && drawn[2].1.contains("TW"));
    let Shape::Line { points, .. } = &layer(&chart, "Marchenko–Pastur law").shape else {
        panic!("the law is a line");
    };
    let area: f64 = points
        .windows(2)
        .map(|p| (p[1][0] - p[0][0]) * f64::midpoint(p[0][1], p[1][1]))
        .sum();
    assert!(
        (area - 125.0 / 128.0).abs() < 1e-3,
        "the law covers the bulk's share: {area}"
    );
}

#[test]
fn marks_of_eigenvalues_are_eigenvalues() {
    let values = support::values();
    let profile = support::profile(&values);
    let input = support::spectrum("m", &values, &profile);
    let settings = SpectrumSettings {
        of: Quantity::Lambda,
        ..SpectrumSettings::default()
    };
    let chart = spectrum(&input, &settings);
    let fit = profile.fit.unwrap();
    assert!((marks(&chart)[1].0 - fit.law.lambda_edges().1).abs() < 1e-9);
    assert!(marks(&chart)[1].1.contains("λ₊"));
}

#[test]
fn the_energy_ends_at_1_and_lies_above_noise() {
    let values = support::values();
    let profile = support::profile(&values);
    let chart = energy(&support::spectrum("m", &values, &profile));
    let at = |name: &str| match &layer(&chart, name).shape {
        Shape::Line { points, .. } => points.clone(),
        other => panic!("{other:?}"),
    };
    let (own, noise) = (at("this layer"), at("pure noise of this shape"));
    assert!((own.last().unwrap()[1] - 1.0).abs() < 1e-9);
    assert_eq!(own[3][0].to_bits(), 3_f64.to_bits());
    assert!(own[3][1] > noise[3][1]);
}

#[test]
fn the_tails_line_goes_through_the_tail() {
    // A power law without its chance: S² at the quantiles of p(λ) ∝ λ^−3.
    let values: Vec<f64> = (0..400)
        .map(|i| ((f64::from(i) + 0.5) / 400.0).powf(-0.25))
        .collect();
    let profile =
        layerscope::spectral::law::Profile::of(&values, 400, 400, ScaleMethod::Median).unwrap();
    let chart = tail(&support::spectrum("m", &values, &profile));
    assert!(chart.caption[1].starts_with("α = "), "{:?}", chart.caption);
    let line = chart
        .layers
        .iter()
        .find(|layer| layer.name.starts_with("power law"));
    let Some(Shape::Line { points, .. }) = line.map(|layer| &layer.shape) else {
        panic!("no line");
    };
    let slope = (points[1][1] / points[0][1]).ln() / (points[1][0] / points[0][0]).ln();
    assert!((slope + 2.0).abs() < 0.1, "{slope}");
}

#[test]
fn a_waterfall_has_its_first_row_on_top_and_all_spikes() {
    let row = |name: &str| WaterfallRow {
        name: name.to_owned(),
        values: support::values(),
        rows: 128,
        cols: 512,
    };
    let rows = [row("0"), row("1"), row("2")];
    let chart = waterfall(
        "m",
        &rows,
        &SpectrumSettings::default(),
        ScaleMethod::Median,
    );
    let names: Vec<(f64, &str)> = chart
        .y
        .names
        .iter()
        .map(|(y, name)| (*y, name.as_str()))
        .collect();
    assert_eq!(names, [(0.0, "2"), (1.0, "1"), (2.0, "0")]);
    let Shape::Points(points) = &layer(&chart, "spikes").shape else {
        panic!("spikes are points");
    };
    assert_eq!(points.len(), 9);
    let nothing = waterfall("m", &[], &SpectrumSettings::default(), ScaleMethod::Median);
    assert!(nothing.x.low < nothing.x.high && nothing.y.low < nothing.y.high);
}

#[test]
fn several_layers_are_listed_once_each() {
    let values = support::values();
    let profile = support::profile(&values);
    let layers = ["a", "b"].map(|name| support::spectrum(name, &values, &profile));
    let chart = overlay("model", &layers, &SpectrumSettings::default());
    let named: Vec<&str> = chart
        .layers
        .iter()
        .map(|layer| layer.name.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(named, ["a", "b"]);
}
