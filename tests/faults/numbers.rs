//! Numbers in files at the ends of what a number can be: nothing overflows, and what a number only
//! claims takes no memory.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use layerscope::export::{
    Consumer, FreezeFile, LlamaFactory, Parameters, Pattern, Settings, dry_run,
};
use layerscope::figure::{Grid, Options};
use layerscope::progress::Progress;
use layerscope::report::{METADATA, ReportBuilder, Spectra};
use layerscope::run::{Imported, import, join};
use layerscope::source::InMemory;
use layerscope::spectral::work;
use layerscope::tensor::{Model, ModuleName};

use crate::support::{Folder, Tensor};

#[test]
fn blocks_of_any_number_and_none() {
    let name = "model.layers.4294967295.self_attn.q_proj";
    let parsed = ModuleName::parse(name);
    assert_eq!(
        (parsed.block, parsed.layer_type),
        (None, "self_attn.q_proj")
    );
    assert_eq!(ModuleName::parse("layers.65535.q").block, Some(65535));
    for names in [vec![], vec![format!("{name}.weight")]] {
        let parameters = Parameters::of_names(names);
        for (layers, llama_pro) in [(2, true), (0, true), (i64::MIN, false), (i64::MAX, false)] {
            let file = FreezeFile {
                consumer: Consumer::LlamaFactory,
                patterns: vec![Pattern::new("all", 1)],
                settings: Settings::LlamaFactory(LlamaFactory {
                    layers,
                    extra: Vec::new(),
                    llama_pro,
                }),
                ..FreezeFile::default()
            };
            let run = dry_run(&file, Consumer::LlamaFactory, &parameters);
            assert_eq!(run.trainable.len(), 0, "{layers} {llama_pro}");
        }
    }
}

#[test]
fn work_beyond_all_bounds_is_as_much_as_can_be_counted() {
    assert_eq!(work(usize::MAX, usize::MAX), u64::MAX);
    assert_eq!(work(2, 3), 4 * 3 + 4 * 8 / 3);
}

#[test]
fn types_and_blocks_without_end_make_a_grid_with_one() {
    let mut builder = ReportBuilder::new("x");
    for at in 0..6000 {
        builder.push(&format!("layers.{at}.t{at}"), &format!("t{at}"));
    }
    let report = builder.finish();
    let grid = Grid::new(&report, &Options::default());
    assert_eq!(grid.columns.len(), 6000);
    assert!(!grid.is_empty() && grid.rows.len() * grid.columns.len() <= 1 << 24);
    assert_eq!(grid.modules(5, 5), [5]);
    assert_eq!(grid.place(5999), None);
}

#[test]
fn a_module_that_a_model_holds_in_two_forms_is_listed_once() {
    let tensor = |name: &str| -> Tensor { (name.into(), vec![2, 2], vec![1.0; 4]) };
    let folder = Folder::new(&[tensor("a.weight"), tensor("a.qweight"), tensor("b.weight")]);
    let model: Model = folder.open();
    let names: Vec<&str> = model.modules.iter().map(|module| &*module.name).collect();
    assert_eq!(names, ["a", "b"]);
    assert!(
        model.warnings.iter().any(|line| line.contains("two forms")),
        "{:?}",
        model.warnings
    );
    // Names that come twice in a report count once in the other.
    let report = |names: &[&str]| {
        let mut builder = ReportBuilder::new("x");
        for name in names {
            builder.push(name, "t").snr = Some(1.0);
        }
        builder.finish()
    };
    let mut twice = report(&["a", "a", "c"]);
    twice.hold_against(&report(&["a", "b"])).unwrap();
    let other = twice.other.unwrap();
    assert_eq!((other.only_here, other.only_there), (1, 1));
}

#[test]
fn a_gpu_of_the_last_number_is_joined_with_another_machine() {
    let folder = tempfile::tempdir().unwrap();
    let runs = ["a", "b"].map(|machine| {
        fs::create_dir(folder.path().join(machine)).unwrap();
        let path = folder.path().join(machine).join("full.csv");
        let rows: Vec<String> = (0..3)
            .map(|second| format!("2025/05/22 09:42:3{second}.000, 4294967295, {second} MiB\n"))
            .collect();
        fs::write(
            &path,
            format!("timestamp, index, memory.used [MiB]\n{}", rows.concat()),
        )
        .unwrap();
        match import(&path, &Progress::default()).unwrap() {
            Imported::Runs(runs) => runs,
            Imported::Table(_) => panic!("a known layout"),
        }
    });
    let joined = join(runs.concat());
    assert_eq!(joined.len(), 1);
    assert_eq!(joined[0].series.len(), 2);
}

/// A spectra file with that header.
fn spectra(tensors: &str, document: &str) -> String {
    let document = document.replace('"', "\\\"");
    let header = format!("{{\"__metadata__\":{{\"{METADATA}\":\"{document}\"}}{tensors}}}");
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    Spectra::parse(Arc::new(InMemory(bytes)))
        .unwrap_err()
        .to_string()
}

#[test]
fn spectra_that_state_all_there_is_or_a_file_elsewhere_are_refused() {
    let step = (1_u64 << 61) - 1;
    let tensors: Vec<String> = (0..8)
        .map(|at: u64| {
            let (from, to) = (at * step, (at + 1) * step);
            format!(
                ",\"t{at}\":{{\"dtype\":\"U8\",\"shape\":[{step}],\"data_offsets\":[{from},{to}]}}"
            )
        })
        .collect();
    let error = spectra(&tensors.concat(), "{}");
    assert!(error.contains("bytes are stated"), "{error}");
    let document = |slug: &str, module: &str| {
        format!(
            r#"{{"format":1,"program":"p","model":"m","slug":"{slug}","total_parameters":1,"files":[],"modules":[{module},{module}]}}"#
        )
    };
    let module = r#"{"name":"a","shape":[],"dtype":"F32","parameters":1,"companions":0}"#;
    let error = spectra("", &document("../../x", module));
    assert!(
        error.contains("../../x") && error.contains("no model's"),
        "{error}"
    );
    let error = spectra("", &document("x", module));
    assert!(error.contains("“a” twice"), "{error}");
    assert!(!Path::new("../../x").exists());
}
