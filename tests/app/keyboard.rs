//! A whole job by keyboard alone: nothing here is clicked, focused by a screen reader or changed
//! behind the window's back. What was written is what counts.

use std::fs;
use std::path::Path;

use eframe::egui::{Event, Key, Modifiers};
use layerscope::selection::{Mark, Percent};
use layerscope::window::{Dialog, RoomDialog, Tab};

use crate::window::{Window, document, first_start, focused, heatmap_says, keys, state, wait};

/// Results of two types in eight blocks.
fn results() -> String {
    let lines = ["self_attn.q_proj", "mlp.up_proj"]
        .into_iter()
        .flat_map(|kind| {
            (0..8).map(move |block| {
                let snr = f64::from(block + 1) / 10.0;
                format!(r#""model.layers.{block}.{kind}": {{"snr": {snr}, "type": "{kind}"}}"#)
            })
        });
    format!("{{{}}}", lines.collect::<Vec<_>>().join(","))
}

/// Logs in no known layout: the window asks what the columns mean.
const LOG: &str = "Schritt;Verlust;Bemerkung\n1;3,5;a\n2;3,25;b\n3;3,125;c\n";

fn press(window: &mut Window, keys_: &[Key]) {
    keys(window, Modifiers::NONE, keys_);
}

fn command(window: &mut Window, key: Key) {
    keys(window, Modifiers::COMMAND, &[key]);
}

fn type_text(window: &mut Window, text: &str) {
    window.event(Event::Text(text.to_owned()));
    window.run();
}

/// Presses `key` until what has the keyboard is called `name`.
#[track_caller]
fn until(window: &mut Window, key: Key, name: &str) {
    let mut seen = Vec::new();
    for _ in 0..200 {
        press(window, &[key]);
        let now = focused(window);
        if now == name {
            return;
        }
        seen.push(now);
    }
    panic!("{name} is not among\n{}", seen.join("\n"));
}

#[track_caller]
fn tab_to(window: &mut Window, name: &str) {
    until(window, Key::Tab, name);
}

/// Opens what is at `path`, by typing it.
fn open(window: &mut Window, path: &Path) {
    command(window, Key::O);
    assert_eq!(focused(window), "TextInput Path", "the field is ready");
    type_text(window, path.to_str().unwrap());
    window.key_press(Key::Enter);
    window.step();
    wait(window, "the path to be opened", |state| {
        !state.open.is_busy() && !state.runs.is_busy()
    });
}

/// Says of the column in focus that it means `role`.
fn choose(window: &mut Window, column: &str, role: &str) {
    tab_to(window, &format!("ComboBox {column}"));
    press(window, &[Key::Enter]);
    until(window, Key::ArrowDown, &format!("Button {role}"));
    press(window, &[Key::Enter]);
    assert_eq!(focused(window), format!("ComboBox {column}"), "and back");
}

/// Sets 25 % and pins a layer that does not train; its name.
fn tune(window: &mut Window) -> String {
    press(window, &[Key::F6, Key::F6]);
    tab_to(window, "SpinButton Top percent");
    command(window, Key::A);
    type_text(window, "50");
    press(window, &[Key::Enter]);
    assert_eq!(document(window).choice().percent, Percent::whole(50));
    tab_to(window, "Slider Top percent");
    press(window, &[Key::ArrowLeft; 25]);
    assert_eq!(document(window).choice().percent, Percent::whole(25));

    press(window, &[Key::F6]);
    assert_eq!(focused(window), "Canvas Layer heatmap");
    press(window, &[Key::Home]);
    for _ in 0..8 {
        if heatmap_says(window).contains("State frozen") {
            break;
        }
        press(window, &[Key::ArrowRight]);
    }
    let said = heatmap_says(window);
    assert!(said.contains("State frozen"), "{said}");
    let name = said.split([':', ',']).nth(1).unwrap().trim().to_owned();
    press(window, &[Key::Space]);
    let marks = &document(window).choice().marks;
    assert_eq!(marks.get(&name), Some(&Mark::Pin));
    assert!(heatmap_says(window).contains("chosen: pinned"));
    name
}

fn export(window: &mut Window, path: &Path) {
    command(window, Key::E);
    assert!(matches!(
        state(window).dialog,
        Some(Dialog::Room(RoomDialog::Export))
    ));
    tab_to(window, "TextInput File");
    command(window, Key::A);
    type_text(window, path.to_str().unwrap());
    wait(window, "the dry run", |state| !state.export.is_busy());
    tab_to(window, "Button Write file");
    window.key_press(Key::Enter);
    window.step();
    wait(window, "the file", |state| !state.export.is_busy());
    if state(window).dialog.is_some() {
        press(window, &[Key::Escape]);
    }
}

#[test]
fn a_whole_job_is_done_by_keyboard_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let model = file("snr_results_made-up.json", &results());
    let first = file("first.csv", LOG);
    let second = file("second.csv", &LOG.replace("3,125", "2,5"));
    let written = folder.path().join("set.yaml");
    let mut window = first_start();

    open(&mut window, &model);
    assert_eq!(state(&window).dialog, None);
    assert_eq!(document(&window).report.slug, "made-up");
    let pinned = tune(&mut window);
    export(&mut window, &written);

    // The first log is asked about; the second one has the same header.
    open(&mut window, &first);
    assert_eq!(
        state(&window).dialog,
        Some(Dialog::Room(RoomDialog::Mapping))
    );
    choose(&mut window, "Schritt", "Step");
    choose(&mut window, "Verlust", "Evaluation loss");
    tab_to(&mut window, "Button Read the table");
    window.key_press(Key::Enter);
    window.step();
    wait(&mut window, "the import", |state| {
        !state.runs.sample && !state.runs.is_busy()
    });
    assert_eq!(state(&window).dialog, None);
    open(&mut window, &second);
    assert_eq!(state(&window).runs.list.len(), 2);

    // The second one becomes the baseline, from the menu of its row.
    command(&mut window, Key::Num3);
    assert_eq!(state(&window).tab, Tab::Runs);
    tab_to(&mut window, "Button second");
    keys(&mut window, Modifiers::SHIFT, &[Key::F10]);
    assert_eq!(focused(&window), "Button Rename");
    until(&mut window, Key::ArrowDown, "Button Compare with this run");
    press(&mut window, &[Key::Enter]);
    let runs = &state(&window).runs;
    assert_eq!(runs.baseline(), Some(runs.list[1].id));
    assert_eq!(focused(&window), "Button second", "and back to the row");

    // The figure of the layers, beside the export.
    command(&mut window, Key::Num1);
    command(&mut window, Key::K);
    type_text(&mut window, "save figure");
    window.key_press(Key::Enter);
    window.step();
    wait(&mut window, "the figure", |state| {
        !state.saving.is_busy() && !state.export.is_busy() && state.dialog.is_none()
    });
    press(&mut window, &[Key::Escape]);

    let yaml = fs::read_to_string(&written).unwrap();
    assert!(yaml.contains("unfrozen_parameters"), "{yaml}");
    for name in [
        "model.layers.7.self_attn.q_proj",
        "model.layers.6.mlp.up_proj",
    ] {
        assert!(yaml.contains(name), "{name} in {yaml}");
    }
    assert!(yaml.contains(&pinned), "{pinned} in {yaml}");
    assert!(!yaml.contains("model.layers.3.mlp.up_proj"), "{yaml}");
    let figure = fs::read_to_string(folder.path().join("figure.svg")).unwrap();
    assert!(
        figure.starts_with("<svg") || figure.starts_with("<?xml"),
        "{figure}"
    );
    assert!(figure.contains("made-up"));
}
