//! Time from the program's start to the window's first frame, on the sample.
//!
//! `cargo bench --bench startup`, or with `LAYERSCOPE=PATH` for a program built otherwise. The window
//! opens on the display named in DISPLAY or, where there is none, on an Xvfb of its own; a first frame
//! counts once it has been painted and given to the display. With no display at all only the CPU's
//! part is measured, inside this process.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use eframe::App as _;
use eframe::egui::{Context, Pos2, RawInput, Rect, vec2};
use layerscope::window::App;
use layerscope::window::Settings;

/// Starts of the program.
const ROUNDS: usize = 9;
/// What a first frame may take, in milliseconds.
const GOAL: f64 = 500.0;

/// A virtual display, and its name.
fn virtual_display() -> Option<(Child, String)> {
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut number = String::new();
    let answer = server.stdout.take()?;
    BufReader::new(answer).read_line(&mut number).ok()?;
    Some((server, format!(":{}", number.trim())))
}

/// What the program prints of one start, as steps and milliseconds, and the milliseconds that the
/// whole process took from outside. `home` stands in for the user's.
fn start(program: &str, display: &str, home: &Path) -> std::io::Result<Vec<(String, f64)>> {
    let begin = Instant::now();
    let output = Command::new(program)
        .arg("--time-startup")
        .env("DISPLAY", display)
        .env_remove("WAYLAND_DISPLAY")
        .env("HOME", home)
        .env("XDG_DATA_HOME", home)
        .stderr(Stdio::null())
        .output()?;
    let whole = begin.elapsed().as_secs_f64() * 1e3;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let step = |line: &str| {
        let (step, time) = line.strip_suffix(" ms")?.split_once(": ")?;
        Some((step.to_owned(), time.parse().ok()?))
    };
    let mut steps: Vec<(String, f64)> = text.lines().filter_map(step).collect();
    if steps.is_empty() {
        return Err(std::io::Error::other(format!("{program} opened no window")));
    }
    steps.push(("first frame and closing, from outside".to_owned(), whole));
    Ok(steps)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// CPU milliseconds of making the program's state and its first frame.
fn first_frame_here() -> f64 {
    let begin = Instant::now();
    let ctx = Context::default();
    let mut frame = eframe::Frame::_new_kittest();
    let mut app = App::with_settings(&ctx, Settings::default(), Vec::new());
    let input = RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 800.0))),
        ..RawInput::default()
    };
    app.logic(&ctx, &mut frame);
    let mut output = ctx.run_ui(input, |ui| app.ui(ui, &mut frame));
    output.textures_delta.clear();
    let shapes = std::mem::take(&mut output.shapes);
    std::hint::black_box(ctx.tessellate(shapes, output.pixels_per_point));
    begin.elapsed().as_secs_f64() * 1e3
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn main() -> std::io::Result<()> {
    let here = median((0..ROUNDS).map(|_| first_frame_here()).collect());
    println!("state and first frame, CPU alone: {here:.0} ms");

    let named = std::env::var("DISPLAY")
        .ok()
        .filter(|name| !name.is_empty());
    let (server, display) = if let Some(display) = named {
        (None, display)
    } else {
        let Some((server, display)) = virtual_display() else {
            println!("no display, and no Xvfb: that is all");
            return Ok(());
        };
        (Some(server), display)
    };
    let program =
        std::env::var("LAYERSCOPE").unwrap_or(env!("CARGO_BIN_EXE_layerscope").to_owned());
    let home = tempfile::tempdir()?;
    // The first start reads the program from the disk and fills the graphics driver's cache.
    let starts: std::io::Result<Vec<_>> = (0..=ROUNDS)
        .map(|_| start(&program, &display, home.path()))
        .collect();
    if let Some(mut server) = server {
        server.kill()?;
        server.wait()?;
    }
    let starts = starts?;
    println!("{program}, window on the sample, ms: the first start, then the median of {ROUNDS}");
    let (cold, warm) = (&starts[0], &starts[1..]);
    for (place, (step, first)) in cold.iter().enumerate() {
        let times = warm.iter().filter_map(|steps| steps.get(place));
        let time = median(times.map(|(_, time)| *time).collect());
        let goal = match step.as_str() {
            "first frame" if time <= GOAL => ", within half a second",
            "first frame" => ", MORE than half a second",
            _ => "",
        };
        println!("{step}: {first:.0}, {time:.0}{goal}");
    }
    Ok(())
}
