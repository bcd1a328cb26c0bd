//! Values and colors of the cells.

use layerscope::figure::{BINS, ColorMap, Grid, Mode, Options, Picture, Value, Values};
use layerscope::report::{ReportBuilder, SnrReport};
use layerscope::selection::Ranking;

/// One type with these ratios in blocks 0, 1, ….
fn report(ratios: &[Option<f64>]) -> SnrReport {
    let mut builder = ReportBuilder::new("test");
    for (block, &snr) in ratios.iter().enumerate() {
        builder
            .push(&format!("model.layers.{block}.mlp.up_proj"), "mlp.up_proj")
            .snr = snr;
    }
    builder.finish()
}

fn values(report: &SnrReport, mode: Mode) -> Values {
    let grid = Grid::new(report, &Options::default());
    Values::new(report, &Ranking::new(report), &grid, mode)
}

#[test]
fn what_has_no_number_has_a_mark_of_its_own() {
    let ratios = [
        Some(0.5),
        Some(f64::INFINITY),
        Some(f64::NAN),
        None,
        Some(2.0),
    ];
    let values = values(&report(&ratios), Mode::Snr);
    let expected = [
        Value::Number(0.5),
        Value::Infinite,
        Value::Nan,
        Value::Waiting,
        Value::Number(2.0),
    ];
    assert_eq!(values.cells, expected);
    assert_eq!((values.infinite, values.nan, values.waiting), (1, 1, 1));
    assert_eq!(values.histogram.len(), BINS);
    assert_eq!(values.histogram.iter().sum::<u32>(), 2);
    let picture = Picture::new(&values, ColorMap::Viridis);
    assert_eq!((picture.width, picture.height), (5, 1));
    assert_eq!(picture.pixels[0], [68, 1, 84, 255]);
    assert_eq!(picture.pixels[4], [253, 231, 37, 255]);
    assert_eq!(
        picture.pixels[1..4],
        [[0; 4]; 3],
        "marks are left to who draws"
    );
}

#[test]
fn only_infinite_ratios_have_no_scale() {
    let values = values(&report(&[Some(f64::INFINITY); 4]), Mode::Snr);
    assert_eq!(values.scale, None);
    assert!(values.histogram.is_empty());
    assert_eq!(Picture::new(&values, ColorMap::Grey).pixels, [[0; 4]; 4]);
}

#[test]
fn an_empty_report_has_no_picture() {
    for mode in Mode::ALL {
        let values = values(&SnrReport::default(), mode);
        assert_eq!(values.scale, None);
        assert_eq!(Picture::new(&values, ColorMap::Magma), Picture::default());
    }
}

#[test]
fn ranks_run_from_one_to_zero_and_ties_share_a_place() {
    let number = |ratios: &[Option<f64>]| values(&report(ratios), Mode::Rank).cells;
    let expected = [Value::Number(0.0), Value::Number(1.0), Value::Number(0.5)];
    assert_eq!(number(&[Some(0.1), Some(9.0), Some(0.2)]), expected);
    assert_eq!(number(&[Some(f64::INFINITY); 3]), [Value::Number(0.5); 3]);
    let expected = [
        Value::Nan,
        Value::Number(1.0),
        Value::Waiting,
        Value::Number(0.0),
    ];
    let ratios = [Some(f64::NAN), Some(f64::INFINITY), None, Some(1.0)];
    assert_eq!(number(&ratios), expected);
    assert_eq!(number(&[Some(3.0)]), [Value::Number(1.0)]);
}

#[test]
fn a_folded_cell_is_the_mean_of_its_finite_values() {
    let mut builder = ReportBuilder::new("moe");
    for (expert, snr) in [1.0, 4.0, f64::INFINITY, f64::NAN].into_iter().enumerate() {
        let name = format!("mlp.experts.{expert}.up_proj");
        builder.push(&format!("model.layers.0.{name}"), &name).snr = Some(snr);
        builder.push(&format!("model.layers.1.{name}"), &name).snr = Some(f64::INFINITY);
    }
    let report = builder.finish();
    let grid = Grid::new(&report, &Options::default());
    let values = Values::new(&report, &Ranking::new(&report), &grid, Mode::Snr);
    assert_eq!(values.cells, [Value::Number(2.5), Value::Infinite]);
    let spread = values.spread(grid.modules(0, 0)).unwrap();
    assert!((spread.least - 1.0).abs() < 1e-12 && (spread.greatest - 4.0).abs() < 1e-12);
    assert_eq!(spread.finite, 2);
    assert_eq!(values.spread(grid.modules(0, 1)), None);
}

#[test]
fn folding_does_not_change_the_scale() {
    let mut builder = ReportBuilder::new("moe");
    for expert in 0..20 {
        let name = format!("mlp.experts.{expert}.up_proj");
        builder.push(&format!("model.layers.0.{name}"), &name).snr = Some(f64::from(expert + 1));
    }
    let report = builder.finish();
    let ranking = Ranking::new(&report);
    let scale = |options: &Options| {
        let grid = Grid::new(&report, options);
        Values::new(&report, &ranking, &grid, Mode::Snr).scale
    };
    let open = Options {
        unfolded: ["mlp.experts.*.up_proj".to_owned()].into(),
    };
    assert_eq!(scale(&Options::default()), scale(&open));
}

#[test]
fn a_change_has_zero_in_the_middle_of_its_scale_and_colors_of_its_own() {
    let mut tuned = report(&[Some(1.0), Some(2.0), Some(1.0), None]);
    let base = report(&[Some(1.0), Some(1.0), Some(8.0), Some(1.0)]);
    assert_eq!(
        Mode::offered(&tuned)
            .filter(|mode| mode.needs_other())
            .count(),
        0
    );
    tuned.hold_against(&base).unwrap();
    assert_eq!(
        Mode::offered(&tuned)
            .filter(|mode| mode.needs_other())
            .count(),
        2
    );
    let changes = values(&tuned, Mode::Change);
    let numbers = [0.0, 1.0, -3.0].map(Value::Number);
    assert_eq!(changes.cells[..3], numbers);
    assert_eq!(changes.cells[3], Value::Waiting);
    let scale = changes.scale.unwrap();
    assert_eq!(
        (scale.low, scale.high, scale.position(0.0)),
        (-3.0, 3.0, 0.5)
    );
    let middle = ColorMap::Sides.at(0.5);
    let [r, g, b, _] = Picture::new(&changes, ColorMap::Magma).pixels[0];
    assert_eq!([r, g, b], middle);
}

#[test]
fn both_reports_share_one_scale() {
    let mut tuned = report(&[Some(1.0), Some(2.0)]);
    tuned
        .hold_against(&report(&[Some(16.0), Some(4.0)]))
        .unwrap();
    let (here, there) = (values(&tuned, Mode::Snr), values(&tuned, Mode::Other));
    assert_eq!(here.scale, there.scale);
    assert_eq!(there.cells, [Value::Number(16.0), Value::Number(4.0)]);
}
