//! CPU time of one frame of the whole window: at the sample, at 28,800 modules, on the sets tab and on the
//! spectrum tab with 4,096 values and a waterfall of 80 rows of them.
//!
//! `cargo bench --bench window`. A frame is the program's logic, egui's run and the tessellation:
//! all that happens on the CPU before the graphics card takes over.

use std::sync::Arc;
use std::time::Instant;

use eframe::App as _;
use eframe::egui::{Context, Pos2, RawInput, Rect, vec2};
use layerscope::figure::{WaterfallRow, waterfall};
use layerscope::report::{ReportBuilder, SnrReport};
use layerscope::run::{Axis, Metric, Run, Series, Unit};
use layerscope::selection::{Choice, Percent};
use layerscope::spectral::law::{MarchenkoPastur, ScaleMethod};
use layerscope::window::App;
use layerscope::window::RunsCommand;
use layerscope::window::{
    Command, Document, Edit, Loaded, Origin, Picture, SetsCommand, SetsView, Settings,
    SpectrumCommand, Tab, Waterfall, apply,
};

const ROUNDS: usize = 60;
/// N of the spectra.
const VALUES: usize = 4096;
/// Rows of the waterfall.
const ROWS: usize = 80;

fn huge() -> SnrReport {
    let mut builder = ReportBuilder::new("bench");
    for projection in ["gate_proj", "up_proj", "down_proj"] {
        for expert in 0..160_u32 {
            let name = format!("mlp.experts.{expert}.{projection}");
            for block in 0..60_u32 {
                let module = builder.push(&format!("model.layers.{block}.{name}"), &name);
                module.snr = Some(0.01 + f64::from((block * 7 + expert * 13) % 97));
            }
        }
    }
    builder.finish()
}

/// Values that follow the law, with a few spikes.
fn values() -> Vec<f64> {
    let mut values = MarchenkoPastur::of_shape(VALUES, VALUES, 0.02)
        .map(|law| law.midpoints_s(VALUES))
        .unwrap_or_default();
    for (place, value) in values.iter_mut().take(12).enumerate() {
        *value *= 3.0 - place as f64 / 6.0;
    }
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

struct Bench {
    ctx: Context,
    frame: eframe::Frame,
    app: App,
}

impl Bench {
    fn new() -> Self {
        let ctx = Context::default();
        ctx.enable_accesskit();
        let frame = eframe::Frame::_new_kittest();
        // The tour of the first start is not what is measured.
        let settings = Settings {
            toured: true,
            ..Settings::default()
        };
        let app = App::with_settings(&ctx, settings, Vec::new());
        Self { ctx, frame, app }
    }

    /// CPU milliseconds of one frame.
    fn once(&mut self) -> f64 {
        let screen = Rect::from_min_size(Pos2::ZERO, vec2(1600.0, 900.0));
        let input = RawInput {
            screen_rect: Some(screen),
            ..RawInput::default()
        };
        let start = Instant::now();
        let (app, frame) = (&mut self.app, &mut self.frame);
        app.logic(&self.ctx, frame);
        let mut output = self.ctx.run_ui(input, |ui| app.ui(ui, frame));
        // No graphics card here to give the letters to.
        output.textures_delta.clear();
        let shapes = std::mem::take(&mut output.shapes);
        std::hint::black_box(self.ctx.tessellate(shapes, output.pixels_per_point));
        start.elapsed().as_secs_f64() * 1e3
    }

    /// The median of many frames; `change` comes before each and counts.
    fn median(&mut self, mut change: impl FnMut(&mut App, usize)) -> f64 {
        for _ in 0..5 {
            self.once();
        }
        let mut times: Vec<f64> = (0..ROUNDS)
            .map(|round| {
                let start = Instant::now();
                change(&mut self.app, round);
                let changing = start.elapsed().as_secs_f64() * 1e3;
                changing + self.once()
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    }
}

fn slide(app: &mut App, round: usize) {
    let percent = Percent::from_slider(10.0 + round as f64);
    apply(
        &mut app.state,
        Edit::Percent {
            percent,
            done: false,
        }
        .into(),
    );
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn main() {
    println!("whole window, 1600 × 900, medians of {ROUNDS}, ms of CPU a frame");
    let mut bench = Bench::new();
    println!(
        "sample: still {:.2}, slider moving {:.2}",
        bench.median(|_, _| {}),
        bench.median(slide)
    );
    bench
        .app
        .state
        .show(Document::new(huge(), Origin::Results, Choice::default()));
    let modules = bench
        .app
        .state
        .document
        .as_ref()
        .map_or(0, |doc| doc.report.modules.len());
    println!(
        "{modules} modules: still {:.2}, slider moving {:.2}",
        bench.median(|_, _| {}),
        bench.median(slide)
    );

    for percent in (5..=40).step_by(5) {
        let add = SetsCommand::Add(Percent::whole(percent));
        apply(&mut bench.app.state, add.into());
    }
    bench.app.state.tab = Tab::Sets;
    for view in SetsView::ALL {
        apply(&mut bench.app.state, SetsCommand::Show(view).into());
        println!(
            "sets tab, 8 sets of {modules} modules, {}: still {:.2}, slider moving {:.2}",
            view.text(),
            bench.median(|_, _| {}),
            bench.median(slide)
        );
    }

    let values = values();
    let state = &mut bench.app.state;
    state.tab = Tab::Spectrum;
    state.inspected = Some(0);
    let shape = (VALUES, VALUES);
    state.spectrum.loaded = Loaded::of(0, shape, values.clone(), ScaleMethod::Median).ok();
    println!(
        "spectrum of {VALUES} values: still {:.2}, edge dragged {:.2}",
        bench.median(|_, _| {}),
        bench.median(|app, round| {
            let scale = 0.02 + 1e-4 * round as f64;
            apply(
                &mut app.state,
                Command::Spectrum(SpectrumCommand::Method(ScaleMethod::ByHand(scale))),
            );
        })
    );
    let state = &mut bench.app.state;
    state.spectrum.view.picture = Picture::Waterfall;
    let rows: Vec<WaterfallRow> = (0..ROWS)
        .map(|row| WaterfallRow {
            name: row.to_string(),
            values: values.clone(),
            rows: VALUES,
            cols: VALUES,
        })
        .collect();
    // Made in the background, so not part of a frame.
    let settings = state.spectrum.view.settings();
    let start = Instant::now();
    let chart = waterfall("bench", &rows, &settings, ScaleMethod::Median);
    let making = start.elapsed().as_secs_f64() * 1e3;
    state.spectrum.waterfall = Some(Waterfall {
        layer_type: 0,
        settings,
        chart,
    });
    println!(
        "waterfall {ROWS} × {VALUES}: made in {making:.1}, frame {:.2}",
        bench.median(|_, _| {})
    );
    runs(&mut bench);
}

/// Rows of each run.
const RUN_ROWS: usize = 1_000_000;

/// A run of a million rows: loss and memory.
fn run(name: &str) -> Run {
    let steps = || (0..RUN_ROWS).map(|row| row as f64);
    let axis = Arc::new(Axis {
        relative: steps().map(|step| step * 0.5).collect(),
        steps: steps().collect(),
        ..Axis::default()
    });
    let noise = |row: f64| ((row * 7919.0) % 1013.0) / 1013.0;
    let series = |key: &str, metric, unit, value: &dyn Fn(f64) -> f64| Series {
        key: key.to_owned(),
        metric,
        unit,
        axis: Arc::clone(&axis),
        values: steps().map(value).collect(),
    };
    Run {
        name: name.to_owned(),
        series: vec![
            series("loss", Metric::EvalLoss, Unit::Plain, &|row| {
                3.0 / (1.0 + row * 1e-5) + 0.1 * noise(row)
            }),
            series("rss", Metric::CpuMemory, Unit::Bytes, &|row| {
                3e9 + 1e8 * noise(row)
            }),
        ],
        ..Run::default()
    }
}

/// The runs tab with three runs of a million rows: still, zooming, hovering.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn runs(bench: &mut Bench) {
    let runs = &mut bench.app.state.runs;
    runs.list.clear();
    runs.sample = false;
    runs.add(["full", "spectrum-50", "qlora"].map(run).into());
    apply(&mut bench.app.state, Command::ShowTab(Tab::Runs));
    let start = Instant::now();
    while bench.app.state.runs.derived.is_none() || bench.app.state.runs.is_busy() {
        bench.once();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let made = start.elapsed().as_secs_f64();
    let still = bench.median(|_, _| {});
    let zooming = bench.median(|app, round| {
        let low = 4e5 - 1e4 * round as f64 / ROUNDS as f64;
        let zoom = RunsCommand::Zoom(Some((low.max(0.0), 8e5)));
        apply(&mut app.state, Command::Runs(zoom));
    });
    apply(&mut bench.app.state, Command::Runs(RunsCommand::Zoom(None)));
    println!(
        "runs, 3 of 1,000,000 rows, 2 plots: made in {made:.2} s; still {still:.2}, zooming \
         {zooming:.2}"
    );
}
