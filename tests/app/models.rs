//! Opening a model's folder: it scans by itself, fills in, and can be stopped.

use std::fs;
use std::path::{Path, PathBuf};

use eframe::egui::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use layerscope::window::Origin;
use safetensors::tensor::{Dtype, TensorView};
use tempfile::TempDir;

use crate::window::{Window, document, drop_on, first_start, heatmap_says, press, state, wait};

/// A model folder: `blocks` blocks of two square matrices of that size.
pub(crate) fn model(blocks: usize, size: usize) -> (TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("made-up");
    fs::create_dir(&path).unwrap();
    let mut random = 1_u64;
    let values = (0..size * size).flat_map(|_| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((random >> 40) as f32 / (1 << 24) as f32 - 0.5).to_le_bytes()
    });
    let values: Vec<u8> = values.collect();
    let names = (0..blocks).flat_map(|block| {
        ["self_attn.q_proj", "mlp.up_proj"]
            .map(|layer| format!("model.layers.{block}.{layer}.weight"))
    });
    let tensors = names.map(|name| {
        let view = TensorView::new(Dtype::F32, vec![size, size], &values).unwrap();
        (name, view)
    });
    let weights = path.join("model.safetensors");
    safetensors::serialize_to_file(tensors, None, &weights).unwrap();
    (root, path)
}

/// Drops the model on a window whose interrupted scans are kept in `scans`.
pub(crate) fn open(path: &Path, scans: &Path) -> Window {
    let mut window = first_start();
    window.state_mut().state.scan_folder = Some(scans.to_path_buf());
    drop_on(&mut window, path);
    window
}

#[test]
fn a_small_model_scans_by_itself_and_its_numbers_appear() {
    let (root, path) = model(3, 32);
    let mut window = open(&path, root.path());
    wait(&mut window, "the scan", |state| {
        let model = |origin: &Origin| matches!(origin, Origin::Model(_));
        let document = state.document.as_ref();
        document.is_some_and(|document| model(&document.origin)) && state.jobs.scan.is_none()
    });
    let report = &document(&window).report;
    assert_eq!(report.scanned(), 6);
    assert!(report.modules.iter().all(|module| module.detail.is_some()));
    window.get_by_label("Scan finished");
    window.get_by_label("All 6 modules scanned.");
    window.get_by_label_contains("model, 6 modules");
    assert!(heatmap_says(&window).contains("6 modules"));
    let tick = window.get_by_role_and_label(Role::CheckBox, "mlp.up_proj");
    assert!(!tick.accesskit_node().is_disabled());
}

#[test]
fn a_scan_can_be_stopped_and_goes_on_where_it_was() {
    let (root, path) = model(12, 768);
    let mut window = open(&path, root.path());
    wait_to_step(&mut window, |window| state(window).jobs.scan.is_some());
    window
        .get_by_role_and_label(Role::Button, "Cancel scan")
        .click();
    wait(&mut window, "the scan to stop", |state| {
        state.jobs.scan.is_none()
    });
    let scanned = document(&window).report.scanned();
    assert!(scanned < 24, "it was stopped on the way");
    window.get_by_label("Scan stopped; finished layers are kept");
    window.get_by_label(&format!("{scanned} of 24 modules scanned."));

    window
        .get_by_role_and_label(Role::Button, "Scan now")
        .click();
    wait_to_step(&mut window, |window| {
        document(window).report.scanned() > scanned
    });
    window.get_by_role_and_label(Role::Button, "Cancel").click();
    wait(&mut window, "the scan to stop", |state| {
        state.jobs.scan.is_none()
    });
}

/// Draws frames until `done`, and not one more: work goes on.
fn wait_to_step(window: &mut Window, done: impl Fn(&Window) -> bool) {
    for _ in 0..20_000 {
        window.step();
        if done(window) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    panic!("waited in vain");
}

#[test]
fn another_document_ends_the_scan_of_the_one_before() {
    let (root, path) = model(12, 768);
    let mut window = open(&path, root.path());
    wait_to_step(&mut window, |window| state(window).jobs.scan.is_some());
    window.get_by_role_and_label(Role::Button, "Open").click();
    window.run_steps(2);
    window
        .get_by_role_and_label(Role::Button, "Open the sample")
        .click();
    wait_to_step(&mut window, |window| state(window).jobs.scan.is_none());
    window.run();
    assert!(matches!(document(&window).origin, Origin::Sample));
    let report = &document(&window).report;
    assert_eq!(report.scanned(), report.modules.len());
    let scan = window.get_by_role_and_label(Role::Button, "Scan");
    assert!(scan.accesskit_node().is_disabled(), "there are no weights");
}

#[test]
fn a_type_left_out_is_not_scanned() {
    let (root, path) = model(2, 32);
    let mut window = first_start();
    window.state_mut().state.scan_folder = Some(root.path().to_path_buf());
    let mut choice = layerscope::selection::Choice::default();
    choice.excluded.insert("mlp.up_proj".to_owned());
    let choices = &mut window.state_mut().state.settings.choices;
    choices.insert(path.display().to_string(), choice);
    drop_on(&mut window, &path);
    wait(&mut window, "the scan", |state| {
        let document = state.document.as_ref();
        let model = document.is_some_and(|document| document.model().is_some());
        model && state.jobs.scan.is_none()
    });
    assert_eq!(document(&window).report.scanned(), 2);
    press(&mut window, "Scan");
    window.get_by_label("Every listed layer type is scanned");
}
