//! Figures of runs: what the charts hold, and that their texts can be read.

#![allow(
    clippy::float_cmp,
    clippy::print_stdout,
    reason = "values must come through unchanged; what is skipped or written is said"
)]

use std::path::Path;
use std::sync::Arc;

use layerscope::figure::{
    Chart, Curve, Form, Ink, Layer, Legend, MemoryUnit, OKABE_ITO, RunLine, RunsOptions, Shape,
    Stroke, Style, TradeOff, View, png, published, run_look, runs_chart, svg, time_ticks,
    trade_off_chart,
};
use layerscope::run::{
    Axis, CompareOptions, Comparison, Measure, Metric, Run, Series, Unit, XAxis,
};

use crate::support::{assert_readable, texts};

fn series(key: &str, metric: Metric, axis: &Arc<Axis>, values: Vec<f64>) -> Series {
    let memory = matches!(metric, Metric::GpuMemory(_) | Metric::CpuMemory);
    Series {
        key: key.to_owned(),
        metric,
        unit: if memory { Unit::Bytes } else { Unit::Plain },
        axis: Arc::clone(axis),
        values,
    }
}

/// Runs like those of the published comparison: name, GB on all GPUs, GiB, last loss, minutes.
fn like_the_published() -> Vec<Run> {
    let table = [
        ("Full fine-tuning", 521.0, 112.0, 0.1847, 210.0),
        ("Spectrum 50 %", 521.0, 82.0, 0.1913, 156.0),
        ("Spectrum 25 %", 514.0, 69.0, 0.2099, 123.0),
        ("Spectrum 10 %", 447.0, 60.0, 0.3061, 88.0),
        ("QLoRA", 405.0, 49.0, 1.6217, 68.0),
    ];
    let run = |(name, gpu, cpu, loss, minutes): (&str, f64, f64, f64, f64)| {
        let wave = |i: u32| 1.0 + 0.01 * (f64::from(i) * 0.9 + loss * 9.0).sin();
        let rows = 0..=60_u32;
        let share = |i: u32| f64::from(i) / 60.0;
        let axis = Arc::new(Axis {
            steps: rows.clone().map(|i| f64::from(i) * 10.0).collect(),
            relative: rows.clone().map(|i| share(i) * minutes * 60.0).collect(),
            wall: rows
                .clone()
                .map(|i| 1.75e9 + share(i) * minutes * 60.0)
                .collect(),
            ..Axis::default()
        });
        let down = |i: u32| loss + (2.0 - loss * 0.5) * (-6.0 * share(i)).exp();
        let mut all = vec![
            series(
                "eval_loss",
                Metric::EvalLoss,
                &axis,
                rows.clone().map(down).collect(),
            ),
            series(
                "cpu",
                Metric::CpuMemory,
                &axis,
                rows.clone()
                    .map(|i| cpu * wave(i) * 1_073_741_824.0)
                    .collect(),
            ),
        ];
        for index in 0..8 {
            let values = rows.clone().map(|i| gpu * wave(i + index) * 1e9 / 8.0);
            let metric = Metric::GpuMemory(Some(index));
            all.push(series(
                &format!("gpu.{index}"),
                metric,
                &axis,
                values.collect(),
            ));
        }
        Run {
            name: name.to_owned(),
            series: all,
            ..Run::default()
        }
    };
    table.map(run).into()
}

/// The five real runs, where they lie beside the repository.
fn real() -> Option<Vec<Run>> {
    let folder = crate::require::shared("runs/jsonl")?;
    let names = [
        ("Full fine-tuning", "full"),
        ("Spectrum 50 %", "spectrum-50"),
        ("Spectrum 25 %", "spectrum-25"),
        ("Spectrum 10 %", "spectrum-10"),
        ("LoRA on a 4-bit base", "qlora"),
    ];
    let read = |(name, file): (&str, &str)| {
        let text = std::fs::read_to_string(folder.join(format!("{file}.jsonl"))).ok()?;
        let rows: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let column = |key: &str, metric| {
            let rows = || rows.iter().filter(|row| row[key].is_number());
            let numbers = |key: &str| rows().map(|row| row[key].as_f64().unwrap()).collect();
            let axis = Arc::new(Axis {
                steps: numbers("step"),
                relative: numbers("t"),
                wall: numbers("wall"),
                ..Axis::default()
            });
            series(key, metric, &axis, numbers(key))
        };
        Some(Run {
            name: name.to_owned(),
            series: vec![
                column("loss", Metric::TrainLoss),
                column("eval_loss", Metric::EvalLoss),
                column("rss", Metric::CpuMemory),
            ],
            ..Run::default()
        })
    };
    names.into_iter().map(read).collect()
}

fn styles() -> Vec<Style> {
    let dark = |style: Style| Style {
        dark: true,
        ..style
    };
    vec![
        Style::column(),
        Style::talk(),
        dark(Style::talk()),
        Style {
            width: 200.0,
            ..Style::column()
        },
        Style {
            width: 640.0,
            height: Some(300.0),
            ..Style::column()
        },
    ]
}

/// The runs of `chart` with the points of their lines, as a page shows them.
fn lines(chart: &Chart) -> Vec<(&str, Vec<[f64; 2]>)> {
    let series = |layer: &Curve| layer.seen(&chart.x, 1200);
    let named = chart.layers.iter().filter_map(|layer| match &layer.shape {
        Shape::Curve(shape) => Some((layer.name.as_str(), series(shape))),
        _ => None,
    });
    named.collect()
}

fn comparison(runs: &[Run]) -> Comparison {
    Comparison::new(&runs.iter().collect::<Vec<_>>(), &CompareOptions::default())
}

fn plain(runs: &[Run], measure: &Measure, axis: XAxis, options: &RunsOptions) -> Chart {
    runs_chart(&RunLine::all(runs), measure, axis, options)
}

#[test]
fn the_published_figures_come_in_one_call_with_one_color_a_run() {
    let runs = like_the_published();
    let figures = published(&RunLine::all(&runs), &comparison(&runs));
    let stems: Vec<&str> = figures.iter().map(|figure| figure.stem).collect();
    assert_eq!(
        stems,
        [
            "gpu-memory",
            "cpu-memory",
            "loss",
            "loss-memory",
            "loss-minutes"
        ]
    );
    for figure in &figures {
        let chart = &figure.chart;
        for (place, run) in runs.iter().enumerate() {
            let own = chart.layers.iter().find(|layer| match &layer.shape {
                Shape::Dot { label, .. } => *label == run.name,
                _ => layer.name == run.name,
            });
            assert_eq!(
                own.unwrap().ink,
                Ink::Fixed(OKABE_ITO[place]),
                "{}",
                figure.stem
            );
        }
    }
    let [gpu, cpu, loss, memory, minutes] = figures.as_slice() else {
        panic!("five figures");
    };
    // The units of the table.
    assert_eq!(gpu.chart.y.label, "GPU memory, all GPUs (GB)");
    assert_eq!((gpu.chart.y.low, gpu.chart.y.broken), (0.0, false));
    assert_eq!(gpu.chart.legend, Legend::Right);
    assert_eq!(cpu.chart.y.label, "CPU memory (GiB)");
    assert_eq!(loss.chart.y.label, "evaluation loss");
    for figure in [gpu, cpu, loss] {
        assert_eq!((figure.chart.x.low, figure.chart.x.high), (0.0, 100.0));
        for (name, points) in lines(&figure.chart) {
            assert_eq!(points.last().unwrap()[0], 100.0, "{name}");
        }
    }
    assert_eq!(memory.chart.x.label, "peak GPU memory (GB)");
    assert_eq!(minutes.chart.x.low, 0.0);
    for style in styles() {
        for figure in &figures {
            assert_readable(&svg(&figure.chart, &style));
        }
    }
}

#[test]
fn an_axis_that_does_not_start_at_0_is_broken() {
    let runs = like_the_published();
    let zero = |zero, measure| {
        let options = RunsOptions {
            zero: Some(zero),
            ..RunsOptions::default()
        };
        plain(&runs, &measure, XAxis::Step, &options).y
    };
    for measure in [Measure::GpuMemory, Measure::CpuMemory, Measure::EvalLoss] {
        assert_eq!(zero(true, measure.clone()).low, 0.0);
        let free = zero(false, measure.clone());
        assert_eq!(free.broken, free.low > 0.0, "{measure:?}");
    }
    let free = zero(false, Measure::GpuMemory);
    assert!(free.broken && free.low > 300.0, "{free:?}");
    // The break is drawn: the document differs.
    let options = RunsOptions {
        zero: Some(false),
        ..RunsOptions::default()
    };
    let mut chart = plain(&runs, &Measure::GpuMemory, XAxis::Step, &options);
    let broken = svg(&chart, &Style::default());
    chart.y.broken = false;
    assert_ne!(broken, svg(&chart, &Style::default()));
}

#[test]
fn smoothing_keeps_the_logged_values_behind_and_says_so() {
    let runs = like_the_published();
    let options = RunsOptions {
        smoothing: 0.9,
        ..RunsOptions::default()
    };
    let chart = plain(&runs, &Measure::EvalLoss, XAxis::Step, &options);
    assert!(
        chart.caption[0].contains("weight 0.9"),
        "{:?}",
        chart.caption
    );
    let Shape::Curve(series) = &chart.layers[0].shape else {
        panic!("a line");
    };
    let logged = series.logged.as_ref().expect("kept").points();
    assert_eq!(logged[5][1], runs[0].series[0].values[5]);
    assert_ne!(series.points.points()[5], logged[5]);
    // Both are drawn.
    let only_smooth = Chart {
        layers: vec![Layer {
            shape: Shape::Curve(Curve {
                logged: None,
                ..series.clone()
            }),
            ..chart.layers[0].clone()
        }],
        ..chart.clone()
    };
    let lines = |chart: &Chart| svg(chart, &Style::default()).matches("<path").count();
    assert!(lines(&chart) > lines(&only_smooth) + 4);
}

#[test]
fn ignoring_outliers_changes_the_range_only_and_says_so() {
    let mut runs = like_the_published();
    runs[0].series[0].values[0] = 1e6;
    let chart = |ignore_outliers| {
        let options = RunsOptions {
            ignore_outliers,
            ..RunsOptions::default()
        };
        plain(&runs, &Measure::EvalLoss, XAxis::Step, &options)
    };
    let (with, without) = (chart(false), chart(true));
    assert!(
        with.y.high > 1e6 && without.y.high < 10.0,
        "{:?}",
        without.y
    );
    assert_eq!(lines(&with)[0].1, lines(&without)[0].1);
    assert!(
        without.caption[0].contains("of 305 values lie outside"),
        "{:?}",
        without.caption
    );
    assert!(with.caption.is_empty());
}

#[test]
fn a_zoomed_chart_fits_what_is_in_sight_and_counts_what_is_not() {
    let runs = like_the_published();
    let chart = |view| {
        let options = RunsOptions {
            view,
            ..RunsOptions::default()
        };
        plain(&runs, &Measure::GpuMemory, XAxis::Relative, &options)
    };
    let whole = chart(View::default());
    assert!(!whole.x.is_zoomed() && !whole.y.is_zoomed());
    let x = Some((600.0, 1800.0));
    let zoomed = chart(View { x, y: None });
    assert_eq!((zoomed.x.low, zoomed.x.high), (600.0, 1800.0));
    assert_eq!(zoomed.x.whole, whole.x.whole);
    // The values stay in bytes and seconds; the axes say GB and hours.
    assert_eq!(zoomed.y.label, "GPU memory, all GPUs (GB)");
    assert!(zoomed.y.high > 500e9, "{:?}", zoomed.y);
    let texts: Vec<String> = zoomed
        .x
        .ticks(4)
        .into_iter()
        .map(|tick| tick.text)
        .collect();
    assert_eq!(texts, ["0.2", "0.3", "0.4", "0.5"]);
    let y = Some((500e9, 530e9));
    let both = chart(View { x, y });
    assert_eq!(
        (both.y.low, both.y.high, both.y.broken),
        (500e9, 530e9, true)
    );
    assert!(
        both.caption[0].starts_with("Zoomed in; "),
        "{:?}",
        both.caption
    );
    assert_readable(&svg(&both, &Style::column()));
    assert_eq!(both.zoomed(View::default()).y.high, zoomed.y.high);
}

#[test]
fn what_a_chart_cannot_show_is_counted() {
    let mut runs = like_the_published();
    runs[0].series[0].values[1] = 50.0;
    let caption =
        |options: &RunsOptions| plain(&runs, &Measure::EvalLoss, XAxis::Step, options).caption;
    let smoothing = RunsOptions {
        smoothing: 0.9,
        ..RunsOptions::default()
    };
    assert_eq!(
        caption(&smoothing)[1],
        "The range is that of the lines; 1 of 305 logged values lie outside."
    );
    let log = RunsOptions {
        log_x: true,
        ..RunsOptions::default()
    };
    assert_eq!(
        caption(&log),
        ["5 of 305 values have no place on a logarithmic axis."]
    );
}

#[test]
fn runs_without_the_metric_are_named() {
    let mut runs = like_the_published();
    runs[4]
        .series
        .retain(|series| series.metric == Metric::EvalLoss);
    let chart = plain(
        &runs,
        &Measure::GpuMemory,
        XAxis::Completion,
        &RunsOptions::default(),
    );
    assert_eq!(lines(&chart).len(), 4);
    assert_eq!(
        chart.caption,
        ["Not shown: QLoRA, without GPU memory on this axis."]
    );
    let against = trade_off_chart(&comparison(&runs), TradeOff::GpuMemory, &[]);
    assert_eq!(against.caption, ["Not shown: QLoRA."]);
    let nothing = plain(
        &runs,
        &Measure::Key("none".into()),
        XAxis::Step,
        &RunsOptions::default(),
    );
    assert!(nothing.layers.is_empty());
    assert!(png(&svg(&nothing, &Style::default()), 1.0).is_ok());
}

#[test]
fn looks_repeat_with_other_dashes_and_a_pinned_color_wins() {
    assert_eq!(run_look(0, None), (OKABE_ITO[0], Stroke::Solid));
    assert_eq!(run_look(7, None), (OKABE_ITO[0], Stroke::Dashed));
    assert_eq!(run_look(8, Some([1, 2, 3])), ([1, 2, 3], Stroke::Solid));
    let looks: std::collections::BTreeSet<String> = (0..28)
        .map(|place| format!("{:?}", run_look(place, None)))
        .collect();
    assert_eq!(looks.len(), 28);
}

#[test]
fn steps_hold_each_value_and_areas_lie_below_the_lines() {
    let runs = like_the_published();
    let form = |form| {
        let options = RunsOptions {
            form,
            ..RunsOptions::default()
        };
        plain(&runs[..1], &Measure::EvalLoss, XAxis::Step, &options)
    };
    let stepped = form(Form::Step);
    let points = &lines(&stepped)[0].1;
    let values = &runs[0].series[0].values;
    assert_eq!(
        points[..3],
        [[0.0, values[0]], [10.0, values[0]], [10.0, values[1]]]
    );
    let filled = |form_of| svg(&form(form_of), &Style::default()).contains("fill-opacity");
    assert!(filled(Form::Area) && !filled(Form::Line));
}

#[test]
fn a_long_run_is_thinned_and_keeps_its_spike() {
    let count = 300_000_u32;
    let axis = Arc::new(Axis {
        steps: (0..count).map(f64::from).collect(),
        ..Axis::default()
    });
    let values = (0..count).map(|i| if i == 123_456 { 99.0 } else { 1.0 });
    let run = Run {
        name: "long".to_owned(),
        series: vec![series("loss", Metric::TrainLoss, &axis, values.collect())],
        ..Run::default()
    };
    for log_x in [false, true] {
        let options = RunsOptions {
            log_x,
            ..RunsOptions::default()
        };
        let chart = plain(
            std::slice::from_ref(&run),
            &Measure::TrainLoss,
            XAxis::Step,
            &options,
        );
        let points = &lines(&chart)[0].1;
        assert!(points.len() < 6000, "{}", points.len());
        assert!(points.iter().any(|point| point[1] == 99.0));
    }
}

#[test]
fn every_axis_has_a_label_with_its_unit_and_legible_ticks() {
    let runs = like_the_published();
    for (axis, label) in [
        (XAxis::Step, "step"),
        (XAxis::Relative, "time (h)"),
        (XAxis::Wall, "time (UTC), 15 Jun 2025"),
        (XAxis::Completion, "job completion (%)"),
    ] {
        let options = RunsOptions {
            unit: Some(MemoryUnit::Gib),
            ..RunsOptions::default()
        };
        let chart = plain(&runs, &Measure::CpuMemory, axis, &options);
        assert_eq!(chart.x.label, label);
        assert_eq!(chart.y.label, "CPU memory (GiB)");
        for style in styles() {
            assert_readable(&svg(&chart, &style));
        }
    }
}

#[test]
fn times_of_day_are_round() {
    let (ticks, day) = time_ticks(1.75e9, 1.75e9 + 7200.0, 5);
    assert_eq!(day, ", 15 Jun 2025");
    let texts: Vec<&str> = ticks.iter().map(|tick| tick.1.as_str()).collect();
    assert_eq!(texts, ["15:30", "16:00", "16:30", "17:00"]);
    let (days, year) = time_ticks(1.75e9, 1.75e9 + 6.0 * 86_400.0, 5);
    assert_eq!((days[0].1.as_str(), year.as_str()), ("17 Jun", ", 2025"));
    for (low, high) in [(f64::NAN, 0.0), (-1e300, 1e300), (0.0, 0.0)] {
        assert!(time_ticks(low, high, 5).0.len() < 20);
    }
}

#[test]
fn many_runs_with_long_names_stay_legible() {
    let mut runs: Vec<Run> = (0..4).flat_map(|_| like_the_published()).collect();
    for (index, run) in runs.iter_mut().enumerate() {
        run.name = format!("{} of a long experiment, seed {index}", run.name);
    }
    let chart = plain(
        &runs,
        &Measure::EvalLoss,
        XAxis::Step,
        &RunsOptions::default(),
    );
    assert_readable(&svg(&chart, &Style::talk()));
    assert_readable(&svg(&chart, &Style::column()));
}

#[test]
fn real_runs_have_all_figures_but_the_gpus() {
    let Some(runs) = real() else { return };
    let comparison = comparison(&runs);
    let figures = published(&RunLine::all(&runs), &comparison);
    let stems: Vec<&str> = figures.iter().map(|figure| figure.stem).collect();
    assert_eq!(stems, ["cpu-memory", "loss", "loss-memory", "loss-minutes"]);
    for style in styles() {
        for figure in &figures {
            let drawn = svg(&figure.chart, &style);
            assert_readable(&drawn);
            let (texts, _) = texts(&drawn);
            assert!(texts.iter().any(|text| text.says.contains("Spectrum 25")));
        }
    }
}

/// `cargo test --test figure runs::pictures -- --ignored` writes pictures to look at.
#[test]
#[ignore = "writes pictures to be looked at"]
fn pictures() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runs");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, chart: &Chart, style: &Style, scale: f64| {
        let drawn = svg(chart, style);
        std::fs::write(folder.join(format!("{name}.svg")), &drawn).unwrap();
        std::fs::write(
            folder.join(format!("{name}.png")),
            png(&drawn, scale).unwrap(),
        )
        .unwrap();
    };
    let sets = [("like", Some(like_the_published())), ("real", real())];
    for (set, runs) in sets {
        let Some(runs) = runs else { continue };
        let lines = RunLine::all(&runs);
        for figure in published(&lines, &comparison(&runs)) {
            let name = format!("{set}-{}", figure.stem);
            write(
                &format!("{name}-column"),
                &figure.chart,
                &Style::column(),
                3.0,
            );
            write(&format!("{name}-talk"), &figure.chart, &Style::talk(), 1.0);
            let dark = Style {
                dark: true,
                ..Style::talk()
            };
            write(&format!("{name}-dark"), &figure.chart, &dark, 1.0);
        }
        let options = RunsOptions {
            smoothing: 0.9,
            ignore_outliers: true,
            ..RunsOptions::default()
        };
        for (name, measure, axis, options) in [
            ("smooth", Measure::TrainLoss, XAxis::Step, options),
            (
                "area",
                Measure::CpuMemory,
                XAxis::Wall,
                RunsOptions {
                    form: Form::Area,
                    ..RunsOptions::default()
                },
            ),
            (
                "broken",
                Measure::CpuMemory,
                XAxis::Relative,
                RunsOptions {
                    form: Form::Step,
                    zero: Some(false),
                    ..RunsOptions::default()
                },
            ),
            (
                "log",
                Measure::EvalLoss,
                XAxis::Step,
                RunsOptions {
                    log_y: true,
                    log_x: true,
                    ..RunsOptions::default()
                },
            ),
        ] {
            let chart = runs_chart(&lines, &measure, axis, &options);
            write(
                &format!("{set}-{name}-column"),
                &chart,
                &Style::column(),
                3.0,
            );
            write(&format!("{set}-{name}-talk"), &chart, &Style::talk(), 1.0);
        }
    }
    println!("{}", folder.display());
}
