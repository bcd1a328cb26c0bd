//! Positioned reads.

use std::fs;

use layerscope::source::{InMemory, LocalFile, ReadAt as _, Unreadable};

#[test]
fn a_local_file_and_memory_read_alike() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let content: Vec<u8> = (0..=255).collect();
    fs::write(&path, &content).unwrap();
    let local = LocalFile::open(&path).unwrap();
    let memory = InMemory(content.clone());
    let mut buffers = ([0; 7], [0; 7]);
    local.read_exact_at(249, &mut buffers.0).unwrap();
    memory.read_exact_at(249, &mut buffers.1).unwrap();
    assert_eq!(buffers.0, content[249..]);
    assert_eq!(buffers.0, buffers.1);
    for offset in [250, u64::MAX] {
        assert!(local.read_exact_at(offset, &mut buffers.0).is_err());
        assert!(memory.read_exact_at(offset, &mut buffers.1).is_err());
    }
    assert_eq!((local.length(), memory.length()), (256, 256));
}

#[test]
fn a_file_cut_short_while_open_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights");
    fs::write(&path, [1; 100]).unwrap();
    let file = LocalFile::open(&path).unwrap();
    fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(10)
        .unwrap();
    let error = file
        .read_exact_at(0, &mut [0; 100])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("weights") && error.contains("changed"),
        "{error}"
    );
}

#[test]
fn what_is_no_regular_file_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut others = vec![folder.path()];
    if cfg!(unix) {
        others.push(std::path::Path::new("/dev/null"));
    }
    for path in others {
        let error = LocalFile::open(path).unwrap_err().to_string();
        assert!(
            error.starts_with(&path.display().to_string()) && error.contains("regular file"),
            "{error}"
        );
    }
}

#[test]
fn an_unreadable_file_keeps_its_name() {
    let file = Unreadable("gone.safetensors".into());
    let error = file.read_exact_at(0, &mut [0]).unwrap_err().to_string();
    assert!(error.contains("gone.safetensors"), "{error}");
}
