//! `layerscope scan` from the outside: its files, what it reuses, replaces and refuses, and that
//! it can be killed.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use safetensors::tensor::{Dtype, TensorView};

use crate::support::{Folder, Tensor, random, varied, write_weights};

fn layerscope(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("layerscope"));
    command
        .current_dir(folder.root.path())
        .arg("scan")
        .arg("tiny")
        .args(arguments);
    command
}

fn run(folder: &Folder, arguments: &[&str]) -> Output {
    layerscope(folder, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs a scan that is to succeed, and returns its standard output.
fn good(folder: &Folder, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Runs a scan that is to fail with exit code 1, and returns its one line.
fn bad(folder: &Folder, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(1));
    let line = text(&output.stderr);
    assert!(
        line.starts_with("error: ") && line.lines().count() == 1,
        "{line}"
    );
    line
}

const FILES: [&str; 3] = [
    "model_snr_results/snr_results_tiny.json",
    "model_snr_results/snr_results_tiny.spectra.safetensors",
    "snr_results_tiny_sorted.json",
];
const JOURNAL: &str = "model_snr_results/.snr_results_tiny.journal";

fn files(out: &Path) -> Vec<Vec<u8>> {
    FILES
        .map(|name| fs::read(out.join(name)).expect(name))
        .to_vec()
}

fn json(output: &str) -> serde_json::Value {
    serde_json::from_str(output).unwrap()
}

#[test]
fn a_scan_writes_its_files_and_a_second_one_reuses_them() {
    let folder = Folder::new(&varied());
    let first = good(&folder, &["--top-percent", "12.5"]);
    assert!(first.starts_with("scanned 12 modules"), "{first}");
    let written = files(folder.root.path());
    let yaml = folder.path("snr_results_tiny_unfrozenparameters_12.5percent.yaml");
    let yaml = fs::read_to_string(yaml).unwrap();
    assert!(
        yaml.starts_with("unfrozen_parameters:\n- ^lm_head.weight$\n"),
        "{yaml}"
    );
    assert!(!folder.path(JOURNAL).exists());
    for name in FILES {
        assert!(first.contains(name), "{first}");
    }
    let again = run(&folder, &["--json"]);
    let summary = json(&text(&again.stdout));
    assert_eq!(
        (&summary["reused"], &summary["scanned"]),
        (&12.into(), &0.into())
    );
    assert!(text(&again.stderr).contains("--fresh"));
    let fresh = json(&good(&folder, &["--json", "--fresh"]));
    assert_eq!(
        (&fresh["reused"], &fresh["scanned"]),
        (&0.into(), &12.into())
    );
    assert_eq!(files(folder.root.path()), written);
}

#[test]
fn the_files_do_not_depend_on_threads_and_memory() {
    let folder = Folder::new(&varied());
    good(&folder, &["--out", "a", "--threads", "1"]);
    good(
        &folder,
        &["--out", "b", "--threads", "3", "--memory", "0.00001"],
    );
    assert_eq!(files(&folder.path("a")), files(&folder.path("b")));
}

#[test]
fn quiet_says_nothing_on_standard_error() {
    let folder = Folder::new(&varied());
    let output = run(&folder, &["--quiet"]);
    assert!(output.status.success() && output.stderr.is_empty());
    let output = run(&folder, &["--quiet"]);
    assert!(output.status.success() && output.stderr.is_empty());
}

#[test]
fn types_are_chosen_by_pattern() {
    let folder = Folder::new(&varied());
    let arguments = [
        "--types",
        "mlp.*",
        "--skip-types",
        "mlp.experts.*",
        "--no-spectra",
    ];
    let output = good(&folder, &arguments);
    assert!(output.contains("scanned 4 modules"), "{output}");
    assert!(output.contains("left out 8 modules"), "{output}");
    let results = fs::read_to_string(folder.path(FILES[0])).unwrap();
    assert_eq!(results.matches("\"snr\"").count(), 4);
    assert!(!results.contains("experts"));
    assert!(!folder.path(FILES[1]).exists());
    let line = bad(&folder, &["--types", "nothing.*", "--out", "b"]);
    assert!(line.contains("nothing.*"), "{line}");
    let line = bad(&folder, &["--skip-types", "*", "--out", "b"]);
    assert!(line.contains("no layer type is left"), "{line}");
}

#[test]
fn part_of_the_types_grows_to_all_but_never_shrinks_unasked() {
    let folder = Folder::new(&varied());
    good(&folder, &["--types", "mlp.up_proj"]);
    let output = good(&folder, &[]);
    assert!(output.contains("scanned 12 modules"), "{output}");
    let line = bad(&folder, &["--types", "mlp.up_proj"]);
    assert!(
        line.contains("other modules") && line.contains("--fresh"),
        "{line}"
    );
    good(&folder, &["--types", "mlp.up_proj", "--fresh"]);
}

#[test]
fn results_of_other_weights_are_neither_reused_nor_replaced_unasked() {
    let weights = |seed| vec![random("layers.0.a", seed, &[9, 12])];
    let folder = Folder::new(&weights(1));
    good(&folder, &[]);
    let first = files(folder.root.path());
    write_weights(&folder.weights(), &weights(2));
    let line = bad(&folder, &[]);
    assert!(
        line.contains("other weights") && line.contains("--fresh"),
        "{line}"
    );
    assert_eq!(files(folder.root.path()), first);
    good(&folder, &["--fresh"]);
    assert_ne!(files(folder.root.path()), first);
}

#[test]
fn complete_results_of_another_program_are_reused() {
    let folder = Folder::new(&[random("layers.0.a", 1, &[9, 12])]);
    fs::create_dir(folder.path("model_snr_results")).unwrap();
    let results =
        "{\n    \"layers.0.a\": {\n        \"snr\": 2.5,\n        \"type\": \"a\"\n    }\n}";
    fs::write(folder.path(FILES[0]), results).unwrap();
    let output = run(&folder, &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("no spectra"));
    assert_eq!(fs::read_to_string(folder.path(FILES[0])).unwrap(), results);
    assert!(folder.path(FILES[2]).exists());
}

#[test]
fn a_name_and_a_file_in_the_way() {
    let folder = Folder::new(&varied());
    good(&folder, &["--name", "org/some_model"]);
    assert!(
        folder
            .path("model_snr_results/snr_results_org-some-model.json")
            .exists()
    );
    fs::write(folder.path(FILES[2]), "{}").unwrap();
    let line = bad(&folder, &[]);
    assert!(line.contains("snr_results_tiny_sorted.json"), "{line}");
    assert!(!folder.path(FILES[0]).exists(), "nothing was done");
}

#[test]
fn what_is_not_there_is_said() {
    let folder = Folder::new(&varied());
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("layerscope"));
    let output = command
        .current_dir(folder.root.path())
        .args(["scan", "meta-llama/Llama-3.1-8B"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let line = text(&output.stderr);
    assert!(
        line.contains("meta-llama/Llama-3.1-8B") && line.contains("hub"),
        "{line}"
    );
    for usage in [
        ["--threads", "0"],
        ["--memory", "-1"],
        ["--top-percent", "101"],
    ] {
        assert_eq!(run(&folder, &usage).status.code(), Some(2), "{usage:?}");
    }
}

#[test]
fn what_cannot_be_scanned_is_named_and_the_rest_is_written() {
    let mut tensors = varied();
    tensors.push(("layers.0.zero.weight".into(), vec![3, 3], vec![0.0; 9]));
    let folder = Folder::new(&tensors);
    let output = good(&folder, &[]);
    assert!(
        output.contains("no ratio: layers.0.zero: all its values are zero"),
        "{output}"
    );
    let results = fs::read_to_string(folder.path(FILES[0])).unwrap();
    assert!(results.contains("\"snr\": NaN"));
    // The reason is kept with the spectra.
    let again = json(&good(&folder, &["--json"]));
    assert_eq!(
        again["without_ratio"][0]["problem"],
        "all its values are zero"
    );
}

#[test]
fn a_model_of_which_nothing_can_be_scanned_leaves_no_results() {
    let folder = Folder::new(&[]);
    let view = TensorView::new(Dtype::U8, vec![2, 2], &[0; 4]).unwrap();
    let bytes = safetensors::serialize([("layers.0.a.weight", view)], None).unwrap();
    fs::write(folder.weights(), bytes).unwrap();
    let output = run(&folder, &["--quiet"]);
    assert_eq!(output.status.code(), Some(1));
    let line = text(&output.stderr);
    assert!(
        line.contains("layers.0.a: ") && line.contains("U8"),
        "{line}"
    );
    assert!(!folder.path(FILES[0]).exists() && !folder.path(JOURNAL).exists());
}

/// Matrices that take a while: the scan can be met in the middle.
fn large() -> Vec<Tensor> {
    let block = |block: u64| random(&format!("model.layers.{block}.mlp.w"), block, &[448, 448]);
    (0..16).map(block).collect()
}

/// Starts a scan and waits until its journal holds a finished matrix; `None` when the scan was
/// through before that was seen.
fn started(folder: &Folder) -> Option<Child> {
    let mut command = layerscope(folder, &["--threads", "1", "--quiet"]);
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    loop {
        let journal = fs::metadata(folder.path(JOURNAL)).map_or(0, |data| data.len());
        if journal > 2048 {
            return Some(child);
        }
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Stops scans by `stop` until one was met in the middle; whether that happened.
fn interrupted(folder: &Folder, stop: impl Fn(&mut Child)) -> bool {
    (0..20).any(|_| {
        let child = started(folder);
        if let Some(mut child) = child {
            stop(&mut child);
            child.wait().unwrap();
        }
        let stopped = !folder.path(FILES[0]).exists() && folder.path(JOURNAL).exists();
        if !stopped {
            let _ = fs::remove_dir_all(folder.path("model_snr_results"));
            let _ = fs::remove_file(folder.path(FILES[2]));
        }
        stopped
    })
}

#[test]
fn a_killed_scan_goes_on_and_leaves_the_same_files() {
    let folder = Folder::new(&large());
    good(&folder, &["--out", "undisturbed"]);
    assert!(
        interrupted(&folder, |child| child.kill().unwrap()),
        "never met in the middle"
    );
    let summary = json(&good(&folder, &["--json"]));
    let resumed = summary["resumed"].as_u64().unwrap();
    assert!((1..16).contains(&resumed), "{summary}");
    assert_eq!(summary["scanned"].as_u64().unwrap(), 16 - resumed);
    assert_eq!(
        files(folder.root.path()),
        files(&folder.path("undisturbed"))
    );
    assert!(!folder.path(JOURNAL).exists());
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_130_and_keeps_what_is_finished() {
    let folder = Folder::new(&large());
    let status = std::cell::Cell::new(None);
    let stopped = interrupted(&folder, |child| {
        // The shell's own kill: a bare machine has no program of that name.
        let kill = Command::new("sh")
            .arg("-c")
            .arg(format!("kill -INT {}", child.id()))
            .status();
        assert!(kill.unwrap().success());
        status.set(child.wait().unwrap().code());
    });
    assert!(stopped, "never met in the middle");
    assert_eq!(status.get(), Some(130));
    let summary = json(&good(&folder, &["--json"]));
    assert!(summary["resumed"].as_u64().unwrap() >= 1);
}
