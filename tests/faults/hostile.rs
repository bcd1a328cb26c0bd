//! Files that claim more than they hold, or hold names that are commands: refused with one line,
//! in little memory.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use layerscope::export::read_freeze_file;
use layerscope::report::SnrReport;
use layerscope::tensor::Model;
use tempfile::TempDir;

/// The most memory that the program may ask for, in KiB: far less than the files claim.
const MEMORY: u64 = 1_500_000;

/// A folder with one file in it, which is `length` bytes long with a hole behind `bytes`.
fn file(name: &str, bytes: &[u8], length: u64) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut file = File::create(&path).unwrap();
    file.write_all(bytes).unwrap();
    file.set_len(length.max(bytes.len() as u64)).unwrap();
    (folder, path)
}

/// A safetensors file with that header, in a file of `length` bytes.
fn weights(header: &str, length: u64) -> (TempDir, PathBuf) {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    file("x.safetensors", &bytes, length)
}

/// Runs a command of the program, where it can be done in bounded memory.
fn run(arguments: &[&str], path: &Path) -> Output {
    run_on(arguments, path, &[])
}

/// The same with more arguments behind the path.
fn run_on(arguments: &[&str], path: &Path, behind: &[&str]) -> Output {
    let program = assert_cmd::cargo::cargo_bin!("layerscope");
    let mut command = if cfg!(target_os = "linux") {
        let mut command = Command::new("sh");
        let limited = format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"");
        command.args(["-c", &limited]).arg(program);
        command
    } else {
        Command::new(program)
    };
    // Threads of their own take memory each.
    command
        .env("RAYON_NUM_THREADS", "2")
        .args(arguments)
        .arg(path)
        .args(behind);
    command.output().unwrap()
}

/// Asserts that the program refuses `path` with one line that holds `part`.
#[track_caller]
fn refused(arguments: &[&str], path: &Path, part: &str) {
    let output = run(arguments, path);
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{line}");
    let line = line.lines().last().unwrap_or_default();
    assert!(line.starts_with("error: "), "{line}");
    assert!(line.contains(part), "{part:?} is not in: {line}");
}

#[test]
fn lengths_that_a_file_only_claims_cost_nothing() {
    let (_folder, path) = file("x.safetensors", &[0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0], 64);
    refused(&["types"], &path, "cut short");
    let (_folder, path) = file("x.safetensors", &200_000_000_u64.to_le_bytes(), 1 << 30);
    refused(&["types"], &path, "more than the format allows");
    // A text of a gibibyte, in a file with a hole that long.
    let mut gguf = b"GGUF\x03\0\0\0".to_vec();
    gguf.extend(
        [
            0_u64.to_le_bytes(),
            1_u64.to_le_bytes(),
            (1_u64 << 30).to_le_bytes(),
        ]
        .concat(),
    );
    let (_folder, path) = file("x.gguf", &gguf, 1 << 32);
    refused(&["types"], &path, "is longer than any");
    // An array whose header is four gigabytes, in an archive of some bytes.
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default();
    let stored = stored.compression_method(zip::CompressionMethod::Stored);
    zip.start_file("a.weight.npy", stored).unwrap();
    zip.write_all(b"\x93NUMPY\x02\0\xff\xff\xff\xff{'descr'")
        .unwrap();
    let archive = zip.finish().unwrap().into_inner();
    let (_folder, path) = file("x.npz", &archive, 0);
    let output = run(&["types"], &path);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        text.contains("its header is longer than it may be"),
        "{text}"
    );
    let (_folder, path) = file("snr_results_x.json", b"{", 1 << 32);
    refused(&["types"], &path, "too large for a results file");
    let (_folder, path) = file("set.yaml", b"- a\n", 1 << 32);
    let error = read_freeze_file(&path).unwrap_err().to_string();
    assert!(error.contains("larger than any freeze set"), "{error}");
}

#[test]
fn an_index_and_a_configuration_have_an_end() {
    for (name, part) in [
        ("config.json", "a configuration"),
        ("model.safetensors.index.json", "an index"),
    ] {
        let (folder, _path) = file(name, b"{", 1 << 32);
        let header = r#"{"a.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        let (_from, weights) = weights(header, 8 + header.len() as u64 + 8);
        fs::copy(weights, folder.path().join("model.safetensors")).unwrap();
        let model = Model::open(folder.path()).unwrap();
        let warnings = model.warnings.join("\n");
        assert!(
            warnings.contains("is longer than") && warnings.contains(part),
            "{warnings}"
        );
    }
}

#[test]
fn shapes_that_a_hole_makes_true_cost_nothing() {
    // Two terabytes of zeros, and as many experts as a file can hold.
    let shapes: [(&str, &str, u64, &str); 3] = [
        (
            "a.weight",
            "1500000,1500000",
            2_250_000_000_000,
            "singular values",
        ),
        ("experts.w", "1073741824,1,1", 1 << 30, "experts"),
        ("experts.w", "5000,1,1", 5000, "experts"),
    ];
    for (name, shape, bytes, part) in shapes {
        let header = format!(
            r#"{{"{name}":{{"dtype":"F8_E4M3","shape":[{shape}],"data_offsets":[0,{bytes}]}}}}"#
        );
        let length = 8 + header.len() as u64 + bytes;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.safetensors");
        let mut file = File::create(&path).unwrap();
        file.write_all(&(header.len() as u64).to_le_bytes())
            .unwrap();
        file.write_all(header.as_bytes()).unwrap();
        if let Err(error) = file.set_len(length) {
            println!("skipped a file of {length} bytes: {error}");
            continue;
        }
        let model = Model::open(&path).unwrap();
        let problem = model.modules[0].problem.clone().unwrap();
        assert!(problem.contains(part), "{problem}");
        let output = run(&["types"], &path);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn a_name_in_a_file_is_no_command_to_the_terminal() {
    let entry = |name: &str, from: usize| {
        format!(
            r#""{name}":{{"dtype":"F32","shape":[2],"data_offsets":[{from},{}]}}"#,
            from + 8
        )
    };
    let long = format!("{}.weight", "a".repeat(2000));
    let header = format!(
        "{{{},{},{}}}",
        entry("good.weight", 0),
        entry(r"\u001b[2J\u001b]0;title\u0007.weight", 8),
        entry(&long, 16)
    );
    let (_folder, path) = weights(&header, 8 + header.len() as u64 + 24);
    let model = Model::open(&path).unwrap();
    let names: Vec<&str> = model.modules.iter().map(|module| &*module.name).collect();
    assert_eq!(names, ["good"]);
    let warning = model.warnings.join("\n");
    assert!(warning.contains("2 of the tensors' names"), "{warning}");
    assert!(
        !warning.contains('\u{1b}') && warning.contains(r"\u{1b}"),
        "{warning}"
    );

    let log = "{\"step\": 1, \"loss\": 2, \"run\": \"a\\u001b[31mb\"}\n{\"step\": 2, \"loss\": 1, \"run\": \"a\\u001b[31mb\"}\n";
    let (_folder, path) = file("log.jsonl", log.as_bytes(), 0);
    let output = run(&["compare"], &path);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("[31mb"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_results_name_without_an_end_is_refused() {
    let text = format!(r#"{{"{}": {{"snr": 1, "type": "t"}}}}"#, "a".repeat(5000));
    let error = SnrReport::from_json(text.into_bytes(), Path::new("x.json")).unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("longer than 1000 bytes") && error.len() < 1000,
        "{error}"
    );
}

#[test]
#[cfg(unix)]
fn a_device_without_an_end_is_not_read() {
    let error = read_freeze_file(Path::new("/dev/zero"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("is a device"), "{error}");
}

#[test]
fn patterns_that_repeat_without_end_are_not_followed() {
    let text = "- (((a{99}){99}){99}){99}\n- b\n".to_owned() + &"- (x{999})\n".repeat(3000);
    let (_folder, path) = file("set.yaml", text.as_bytes(), 0);
    let output = run_on(&["check", "--json"], &path, &["sample"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("its repeats add up to more than"), "{text}");
    assert!(
        text.contains("the repeats of the entries up to it"),
        "{text}"
    );
}

#[test]
fn a_file_that_repeats_itself_is_counted_in_full() {
    // A list of ten thousand, ten thousand times: 40 KB that would be 10 GB.
    let list = "a,".repeat(10_000);
    let lists = "*a,".repeat(10_000);
    let text = format!("x: &a [{list}]\nunfrozen_parameters: [{lists}]\n");
    let (_folder, path) = file("set.yaml", text.as_bytes(), 0);
    let error = read_freeze_file(&path).unwrap_err().to_string();
    assert!(error.contains("repeated ones counted"), "{error}");
    // A few aliases are plain YAML.
    let text = "x: &a model.norm.weight\nunfrozen_parameters: [*a, !tag model.embed, *a]\n";
    let (_folder, path) = file("set.yaml", text.as_bytes(), 0);
    let set = read_freeze_file(&path).unwrap();
    let entries: Vec<&str> = set.patterns.iter().map(|pattern| &*pattern.text).collect();
    assert_eq!(
        entries,
        ["model.norm.weight", "model.embed", "model.norm.weight"]
    );
}
