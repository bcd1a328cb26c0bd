//! What holds for every command.

use std::io::Read as _;
use std::process::Stdio;

use crate::{error_line, layerscope, results, run};

#[test]
fn help_names_the_commands_and_version_the_version() {
    let (code, stdout, _) = run(layerscope().arg("--help"));
    assert_eq!(code, 0);
    for word in ["types", "select", "completions", "man", "--json", "--quiet"] {
        assert!(stdout.contains(word), "{word} in {stdout}");
    }
    let (code, stdout, _) = run(layerscope().arg("--version"));
    assert_eq!(code, 0);
    assert!(stdout.contains(env!("CARGO_PKG_VERSION")), "{stdout}");
}

#[test]
fn wrong_usage_exits_2() {
    for arguments in [
        vec!["select"],
        vec!["select", "x.json", "--format", "poem"],
        vec!["select", "x.json", "--top-percent", "101"],
        vec!["select", "x.json", "--type-percent", "mlp"],
        vec!["select", "x.json", "--force"],
        vec!["types", "--no-such-option", "x"],
    ] {
        let (code, stdout, stderr) = run(layerscope().args(&arguments));
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(stderr.starts_with("error: "), "{stderr}");
    }
}

#[test]
fn a_path_with_a_command_behind_it_is_no_command() {
    // Whatever opens, it is not `types`, which would ask for an argument.
    if cfg!(feature = "gui") {
        return;
    }
    let line = error_line(layerscope().args(["./some.json", "types"]));
    assert!(line.contains("without the window"), "{line}");
}

#[test]
fn without_the_window_the_commands_are_named() {
    if cfg!(feature = "gui") {
        return;
    }
    let line = error_line(&mut layerscope());
    assert!(
        line.contains("commands: ") && line.contains("select"),
        "{line}"
    );
}

#[test]
fn missing_and_blank_files_are_one_line() {
    let line = error_line(layerscope().args(["types", "no/such.json"]));
    assert!(
        line.starts_with("error: no/such.json: there is no such folder or file"),
        "{line}"
    );
    let folder = tempfile::tempdir().expect("a folder for the test");
    let blank = folder.path().join("blank.json");
    std::fs::write(&blank, "\r\n").expect("is written");
    for command in ["types", "select"] {
        let line = error_line(layerscope().arg(command).arg(&blank));
        assert!(line.contains("is blank: no results in it"), "{line}");
    }
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_layerscope"))
        .args(["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    let mut stderr = String::new();
    let mut pipe = child.stderr.take().expect("is piped");
    pipe.read_to_string(&mut stderr).expect("is text");
    assert!(child.wait().expect("ends").success());
    assert_eq!(stderr, "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("is a device");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_layerscope"))
        .arg("types")
        .arg(results())
        .stdout(full)
        .output()
        .expect("starts");
    assert_eq!(output.status.code(), Some(1));
    let line = String::from_utf8(output.stderr).expect("is text");
    assert!(
        line.starts_with("error: standard output: cannot write"),
        "{line}"
    );
}

#[test]
fn warnings_go_to_standard_error_unless_quiet() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("twice.json");
    std::fs::write(&path, r#"{"t": {"m": 1, "m": 2}}"#).expect("is written");
    let (_, stdout, stderr) = run(layerscope().arg("types").arg(&path));
    assert_eq!(
        stderr,
        "warning: m is listed more than once; the last one counts\n"
    );
    let quiet = run(layerscope().arg("--quiet").arg("types").arg(&path));
    assert_eq!(quiet, (0, stdout, String::new()));
}

#[test]
fn completions_and_the_manual_know_the_commands() {
    for arguments in [
        vec!["completions", "bash"],
        vec!["completions", "fish"],
        vec!["man"],
    ] {
        let (code, stdout, _) = run(layerscope().args(&arguments));
        assert_eq!(code, 0);
        assert!(stdout.contains("select"), "{arguments:?}");
        assert!(stdout.contains("percent"), "{arguments:?}");
    }
}

/// Only where display servers are named by variables.
#[cfg(all(feature = "gui", target_os = "linux"))]
#[test]
fn without_a_display_the_window_says_what_works() {
    let mut command = assert_cmd::Command::cargo_bin("layerscope").expect("is built");
    for variable in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(variable);
    }
    let output = command.output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    for expected in ["error: ", "no display", "scan", "xvfb-run"] {
        assert!(said.contains(expected), "{expected:?} is not in {said}");
    }
}
