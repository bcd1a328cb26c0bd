//! No network unless it is asked for: what the system saw of the program's sockets, by strace.

#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::results;

/// Whether processes can be watched here.
fn strace() -> bool {
    let there = Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "true"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !there {
        println!("skipped: no strace, or it may not watch processes here");
    }
    there
}

/// The calls by which the program, run with those arguments, made a socket of the internet's.
fn internet(arguments: &[&str], folder: &Path, environment: &[(&str, &str)]) -> Vec<String> {
    let log = folder.join("strace");
    let output = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=socket,connect", "-o"])
        .arg(&log)
        .arg(env!("CARGO_BIN_EXE_layerscope"))
        .args(arguments)
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .env("XDG_RUNTIME_DIR", folder)
        .env_remove("WAYLAND_DISPLAY")
        .envs(environment.iter().copied())
        .current_dir(folder)
        .output()
        .expect("starts");
    let calls = std::fs::read_to_string(log).expect("strace writes its log");
    let offline = environment.iter().all(|(name, _)| *name != "HF_ENDPOINT");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.success(), offline, "{arguments:?}: {said}");
    calls
        .lines()
        .filter(|call| call.contains("AF_INET"))
        .map(str::to_owned)
        .collect()
}

/// A model of one matrix.
fn model(folder: &Path) {
    let header = r#"{"model.layers.0.mlp.up_proj.weight":{"dtype":"F16","shape":[128,96],"data_offsets":[0,24576]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    // Half-precision numbers between 1 and 2, none like its neighbor.
    bytes.extend((0..12_288_u32).flat_map(|place| {
        let mantissa = (place.wrapping_mul(2_654_435_761) >> 22) as u16;
        (0x3c00 | mantissa).to_le_bytes()
    }));
    std::fs::write(folder.join("small.safetensors"), bytes).expect("is written");
}

#[test]
fn commands_on_local_files_open_no_socket() {
    if !strace() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the test");
    let at = folder.path();
    model(at);
    let results = results().display().to_string();
    for arguments in [
        &["types", "sample"][..],
        &["types", &results],
        &["scan", "small.safetensors", "--out", "out"],
        &["select", &results, "--top-percent", "25", "-o", "set.yaml"],
        &["check", "set.yaml", &results],
        &["figure", "heatmap", "sample", "-o", "heatmap.png"],
    ] {
        assert_eq!(internet(arguments, at, &[]), [""; 0], "{arguments:?}");
    }
    // Were it not seen here, the lines above would prove nothing.
    let hub = [("HF_ENDPOINT", "http://127.0.0.1:9")];
    let asked = internet(&["types", "org/name"], at, &hub);
    assert!(
        !asked.is_empty(),
        "a question to the hub goes over a socket"
    );
}

/// A display for a test, gone with it.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    fn new() -> Option<Self> {
        use std::io::{BufRead as _, BufReader};

        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut number = String::new();
        BufReader::new(server.stdout.take()?)
            .read_line(&mut number)
            .ok()?;
        let name = format!(":{}", number.trim());
        Some(Self { server, name })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It is over with it in any case.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn the_window_opens_on_the_sample_without_a_socket() {
    if !cfg!(feature = "gui") || !strace() {
        return;
    }
    let Some(display) = Display::new() else {
        println!("skipped: no Xvfb to open a window on");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder for the test");
    let environment = [("DISPLAY", display.name.as_str())];
    let sockets = internet(&["--time-startup"], folder.path(), &environment);
    assert_eq!(sockets, [""; 0]);
}
