//! Disks that are full and folders that nothing may be written to: an error that names the file,
//! nothing half-written, and all is well once there is room.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use layerscope::export::{Replace, write};
use layerscope::spectral::ScanOptions;

use crate::support::{Folder, bits, options, random, scanned, varied};

/// A device on which every write fails as on a full disk.
const FULL: &str = "/dev/full";

fn program() -> PathBuf {
    assert_cmd::cargo::cargo_bin!("layerscope").to_path_buf()
}

fn has_full() -> bool {
    let there = Path::new(FULL).exists();
    if !there {
        println!("skipped: there is no {FULL}");
    }
    there
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The names of all that lies under `folder`.
fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn a_full_disk_under_what_is_written_is_told() {
    if !has_full() {
        return;
    }
    let error = write(Path::new(FULL), b"text", Replace::Yes).unwrap_err();
    let error = error.to_string();
    assert!(
        error.starts_with("/dev/full: cannot write the file"),
        "{error}"
    );
}

#[test]
fn a_full_disk_under_standard_output_is_told() {
    if !has_full() {
        return;
    }
    let out = fs::OpenOptions::new().write(true).open(FULL).unwrap();
    let program = Command::new(program())
        .args(["types", "sample"])
        .stdout(out)
        .output();
    let Output { status, stderr, .. } = program.unwrap();
    let stderr = text(&stderr);
    assert_eq!(status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("standard output: cannot write"), "{stderr}");
}

/// Scans `folder` where no file may be longer than `blocks` of 512 bytes, as on a disk that is
/// filled up by the first that is.
fn scan_limited(folder: &Folder, blocks: Option<u32>) -> Output {
    let limit = blocks.map_or(String::new(), |blocks| {
        // Without its signal the limit is an error of the write.
        format!("trap '' XFSZ; ulimit -f {blocks}; ")
    });
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("{limit}exec \"$0\" scan tiny --threads 1"))
        .arg(program())
        .current_dir(folder.root.path());
    command.output().unwrap()
}

#[test]
fn a_scan_on_a_full_disk_leaves_nothing_half_written() {
    let folder = Folder::new(&varied());
    let before = all_files(folder.root.path());
    let output = scan_limited(&folder, Some(1));
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    let error = stderr.lines().last().unwrap_or_default();
    assert!(
        error.starts_with("error: ") && error.contains("snr_results_tiny"),
        "{stderr}"
    );
    let written: Vec<PathBuf> = all_files(folder.root.path())
        .into_iter()
        .filter(|path| !before.contains(path))
        .collect();
    // The journal, which is to be cut short, and nothing else.
    for path in &written {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.ends_with(".journal"), "{name} was left behind");
    }
    // With room again it goes on, to the same bytes as where there always was.
    let output = scan_limited(&folder, None);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let other = Folder::new(&varied());
    assert!(scan_limited(&other, None).status.success());
    for name in [
        "snr_results_tiny_sorted.json",
        "model_snr_results/snr_results_tiny.json",
    ] {
        let [a, b] = [&folder, &other].map(|folder| fs::read(folder.path(name)).unwrap());
        assert!(a == b, "{name}");
    }
}

#[test]
fn a_journal_on_a_full_disk_is_no_failure() {
    if !has_full() {
        return;
    }
    let folder = Folder::new(&[random("model.layers.0.mlp.up_proj", 1, &[9, 7])]);
    let model = folder.open();
    let (expected, _) = scanned(&model, &options(&model)).unwrap();
    let journal = folder.path("journal");
    std::os::unix::fs::symlink(FULL, &journal).unwrap();
    let options = ScanOptions {
        journal: Some(journal),
        ..options(&model)
    };
    // Refused when it is opened, or told when it is written: the results are the same or none.
    match scanned(&model, &options) {
        Ok((results, summary)) => {
            assert_eq!(bits(&results), bits(&expected));
            assert!(!summary.warnings.is_empty());
        }
        Err(error) => assert!(error.to_string().contains("journal"), "{error}"),
    }
}

#[test]
fn a_folder_that_is_none_or_read_only_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    let error = write(&file.join("set.yaml"), b"x", Replace::Yes).unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("file/set.yaml: cannot write the file"),
        "{error}"
    );

    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(closed.join("probe"), "x").is_ok() {
        println!("skipped the folder without permission: it does not bind this user");
        return;
    }
    let error = write(&closed.join("set.yaml"), b"x", Replace::Yes).unwrap_err();
    assert!(
        error.to_string().contains("closed/set.yaml: cannot write"),
        "{error}"
    );
    assert_eq!(all_files(&closed), Vec::<PathBuf>::new());
}
