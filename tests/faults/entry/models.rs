//! Weight files: safetensors, GGUF, PyTorch's archives and numpy's.
//!
//! Enters: the bytes of a file, or of what lies in an archive. Leaves: nothing.

use std::io::{Cursor, Write as _};
use std::path::Path;
use std::sync::Arc;

use layerscope::report::SnrReport;
use layerscope::source::{InMemory, ReadAt};
use layerscope::tensor::{DType, Model};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The most values of a matrix that are read.
const VALUES: usize = 1 << 12;

/// A safetensors file.
pub(crate) fn safetensors_header(data: &[u8]) {
    of_bytes(data.to_vec());
}

/// A safetensors file whose configuration says who has packed it: the first byte chooses.
pub(crate) fn packed(data: &[u8]) {
    const CONFIGS: [&str; 6] = [
        "{}",
        r#"{"quantization_config": {"quant_method": "gptq", "bits": 4, "group_size": 2}}"#,
        r#"{"quantization_config": {"quant_method": "gptq", "bits": 3, "checkpoint_format": "gptq_v2"}}"#,
        r#"{"quantization_config": {"quant_method": "awq", "bits": 4, "group_size": 2}}"#,
        r#"{"quantization": {"group_size": 32, "bits": 4}}"#,
        r#"{"quantization_config": {"quant_method": "compressed-tensors", "config_groups": {
            "g": {"weights": {"num_bits": 4, "group_size": 2}}}}}"#,
    ];
    let Some((kind, data)) = data.split_first() else {
        return;
    };
    let folder = tempfile::tempdir_in(memory()).expect("a temporary folder");
    let config = CONFIGS[usize::from(*kind) % CONFIGS.len()];
    std::fs::write(folder.path().join("config.json"), config).expect("written");
    std::fs::write(folder.path().join("model.safetensors"), data).expect("written");
    if let Ok(model) = Model::open(folder.path()) {
        check(&model);
    }
}

/// A GGUF file.
pub(crate) fn gguf(data: &[u8]) {
    of_bytes(data.to_vec());
}

/// By the first byte: a PyTorch or numpy archive as it is, the pickle of a PyTorch archive, or an
/// array of a numpy archive. In an archive of the fuzzer's own making no checksum would hold.
pub(crate) fn pickle_and_npz(data: &[u8]) {
    let Some((kind, data)) = data.split_first() else {
        return;
    };
    match kind % 3 {
        0 => {
            let storage = [7; 64];
            of_bytes(archive(&[("m/data.pkl", data), ("m/data/0", &storage)]));
        }
        1 => on_disk(&archive(&[("a.weight.npy", data)])),
        _ => on_disk(data),
    }
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(*name, options).expect("an entry");
        zip.write_all(bytes).expect("in memory");
    }
    zip.finish().expect("in memory").into_inner()
}

/// Opens what only a path leads to, in memory where the system has files there.
fn on_disk(bytes: &[u8]) {
    let mut file = tempfile::Builder::new()
        .suffix(".npz")
        .tempfile_in(memory())
        .expect("a temporary file");
    file.write_all(bytes).expect("written");
    if let Ok(model) = Model::open(file.path()) {
        check(&model);
    }
}

/// A folder in memory, where the system has one.
fn memory() -> std::path::PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        memory.to_path_buf()
    } else {
        std::env::temp_dir()
    }
}

fn of_bytes(bytes: Vec<u8>) {
    let bytes: Arc<dyn ReadAt> = Arc::new(InMemory(bytes));
    if let Ok(model) = Model::of_bytes(&bytes) {
        check(&model);
    }
}

/// What is listed without a problem lies in the file and can be read.
fn check(model: &Model) {
    for info in &model.tensors {
        let file = &model.files[info.file];
        if info.problem.is_some() || matches!(info.dtype, DType::Other(_)) {
            continue;
        }
        let mut sides = info.shape.iter();
        let count = sides.try_fold(1_u64, |count, &side| count.checked_mul(side as u64));
        let size = count.and_then(|count| info.dtype.bytes(count));
        // Of types that are not scanned nothing more is asked.
        if let Some(size) = size {
            let end = info.offset.checked_add(size);
            assert!(
                end.is_some_and(|end| end <= file.length()),
                "{} reaches past the end",
                info.name
            );
        }
    }
    let report = SnrReport::of_model(model);
    assert_eq!(report.modules.len(), model.modules.len());
    for (module, listed) in model.modules.iter().zip(&report.modules) {
        assert!(report.types[listed.layer_type].modules.len() <= report.modules.len());
        let _ = listed.matrix_shape();
        let matrices = match model.matrices(module) {
            Ok(matrices) => matrices,
            Err(error) => {
                assert!(module.problem.is_some(), "{}: {error}", module.name);
                continue;
            }
        };
        for matrix in matrices.iter().take(2) {
            let cols = matrix.cols().min(VALUES);
            let rows = matrix.rows().min(VALUES / cols.max(1));
            let mut values = vec![0.0; rows * cols];
            let read = matrix.read_block(0..rows, 0..cols, &mut Vec::new(), &mut values);
            // Which group a column of packed codes belongs to is known only when it is read.
            let is_packed = module.packing.is_some();
            assert!(read.is_ok() || is_packed, "{}: {read:?}", module.name);
        }
    }
}
