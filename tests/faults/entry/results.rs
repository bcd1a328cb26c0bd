//! Results JSON, and spectra.
//!
//! Enters: the bytes of a file. Leaves: nothing.

use std::path::Path;
use std::sync::Arc;

use layerscope::report::{ReportBuilder, SnrReport, Spectra, flat_json, sorted_json};
use layerscope::source::{InMemory, ReadAt};

/// Results JSON: what is read, written in either layout and read again is the same.
pub(crate) fn results_json(data: &[u8]) {
    let Ok(report) = SnrReport::from_json(data.to_vec(), Path::new("snr_results_x.json")) else {
        return;
    };
    let flat = again(&flat_json(&report));
    assert_eq!(listed(&flat), listed(&report));
    assert_eq!(flat_json(&flat), flat_json(&report));
    let mut sorted = listed(&again(&sorted_json(&report)));
    let mut before = listed(&report);
    sorted.sort();
    before.sort();
    assert_eq!(sorted, before);
}

fn again(text: &str) -> SnrReport {
    SnrReport::from_json(text.as_bytes().to_vec(), Path::new("again.json"))
        .expect("what was written can be read")
}

/// Names, types and bits of all modules.
fn listed(report: &SnrReport) -> Vec<(String, String, Option<u64>)> {
    let modules = report.modules.iter();
    modules
        .map(|module| {
            let layer_type = &report.types[module.layer_type];
            // NaN has many bit patterns and one text.
            let snr = module
                .snr
                .map(|snr| if snr.is_nan() { f64::NAN } else { snr });
            (
                module.name.clone(),
                layer_type.name.clone(),
                snr.map(f64::to_bits),
            )
        })
        .collect()
}

/// Spectra: values can be read or are refused; what is written and read again is the same; they
/// can be attached to results.
pub(crate) fn spectra(data: &[u8]) {
    let bytes: Arc<dyn ReadAt> = Arc::new(InMemory(data.to_vec()));
    let Ok(spectra) = Spectra::parse(bytes) else {
        return;
    };
    let values = |spectra: &Spectra| -> Vec<Option<Vec<u32>>> {
        let names = spectra.entries().iter().map(|entry| &entry.name);
        let bits = |values: Vec<f32>| values.into_iter().map(f32::to_bits).collect();
        names
            .map(|name| Some(bits(spectra.values(name).expect("they lie in the file")?)))
            .collect()
    };
    let before = values(&spectra);
    let mut builder = ReportBuilder::new("x");
    for entry in spectra.entries() {
        builder.push(&entry.name, "type").snr = entry.snr.map(|ratio| ratio.0);
    }
    let mut report = builder.finish();
    report.attach_spectra(&spectra);
    report.attach_noise(&spectra).expect("they lie in the file");
    for module in &report.modules {
        let _ = module.matrix_shape();
    }
    if let Ok(text) = spectra.to_bytes() {
        let again: Arc<dyn ReadAt> = Arc::new(InMemory(text.clone()));
        let again = Spectra::parse(again).expect("what was written can be read");
        assert_eq!(again.entries().len(), spectra.entries().len());
        assert_eq!(values(&again), before);
        assert_eq!(again.to_bytes().expect("as before"), text);
    }
    let part = |name: &str| (name.into(), spectra.clone());
    let _ = Spectra::merge(vec![part("a"), part("b")]);
}
