//! The program as a person at a terminal meets it: text, files, exit codes.

#![allow(clippy::expect_used, reason = "a test says what it expects")]

mod check;
mod compare;
mod figure;
mod network;
mod program;
mod select;
mod types;
mod vocabulary;

use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// A file of `tests/fixtures`.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

fn results() -> PathBuf {
    fixture("snr_results_tiny-mixed.json")
}

fn layerscope() -> Command {
    Command::cargo_bin("layerscope").expect("is built")
}

/// What a run came to: exit code, standard output, standard error.
fn run(command: &mut Command) -> (i32, String, String) {
    let output = command.output().expect("starts");
    let text = |bytes| String::from_utf8(bytes).expect("is text");
    (
        output.status.code().expect("was not killed"),
        text(output.stdout),
        text(output.stderr),
    )
}

/// The one line of a run that failed as it should.
fn error_line(command: &mut Command) -> String {
    let (code, stdout, stderr) = run(command);
    assert_eq!((code, stdout.as_str()), (1, ""), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.starts_with("error: "), "{stderr}");
    stderr.trim_end().to_owned()
}
