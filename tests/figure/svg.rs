//! Figures as SVG and PNG.

use std::path::Path;

use layerscope::figure::{
    Axis, Chart, ColorMap, Grid, HeatmapFigure, Ink, Layer, Legend, Mode, Options, Quantity, Shape,
    SpectrumSettings, Stroke, Style, Values, WaterfallRow, energy, fonts, heatmap_svg, png,
    spectrum, svg, tail, waterfall,
};
use layerscope::sample;
use layerscope::selection::{Choice, FreezeSet, Mark, Ranking};
use layerscope::spectral::law::ScaleMethod;

use crate::support::{self, assert_readable, texts};

fn styles() -> Vec<Style> {
    let style = |width, height, dark| Style {
        width,
        height,
        dark,
        text: None,
    };
    vec![
        Style::default(),
        style(200.0, None, true),
        style(326.0, Some(160.0), false),
        style(900.0, Some(500.0), true),
    ]
}

fn small() -> Chart {
    let line = Shape::Line {
        points: vec![[0.0, 0.0], [1.0, 0.5], [2.0, 2.0]],
        stroke: Stroke::Solid,
    };
    let bars = Shape::Bars {
        edges: vec![0.0, 1.0, 2.0],
        heights: vec![1.0, 0.25],
    };
    let mark = Shape::VLine {
        x: 1.5,
        label: "here".to_owned(),
        stroke: Stroke::Dashed,
    };
    Chart {
        title: "A <small> chart & its \"title\"".to_owned(),
        caption: vec!["caption".to_owned()],
        x: Axis::new("x", false, 0.0, 2.0),
        y: Axis::new("y", false, 0.0, 2.0),
        layers: vec![
            Layer::new("bars", Ink::Quiet, bars),
            Layer::new("line", Ink::Series(0), line),
            Layer::unnamed(Ink::Series(1), Shape::Rug(vec![0.5, 1.9])),
            Layer::unnamed(Ink::Series(3), Shape::Points(vec![[0.2, 1.5]])),
            Layer::unnamed(
                Ink::Series(2),
                Shape::Band(vec![[0.0, 1.0, 1.5], [2.0, 1.0, 2.0]]),
            ),
            Layer::unnamed(Ink::Series(1), mark),
        ],
        aspect: 0.5,
        legend: Legend::Above,
    }
}

#[test]
fn a_figure_is_the_same_bytes_everywhere() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/chart.svg");
    let drawn = svg(&small(), &Style::default());
    // After a wanted change: run with UPDATE_FIGURES=1, and look at the picture.
    if std::env::var_os("UPDATE_FIGURES").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(drawn == kept, "{drawn}");
}

#[test]
fn names_stay_text_whatever_they_hold() {
    let (texts, _) = texts(&svg(&small(), &Style::default()));
    assert_eq!(texts[0].says, "A <small> chart & its \"title\"");
}

#[test]
fn no_label_of_a_spectrum_covers_another_or_leaves_the_page() {
    let values = support::values();
    let profile = support::profile(&values);
    let names = [
        "lm_head",
        "model.language_model.layers.11.block_sparse_moe.experts.127.down_proj",
    ];
    for name in names {
        let layer = support::spectrum(name, &values, &profile);
        for style in styles() {
            for of in [Quantity::S, Quantity::Lambda] {
                for (log_x, log_y) in [(false, false), (true, false), (false, true), (true, true)] {
                    let settings = SpectrumSettings {
                        of,
                        bins: None,
                        log_x,
                        log_y,
                    };
                    assert_readable(&svg(&spectrum(&layer, &settings), &style));
                }
            }
            assert_readable(&svg(&tail(&layer), &style));
            assert_readable(&svg(&energy(&layer), &style));
        }
    }
}

#[test]
fn no_label_of_a_waterfall_covers_another() {
    let row = |block: usize| WaterfallRow {
        name: block.to_string(),
        values: support::values(),
        rows: 128,
        cols: 512,
    };
    for blocks in [1, 30, 126] {
        let rows: Vec<WaterfallRow> = (0..blocks).map(row).collect();
        let chart = waterfall(
            "m · t",
            &rows,
            &SpectrumSettings::default(),
            ScaleMethod::Median,
        );
        for style in styles() {
            assert_readable(&svg(&chart, &style));
        }
    }
}

#[test]
fn the_samples_heatmap_is_readable_and_shows_what_trains() {
    let (report, _) = sample::open().unwrap();
    let ranking = Ranking::new(&report);
    let mut choice = Choice::default();
    choice.set_mark("model.layers.3.mlp.up_proj", Some(Mark::Pin));
    choice.set_mark("model.layers.0.mlp.up_proj", Some(Mark::Drop));
    let set = FreezeSet::new(&report, &ranking, &choice);
    let grid = Grid::new(&report, &Options::default());
    for mode in Mode::ALL {
        let values = Values::new(&report, &ranking, &grid, mode);
        let chosen = Some((&choice, &set));
        let figure = HeatmapFigure::new(&report, (&grid, &values), ColorMap::Viridis, chosen);
        let (row, column) = grid
            .place(report.find("model.layers.0.mlp.up_proj").unwrap())
            .unwrap();
        let cell = figure.chosen(row, column).unwrap();
        assert_eq!((cell.total, cell.chosen, cell.dropped), (1, 0, 1));
        for style in styles() {
            let drawn = heatmap_svg(&figure, &style);
            assert_readable(&drawn);
            let (texts, _) = texts(&drawn);
            for word in [
                "query", "MLP", "trained", "frozen", "pinned", "dropped", "block",
            ] {
                assert!(texts.iter().any(|text| text.says == word), "{word}");
            }
        }
    }
}

#[test]
fn an_empty_report_has_a_heatmap() {
    let report = layerscope::report::SnrReport::new("none");
    let ranking = Ranking::new(&report);
    let grid = Grid::new(&report, &Options::default());
    let values = Values::new(&report, &ranking, &grid, Mode::Snr);
    let figure = HeatmapFigure::new(&report, (&grid, &values), ColorMap::Viridis, None);
    assert!(png(&heatmap_svg(&figure, &Style::default()), 1.0).is_ok());
}

#[test]
fn a_png_has_the_pixels_that_were_asked_for_and_text_in_them() {
    let drawn = svg(&small(), &Style::default());
    let picture = resvg::tiny_skia::Pixmap::decode_png(&png(&drawn, 2.0).unwrap()).unwrap();
    let (_, [width, height]) = texts(&drawn);
    let doubled = [width * 2.0, height * 2.0].map(|side| side.round() as u32);
    assert_eq!([picture.width(), picture.height()], doubled);
    // The title's line is not all page.
    let title = (0..picture.width()).flat_map(|x| (12..36).map(move |y| (x, y)));
    let dark = title.filter(|&(x, y)| picture.pixel(x, y).is_some_and(|pixel| pixel.red() < 128));
    assert!(dark.count() > 100);
}

#[test]
fn pictures_without_or_with_too_many_pixels_are_refused() {
    let drawn = svg(&small(), &Style::default());
    for scale in [0.0, -1.0, 1e6, f64::NAN] {
        let error = png(&drawn, scale).unwrap_err().to_string();
        assert!(error.contains("pixels"), "{error}");
    }
    assert!(png("no figure", 1.0).is_err());
}

#[test]
fn the_typeface_has_all_signs_that_figures_use() {
    assert!(fonts::has("0123456789⁰¹²³⁴⁵⁶⁷⁸⁹⁻λτβασ₊×·±–’‖…∞≥"));
}
