//! The corpora of the fuzz targets, run again: what is kept in `tests/corpus` is read without a
//! panic, and every promise in [`crate::entry`] holds.

use std::fs;
use std::path::{Path, PathBuf};

use crate::entry;

/// The folder of a target's corpus.
pub(crate) fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(target)
}

/// Runs `target` on each file of its corpus.
fn replay(target: &str, run: fn(&[u8])) {
    let mut files: Vec<PathBuf> = fs::read_dir(folder(target))
        .expect(target)
        .map(|entry| entry.expect(target).path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "the corpus of {target} is empty");
    for file in files {
        let bytes = fs::read(&file).expect(target);
        assert!(
            std::panic::catch_unwind(|| run(&bytes)).is_ok(),
            "{} is not read as promised: see above",
            file.display()
        );
    }
}

#[test]
fn safetensors_header() {
    replay("safetensors_header", entry::safetensors_header);
}

#[test]
fn gguf() {
    replay("gguf", entry::gguf);
}

#[test]
fn packed() {
    replay("packed", entry::packed);
}

#[test]
fn pickle_and_npz() {
    replay("pickle_and_npz", entry::pickle_and_npz);
}

#[test]
fn results_json() {
    replay("results_json", entry::results_json);
}

#[test]
fn spectra() {
    replay("spectra", entry::spectra);
}

#[test]
fn freeze_set() {
    replay("freeze_set", entry::freeze_set);
}

#[test]
fn run_table() {
    replay("run_table", entry::run_table);
}

#[test]
fn run_json() {
    replay("run_json", entry::run_json);
}

#[test]
fn run_text() {
    replay("run_text", entry::run_text);
}

#[test]
fn run_store() {
    replay("run_store", entry::run_store);
}

#[test]
#[cfg(feature = "gui")]
fn session() {
    replay("session", entry::session);
}
