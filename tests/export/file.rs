//! Files are written wholly or not at all, and never over others unasked.

use std::fs;

use layerscope::Error;
use layerscope::export::{Outcome, Replace, write, write_results};

use crate::mixed;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

/// The names in a folder: also that no temporary file stayed.
fn entries(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("is a folder");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("is readable")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn outcomes_are_told_apart() {
    let folder = folder();
    let path = folder.path().join("set.yaml");
    let write = |bytes: &[u8], replace| write(&path, bytes, replace).expect("is written");
    assert_eq!(write(b"one", Replace::No), Outcome::Created);
    let before = fs::metadata(&path).expect("is there").modified().ok();
    assert_eq!(write(b"one", Replace::No), Outcome::Unchanged);
    assert_eq!(write(b"one", Replace::Yes), Outcome::Unchanged);
    assert_eq!(
        fs::metadata(&path).expect("is there").modified().ok(),
        before
    );
    assert_eq!(write(b"two", Replace::Yes), Outcome::Replaced);
    assert_eq!(fs::read(&path).expect("is there"), b"two");
    assert_eq!(entries(folder.path()), ["set.yaml"]);
}

#[test]
fn another_file_is_left_as_it_is() {
    let folder = folder();
    let path = folder.path().join("set.yaml");
    for present in ["mine", "longer than that"] {
        fs::write(&path, present).expect("is written");
        let error = write(&path, b"ours", Replace::No).expect_err("is refused");
        assert!(matches!(&error, Error::Exists { path: named } if *named == path));
        assert_eq!(fs::read_to_string(&path).expect("is there"), present);
    }
    assert_eq!(entries(folder.path()), ["set.yaml"]);
}

#[test]
fn a_missing_folder_or_a_folder_in_the_way_is_an_error() {
    let folder = folder();
    let missing = folder.path().join("no/set.yaml");
    let line = write(&missing, b"x", Replace::No).expect_err("has no folder");
    assert!(matches!(line, Error::Io { path, .. } if path == missing));
    assert!(write(folder.path(), b"x", Replace::Yes).is_err());
    assert!(entries(folder.path()).is_empty());
}

#[test]
fn results_go_where_the_reference_puts_them() {
    let folder = folder();
    let report = mixed();
    write_results(folder.path(), &report, Replace::No).expect("is written");
    write_results(folder.path(), &report, Replace::No).expect("is the same again");
    assert_eq!(
        entries(folder.path()),
        ["model_snr_results", "snr_results_tiny-mixed_sorted.json"]
    );
    assert_eq!(
        entries(&folder.path().join("model_snr_results")),
        ["snr_results_tiny-mixed.json"]
    );
}

#[test]
fn one_result_in_the_way_keeps_both_from_being_written() {
    let folder = folder();
    let sorted = folder.path().join("snr_results_tiny-mixed_sorted.json");
    fs::write(&sorted, "{}").expect("is written");
    assert!(write_results(folder.path(), &mixed(), Replace::No).is_err());
    assert_eq!(
        entries(folder.path()),
        ["snr_results_tiny-mixed_sorted.json"]
    );
    write_results(folder.path(), &mixed(), Replace::Yes).expect("is allowed");
    assert_ne!(fs::read_to_string(&sorted).expect("is there"), "{}");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn a_link_is_followed_and_permissions_are_kept() {
        let folder = folder();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").expect("is written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("are set");
        symlink(&file, &link).expect("is linked");
        assert_eq!(
            write(&link, b"new", Replace::Yes).expect("is written"),
            Outcome::Replaced
        );
        assert_eq!(fs::read(&file).expect("is there"), b"new");
        assert!(
            fs::symlink_metadata(&link)
                .expect("is there")
                .file_type()
                .is_symlink()
        );
        let mode = fs::metadata(&file).expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }

    #[test]
    fn a_new_file_has_the_permissions_of_any_other() {
        let folder = folder();
        let (ours, other) = (folder.path().join("ours"), folder.path().join("other"));
        fs::write(&other, "x").expect("is written");
        write(&ours, b"x", Replace::No).expect("is written");
        let mode = |path| fs::metadata(path).expect("is there").permissions().mode();
        assert_eq!(mode(ours), mode(other));
    }

    #[test]
    fn a_device_takes_the_bytes() {
        let outcome = write(std::path::Path::new("/dev/null"), b"x", Replace::No);
        assert_eq!(outcome.expect("is written"), Outcome::Created);
    }
}
