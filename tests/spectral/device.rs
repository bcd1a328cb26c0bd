//! `scan --device`: on a stand-in for NVIDIA's libraries, which computes on the processor and
//! fails where it is told to (`stand_in/stand_in.c`), and without one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use layerscope::report::{SnrReport, Spectra};
use tempfile::TempDir;

use crate::require::missing;
use crate::support::{Folder, random, varied};

/// Variables of the environment.
type Settings = &'static [(&'static str, &'static str)];

const NAME: &str = "Stand-in 1, cuBLAS 12.8.3";

/// The stand-in libraries, compiled with these definitions; `None` where there is no C compiler.
fn stand_in(definitions: &[&str]) -> Option<TempDir> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spectral/stand_in/stand_in.c");
    let folder = tempfile::tempdir().unwrap();
    for name in ["libcuda.so.1", "libcublas.so.12", "libcusolver.so.11"] {
        let compiler = Command::new("gcc")
            .args(["-shared", "-fPIC", "-O2", "-Wall", "-Werror"])
            .arg(format!("-Wl,-soname,{name}"))
            .args(definitions)
            .arg(&source)
            .arg("-o")
            .arg(folder.path().join(name))
            .arg("-lm")
            .output();
        let Ok(compiler) = compiler else {
            missing("gcc", "a C compiler (gcc)");
            return None;
        };
        assert!(compiler.status.success(), "{}", text(&compiler.stderr));
    }
    Some(folder)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Scans `folder` into its folder `out`, with the libraries of `stand_in` and these settings.
fn scan(
    folder: &Folder,
    out: &str,
    device: &str,
    stand_in: Option<&TempDir>,
    settings: Settings,
) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("layerscope"));
    command
        .current_dir(folder.root.path())
        .args(["scan", "tiny", "--out", out, "--device", device])
        .env("CUDA_HOME", "/nowhere")
        .envs(settings.iter().copied());
    if let Some(stand_in) = stand_in {
        command.env("LD_LIBRARY_PATH", stand_in.path());
    }
    command.output().unwrap()
}

/// The model of every kind of matrix: wide, tall, square, fused, of one row; and one of zeros.
fn model() -> Folder {
    let mut tensors = varied();
    tensors.push(("model.zero.weight".into(), vec![9, 7], vec![0.0; 63]));
    let mut broken = random("model.broken", 3, &[8, 6]);
    broken.2[13] = f32::NAN;
    tensors.push(broken);
    tensors.push(random("lm_head", 4, &[301, 97]));
    Folder::new(&tensors)
}

fn file(folder: &Folder, out: &str, ending: &str) -> PathBuf {
    let results = folder.path(out).join("model_snr_results");
    results.join(format!("snr_results_tiny{ending}"))
}

fn spectra(folder: &Folder, out: &str) -> Spectra {
    Spectra::read(&file(folder, out, ".spectra.safetensors")).unwrap()
}

fn report(folder: &Folder, out: &str) -> SnrReport {
    SnrReport::open(&file(folder, out, ".json")).unwrap()
}

/// Asserts that two scans found the same, as far as two devices can.
fn assert_agree(folder: &Folder, own: &str, card: &str) {
    let (a, b) = (report(folder, own), report(folder, card));
    assert_eq!(a.modules.len(), b.modules.len());
    for (a, b) in a.modules.iter().zip(&b.modules) {
        assert_eq!(a.name, b.name);
        let (Some(left), Some(right)) = (a.snr, b.snr) else {
            assert_eq!(a.snr, b.snr, "{}", a.name);
            continue;
        };
        let is_same = left.to_bits() == right.to_bits() || left.is_nan() && right.is_nan();
        let is_near = (left - right).abs() <= 1e-9 * left.abs();
        assert!(is_same || is_near, "{}: {left} and {right}", a.name);
    }
    let (a, b) = (spectra(folder, own), spectra(folder, card));
    for entry in a.entries() {
        let values = |spectra: &Spectra| spectra.values(&entry.name).unwrap().unwrap_or_default();
        let (left, right) = (values(&a), values(&b));
        assert_eq!(left.len(), right.len(), "{}", entry.name);
        let largest = left.iter().copied().fold(0.0, f32::max);
        for (left, right) in left.iter().zip(&right) {
            // The files hold f32.
            assert!((left - right).abs() <= 2e-7 * largest, "{}", entry.name);
        }
    }
}

fn good(output: &Output) -> (String, String) {
    assert!(output.status.success(), "{}", text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_card_finds_what_the_processor_finds_and_is_recorded() {
    for definitions in [&[][..], &["-DWITHOUT_WIDE"]] {
        let Some(libraries) = stand_in(definitions) else {
            return;
        };
        let folder = model();
        let (own, _) = good(&scan(&folder, "own", "cpu", None, &[]));
        assert!(!own.contains(NAME), "{own}");
        let (card, said) = good(&scan(&folder, "card", "cuda", Some(&libraries), &[]));
        assert!(card.contains(NAME), "{card}");
        assert!(!said.contains("the processor"), "{said}");
        assert_agree(&folder, "own", "card");
        assert_eq!(spectra(&folder, "own").device(), None);
        assert_eq!(spectra(&folder, "card").device(), Some(NAME));
        // The same words about what has no ratio.
        let problems = |out: &str| {
            let spectra = spectra(&folder, out);
            let problems = spectra.entries().iter();
            let problems: Vec<_> = problems.filter_map(|entry| entry.problem.clone()).collect();
            problems
        };
        assert_eq!(problems("own"), problems("card"));
        assert_eq!(problems("own").len(), 2);
    }
}

#[test]
fn a_scan_on_a_card_is_the_same_bits_again() {
    let Some(libraries) = stand_in(&[]) else {
        return;
    };
    let folder = model();
    for out in ["once", "again"] {
        good(&scan(&folder, out, "cuda", Some(&libraries), &[]));
    }
    for ending in [".json", ".spectra.safetensors"] {
        let bytes = |out: &str| fs::read(file(&folder, out, ending)).unwrap();
        assert_eq!(bytes("once"), bytes("again"), "{ending}");
    }
}

/// Settings under which the stand-in fails once the scan is under way, and what is said of it.
const FAULTS: [(Settings, &str); 15] = [
    (&[("STAND_IN_WRONG", "first")], "differ from the processor"),
    (&[("STAND_IN_WRONG", "gram")], "Gram matrix"),
    (&[("STAND_IN_WRONG", "eigenvalue")], "eigenvalues"),
    (&[("STAND_IN_WRONG", "nan")], "eigenvalues"),
    (&[("STAND_IN_WRONG", "word")], "eigenvalues"),
    (&[("STAND_IN_FAIL", "cublasDsyrk")], "cublasDsyrk"),
    (&[("STAND_IN_FAIL", "cublasDsymv")], "cublasDsymv"),
    (&[("STAND_IN_FAIL", "cublasDnrm2")], "cublasDnrm2"),
    (
        &[
            ("STAND_IN_FAIL", "cusolverDnXsyevd"),
            ("STAND_IN_FAIL_FROM", "2"),
        ],
        "cusolverDnXsyevd",
    ),
    (
        &[
            ("STAND_IN_FAIL", "cuMemcpyHtoDAsync"),
            ("STAND_IN_FAIL_FROM", "4"),
        ],
        "cuMemcpyHtoDAsync",
    ),
    (
        &[("STAND_IN_FAIL", "cuMemcpyDtoHAsync")],
        "cuMemcpyDtoHAsync",
    ),
    (
        &[
            ("STAND_IN_FAIL", "cuStreamSynchronize"),
            ("STAND_IN_FAIL_FROM", "20"),
        ],
        "cuStreamSynchronize",
    ),
    (&[("STAND_IN_FAIL", "cuMemsetD8Async")], "cuMemsetD8Async"),
    (
        &[
            ("STAND_IN_FAIL", "cuCtxSetCurrent"),
            ("STAND_IN_FAIL_FROM", "40"),
        ],
        "cuCtxSetCurrent",
    ),
    // The four panels and the smallest matrices, no more.
    (&[("STAND_IN_MEMORY", "201340000")], "memory is short"),
];

#[test]
fn whatever_fails_on_the_card_is_computed_on_the_processor_and_said() {
    let Some(libraries) = stand_in(&[]) else {
        return;
    };
    let folder = model();
    good(&scan(&folder, "own", "cpu", None, &[]));
    for (index, (settings, words)) in FAULTS.iter().enumerate() {
        let out = format!("card{index}");
        let output = scan(&folder, &out, "cuda", Some(&libraries), settings);
        let (_, said) = good(&output);
        assert!(
            said.contains(words) && said.contains("the processor computes"),
            "{settings:?}: {said}"
        );
        // Each is said, up to where the card is given up.
        assert!(
            said.matches("the processor computes").count() <= 4,
            "{said}"
        );
        assert_agree(&folder, "own", &out);
    }
}

#[test]
fn a_card_that_cannot_be_had_is_one_line_and_no_word_by_default() {
    let (Some(libraries), Some(lacking)) = (stand_in(&[]), stand_in(&["-DWITHOUT_SYRK"])) else {
        return;
    };
    let folder = model();
    let cases: [(&TempDir, Settings, &str); 7] = [
        (&libraries, &[("STAND_IN_CARDS", "0")], "no card"),
        (&libraries, &[("STAND_IN_FAIL", "cuInit")], "no card"),
        (&libraries, &[("STAND_IN_VERSION", "10020")], "cuBLAS"),
        (
            &libraries,
            &[("STAND_IN_FAIL", "cublasCreate")],
            "cublasCreate",
        ),
        (
            &libraries,
            &[("STAND_IN_FAIL", "cuMemHostAlloc")],
            "memory is short",
        ),
        (
            &libraries,
            &[("STAND_IN_MEMORY", "1000")],
            "memory is short",
        ),
        (&lacking, &[], "cublasDsyrk_v2 is missing"),
    ];
    for (libraries, settings, words) in cases {
        let output = scan(&folder, "none", "cuda", Some(libraries), settings);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{settings:?}");
        assert!(
            said.starts_with("error: --device cuda: ")
                && said.contains(words)
                && said.lines().count() == 1,
            "{settings:?}: {said}"
        );
        assert!(!file(&folder, "none", ".json").exists());
        let output = scan(&folder, "auto", "auto", Some(libraries), settings);
        let (done, said) = good(&output);
        assert!(
            !done.contains("Stand-in") && !said.contains("card"),
            "{said}"
        );
        fs::remove_dir_all(folder.path("auto")).unwrap();
    }
}
