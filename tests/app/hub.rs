//! A model of the hub in the window: asked for by its id, shown with its sizes, downloaded or
//! read where it is; and what is said when that does not work.

use std::path::PathBuf;

use eframe::egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use layerscope::source::hub::Patience;
use layerscope::window::{Dialog, HubStage, HubWork, Origin};
use tempfile::TempDir;

use crate::hub_support::{SHARDS, model};
use crate::models;
use crate::server::{Fault, Server};
use crate::window::{Window, document, fill, first_start, keys, press, state, wait};

/// A window whose hub is that server, with a cache of its own.
fn window(server: &Server) -> (TempDir, Window) {
    let folder = tempfile::tempdir().unwrap();
    let mut window = first_start();
    let state = &mut window.state_mut().state;
    state.scan_folder = Some(folder.path().join("scans"));
    state.hub =
        layerscope::source::hub::Settings::new(&server.endpoint, &folder.path().join("hub"));
    state.hub.patience = Patience {
        tries: 1,
        ..Patience::default()
    };
    (folder, window)
}

/// Types the id into the open dialog, and waits for what the hub says.
fn ask(window: &mut Window, id: &str) {
    keys(window, Modifiers::COMMAND, &[Key::O]);
    fill(window, "Path", id);
    window.key_press(Key::Enter);
    window.step();
    answered(window);
}

fn answered(window: &mut Window) {
    wait(window, "the hub", |state| {
        let asking = |work: &layerscope::window::HubJob| work.work == HubWork::Ask;
        !state.jobs.hub.as_ref().is_some_and(asking)
    });
}

fn is_scanned(window: &mut Window) {
    wait(window, "the scan", |state| {
        let document = state.document.as_ref();
        let whole = document
            .is_some_and(|document| document.model().is_some() && document.report.waiting() == 0);
        whole && state.jobs.scan.is_none() && state.jobs.hub.is_none()
    });
}

#[test]
fn a_model_is_shown_with_its_sizes_and_downloaded() {
    let server = Server::good(model());
    let (folder, mut window) = window(&server);
    ask(&mut window, "org/tiny");
    for label in ["config.json", SHARDS[0], SHARDS[1], "Commit 1234567890"] {
        window.get_by_label(label);
    }
    window.get_by_label_contains("4 files, ");
    assert!(
        server.content(".safetensors").is_empty(),
        "nothing is fetched unasked"
    );
    assert!(window.query_by_label("README.md").is_none());
    window
        .get_by(|node| {
            let label = node.label().unwrap_or_default();
            node.role() == Role::Button && label.starts_with("Download ")
        })
        .click();
    is_scanned(&mut window);
    assert_eq!(document(&window).report.slug, "org-tiny");
    assert_eq!(state(&window).dialog, None);
    let snapshot = folder.path().join("hub/models--org--tiny/snapshots");
    assert!(snapshot.is_dir());
    // The next time it is there.
    ask(&mut window, "org/tiny");
    window.get_by_label("All of it is in the cache.");
    press_now(&mut window, "Open from the cache");
    is_scanned(&mut window);
}

#[test]
fn a_model_is_scanned_where_it_is_and_is_a_recent_item() {
    let server = Server::good(model());
    let (folder, mut window) = window(&server);
    ask(&mut window, "org/tiny@v1/new");
    press_now(&mut window, "Scan remotely");
    is_scanned(&mut window);
    let report = &document(&window).report;
    assert_eq!(
        (report.slug.as_str(), report.scanned()),
        ("org-tiny", report.modules.len())
    );
    assert!(!folder.path().join("hub").exists(), "nothing is kept");
    let address = PathBuf::from("hf://org/tiny@v1/new");
    assert_eq!(state(&window).preferences.recent, [address]);
    assert!(matches!(document(&window).origin, Origin::Model(_)));
}

#[test]
fn what_goes_wrong_is_told_and_can_be_tried_again() {
    let server = Server::new(model(), |request| match request.earlier {
        0 if !request.store => Fault::Status(401, vec![("x-error-code", "GatedRepo")]),
        _ if request.is_content(SHARDS[0]) && request.earlier == 0 => Fault::Damaged,
        _ => Fault::None,
    });
    let (_folder, mut window) = window(&server);
    ask(&mut window, "org/tiny");
    window.get_by_label_contains("org/tiny: is gated: its owner asks");
    press_now(&mut window, "Try again");
    answered(&mut window);
    // The index is refused once, too.
    window.get_by_label_contains("is gated");
    press_now(&mut window, "Try again");
    answered(&mut window);
    window.get_by_label(SHARDS[0]);
    for _ in 0..12 {
        window
            .get_by(|node| {
                let label = node.label().unwrap_or_default();
                let button = node.role() == Role::Button;
                button && (label.starts_with("Download ") || label == "Try again")
            })
            .click();
        wait(&mut window, "the download", |state| {
            state.jobs.hub.is_none()
        });
        if state(&window).dialog.is_none() {
            break;
        }
        assert!(matches!(
            &state(&window).dialog,
            Some(Dialog::Hub(dialog)) if matches!(dialog.stage, HubStage::Failed { work: HubWork::Download, .. })
        ));
    }
    is_scanned(&mut window);
    assert_eq!(document(&window).report.slug, "org-tiny");
}

#[test]
fn asking_ends_with_the_dialog() {
    let server = Server::new(model(), |_| Fault::StallAfter(0));
    let (_folder, mut window) = window(&server);
    keys(&mut window, Modifiers::COMMAND, &[Key::O]);
    fill(&mut window, "Path", "org/tiny");
    window.key_press(Key::Enter);
    window.step();
    window.step();
    window.get_by_label_contains("Asking the hub what it holds");
    // The status bar behind the dialog has one, too.
    let mut buttons = window.get_all_by_role_and_label(Role::Button, "Cancel");
    buttons.next_back().unwrap().click();
    drop(buttons);
    window.step();
    window.step();
    assert!(state(&window).dialog.is_none() && state(&window).jobs.hub.is_none());
}

#[test]
fn a_download_is_stopped_from_the_status_bar() {
    let server = Server::new(model(), |request| {
        if request.is_content("") {
            Fault::Slow(100)
        } else {
            Fault::None
        }
    });
    let (_folder, mut window) = window(&server);
    ask(&mut window, "org/tiny");
    window
        .get_by(|node| {
            node.label()
                .is_some_and(|label| label.starts_with("Download "))
        })
        .click();
    for _ in 0..20 {
        window.step();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    window.get_by_label_contains("Downloading org/tiny: ");
    window.get_by_role_and_label(Role::Button, "Cancel").click();
    wait(&mut window, "the download to stop", |state| {
        state.jobs.hub.is_none()
    });
    window.get_by_label_contains("The download of org/tiny was stopped; what has arrived is kept");
    assert!(matches!(document(&window).origin, Origin::Sample));
}

#[test]
fn earlier_results_are_offered_instead_of_a_scan() {
    let (root, path) = models::model(12, 768);
    let results = path.join("model_snr_results");
    std::fs::create_dir(&results).unwrap();
    let entries: Vec<String> = (0..12)
        .flat_map(|block| {
            ["self_attn.q_proj", "mlp.up_proj"].map(|layer| {
                format!("\"model.layers.{block}.{layer}\": {{\"snr\": 0.{block}, \"type\": \"{layer}\"}}")
            })
        })
        .collect();
    let text = format!("{{{}}}", entries.join(","));
    std::fs::write(results.join("snr_results_made-up.json"), text).unwrap();
    let mut window = models::open(&path, root.path());
    for _ in 0..2000 {
        window.step();
        if state(&window).jobs.scan.is_some() && state(&window).earlier.found.is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    press_now(&mut window, "Cancel scan");
    wait(&mut window, "the scan to stop", |state| {
        state.jobs.scan.is_none()
    });
    window.get_by_label("Results of 24 of its modules are here.");
    press(&mut window, "Use them");
    let report = &document(&window).report;
    assert_eq!(report.waiting(), 0);
    let last = report.find("model.layers.9.mlp.up_proj").unwrap();
    assert_eq!(report.modules[last].snr, Some(0.9));
    assert!(
        document(&window).model().is_some(),
        "the weights are still at hand"
    );
}

/// Clicks while work goes on, which keeps the window from coming to rest.
fn press_now(window: &mut Window, label: &str) {
    window.get_by_role_and_label(Role::Button, label).click();
    window.step();
}
