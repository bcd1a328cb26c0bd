//! The runs tab: the sample's runs, table, plots, imports, freeze sets, presentation.

use std::fs;
use std::path::PathBuf;

use eframe::egui::{Key, Modifiers, Role, Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use layerscope::run::XAxis;
use layerscope::window::{Command, Dialog, RoomDialog, Settings, Tab, apply};
use layerscope::window::{FiguresWanted, RunId, RunsCommand};
use tempfile::TempDir;

use crate::window::{
    Window, builder, drop_on, fill, first_start, keys, plain, press, started, state, wait, words,
};

/// The tab on the sample's runs, their table made.
fn on_runs() -> Window {
    let mut window = first_start();
    press(&mut window, "Runs");
    derived(&mut window);
    window
}

/// Waits until table and plots are those of the runs as they are.
fn derived(window: &mut Window) {
    wait(window, "the comparison", |state| {
        !state.sets.is_busy() && !state.runs.is_busy() && state.runs.derived.is_some()
    });
}

fn run(window: &Window, name: &str) -> RunId {
    let list = &state(window).runs.list;
    let entry = list.iter().find(|entry| entry.run.name == name);
    entry.unwrap_or_else(|| panic!("there is a run {name}")).id
}

fn names(window: &Window) -> Vec<String> {
    let list = &state(window).runs.list;
    list.iter().map(|entry| entry.run.name.clone()).collect()
}

fn tell(window: &mut Window, command: RunsCommand) {
    apply(&mut window.state_mut().state, Command::Runs(command));
    derived(window);
}

/// The runs in the order of the table's rows.
fn rows(window: &Window) -> Vec<String> {
    let boxes = window.get_all_by_role(Role::CheckBox);
    let mut rows: Vec<(f32, String)> = boxes
        .filter_map(|node| {
            let label = node.accesskit_node().label()?;
            let name = label.strip_prefix("Show ")?.to_owned();
            Some((node.rect().top(), name))
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, name)| name).collect()
}

/// What a screen reader says of the plot of `measure`.
#[track_caller]
fn plot(window: &Window, measure: &str) -> String {
    let start = format!("Plot of {measure}");
    let node = window.get_by(|node| {
        node.role() == Role::Canvas && node.label().is_some_and(|label| label.starts_with(&start))
    });
    let label = node.accesskit_node().label().unwrap_or_default();
    format!("{label}, {}", node.value().unwrap_or_default())
}

fn log(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}

const JSON_LINES: &str = r#"{"step": 1, "loss": 3.5, "eval_loss": 3.25}
{"step": 2, "loss": 3.0, "eval_loss": 2.75}
{"step": 3, "loss": 2.5, "eval_loss": 2.5}
"#;

const TABLE: &str = "Schritt;Verlust;Bemerkung\n1;3,5;a\n2;3,25;b\n3;3,125;c\n";

#[test]
fn the_sample_runs_are_there_at_the_first_start_and_say_what_they_are() {
    let window = on_runs();
    let words = words(&window);
    for expected in [
        "Full fine-tuning",
        "Spectrum 50 %",
        "Spectrum 25 %",
        "Spectrum 10 %",
        "One seed",
        "not evidence for or against a method",
        // Last evaluation loss of full fine-tuning, and the difference of Spectrum 50 %.
        "2.752",
        "+4.37",
    ] {
        assert!(words.contains(expected), "{expected:?} is not in:\n{words}");
    }
    assert!(plot(&window, "Evaluation loss").contains("Spectrum 10 % 3.120"));
    assert!(plot(&window, "CPU memory").contains("GiB"));
}

#[test]
fn a_heading_sorts_turns_the_order_and_lets_go() {
    let mut window = on_runs();
    let own = rows(&window);
    press(&mut window, "Sort by Evaluation loss last");
    let rising = rows(&window);
    assert_eq!(rising.first().unwrap(), "Full fine-tuning");
    assert_eq!(rising.last().unwrap(), "Spectrum 10 %");
    press(&mut window, "Sort by Evaluation loss last");
    let falling: Vec<String> = rows(&window).into_iter().rev().collect();
    assert_eq!(falling, rising);
    press(&mut window, "Sort by Evaluation loss last");
    assert_eq!(rows(&window), own);
}

#[test]
fn another_baseline_changes_the_differences() {
    let mut window = on_runs();
    let base = run(&window, "Spectrum 50 %");
    tell(&mut window, RunsCommand::Baseline(base));
    let derived = state(&window).runs.derived.clone().unwrap();
    assert_eq!(derived.row(base).unwrap().loss_difference_percent, None);
    let full = run(&window, "Full fine-tuning");
    let difference = derived.row(full).unwrap().loss_difference_percent;
    assert!(difference.unwrap() < 0.0);
}

#[test]
fn a_hidden_run_leaves_the_plots_and_stays_in_the_table() {
    let mut window = on_runs();
    window
        .get_by_role_and_label(Role::CheckBox, "Show Spectrum 10 %")
        .click();
    window.run();
    assert!(!plot(&window, "Evaluation loss").contains("Spectrum 10 %"));
    assert_eq!(rows(&window).len(), 5);
}

#[test]
fn the_axis_of_all_plots_changes() {
    let mut window = on_runs();
    for (label, axis) in [
        ("Epoch", XAxis::Epoch),
        ("Time", XAxis::Relative),
        ("Date", XAxis::Wall),
        ("% done", XAxis::Completion),
        ("Step", XAxis::Step),
    ] {
        press(&mut window, label);
        derived(&mut window);
        assert_eq!(state(&window).runs.view.axis, axis);
        assert!(plot(&window, "Evaluation loss").contains("last values"));
    }
}

#[test]
fn smoothing_keeps_the_values_as_logged_beside_it() {
    let mut window = on_runs();
    let before = plot(&window, "Evaluation loss");
    assert!(!before.contains('('), "{before}");
    window
        .get_by_role_and_label(Role::Slider, "Smoothing")
        .set_value_accesskit(0.9);
    window.run();
    derived(&mut window);
    let after = plot(&window, "Evaluation loss");
    assert!(after.contains("(2.752)"), "{after}");
    let (_, trace) = &state(&window).runs.derived.as_ref().unwrap().panels[0].traces[0];
    let smooth = trace.smooth.as_ref().unwrap();
    assert_eq!(smooth.points().len(), trace.logged.points().len());
}

#[test]
fn the_hover_line_reads_all_runs_in_all_plots_and_keys_move_it() {
    let mut window = on_runs();
    let start = "Plot of Evaluation loss";
    let rect = window
        .get_by(|node| {
            node.role() == Role::Canvas
                && node.label().is_some_and(|label| label.starts_with(start))
        })
        .rect();
    window.hover_at(rect.center());
    window.run();
    let (loss, memory) = (
        plot(&window, "Evaluation loss"),
        plot(&window, "CPU memory"),
    );
    let place = |text: &str| text.split_once(": ").map(|(place, _)| place.to_owned());
    let step =
        |text: &str| place(text).and_then(|text| text.rsplit_once("step ").map(|t| t.1.to_owned()));
    assert!(step(&loss).is_some(), "{loss}");
    assert_eq!(step(&loss), step(&memory));
    window.remove_cursor();
    window.run();
    window
        .get_by(|node| {
            node.role() == Role::Canvas
                && node.label().is_some_and(|label| label.starts_with(start))
        })
        .focus();
    window.run();
    keys(
        &mut window,
        Modifiers::NONE,
        &[Key::ArrowRight, Key::ArrowRight],
    );
    assert!(
        plot(&window, "CPU memory").contains("step 10:"),
        "{}",
        plot(&window, "CPU memory")
    );
}

#[test]
fn a_brush_zooms_all_plots_and_a_double_click_shows_the_whole() {
    let mut window = on_runs();
    let start = "Plot of CPU memory";
    let rect = window
        .get_by(|node| {
            node.role() == Role::Canvas
                && node.label().is_some_and(|label| label.starts_with(start))
        })
        .rect();
    let at = |share: f32| rect.left_center() + vec2(rect.width() * share, 0.0);
    window.drag_at(at(0.25));
    window.run();
    window.hover_at(at(0.5));
    window.run();
    window.drop_at(at(0.75));
    window.run();
    let (low, high) = state(&window).runs.zoom.expect("zoomed");
    assert!(
        (low - 37.5).abs() < 2.0 && (high - 112.5).abs() < 2.0,
        "{low} {high}"
    );
    press(&mut window, "Show the whole axis");
    assert_eq!(state(&window).runs.zoom, None);
}

#[test]
fn logs_are_imported_by_drop_and_take_the_place_of_the_sample() {
    let (_folder, path) = log("brisk-pond-1.jsonl", JSON_LINES);
    let mut window = first_start();
    drop_on(&mut window, &path);
    wait(&mut window, "the import", |state| !state.runs.sample);
    derived(&mut window);
    assert_eq!(state(&window).tab, Tab::Runs);
    assert_eq!(names(&window), ["brisk-pond-1"]);
    assert!(plot(&window, "Evaluation loss").contains("brisk-pond-1 2.500"));
    // What is removed can be put back, and the sample is a click away.
    let only = run(&window, "brisk-pond-1");
    apply(
        &mut window.state_mut().state,
        Command::Runs(RunsCommand::Remove(only)),
    );
    window.run();
    window.get_by_label_contains("No runs yet");
    tell(&mut window, RunsCommand::Restore);
    assert_eq!(names(&window), ["brisk-pond-1"]);
    tell(&mut window, RunsCommand::ShowSamples);
    assert_eq!(names(&window).len(), 5);
}

#[test]
fn a_broken_log_is_named_and_changes_nothing() {
    let (_folder, path) = log("broken.jsonl", "{\"step\": 1, \"loss\":\n{{{\n");
    let mut window = on_runs();
    tell(&mut window, RunsCommand::Import(vec![path]));
    assert!(words(&window).contains("broken.jsonl"));
    assert_eq!(names(&window).len(), 5);
}

#[test]
fn an_unknown_table_is_asked_about_once() {
    let (folder, path) = log("odd.csv", TABLE);
    let mut window = first_start();
    drop_on(&mut window, &path);
    wait(&mut window, "the question", |state| {
        matches!(state.dialog, Some(Dialog::Room(RoomDialog::Mapping)))
    });
    for (column, role) in [("Schritt", "Step"), ("Verlust", "Evaluation loss")] {
        window.get_by_role_and_label(Role::ComboBox, column).click();
        window.run();
        // The tab behind the dialog may have a button of that name, too: it comes first.
        let mut buttons = window.get_all_by_role_and_label(Role::Button, role);
        buttons.next_back().unwrap().click();
        drop(buttons);
        window.run();
    }
    press(&mut window, "Read the table");
    wait(&mut window, "the import", |state| !state.runs.sample);
    derived(&mut window);
    assert_eq!(state(&window).dialog, None);
    let said = plot(&window, "Evaluation loss");
    assert!(said.contains("3.125"), "{said}");
    // The next one with that header needs no answer.
    let again = folder.path().join("again.csv");
    fs::write(&again, TABLE.replace("3,125", "2,5")).unwrap();
    tell(&mut window, RunsCommand::Import(vec![again]));
    assert_eq!(state(&window).dialog, None);
    assert!(plot(&window, "Evaluation loss").contains("2.500"));
}

#[test]
fn a_run_is_renamed_in_its_row() {
    let mut window = on_runs();
    window
        .get_by_role_and_label(Role::Button, "LoRA on a 4-bit base")
        .focus();
    window.run();
    keys(&mut window, Modifiers::NONE, &[Key::F2]);
    fill(&mut window, "Name of the run", "QLoRA r 8");
    keys(&mut window, Modifiers::NONE, &[Key::Enter]);
    derived(&mut window);
    assert!(names(&window).contains(&"QLoRA r 8".to_owned()));
    assert!(plot(&window, "Evaluation loss").contains("QLoRA r 8 2.937"));
}

#[test]
fn a_row_is_moved_by_keys() {
    let mut window = on_runs();
    window
        .get_by_role_and_label(Role::Button, "Spectrum 50 %")
        .focus();
    window.run();
    keys(&mut window, Modifiers::ALT, &[Key::ArrowUp]);
    derived(&mut window);
    assert_eq!(rows(&window)[0], "Spectrum 50 %");
}

#[test]
fn the_table_is_copied_as_it_is_shown() {
    let mut window = on_runs();
    let hidden = run(&window, "Spectrum 10 %");
    tell(&mut window, RunsCommand::Hide(hidden, true));
    press(&mut window, "Copy");
    press(&mut window, "Copy as LaTeX");
    let copied =
        window
            .output()
            .platform_output
            .commands
            .iter()
            .find_map(|command| match command {
                eframe::egui::OutputCommand::CopyText(text) => Some(text.clone()),
                _ => None,
            });
    assert!(words(&window).contains("Copied the table as LaTeX"));
    if let Some(text) = copied {
        assert!(
            text.contains("Spectrum 50 \\%") && !text.contains("Spectrum 10"),
            "{text}"
        );
    }
}

#[test]
fn a_runs_layers_are_lit_in_the_heatmap() {
    let mut window = on_runs();
    let run = run(&window, "Spectrum 25 %");
    let link = state(&window)
        .runs
        .entry(run)
        .unwrap()
        .link
        .clone()
        .unwrap();
    tell_only(&mut window, RunsCommand::ShowLayers(run));
    assert_eq!(state(&window).tab, Tab::Layers);
    let region = crate::window::document(&window).region.clone().unwrap();
    assert_eq!(region.what, "Spectrum 25 %");
    let report = &state(&window).document.as_ref().unwrap().report;
    assert!(region.modules.len() > 50, "{}", region.modules.len());
    for &module in &region.modules {
        assert!(link.modules.contains(&report.modules[module].name));
    }
    window.get_by_label_contains("Pin all");
}

fn tell_only(window: &mut Window, command: RunsCommand) {
    apply(&mut window.state_mut().state, Command::Runs(command));
    window.run();
}

#[test]
fn the_published_figures_are_saved_with_the_table_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = on_runs();
    let wanted = FiguresWanted::Published;
    let command = RunsCommand::SaveFiguresTo(folder.path().to_path_buf(), wanted);
    tell_only(&mut window, command);
    wait(&mut window, "the figures", |state| !state.runs.is_busy());
    let made = folder.path().join("runs-figures");
    for name in [
        "cpu-memory.svg",
        "loss.svg",
        "loss-memory.svg",
        "loss-minutes.svg",
        "runs.csv",
        "runs.tex",
    ] {
        let text = fs::read_to_string(made.join(name)).unwrap();
        assert!(text.contains("Spectrum 50"), "{name}");
    }
}

#[test]
fn runs_come_back_at_the_next_start() {
    let (_folder, path) = log("brisk-pond-1.jsonl", JSON_LINES);
    let mut window = on_runs();
    tell(&mut window, RunsCommand::Import(vec![path]));
    let only = run(&window, "brisk-pond-1");
    tell(&mut window, RunsCommand::Rename(only, "Mine".to_owned()));
    tell(&mut window, RunsCommand::Color(only, 3));
    window.state_mut().state.keep_runs();
    let settings: Settings = state(&window).kept_settings();
    let mut window = started(settings);
    wait(&mut window, "the logs", |state| !state.runs.sample);
    let entry = &state(&window).runs.list[0];
    assert_eq!((entry.run.name.as_str(), entry.color), ("Mine", 3));
    assert_eq!(state(&window).tab, Tab::Layers);
}

#[test]
fn the_presentation_shows_the_picture_alone() {
    let mut window = on_runs();
    keys(&mut window, Modifiers::NONE, &[Key::F5]);
    assert!(state(&window).presenting());
    assert!(window.query_by_label("Import logs…").is_none());
    assert!(window.query_by_label("Undo").is_none());
    plot(&window, "Evaluation loss");
    keys(&mut window, Modifiers::NONE, &[Key::Escape]);
    assert!(!state(&window).presenting());
    window.get_by_label("Import logs…");
}

#[test]
fn the_tab_stands_in_every_size_and_theme() {
    for size in [
        vec2(1024.0, 640.0),
        vec2(1600.0, 1000.0),
        vec2(300.0, 200.0),
    ] {
        for theme in [Theme::Dark, Theme::Light] {
            let mut window = builder(size, theme).build_eframe(|cc| {
                let mut app =
                    layerscope::window::App::with_settings(&cc.egui_ctx, plain(), Vec::new());
                app.state.scan.folder = None;
                app.state.tab = Tab::Runs;
                app
            });
            window.step();
            derived(&mut window);
            tell(&mut window, RunsCommand::RemoveAll);
            window.run();
        }
    }
}

#[test]
fn a_log_that_is_followed_grows_on_screen() {
    use std::io::Write as _;
    let (_folder, path) = log("brisk-pond-1.jsonl", JSON_LINES);
    let mut window = on_runs();
    tell(&mut window, RunsCommand::Import(vec![path.clone()]));
    tell(&mut window, RunsCommand::Follow(true));
    let last = |state: &layerscope::window::State| {
        let run = &state.runs.list[0].run;
        let series = run.series_of(layerscope::run::Metric::EvalLoss).unwrap();
        series.values.last().copied()
    };
    assert_eq!(last(state(&window)), Some(2.5));
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    writeln!(file, r#"{{"step": 4, "loss": 2.0, "eval_loss": 2.25}}"#).unwrap();
    drop(file);
    let start = std::time::Instant::now();
    while last(state(&window)) != Some(2.25) {
        window.step();
        assert!(start.elapsed().as_secs() < 60, "the row did not come");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    tell(&mut window, RunsCommand::Follow(false));
}
