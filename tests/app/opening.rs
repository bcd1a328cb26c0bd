//! Opening results: by typed path and by drop; what cannot be opened leaves all as it was.

use std::fs;
use std::path::{Path, PathBuf};

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use layerscope::sample;
use layerscope::window::{Dialog, Origin};
use tempfile::TempDir;

use crate::window::{Window, document, drop_on, fill, first_start, keys, opened, state, words};

const RESULTS: &str = r#"{
    "model.layers.0.mlp.up_proj": {"snr": 0.5, "type": "mlp.up_proj"},
    "model.layers.1.mlp.up_proj": {"snr": Infinity, "type": "mlp.up_proj"},
    "model.layers.2.mlp.up_proj": {"snr": 0.25, "type": "mlp.up_proj"}
}"#;

fn file(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}

/// Types `path` into the open dialog and presses Enter.
fn open_typed(window: &mut Window, path: &Path) {
    keys(window, Modifiers::COMMAND, &[Key::O]);
    fill(window, "Path", path.to_str().unwrap());
    window.key_press(Key::Enter);
    window.step();
    opened(window);
}

#[test]
fn a_results_file_is_opened_by_its_typed_path() {
    let (_folder, path) = file("snr_results_made-up.json", RESULTS);
    let mut window = first_start();
    open_typed(&mut window, &path);
    assert_eq!(state(&window).dialog, None);
    assert_eq!(document(&window).report.slug, "made-up");
    assert_eq!(document(&window).report.modules.len(), 3);
    assert!(matches!(document(&window).origin, Origin::Results));
    let words = words(&window);
    assert!(words.contains("results, 3 modules"), "{words}");
    assert_eq!(state(&window).preferences.recent, [path]);
}

#[test]
fn a_results_file_is_opened_by_drop() {
    let (_folder, path) = file("snr_results_made-up.json", RESULTS);
    let mut window = first_start();
    drop_on(&mut window, &path);
    opened(&mut window);
    assert_eq!(document(&window).report.slug, "made-up");
}

#[test]
fn the_open_button_of_the_dialog_opens() {
    let (_folder, path) = file("snr_results_made-up.json", RESULTS);
    let mut window = first_start();
    keys(&mut window, Modifiers::COMMAND, &[Key::O]);
    fill(&mut window, "Path", path.to_str().unwrap());
    // The menu in the toolbar has the name as well, and comes first.
    let mut buttons = window.get_all_by_role_and_label(eframe::egui::Role::Button, "Open");
    buttons.next_back().unwrap().click();
    drop(buttons);
    window.step();
    opened(&mut window);
    assert_eq!(document(&window).report.slug, "made-up");
}

#[test]
fn what_cannot_be_opened_is_named_in_the_dialog_and_changes_nothing() {
    let mut window = first_start();
    for (name, text) in [
        (
            "broken.json",
            "{\"model.layers.0.mlp.up_proj\": {\"snr\": 0.5,",
        ),
        ("blank.json", ""),
        ("list.json", "[1, 2]"),
        ("noise.bin", "neither weights nor results"),
    ] {
        let (_folder, path) = file(name, text);
        open_typed(&mut window, &path);
        window.get_by_label_contains(&format!("{name}: "));
        assert_eq!(document(&window).report.slug, sample::SLUG, "{name}");
        assert!(
            matches!(state(&window).dialog, Some(Dialog::Open { .. })),
            "the path can be corrected"
        );
        keys(&mut window, Modifiers::NONE, &[Key::Escape]);
    }
    assert!(state(&window).preferences.recent.is_empty());
}

#[test]
fn a_path_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nowhere.json");
    let mut window = first_start();
    open_typed(&mut window, &path);
    window.get_by_label_contains("nowhere.json: cannot open the file");
    assert_eq!(document(&window).report.slug, sample::SLUG);
}

#[test]
fn a_drop_that_cannot_be_opened_is_named_and_the_line_can_be_dismissed() {
    let (_folder, path) = file("blank.json", "");
    let mut window = first_start();
    drop_on(&mut window, &path);
    opened(&mut window);
    window.get_by_label_contains("blank.json: ");
    assert_eq!(document(&window).report.slug, sample::SLUG);
    crate::window::press(&mut window, "Dismiss");
    assert!(window.query_by_label_contains("blank.json: ").is_none());
}

#[test]
fn an_empty_folder_is_no_model_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = first_start();
    drop_on(&mut window, folder.path());
    opened(&mut window);
    let name = folder.path().file_name().unwrap().to_str().unwrap();
    window.get_by_label_contains(name);
    assert_eq!(document(&window).report.slug, sample::SLUG);
}

#[test]
fn what_a_file_is_is_told_by_its_content() {
    use layerscope::open::{Opened, open};
    let kind = |name: &str, text: &str| {
        let (_folder, path) = file(name, text);
        match open(&path) {
            Ok(Opened::Report(..)) => "results",
            Ok(Opened::Model(_)) => "model",
            Ok(Opened::FreezeSet(_)) => "freeze set",
            Ok(Opened::Session(_)) => "session",
            Ok(Opened::Log(_)) => "log",
            Err(_) => "neither",
        }
    };
    let peft = r#"{"peft_type": "LORA", "target_modules": ["q_proj"]}"#;
    let session = r#"{ "version": 1, "layerscope":"session" }"#;
    for (name, text, expected) in [
        (
            "spectrum.txt",
            "unfrozen_parameters:\n- ^lm_head.weight$\n",
            "freeze set",
        ),
        (
            "bare.yaml",
            "# comment\n- model.layers.0.mlp.up_proj\n",
            "freeze set",
        ),
        (
            "axolotl.yml",
            "base_model: x\nunfrozen_parameters:\n  - a.b\n",
            "freeze set",
        ),
        ("plugin.yml", "spectrum_top_fraction: 0.5\n", "freeze set"),
        (
            "llama_factory.yaml",
            "stage: sft\nfreeze_trainable_layers: 2\n",
            "freeze set",
        ),
        (
            "train.sh",
            "swift sft \\\n  --trainable_parameters a.b\n",
            "freeze set",
        ),
        ("adapter_config.json", peft, "freeze set"),
        (
            "names",
            "model.layers.0.mlp.up_proj\nmodel.norm\n",
            "freeze set",
        ),
        ("a.layerscope.json", session, "session"),
        ("renamed.json", session, "session"),
        ("results.yaml", RESULTS, "results"),
        ("log.csv", "step,loss\n1,2.5\n", "log"),
        ("prose.txt", "Nothing of the kind.\n", "neither"),
    ] {
        assert_eq!(kind(name, text), expected, "{name}");
    }
}
