//! Sessions: saved, opened again, told from other files, and refused by name and place.

use std::fs;
use std::path::{Path, PathBuf};

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use layerscope::selection::{Bulk, Choice, Percent, Preset};
use layerscope::window::{
    Action, Command, Edit, Session, SetRef, SetsCommand, SetsView, Settings, Tab, VERSION, apply,
};
use tempfile::TempDir;

use crate::window::{Window, document, drop_on, first_start, opened, slide, started, state, wait};

const RESULTS: &str = r#"{
    "model.layers.0.mlp.up_proj": {"snr": 0.5, "type": "mlp.up_proj"},
    "model.layers.1.mlp.up_proj": {"snr": 2.0, "type": "mlp.up_proj"},
    "model.layers.2.mlp.up_proj": {"snr": 0.25, "type": "mlp.up_proj"}
}"#;

/// What the session of [`worked_on`] is, byte for byte: the format's documentation shows it.
const GOLDEN: &str = include_str!("session.golden.json");

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("snr_results_made-up.json");
    fs::write(&results, RESULTS).unwrap();
    (folder, results)
}

pub(crate) fn tell(window: &mut Window, command: impl Into<Command>) {
    apply(&mut window.state_mut().state, command.into());
    window.run();
}

fn open(window: &mut Window, path: &Path) {
    drop_on(window, path);
    opened(window);
    wait(window, "a session to be opened", |state| {
        !state.session.is_busy()
    });
}

/// A window with some work done on the results at `path`.
fn worked_on(path: &Path) -> Window {
    let mut window = first_start();
    open(&mut window, path);
    tell(&mut window, SetsCommand::Add(Percent::whole(100)));
    slide(&mut window, 50.0);
    tell(
        &mut window,
        Edit::Mark {
            modules: vec![2],
            edit: Bulk::All,
        },
    );
    tell(&mut window, SetsCommand::Keep);
    let id = document(&window).sets()[1].id;
    tell(&mut window, SetsCommand::Rename(id, "mine".to_owned()));
    tell(&mut window, SetsCommand::PickA(SetRef::Kept(id)));
    tell(&mut window, SetsCommand::PickB(SetRef::Current));
    tell(&mut window, SetsCommand::Show(SetsView::Types));
    tell(&mut window, Action::ShowSets);
    window
}

/// Saves where the system's dialog would have answered.
fn save(window: &mut Window, path: &Path) {
    let document = window.state_mut().state.document.as_mut().unwrap();
    document.session = Some(path.to_path_buf());
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    window.step();
    wait(window, "the session to be saved", |state| {
        !state.session.is_busy()
    });
}

#[test]
fn a_session_is_written_as_documented() {
    let (folder, results) = folder();
    let mut window = worked_on(&results);
    let path = folder.path().join("work.layerscope.json");
    save(&mut window, &path);
    let written = fs::read_to_string(&path).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/app/session.golden.json");
        fs::write(file, &written).unwrap();
    }
    assert_eq!(written, GOLDEN);
    assert_eq!(state(&window).preferences.recent[0], path);
    window.get_by_label_contains("Saved the session as ");
}

#[test]
fn a_session_brings_everything_back() {
    let (folder, results) = folder();
    let mut before = worked_on(&results);
    let path = folder.path().join("work.layerscope.json");
    save(&mut before, &path);

    // The whole folder may have moved.
    let moved = tempfile::tempdir().unwrap();
    let path = moved.path().join("work.layerscope.json");
    fs::rename(folder.path().join("work.layerscope.json"), &path).unwrap();
    let there = moved.path().join("snr_results_made-up.json");
    fs::rename(&results, &there).unwrap();

    let mut after = first_start();
    open(&mut after, &path);
    let (was, is) = (document(&before), document(&after));
    assert_eq!(is.report.path.as_deref(), Some(there.as_path()));
    assert_eq!(is.choice(), was.choice());
    assert_eq!(is.set, was.set);
    let sets = |document: &layerscope::window::Document| -> Vec<_> {
        let sets = document.sets().iter();
        sets.map(|kept| kept.set.clone()).collect()
    };
    assert_eq!(sets(is), sets(was));
    assert!(!is.can_undo(), "it starts from there");
    let state = state(&after);
    assert_eq!(state.tab, Tab::Sets);
    assert_eq!(state.sets.view, SetsView::Types);
    assert_eq!(state.sets.a, SetRef::Kept(is.sets()[1].id));
    assert_eq!(state.sets.b, SetRef::Current);
    assert_eq!(is.session.as_deref(), Some(path.as_path()));

    save(&mut after, &path);
    assert_eq!(fs::read_to_string(&path).unwrap(), GOLDEN, "the same again");
}

#[test]
fn a_session_of_the_spelling_before_opens() {
    let (folder, _) = folder();
    let path = folder.path().join("before.layerscope.json");
    let before = GOLDEN.replace("\"color\":", "\"colour\":");
    assert_ne!(before, GOLDEN);
    fs::write(&path, before).unwrap();
    let mut window = first_start();
    open(&mut window, &path);
    save(&mut window, &path);
    assert_eq!(fs::read_to_string(&path).unwrap(), GOLDEN);
}

#[test]
fn a_session_on_the_sample_needs_no_file_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sample.layerscope.json");
    let mut window = first_start();
    slide(&mut window, 40.0);
    save(&mut window, &path);
    let choice = document(&window).choice().clone();
    let mut window = first_start();
    open(&mut window, &path);
    assert_eq!(document(&window).report.slug, layerscope::sample::SLUG);
    assert_eq!(*document(&window).choice(), choice);
}

#[test]
fn presets_come_along_and_leave_those_that_are_there_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("presets.layerscope.json");
    let preset = |name: &str, percent| {
        let choice = Choice {
            percent: Percent::whole(percent),
            ..Choice::default()
        };
        Preset::new(name, &choice)
    };
    let mut window = first_start();
    window.state_mut().state.preferences.presets = vec![preset("ours", 7), preset("both", 8)];
    save(&mut window, &path);
    let mut window = first_start();
    window.state_mut().state.preferences.presets = vec![preset("both", 9)];
    open(&mut window, &path);
    let expected = [preset("both", 9), preset("ours", 7)];
    assert_eq!(state(&window).preferences.presets, expected);
}

#[test]
fn what_a_newer_program_added_is_kept_and_said() {
    let (folder, _) = folder();
    let path = folder.path().join("work.layerscope.json");
    let text = GOLDEN.replacen("{\n", "{\n  \"colors of noise\": [\"pink\"],\n", 1);
    fs::write(&path, &text).unwrap();
    let mut window = first_start();
    open(&mut window, &path);
    window.get_by_label_contains("colors of noise");
    save(&mut window, &path);
    let again = Session::read(&path, &fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(again.unknown["colors of noise"][0], "pink");
}

#[test]
fn broken_sessions_are_refused_by_file_and_place() {
    let (folder, _) = folder();
    let newer = format!("\"version\": {}", VERSION + 1);
    let absent = r#""document": "nowhere.json""#;
    let cases = [
        (
            "newer",
            GOLDEN.replace("\"version\": 1", &newer),
            "this program reads up to 1",
        ),
        ("cut short", GOLDEN[..GOLDEN.len() / 2].to_owned(), "line"),
        (
            "wrong kind",
            GOLDEN.replace("\"percent\": 50000000", "\"percent\": \"half\""),
            "line 6",
        ),
        (
            "no version",
            GOLDEN.replace("\"version\": 1", "\"version\": \"one\""),
            "has no version",
        ),
        (
            "gone",
            GOLDEN.replace(r#""document": "snr_results_made-up.json""#, absent),
            "nowhere.json is not there",
        ),
    ];
    for (name, text, expected) in cases {
        assert_ne!(text, GOLDEN, "{name}");
        let path = folder.path().join(format!("{name}.layerscope.json"));
        fs::write(&path, text).unwrap();
        let mut window = first_start();
        open(&mut window, &path);
        let said = &state(&window).notices.last().expect("it is said").text;
        assert!(said.contains(&format!("{name}.layerscope.json")), "{said}");
        assert!(said.contains(expected), "{name}: {said}");
        assert_eq!(
            document(&window).report.slug,
            layerscope::sample::SLUG,
            "{name}"
        );
    }
}

#[test]
fn sets_that_were_not_saved_come_back_at_the_next_start() {
    let mut window = first_start();
    tell(&mut window, SetsCommand::Add(Percent::whole(10)));
    let set = document(&window).sets()[0].set.clone();
    window.state_mut().state.keep_choice();
    let kept = serde_json::to_string(&state(&window).settings).unwrap();
    let settings: Settings = serde_json::from_str(&kept).unwrap();
    drop(window);
    let window = started(settings);
    let sets: Vec<_> = document(&window)
        .sets()
        .iter()
        .map(|kept| &kept.set)
        .collect();
    assert_eq!(sets, [&set]);
    assert!(!document(&window).can_undo());
}
