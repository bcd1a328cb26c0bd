//! The program on parts of a scan: what the tests of shards and of merging share.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::{Folder, varied};

pub(crate) fn layerscope(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("layerscope"));
    command.current_dir(folder.root.path()).args(arguments);
    command
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) fn good(output: &Output) -> (String, String) {
    assert!(output.status.success(), "{}", text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

/// The one line of a command that fails.
pub(crate) fn bad(folder: &Folder, arguments: &[&str]) -> String {
    let output = layerscope(folder, arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let line = text(&output.stderr);
    assert_eq!(line.lines().count(), 1, "{line}");
    line
}

/// A tied head, a fused weight and a matrix without a ratio among others.
pub(crate) fn folder() -> Folder {
    let mut tensors = varied();
    tensors.push(("layers.0.zero.weight".into(), vec![3, 3], vec![0.0; 9]));
    let folder = Folder::new(&tensors);
    let config = r#"{"architectures": ["LlamaForCausalLM"]}"#;
    fs::write(folder.model().join("config.json"), config).unwrap();
    folder
}

pub(crate) fn shard_file(out: &str, index: usize, count: usize) -> String {
    format!("{out}/model_snr_results/snr_results_tiny.shard-{index}-of-{count}.json")
}

pub(crate) fn spectra_of(results: &str) -> String {
    results.replace(".json", ".spectra.safetensors")
}

/// Scans all parts into the folder `out`, each in a process of its own, all at once.
pub(crate) fn scan_shards(
    folder: &Folder,
    out: &str,
    count: usize,
    options: &[&str],
) -> Vec<String> {
    let children: Vec<_> = (1..=count)
        .map(|index| {
            let shard = format!("{index}/{count}");
            let threads = if index == 2 { "2" } else { "1" };
            let mut command = layerscope(folder, &["scan", "tiny", "--quiet", "--out", out]);
            command.args(["--shard", &shard, "--threads", threads]);
            command.args(options).stdout(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    (1..=count)
        .map(|index| shard_file(out, index, count))
        .collect()
}

pub(crate) fn merge(folder: &Folder, parts: &[String], more: &[&str]) -> Output {
    let mut command = layerscope(folder, &["merge"]);
    command.args(parts).args(more).output().unwrap()
}

/// The one line of a merge into `all.json` that is refused; nothing is written.
pub(crate) fn refused(folder: &Folder, parts: &[String]) -> String {
    let mut arguments = vec!["merge", "-o", "all.json"];
    arguments.extend(parts.iter().map(String::as_str));
    let line = bad(folder, &arguments);
    assert!(!folder.path("all.json").exists());
    assert!(!folder.path("all.spectra.safetensors").exists());
    line
}

/// Writes the part at `results` again into the folder `copy`, its spectra changed.
pub(crate) fn changed(
    folder: &Folder,
    results: &str,
    copy: &str,
    change: impl Fn(Vec<u8>) -> Vec<u8>,
) -> String {
    fs::create_dir_all(folder.path(copy)).unwrap();
    let name = Path::new(results).file_name().unwrap().to_str().unwrap();
    let to = format!("{copy}/{name}");
    fs::copy(folder.path(results), folder.path(&to)).unwrap();
    let spectra = fs::read(folder.path(&spectra_of(results))).unwrap();
    fs::write(folder.path(&spectra_of(&to)), change(spectra)).unwrap();
    to
}

/// `bytes` with the one place that holds `old` changed to `new`, of the same length.
pub(crate) fn replaced(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let place = bytes.windows(old.len()).position(|w| w == old.as_bytes());
    let mut bytes = bytes.to_vec();
    bytes[place.expect(old)..][..new.len()].copy_from_slice(new.as_bytes());
    bytes
}

pub(crate) const FILES: [&str; 3] = [
    "model_snr_results/snr_results_tiny.json",
    "model_snr_results/snr_results_tiny.spectra.safetensors",
    "snr_results_tiny_sorted.json",
];

pub(crate) fn assert_same_files(folder: &Folder, a: &str, b: &str) {
    for name in FILES {
        let read = |out: &str| fs::read(folder.path(out).join(name)).expect(name);
        assert!(read(a) == read(b), "{name} of {a} and {b}");
    }
}
