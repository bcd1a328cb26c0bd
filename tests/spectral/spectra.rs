//! Kept spectra: what is read back is what was scanned, and only results of that scan get it.

use std::fs;
use std::sync::Arc;

use layerscope::report::{METADATA, SnrReport, Spectra};
use layerscope::source::InMemory;
use layerscope::spectral::{FileIdentity, ModuleResult};
use layerscope::tensor::Model;
use safetensors::SafeTensors;

use crate::support::{Folder, options, result, scanned, varied};

struct Scanned {
    model: Model,
    results: Vec<(usize, ModuleResult)>,
    report: SnrReport,
    spectra: Spectra,
}

/// A model with a tied head, an expert of zeros and a matrix of zeros.
fn scan() -> Scanned {
    let mut tensors = varied();
    tensors.push((
        "model.layers.1.self_attn.o_proj.weight".into(),
        vec![4, 4],
        vec![0.0; 16],
    ));
    let experts = tensors
        .iter_mut()
        .find(|(name, ..)| name.contains("0.mlp.experts"));
    experts.unwrap().2[..24 * 16].fill(0.0);
    let folder = Folder::new(&tensors);
    let config = r#"{"architectures": ["LlamaForCausalLM"]}"#;
    fs::write(folder.model().join("config.json"), config).unwrap();
    let model = folder.open();
    let (results, _) = scanned(&model, &options(&model)).unwrap();
    let mut report = SnrReport::of_model(&model);
    for (index, result) in &results {
        report.record(*index, result);
    }
    let files = vec![FileIdentity::of(model.files[0].as_ref()).unwrap()];
    let spectra = Spectra::new(&model, files, results.clone());
    Scanned {
        model,
        results,
        report,
        spectra,
    }
}

fn reread(spectra: &Spectra) -> Spectra {
    Spectra::parse(Arc::new(InMemory(spectra.to_bytes().unwrap()))).unwrap()
}

#[test]
fn all_is_there_again() {
    let scan = scan();
    let again = reread(&scan.spectra);
    assert_eq!(again.to_bytes().unwrap(), scan.spectra.to_bytes().unwrap());
    assert_eq!(again.files(), scan.spectra.files());
    assert_eq!(again.slug(), "tiny");
    assert_eq!(again.total_parameters(), scan.model.parameters);
    assert_eq!(again.entries().len(), scan.model.modules.len());
    for (index, result) in &scan.results {
        let name = &scan.model.modules[*index].name;
        let entry = again.entry(name).unwrap();
        let expected = result.values.concat();
        assert_eq!(
            again.values(name).unwrap().unwrap_or_default(),
            expected,
            "{name}"
        );
        assert_eq!(
            scan.spectra.values(name).unwrap().unwrap_or_default(),
            expected
        );
        assert_eq!(entry.experts.len(), result.experts.len());
        assert_eq!(entry.problem, result.problem);
        assert_eq!(Some(entry.weight()), scan.report.modules[*index].weight);
        let close = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a - b).abs() <= 1e-15 * b;
        match (entry.detail, result.detail) {
            (None, None) => {}
            (Some(a), Some(b)) => assert!(close(a.snr, b.snr) && close(a.tau, b.tau)),
            other => panic!("{name}: {other:?}"),
        }
    }
    assert!(again.values("nobody").unwrap().is_none());
}

#[test]
fn other_tools_can_read_it() {
    let scan = scan();
    let bytes = scan.spectra.to_bytes().unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let shape = |name: &str| file.tensor(name).unwrap().shape().to_vec();
    assert_eq!(shape("model.layers.0.mlp.down_proj"), [24]);
    assert_eq!(shape("model.layers.1.mlp.experts.gate_up_proj"), [3, 16]);
    assert!(file.tensor("lm_head").is_err(), "the embedding has it");
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let document = &header.metadata().as_ref().unwrap()[METADATA];
    let document: serde_json::Value = serde_json::from_str(document).unwrap();
    assert_eq!(document["slug"], "tiny");
    let module = |name: &str| {
        let modules = document["modules"].as_array().unwrap();
        modules
            .iter()
            .find(|module| module["name"] == name)
            .unwrap()
    };
    assert_eq!(module("model.layers.1.self_attn.o_proj")["snr"], "NaN");
    assert_eq!(module("lm_head")["tied_to"], "model.embed_tokens");
}

#[test]
fn an_expert_without_a_ratio_is_told() {
    let scan = scan();
    let name = "model.layers.0.mlp.experts.gate_up_proj";
    let found = result(&scan.model, &scan.results, name);
    assert!(found.experts[0].is_none() && found.experts[1].is_some());
    assert!(found.snr.unwrap() > 0.0);
    let module = &scan.report.modules[scan.report.find(name).unwrap()];
    assert!(module.problem.is_none());
    assert!(
        scan.report
            .warnings
            .iter()
            .any(|line| line.contains("1 of 3 experts"))
    );
    assert_eq!(scan.spectra.values(name).unwrap().unwrap().len(), 3 * 16);
}

/// The report as its results file gives it back: no weights, no details.
fn opened(report: &SnrReport) -> SnrReport {
    let mut opened = report.scanned_only();
    opened.total_parameters = None;
    opened.warnings.clear();
    for module in &mut opened.modules {
        (module.detail, module.weight, module.problem) = (None, None, None);
    }
    opened
}

#[test]
fn results_get_their_spectra() {
    let scan = scan();
    let mut report = opened(&scan.report);
    assert!(report.attach_spectra(&reread(&scan.spectra)));
    assert_eq!(report.warnings, Vec::<String>::new());
    assert_eq!(report.total_parameters, Some(scan.model.parameters));
    for (found, expected) in report.modules.iter().zip(&scan.report.modules) {
        assert_eq!(found.weight, expected.weight);
        assert_eq!(found.problem, expected.problem);
        assert_eq!(found.detail.is_some(), expected.detail.is_some());
    }
}

#[test]
fn spectra_of_another_scan_are_left_alone() {
    let scan = scan();
    let changes: [fn(&mut SnrReport); 3] = [
        |report| report.modules[2].snr = report.modules[2].snr.map(|snr| snr * 1.001),
        |report| report.modules[0].name.push('x'),
        |report| report.modules[0].snr = None,
    ];
    for change in changes {
        let mut report = opened(&scan.report);
        change(&mut report);
        assert!(!report.attach_spectra(&scan.spectra));
        assert_eq!(report.warnings.len(), 1);
        assert!(
            report.warnings[0].contains("another scan"),
            "{}",
            report.warnings[0]
        );
        assert!(report.modules.iter().all(|module| module.weight.is_none()));
    }
}

#[test]
fn rounding_does_not_make_another_scan() {
    let scan = scan();
    let mut report = opened(&scan.report);
    for module in &mut report.modules {
        module.snr = module.snr.map(|snr| snr * (1.0 + 5e-6));
    }
    assert!(report.attach_spectra(&scan.spectra));
}

#[test]
fn a_broken_file_is_refused_and_named() {
    let scan = scan();
    let bytes = scan.spectra.to_bytes().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.spectra.safetensors");
    let mut cuts: Vec<usize> = (0..bytes.len()).step_by(97).collect();
    cuts.extend([7, 8, 9, bytes.len() - 1]);
    for length in cuts {
        fs::write(&path, &bytes[..length]).unwrap();
        let error = Spectra::read(&path).unwrap_err().to_string();
        assert!(error.contains("x.spectra.safetensors"), "{error}");
        assert!(error.contains("--fresh"), "{error}");
    }
    let missing = Spectra::read(&folder.path().join("none")).unwrap_err();
    assert!(missing.to_string().contains("none"));
}

#[test]
fn what_is_no_spectra_file_is_refused() {
    let refused = |bytes: Vec<u8>| {
        Spectra::parse(Arc::new(InMemory(bytes)))
            .unwrap_err()
            .to_string()
    };
    let weights = safetensors::serialize(
        Vec::<(&str, safetensors::tensor::TensorView<'_>)>::new(),
        None,
    );
    assert!(refused(weights.unwrap()).contains(METADATA));
    let of = |document: &str| {
        let metadata = [(METADATA.to_owned(), document.to_owned())].into();
        let none = Vec::<(&str, safetensors::tensor::TensorView<'_>)>::new();
        safetensors::serialize(none, Some(metadata)).unwrap()
    };
    assert!(refused(of("{")).contains(METADATA));
    assert!(refused(of(r#"{"format": 99}"#)).contains("format 99"));
    assert!(refused(vec![0xff; 64]).contains("header"));
}
