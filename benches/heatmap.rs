//! CPU time of the heatmap at 28,800 modules: making its data anew, and one frame of it.
//!
//! `cargo bench --bench heatmap`. A frame is egui's run and the tessellation, all a window does
//! on the CPU before the graphics card takes over. Each case is measured in turns with a frame
//! that is empty, so that a busy machine slows both; the ratio says more than the milliseconds.

use std::sync::Arc;
use std::time::Instant;

use eframe::egui::{Context, Pos2, RawInput, Rect, Ui, vec2};
use layerscope::figure::HeatmapSettings;
use layerscope::report::{ReportBuilder, SnrReport};
use layerscope::selection::{Choice, FreezeSet, Ranking};
use layerscope::window::heatmap::{Heatmap, Input, Look};

const ROUNDS: usize = 60;
const PROJECTIONS: [&str; 3] = ["gate_proj", "up_proj", "down_proj"];

fn report() -> SnrReport {
    let mut builder = ReportBuilder::new("bench");
    for projection in PROJECTIONS {
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

/// CPU milliseconds of one frame.
fn frame(ctx: &Context, mut draw: impl FnMut(&mut Ui)) -> f64 {
    let screen = Rect::from_min_size(Pos2::ZERO, vec2(1600.0, 900.0));
    let input = RawInput {
        screen_rect: Some(screen),
        ..RawInput::default()
    };
    let start = Instant::now();
    let mut output = ctx.run_ui(input, &mut draw);
    // No graphics card here to give the letters to.
    output.textures_delta.clear();
    let primitives = ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point);
    std::hint::black_box(primitives);
    start.elapsed().as_secs_f64() * 1e3
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn main() {
    let report = Arc::new(report());
    let ranking = Arc::new(Ranking::new(&report));
    let choice = Choice::default();
    let set = Arc::new(FreezeSet::new(&report, &ranking, &choice));
    let look = Look::dark();
    let folded = HeatmapSettings::default();
    let unfolded = HeatmapSettings {
        unfolded: PROJECTIONS
            .map(|projection| format!("mlp.experts.*.{projection}"))
            .into(),
        ..HeatmapSettings::default()
    };
    println!("{} modules, medians of {ROUNDS}", report.modules.len());
    for (name, settings) in [("folded", &folded), ("unfolded", &unfolded)] {
        let (with, without) = (Context::default(), Context::default());
        for ctx in [&with, &without] {
            ctx.enable_accesskit();
        }
        let mut heatmap = Heatmap::default();
        let (mut builds, mut frames, mut moves, mut empties) = (vec![], vec![], vec![], vec![]);
        for _ in 0..ROUNDS {
            let mut input = Input {
                report: &report,
                ranking: &ranking,
                pools: &ranking,
                near: &[],
                set: &set,
                choice: &choice,
                settings,
                inspected: Some(7),
                region: &[],
                look: &look,
            };
            let start = Instant::now();
            Heatmap::default().rebuild(&input);
            builds.push(start.elapsed().as_secs_f64() * 1e3);
            empties.push(frame(&without, |_| {}));
            frames.push(frame(&with, |ui| {
                heatmap.show(ui, &input);
            }));
            // The slider moved: the cells' states are made again.
            let moved = Arc::new(FreezeSet::clone(&set));
            input.set = &moved;
            moves.push(frame(&with, |ui| {
                heatmap.show(ui, &input);
            }));
        }
        let empty = median(empties);
        let (still, after) = (median(frames), median(moves));
        println!(
            "{name}: build {:.2} ms; frame {still:.2} ms ({:.0} x an empty one); \
             frame after a move of the slider {after:.2} ms",
            median(builds),
            still / empty,
        );
    }
}
