//! Holding the open results against others.

use std::fs;
use std::path::PathBuf;

use eframe::egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use layerscope::figure::Mode;
use layerscope::report::flat_json;
use layerscope::sample;
use tempfile::TempDir;

use crate::window::{Window, document, fill, first_start, keys, press, state, wait, words};

/// The sample's results with one ratio halved.
fn halved() -> (TempDir, PathBuf) {
    let (mut report, _) = sample::open().unwrap();
    let module = report.find("model.layers.3.mlp.up_proj").unwrap();
    report.modules[module].snr = report.modules[module].snr.map(|snr| snr / 2.0);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snr_results_base.json");
    fs::write(&path, flat_json(&report)).unwrap();
    (folder, path)
}

fn compare(window: &mut Window, path: &str) {
    press(window, "Open");
    press(window, "Compare with other results…");
    fill(window, "Path", path);
    // A spinner turns until they are read: `press` would wait for the window to come to rest.
    window
        .get_by_role_and_label(Role::Button, "Compare")
        .click();
    window.step();
    wait(window, "the other results", |state| {
        state.jobs.other.is_none()
    });
}

/// How many heatmaps are on screen.
fn pictures(window: &Window) -> usize {
    let pictures = window.get_all_by(|node| {
        let label = node.label().unwrap_or_default();
        node.role() == Role::Canvas && label.starts_with(layerscope::window::heatmap::NAME)
    });
    pictures.count()
}

#[test]
fn the_change_against_other_results_is_shown_and_let_go_again() {
    let (_folder, path) = halved();
    let mut window = first_start();
    compare(&mut window, path.to_str().unwrap());
    assert_eq!(state(&window).dialog, None);
    assert_eq!(state(&window).preferences.heatmap.mode, Mode::Change);
    assert!(words(&window).contains("Compared with base"));
    let report = &document(&window).report;
    let module = report.find("model.layers.3.mlp.up_proj").unwrap();
    let change = report.change(module).unwrap();
    assert!((change - 1.0).abs() < 1e-6, "{change}");
    let unchanged = (0..report.modules.len()).filter(|&m| report.change(m) == Some(0.0));
    assert_eq!(unchanged.count(), report.modules.len() - 1);

    window
        .get_by_role_and_label(Role::CheckBox, "Both pictures")
        .click();
    window.run();
    assert_eq!(pictures(&window), 2);
    keys(&mut window, Modifiers::NONE, &[Key::F5]);
    assert_eq!(pictures(&window), 2);
    assert!(!words(&window).contains("Compared with"));
    keys(&mut window, Modifiers::NONE, &[Key::F5]);

    press(&mut window, "Stop comparing");
    assert_eq!(document(&window).report.other, None);
    assert_eq!(state(&window).preferences.heatmap.mode, Mode::Snr);
    assert!(!words(&window).contains("Compared with"));
}

#[test]
fn results_of_another_architecture_are_refused_in_the_dialog() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snr_results_other.json");
    fs::write(
        &path,
        r#"{"encoder.layer.0.dense": {"snr": 0.5, "type": "dense"}}"#,
    )
    .unwrap();
    let mut window = first_start();
    compare(&mut window, path.to_str().unwrap());
    let words = words(&window);
    assert!(words.contains("no module in common"), "{words}");
    assert_eq!(document(&window).report.other, None);
}
