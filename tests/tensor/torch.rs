//! PyTorch files: values, views, nesting, and pickles that would run code.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use layerscope::tensor::Model;
use tempfile::{TempDir, tempdir};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::fixture::{file, module, names, says, tensor};

/// A pickle being written, as Python's protocol 2 has it.
pub(crate) struct Pickle(Vec<u8>);

impl Pickle {
    pub(crate) fn new() -> Self {
        Self(b"\x80\x02".to_vec())
    }

    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    pub(crate) fn text(self, text: &str) -> Self {
        let length = (text.len() as u32).to_le_bytes();
        self.raw(b"X").raw(&length).raw(text.as_bytes())
    }

    fn global(self, module: &str, name: &str) -> Self {
        self.raw(format!("c{module}\n{name}\n").as_bytes())
    }

    fn numbers(self, numbers: &[usize]) -> Self {
        let pushed = numbers.iter().fold(self.raw(b"("), |pickle, number| {
            pickle.raw(b"J").raw(&(*number as u32).to_le_bytes())
        });
        pushed.raw(b"t")
    }

    /// The call that rebuilds a tensor.
    pub(crate) fn tensor(
        self,
        storage: &str,
        key: &str,
        offset: u8,
        shape: &[usize],
        stride: &[usize],
    ) -> Self {
        self.global("torch._utils", "_rebuild_tensor_v2")
            .raw(b"((")
            .text("storage")
            .global("torch", storage)
            .text(key)
            .text("cpu")
            .raw(b"K\x08tQ")
            .raw(&[b'K', offset])
            .numbers(shape)
            .numbers(stride)
            .raw(b"\x89")
            .global("collections", "OrderedDict")
            .raw(b")RtR")
    }

    pub(crate) fn end(self) -> Vec<u8> {
        self.raw(b".").0
    }
}

/// The bytes of an archive of these entries.
fn archive(entries: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn stored(entries: &[(&str, &[u8])]) -> Vec<u8> {
    archive(entries, CompressionMethod::Stored)
}

/// Eight floats, 0 to 7, as storage `0` of a file with that pickle.
pub(crate) fn with_floats(pickle: &[u8]) -> Vec<u8> {
    let floats: Vec<u8> = (0..8_u8)
        .flat_map(|value| f32::from(value).to_le_bytes())
        .collect();
    stored(&[
        ("archive/data.pkl", pickle),
        ("archive/byteorder", b"little"),
        ("archive/data/0", &floats),
    ])
}

/// The pickle of one tensor called `h.0.fc.weight`.
fn one(shape: &[usize], stride: &[usize], offset: u8) -> Vec<u8> {
    Pickle::new()
        .raw(b"}(")
        .text("h.0.fc.weight")
        .tensor("FloatStorage", "0", offset, shape, stride)
        .raw(b"u")
        .end()
}

fn open(bytes: &[u8]) -> (TempDir, Model) {
    let (folder, path) = file("pytorch_model.bin", bytes);
    let model = Model::open(&path).unwrap();
    (folder, model)
}

fn refusal(bytes: &[u8]) -> String {
    let (_folder, path) = file("pytorch_model.bin", bytes);
    Model::open(&path).unwrap_err().to_string()
}

fn values(model: &Model, name: &str) -> (usize, usize, Vec<f64>) {
    let matrices = model.matrices(module(model, name)).unwrap();
    let (rows, cols) = (matrices[0].rows(), matrices[0].cols());
    let mut out = vec![0.0; rows * cols];
    matrices[0]
        .read_block(0..rows, 0..cols, &mut Vec::new(), &mut out)
        .unwrap();
    (rows, cols, out)
}

#[test]
fn tensors_are_read_where_they_lie_in_the_archive() {
    let (_folder, model) = open(&with_floats(&one(&[2, 3], &[3, 1], 2)));
    assert_eq!(
        values(&model, "h.0.fc"),
        (2, 3, vec![2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
    );
    assert_eq!(model.warnings, [""; 0]);
}

#[test]
fn a_transposed_view_is_read_as_its_transpose_and_others_are_marked() {
    let (_folder, model) = open(&with_floats(&one(&[2, 4], &[1, 2], 0)));
    assert_eq!(module(&model, "h.0.fc").shape, [2, 4]);
    let (rows, cols, read) = values(&model, "h.0.fc");
    assert_eq!(
        (rows, cols, read[1]),
        (4, 2, 1.0),
        "columns are rows: the ratio is the same"
    );
    for (shape, stride) in [([2, 2], [3, 1]), ([4, 2], [0, 1])] {
        let (_folder, model) = open(&with_floats(&one(&shape, &stride, 0)));
        let problem = tensor(&model, "h.0.fc.weight").problem.clone().unwrap();
        says(
            &problem,
            &["pytorch_model.bin", "h.0.fc.weight", "do not lie together"],
        );
    }
    let (_folder, model) = open(&with_floats(&one(&[2, 4], &[4, 1], 1)));
    let problem = tensor(&model, "h.0.fc.weight").problem.clone().unwrap();
    says(&problem, &["needs 8 elements from 1 on", "32 bytes"]);
}

#[test]
fn parameters_and_nested_states_are_found() {
    let pickle = Pickle::new()
        .raw(b"}(")
        .text("epoch")
        .raw(b"K\x03")
        .text("state_dict")
        .global("collections", "OrderedDict")
        .raw(b")R(")
        .text("h.0.fc.weight")
        .global("torch._utils", "_rebuild_parameter")
        .raw(b"(")
        .tensor("FloatStorage", "0", 0, &[2, 2], &[2, 1])
        .raw(b"\x89)tR")
        .text("h.0.fc.count")
        .tensor("LongStorage", "0", 0, &[1], &[1])
        // The attributes of an ordered dictionary.
        .raw(b"u}")
        .text("_metadata")
        .raw(b"}sbu")
        .end();
    let (_folder, model) = open(&with_floats(&pickle));
    assert_eq!(names(&model), ["h.0.fc"]);
    assert_eq!(tensor(&model, "h.0.fc.count").dtype.to_string(), "I64");
    says(&model.warnings[0], &["those under \"state_dict\""]);
}

#[test]
fn a_folder_of_shards_opens_by_its_index() {
    let folder = tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let other = Pickle::new()
        .raw(b"}(")
        .text("h.1.fc.weight")
        .tensor("FloatStorage", "0", 0, &[2, 2], &[2, 1])
        .raw(b"u")
        .end();
    write(
        "pytorch_model-00001-of-00002.bin",
        &with_floats(&one(&[2, 2], &[2, 1], 0)),
    );
    write("pytorch_model-00002-of-00002.bin", &with_floats(&other));
    write("training_args.bin", b"\x80\x02cos\nsystem\n");
    for index in [false, true] {
        if index {
            let map = serde_json::json!({"weight_map": {
                "h.0.fc.weight": "pytorch_model-00001-of-00002.bin",
                "h.1.fc.weight": "pytorch_model-00002-of-00002.bin",
            }});
            write("pytorch_model.bin.index.json", map.to_string().as_bytes());
        }
        let model = Model::open(folder.path()).unwrap();
        assert_eq!(names(&model), ["h.0.fc", "h.1.fc"]);
        assert!(model.modules.iter().all(|module| module.problem.is_none()));
    }
}

/// A command that leaves a file behind where it is run.
fn command(mark: &Path) -> String {
    format!("echo run > {}", mark.display())
}

#[test]
fn a_pickle_that_would_run_code_runs_nothing_and_is_refused() {
    let folder = tempdir().unwrap();
    let mark = folder.path().join("mark");
    let call = |module: &str, name: &str| {
        Pickle::new()
            .global(module, name)
            .raw(b"(")
            .text(&command(&mark))
            .raw(b"tR")
    };
    for (module, name) in [
        ("os", "system"),
        ("posix", "system"),
        ("builtins", "eval"),
        ("__builtin__", "exec"),
        ("subprocess", "Popen"),
        ("torch.hub", "load"),
        ("torch", "load"),
    ] {
        // The whole file, one value beside a good tensor, and what a tensor is rebuilt by.
        let alone = call(module, name).end();
        let beside = Pickle::new()
            .raw(b"}(")
            .text("h.0.fc.weight")
            .tensor("FloatStorage", "0", 0, &[2, 2], &[2, 1])
            .text("extra")
            .raw(&call(module, name).0[2..])
            .raw(b"u")
            .end();
        for pickle in [alone, beside] {
            let said = refusal(&with_floats(&pickle));
            says(
                &said,
                &[
                    &format!("names {module}.{name}"),
                    "nothing in it was run",
                    "trust",
                ],
            );
        }
        let bare = refusal(&call(module, name).end());
        says(
            &bare,
            &[
                "Python pickle",
                &format!("names {module}.{name}"),
                "nothing in it was run",
            ],
        );
    }
    // Protocol 4 has other instructions for the same.
    let newer = b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x02os\x8c\x06system\x93.";
    says(
        &refusal(&with_floats(newer)),
        &["protocol 4", "nothing in it was run"],
    );
    let global = b"\x80\x02X\x02\0\0\0osX\x06\0\0\0system\x93.";
    says(
        &refusal(&with_floats(global)),
        &["instruction 0x93", "nothing in it was run"],
    );
    let old = b"\x80\x02(S'true'\nios\nsystem\n.";
    says(&refusal(&with_floats(old)), &["nothing in it was run"]);
    assert!(!mark.exists());
}

#[test]
fn pickles_built_to_blow_up_are_refused() {
    // Each tuple holds the last one twice.
    let mut doubling = Pickle::new().raw(b")q\x00");
    for place in 0..60_u8 {
        doubling = doubling.raw(&[b'h', place, b'h', place, 0x86, b'q', place + 1]);
    }
    says(
        &refusal(&with_floats(&doubling.end())),
        &["more objects than"],
    );
    let deep = Pickle::new().raw(b")").raw(&b"\x85".repeat(100_000)).end();
    says(&refusal(&with_floats(&deep)), &["nested more than"]);
    let nested = Pickle::new()
        .raw(&b"}K\x01".repeat(100_000))
        .raw(b"N")
        .raw(&b"s".repeat(100_000))
        .end();
    says(&refusal(&with_floats(&nested)), &["nested more than"]);
    // A text copied again and again.
    let mut copies = Pickle::new().text(&"x".repeat(1 << 16)).raw(b"q\x00");
    for _ in 0..10_000 {
        copies = copies.raw(b"h\x00");
    }
    says(
        &refusal(&with_floats(&copies.end())),
        &["more objects than"],
    );
    let long = Pickle::new().raw(b"X\xff\xff\xff\xff").end();
    says(&refusal(&with_floats(&long)), &["longer than the pickle"]);
    let number = Pickle::new().raw(b"\x8a\xff").raw(&[1; 255]).end();
    says(&refusal(&with_floats(&number)), &["more than 64 bits"]);
    let good = one(&[2, 3], &[3, 1], 2);
    for length in 0..good.len() - 1 {
        assert!(refusal(&with_floats(&good[..length])).contains("nothing in it was run"));
    }
}

#[test]
fn archives_that_are_no_weights_say_what_they_are() {
    let pickle = one(&[2, 3], &[3, 1], 2);
    let whole = with_floats(&pickle);
    says(
        &refusal(&whole[..whole.len() - 30]),
        &["directory cannot be read", "download"],
    );
    says(&refusal(&stored(&[("a.txt", b"")])), &["no data.pkl"]);
    says(&refusal(&with_floats(b"\x80\x02}.")), &["no named tensors"]);
    let big = stored(&[("a/data.pkl", &pickle), ("a/byteorder", b"big")]);
    says(&refusal(&big), &["highest byte first"]);
    let legacy = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.";
    says(&refusal(legacy), &["before version 1.6", "safetensors"]);
    let (_folder, model) = open(&stored(&[("a/data.pkl", &pickle)]));
    let problem = module(&model, "h.0.fc").problem.clone().unwrap();
    says(&problem, &["storage a/data/0 is not in the archive"]);
}

#[test]
fn names_in_an_archive_are_no_paths() {
    let pickle = one(&[2, 3], &[3, 1], 2);
    let above = tempdir().unwrap();
    let folder = above.path().join("model");
    fs::create_dir_all(above.path().join("archive/data")).unwrap();
    fs::create_dir(&folder).unwrap();
    // Not in the archive, but where its name would lead from the model's folder.
    fs::write(above.path().join("archive/data/0"), [0; 32]).unwrap();
    let all_files = || -> Vec<_> {
        let mut found: Vec<_> = [above.path(), &folder, &above.path().join("archive/data")]
            .into_iter()
            .flat_map(|folder| fs::read_dir(folder).unwrap())
            .map(|entry| entry.unwrap().path())
            .collect();
        found.sort();
        found
    };
    let path = folder.join("pytorch_model.bin");
    for name in [
        "../archive/data.pkl",
        "/tmp/../archive/data.pkl",
        "..\\archive/data.pkl",
    ] {
        fs::write(&path, stored(&[(name, &pickle), ("../evil", b"evil")])).unwrap();
        let before = all_files();
        let model = Model::open(&path).unwrap();
        let problem = tensor(&model, "h.0.fc.weight").problem.clone().unwrap();
        says(&problem, &["is not in the archive"]);
        assert_eq!(all_files(), before, "{name}");
    }
}

#[test]
fn numpy_archives_are_read_in_either_order() {
    let header = |order: &str, kind: &str, shape: &str| {
        let text = format!("{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.as_bytes());
        bytes
    };
    let array = |order: &str, kind: &str, shape: &str, values: &[u8]| {
        let mut bytes = header(order, kind, shape);
        bytes.extend(values);
        bytes
    };
    let floats: Vec<u8> = (0..6_u8)
        .flat_map(|value| f32::from(value).to_le_bytes())
        .collect();
    let bytes = stored(&[
        (
            "h.0.a.weight.npy",
            &array("False", "<f4", "(2, 3)", &floats),
        ),
        ("h.0.b.weight.npy", &array("True", "<f4", "(2, 3)", &floats)),
        (
            "h.0.c.weight.npy",
            &array("False", "<f4", "(2, 4)", &floats),
        ),
        ("h.0.d.weight.npy", &array("False", "<i8", "(3,)", &floats)),
        ("h.0.e.weight.npy", b"no array"),
    ]);
    let (_folder, path) = file("model.npz", &bytes);
    let model = Model::open(&path).unwrap();
    assert_eq!(
        values(&model, "h.0.a"),
        (2, 3, vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    );
    let (rows, cols, read) = values(&model, "h.0.b");
    assert_eq!((rows, cols, read[1]), (3, 2, 1.0));
    for (name, cause) in [("c", "24 bytes"), ("d", "type I64"), ("e", "header")] {
        let problem = module(&model, &format!("h.0.{name}"))
            .problem
            .clone()
            .unwrap();
        says(&problem, &["model.npz", cause]);
    }
}
