//! The journal: what it gives back is what was put in under the same key, however it was cut
//! short, or nothing.

use std::fs;

use layerscope::spectral::{FileIdentity, Journal, Key};

use crate::support::{Folder, Tensor, random, resumed, varied, write_weights};

fn key(matrix: usize, size: usize) -> Key {
    Key {
        tensor: "model.layers.0.mlp.up_proj.weight".into(),
        matrix,
        rows: size,
        cols: size + 3,
        dtype: "BF16".into(),
        offset: 4096,
        file: FileIdentity {
            name: "model.safetensors".into(),
            bytes: 12_345,
            fingerprint: "00ff".into(),
        },
        modified: Some(17),
    }
}

/// Awkward on purpose: no decimal text would give all of these back.
fn values(size: usize) -> Vec<f64> {
    (0..size)
        .map(|i| 1.0 / (3.0 + i as f64))
        .chain([5e-324, 0.0])
        .take(size)
        .collect()
}

fn journal_of(sizes: &[usize]) -> (tempfile::TempDir, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = Journal::open(&path).unwrap();
    for (place, &size) in sizes.iter().enumerate() {
        journal.append(&key(place, size), &values(size)).unwrap();
    }
    drop(journal);
    let bytes = fs::read(&path).unwrap();
    (folder, bytes)
}

#[test]
fn what_was_appended_is_there_again() {
    let (folder, _) = journal_of(&[3, 1, 7]);
    let journal = Journal::open(&folder.path().join("journal")).unwrap();
    assert_eq!(journal.found(), 3);
    for (place, size) in [3, 1, 7].into_iter().enumerate() {
        let found = journal.values(&key(place, size)).unwrap().unwrap();
        assert_eq!(found, values(size));
    }
    assert!(!journal.holds(&key(3, 3)));
    assert!(journal.values(&key(3, 3)).unwrap().is_none());
}

#[test]
fn cut_anywhere_it_gives_whole_records_or_none() {
    let sizes = [3, 1, 4];
    let (folder, bytes) = journal_of(&sizes);
    let path = folder.path().join("journal");
    let mut most = 0;
    for length in 0..bytes.len() {
        fs::write(&path, &bytes[..length]).unwrap();
        let journal = Journal::open(&path).unwrap();
        let mut whole = 0;
        for (place, &size) in sizes.iter().enumerate() {
            if let Some(found) = journal.values(&key(place, size)).unwrap() {
                assert_eq!(found, values(size), "cut at {length}");
                assert_eq!(whole, place, "cut at {length}: in order");
                whole += 1;
            }
        }
        assert!(whole >= most, "a longer piece holds no fewer records");
        most = whole;
        // It can be gone on with: the torn end is out of the way.
        journal.append(&key(9, 2), &values(2)).unwrap();
        drop(journal);
        let journal = Journal::open(&path).unwrap();
        assert_eq!(journal.found(), whole + 1, "cut at {length}");
        assert_eq!(journal.values(&key(9, 2)).unwrap().unwrap(), values(2));
    }
    assert_eq!(most, sizes.len() - 1);
}

#[test]
fn a_changed_byte_never_changes_a_value() {
    let sizes = [2, 3];
    let (folder, bytes) = journal_of(&sizes);
    let path = folder.path().join("journal");
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x41;
        fs::write(&path, changed).unwrap();
        let journal = Journal::open(&path).unwrap();
        assert!(journal.found() < sizes.len(), "byte {place} went unseen");
        for (place, &size) in sizes.iter().enumerate() {
            let found = journal.values(&key(place, size)).unwrap();
            assert!(found.is_none_or(|found| found == values(size)));
        }
    }
}

#[test]
fn another_key_finds_nothing() {
    let (folder, _) = journal_of(&[3]);
    let journal = Journal::open(&folder.path().join("journal")).unwrap();
    let same = key(0, 3);
    assert!(journal.holds(&same));
    let file = |change: fn(&mut FileIdentity)| {
        let mut file = same.file.clone();
        change(&mut file);
        file
    };
    let others = [
        Key {
            tensor: "other".into(),
            ..same.clone()
        },
        Key {
            matrix: 1,
            ..same.clone()
        },
        Key {
            cols: 3,
            ..same.clone()
        },
        Key {
            dtype: "F16".into(),
            ..same.clone()
        },
        Key {
            offset: 0,
            ..same.clone()
        },
        Key {
            modified: None,
            ..same.clone()
        },
        Key {
            file: file(|file| file.name = "x".into()),
            ..same.clone()
        },
        Key {
            file: file(|file| file.bytes += 1),
            ..same.clone()
        },
        Key {
            file: file(|file| file.fingerprint = "0".into()),
            ..same.clone()
        },
    ];
    for other in others {
        assert!(!journal.holds(&other), "{other:?}");
    }
}

#[test]
fn two_scans_do_not_write_one_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let first = Journal::open(&path).unwrap();
    let error = Journal::open(&path).unwrap_err().to_string();
    assert!(error.contains("another scan"), "{error}");
    drop(first);
    Journal::open(&path).unwrap();
}

#[test]
fn removing_none_is_no_error() {
    let (folder, _) = journal_of(&[1]);
    let path = folder.path().join("journal");
    Journal::remove(&path).unwrap();
    assert!(!path.exists());
    Journal::remove(&path).unwrap();
}

#[test]
fn a_scan_on_a_cut_journal_has_the_same_results() {
    let folder = Folder::new(&varied());
    let (expected, none) = resumed(&folder);
    assert_eq!(none, 0);
    let bytes = fs::read(folder.path("journal")).unwrap();
    let mut seen = Vec::new();
    for piece in 0..=16 {
        fs::write(folder.path("journal"), &bytes[..bytes.len() * piece / 16]).unwrap();
        let (found, resumed) = resumed(&folder);
        assert_eq!(found, expected, "{piece} of 16");
        seen.push(resumed);
    }
    assert!(seen.is_sorted(), "{seen:?}");
    assert_eq!((seen[0], seen[16]), (0, expected.len()));
}

#[test]
fn other_weights_under_the_same_name_are_scanned_anew() {
    let weights = |seed: u64| -> Vec<Tensor> {
        vec![
            random("layers.0.a", seed, &[40, 60]),
            random("layers.1.a", seed + 1, &[40, 60]),
        ]
    };
    let folder = Folder::new(&weights(1));
    let (first, _) = resumed(&folder);
    let written = fs::metadata(folder.weights()).unwrap().modified().unwrap();
    write_weights(&folder.weights(), &weights(100));
    // As a copy that keeps times would leave it: only the content tells.
    let file = fs::File::options()
        .write(true)
        .open(folder.weights())
        .unwrap();
    file.set_modified(written).unwrap();
    let (second, resumed_modules) = resumed(&folder);
    assert_eq!(resumed_modules, 0);
    assert_ne!(first, second);
}
