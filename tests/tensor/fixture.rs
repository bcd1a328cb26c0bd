//! Weight files for the tests, good ones by the format's own library, broken ones by hand.

use std::fs;
use std::path::{Path, PathBuf};

use layerscope::tensor::{Model, ModuleInfo, TensorInfo};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, serialize_to_file};
use tempfile::{TempDir, tempdir};

/// A folder with one file in it.
pub(crate) fn file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// The bytes of a weight file with that header, right or wrong, and `data` bytes of values.
pub(crate) fn bytes(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend((0..data).map(|byte| byte as u8));
    bytes
}

/// A header's entry of an F32 tensor at those bytes.
pub(crate) fn entry(name: &str, shape: &[usize], from: u64, to: u64) -> String {
    format!(r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{from},{to}]}}"#)
}

/// Writes a good file of tensors whose bytes are all 1.
pub(crate) fn write(path: &Path, tensors: &[(&str, Dtype, &[usize])]) {
    let buffers: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(_, dtype, shape)| vec![1; shape.iter().product::<usize>() * dtype.bitsize() / 8])
        .collect();
    let views = tensors
        .iter()
        .zip(&buffers)
        .map(|((name, dtype, shape), buffer)| {
            (
                *name,
                TensorView::new(*dtype, shape.to_vec(), buffer).unwrap(),
            )
        });
    serialize_to_file(views, None, path).unwrap();
}

/// A folder with `model.safetensors` and, unless empty, `config.json`.
pub(crate) fn model(tensors: &[(&str, Dtype, &[usize])], config: &str) -> (TempDir, Model) {
    let folder = tempdir().unwrap();
    write(&folder.path().join("model.safetensors"), tensors);
    if !config.is_empty() {
        fs::write(folder.path().join("config.json"), config).unwrap();
    }
    let model = Model::open(folder.path()).unwrap();
    (folder, model)
}

/// The model of a file with that header and `data` bytes of values.
pub(crate) fn broken(header: &str, data: usize) -> (TempDir, Model) {
    let (folder, path) = file("broken.safetensors", &bytes(header, data));
    let model = Model::open(&path).unwrap();
    (folder, model)
}

/// The tensor of that name.
pub(crate) fn tensor<'a>(model: &'a Model, name: &str) -> &'a TensorInfo {
    model.tensors.iter().find(|info| info.name == name).unwrap()
}

/// The module of that name.
pub(crate) fn module<'a>(model: &'a Model, name: &str) -> &'a ModuleInfo {
    model.modules.iter().find(|info| info.name == name).unwrap()
}

/// The names of all modules, in order.
pub(crate) fn names(model: &Model) -> Vec<&str> {
    model.modules.iter().map(|module| &*module.name).collect()
}

/// Asserts that `line` is one line that holds all of `parts`.
#[track_caller]
pub(crate) fn says(line: &str, parts: &[&str]) {
    for part in parts {
        assert!(line.contains(part), "{part:?} is not in: {line}");
    }
    assert_eq!(line.lines().count(), 1, "{line}");
}
