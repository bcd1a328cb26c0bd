//! Every plot takes the same gestures, and what is saved is what they left on screen.

use eframe::egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, Rect, Role,
    TouchPhase, Vec2, vec2,
};
use egui_kittest::kittest::Queryable as _;
use layerscope::figure::{Chart, Style, View, svg};
use layerscope::run::Measure;
use layerscope::window::{Command, FiguresWanted, RunsCommand, apply};

use crate::window::{Window, document, first_start, keys, press, state, wait};

/// The tab on the sample's first layer, its spectrum read.
fn on_a_spectrum() -> Window {
    let mut window = first_start();
    press(&mut window, "Spectrum");
    press(&mut window, "Show the first layer");
    wait(&mut window, "the spectrum", |state| {
        state.spectrum.loaded.is_some()
    });
    // The button that was pressed lies where the plot is now.
    window.remove_cursor();
    window.run();
    window
}

/// The tab of runs, their plots made.
fn on_runs() -> Window {
    let mut window = first_start();
    press(&mut window, "Runs");
    wait(&mut window, "the comparison", |state| {
        !state.runs.is_busy() && state.runs.derived.is_some()
    });
    window
}

/// Where the plot whose name starts like that lies, and what a screen reader says of it.
#[track_caller]
fn plot(window: &Window, start: &str) -> (Rect, String) {
    let node = window.get_by(|node| {
        let label = node.label().unwrap_or_default();
        node.role() == Role::Canvas && label.starts_with(&format!("Plot of {start}"))
    });
    (node.rect(), node.value().unwrap_or_default())
}

fn spectrum_view(window: &Window) -> View {
    state(window).spectrum.seen()
}

fn spectrum_chart(window: &Window) -> Chart {
    let spectrum = &state(window).spectrum;
    spectrum.figure(document(window)).unwrap()
}

fn at(rect: Rect, x: f32, y: f32) -> Pos2 {
    rect.left_bottom() + vec2(rect.width() * x, -rect.height() * y)
}

fn button(
    window: &mut Window,
    pos: Pos2,
    button: PointerButton,
    pressed: bool,
    modifiers: Modifiers,
) {
    let event = Event::PointerButton {
        pos,
        button,
        pressed,
        modifiers,
    };
    window.event_modifiers(event, modifiers);
    window.step();
}

fn drag(window: &mut Window, from: Pos2, to: Pos2, with: PointerButton, modifiers: Modifiers) {
    window.hover_at(from);
    window.step();
    // Held for as long as the drag lasts.
    window.event(Event::ModifiersChanged(modifiers));
    window.event(Event::PointerButton {
        pos: from,
        button: with,
        pressed: true,
        modifiers,
    });
    window.step();
    for share in [0.3, 0.7, 1.0] {
        window.event(Event::PointerMoved(from + (to - from) * share));
        window.step();
    }
    button(window, to, with, false, modifiers);
    window.event(Event::ModifiersChanged(Modifiers::NONE));
    window.run();
}

fn wheel(window: &mut Window, pos: Pos2) {
    window.hover_at(pos);
    window.step();
    window.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        source: MouseWheelSource::Wheel,
        delta: Vec2::new(0.0, 200.0),
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
    });
    window.run_steps(30);
}

#[test]
fn a_drag_zooms_into_the_box_and_a_double_click_shows_the_whole() {
    let mut window = on_a_spectrum();
    let whole = spectrum_chart(&window);
    let (rect, _) = plot(&window, "model");
    let (from, to) = (at(rect, 0.6, 0.8), at(rect, 0.9, 0.2));
    drag(
        &mut window,
        from,
        to,
        PointerButton::Primary,
        Modifiers::NONE,
    );
    let seen = spectrum_chart(&window);
    let near = |value: f64, position: f64, axis: &layerscope::figure::Axis| {
        (axis.position(value) - position).abs() < 0.01
    };
    assert!(
        near(seen.x.low, 0.6, &whole.x) && near(seen.x.high, 0.9, &whole.x),
        "{:?}",
        seen.x
    );
    assert!(
        near(seen.y.low, 0.2, &whole.y) && near(seen.y.high, 0.8, &whole.y),
        "{:?}",
        seen.y
    );
    let middle = rect.center();
    window.hover_at(middle);
    // A frame of the tests lasts nearly as long as two clicks may be apart.
    (window.ctx).options_mut(|options| options.input_options.max_double_click_delay = 2.0);
    for pressed in [true, false, true, false] {
        window.event(Event::PointerButton {
            pos: middle,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    window.run();
    assert_eq!(spectrum_view(&window), View::default());
}

#[test]
fn shift_and_the_middle_button_move_the_picture() {
    let mut window = on_a_spectrum();
    let (rect, _) = plot(&window, "model");
    let (from, to) = (at(rect, 0.5, 0.8), at(rect, 0.8, 0.2));
    drag(
        &mut window,
        from,
        to,
        PointerButton::Primary,
        Modifiers::NONE,
    );
    let before = spectrum_view(&window).x.unwrap();
    let (here, left) = (at(rect, 0.5, 0.5), at(rect, 0.25, 0.5));
    drag(
        &mut window,
        here,
        left,
        PointerButton::Primary,
        Modifiers::SHIFT,
    );
    let shifted = spectrum_view(&window).x.unwrap();
    assert!(
        shifted.0 > before.0 && shifted.1 > before.1,
        "{before:?} {shifted:?}"
    );
    assert!((shifted.1 - shifted.0 - (before.1 - before.0)).abs() < 1e-9 * before.1);
    drag(
        &mut window,
        left,
        here,
        PointerButton::Middle,
        Modifiers::NONE,
    );
    let back = spectrum_view(&window).x.unwrap();
    assert!(
        (back.0 - before.0).abs() < 0.02 * before.1,
        "{before:?} {back:?}"
    );
}

#[test]
fn the_wheel_zooms_the_axis_that_it_is_over_or_both() {
    let mut window = on_a_spectrum();
    let (rect, _) = plot(&window, "model");
    wheel(&mut window, rect.center_bottom() + vec2(0.0, 10.0));
    let below = spectrum_view(&window);
    assert!(below.x.is_some() && below.y.is_none(), "{below:?}");
    let (rect, _) = plot(&window, "model");
    wheel(&mut window, rect.left_center() - vec2(10.0, 0.0));
    let left = spectrum_view(&window);
    assert!(left.x == below.x && left.y.is_some(), "{left:?}");
    wheel(&mut window, rect.center());
    let over = spectrum_view(&window);
    assert!(over.x != left.x && over.y != left.y, "{over:?}");
}

#[test]
fn the_line_reads_the_bin_under_the_pointer() {
    let mut window = on_a_spectrum();
    let (rect, whole) = plot(&window, "model");
    window.hover_at(at(rect, 0.3, 0.5));
    window.run();
    let (_, read) = plot(&window, "model");
    assert_ne!(read, whole);
    assert!(read.contains(" to ") && read.contains("bulk "), "{read}");
    window.remove_cursor();
    window.run();
    assert_eq!(plot(&window, "model").1, whole);
}

#[test]
fn the_edge_of_the_noise_is_dragged() {
    let mut window = on_a_spectrum();
    let fit = |window: &Window| {
        let loaded = state(window).spectrum.loaded.as_ref().unwrap();
        loaded.profile.fit.unwrap().law
    };
    let chart = spectrum_chart(&window);
    let (rect, _) = plot(&window, "model");
    let edge = chart.x.position(fit(&window).s_edges().1) as f32;
    let (from, to) = (at(rect, edge, 0.4), at(rect, edge * 0.8, 0.4));
    let before = fit(&window).scale();
    drag(
        &mut window,
        from,
        to,
        PointerButton::Primary,
        Modifiers::NONE,
    );
    let after = fit(&window).scale();
    // The edge is proportional to the scale.
    let there = f64::from(edge);
    let moved = chart.x.value(0.8 * there) / chart.x.value(there);
    assert!(moved < 0.999, "{moved}");
    assert!(
        (after / before - moved).abs() < 1e-3,
        "{before} {after} {moved}"
    );
    assert_eq!(spectrum_view(&window), View::default());
}

#[test]
fn another_layer_is_seen_whole() {
    let mut window = on_a_spectrum();
    let (rect, _) = plot(&window, "model");
    wheel(&mut window, rect.center());
    assert_ne!(spectrum_view(&window), View::default());
    let zoomed = spectrum_view(&window);
    press(&mut window, "Energy");
    assert_eq!(spectrum_view(&window), View::default());
    press(&mut window, "Histogram");
    assert_eq!(spectrum_view(&window), zoomed, "and comes back as it was");
}

#[test]
fn keys_zoom_and_show_the_whole() {
    let mut window = on_runs();
    window
        .get_by(|node| {
            let label = node.label().unwrap_or_default();
            node.role() == Role::Canvas && label.starts_with("Plot of Evaluation loss")
        })
        .focus();
    window.run();
    keys(&mut window, Modifiers::NONE, &[Key::Plus]);
    let zoomed = state(&window).runs.zoom.expect("zoomed");
    keys(&mut window, Modifiers::SHIFT, &[Key::ArrowRight]);
    let moved = state(&window).runs.zoom.expect("zoomed");
    assert!(moved.0 > zoomed.0, "{zoomed:?} {moved:?}");
    keys(&mut window, Modifiers::NONE, &[Key::Num0]);
    assert_eq!(state(&window).runs.zoom, None);
    // Escape lets the reading line go, and only then the plot.
    keys(&mut window, Modifiers::NONE, &[Key::ArrowRight]);
    assert!(plot(&window, "CPU memory").1.starts_with("step "));
    keys(&mut window, Modifiers::NONE, &[Key::Escape]);
    assert!(plot(&window, "CPU memory").1.starts_with("last values"));
}

#[test]
fn the_saved_figure_is_the_chart_on_screen() {
    let mut window = on_runs();
    let (rect, _) = plot(&window, "Evaluation loss");
    let (from, to) = (at(rect, 0.2, 0.9), at(rect, 0.7, 0.3));
    drag(
        &mut window,
        from,
        to,
        PointerButton::Primary,
        Modifiers::NONE,
    );
    let zoom = state(&window).runs.zoom.expect("zoomed along the steps");
    let values = state(&window).runs.zoom_y[&Measure::EvalLoss];
    let mut view = state(&window).runs.view.clone();
    (view.smoothing, view.ignore_outliers) = (0.6, true);
    let mut tell = |command| apply(&mut window.state_mut().state, Command::Runs(command));
    tell(RunsCommand::View(Box::new(view)));
    wait(&mut window, "the smoothed lines", |state| {
        let derived = state.runs.derived.as_ref();
        !state.runs.is_busy()
            && derived.is_some_and(|derived| derived.panels[0].traces[0].1.smooth.is_some())
    });
    let folder = tempfile::tempdir().unwrap();
    let save = RunsCommand::SaveFiguresTo(folder.path().to_owned(), FiguresWanted::Shown);
    apply(&mut window.state_mut().state, Command::Runs(save));
    wait(&mut window, "the figures", |state| !state.runs.is_busy());
    let state = state(&window);
    let panels = &state.runs.derived.as_ref().unwrap().panels;
    let data = panels.iter().find(|data| data.measure == Measure::EvalLoss);
    let chart = state.runs.chart(data.unwrap());
    assert_eq!(
        ((chart.x.low, chart.x.high), (chart.y.low, chart.y.high)),
        (zoom, values)
    );
    assert!(
        chart.caption[0].contains("weight 0.6"),
        "{:?}",
        chart.caption
    );
    let path = folder.path().join("runs-figures/evaluation-loss.svg");
    let saved = std::fs::read_to_string(path).unwrap();
    assert!(saved == svg(&chart, &Style::default()), "{saved}");
}
