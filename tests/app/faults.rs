//! Ten thousand files dropped at once: the window stays the window, and reads what it can use.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::DroppedFile;

use crate::window::{Window, first_start, state, wait};

/// How many files are dropped.
const FILES: usize = 10_000;

/// A file of which only the path is asked for: on the window's thread nothing is read.
#[derive(Debug)]
struct Unread(PathBuf);

impl DroppedFile for Unread {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        panic!("the window's thread reads {}", self.0.display())
    }
}

/// Drops files of that content on a window, all in one frame.
fn drop_all(ending: &str, content: impl Fn(usize) -> String) -> (tempfile::TempDir, Window) {
    let folder = tempfile::tempdir().unwrap();
    let mut window = first_start();
    for number in 0..FILES {
        let path = folder.path().join(format!("run{number}.{ending}"));
        fs::write(&path, content(number)).unwrap();
        window
            .input_mut()
            .dropped_files
            .push(Arc::new(Unread(path)));
    }
    window.step();
    (folder, window)
}

fn notices(window: &Window) -> Vec<String> {
    let notices = state(window).notices.iter();
    notices.map(|notice| notice.text.clone()).collect()
}

#[test]
fn ten_thousand_logs_are_read_in_the_background_up_to_a_limit() {
    let (_folder, mut window) = drop_all("jsonl", |number| {
        format!("{{\"step\": 1, \"loss\": {number}}}\n{{\"step\": 2, \"loss\": 1}}\n")
    });
    // The frame that took them is over, and the work goes on beside the window.
    assert!(state(&window).runs.is_reading());
    let told = notices(&window);
    assert!(
        told.iter()
            .any(|text| text.contains("10000 files at once: only the first 1000")),
        "{told:?}"
    );
    wait(&mut window, "the logs to be read", |state| {
        !state.runs.is_reading()
    });
    assert_eq!(state(&window).runs.list.len(), 1000);
    assert_eq!(state(&window).runs.problems.len(), 0);
}

#[test]
fn ten_thousand_files_of_nothing_leave_the_document_as_it_was() {
    let (_folder, mut window) = drop_all("txt", |_| "no log, no model\n".to_owned());
    let before = state(&window)
        .document
        .as_ref()
        .map(|document| document.report.slug.clone());
    assert!(before.is_some());
    wait(&mut window, "the files to be looked at", |state| {
        !state.runs.is_reading() && !state.open.is_busy()
    });
    let after = state(&window)
        .document
        .as_ref()
        .map(|document| document.report.slug.clone());
    assert_eq!(after, before);
    assert!(notices(&window).len() <= 4, "the latest few are enough");
}
