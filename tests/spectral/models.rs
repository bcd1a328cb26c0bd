//! Three small real-format models against what the reference program found for them.

use std::path::PathBuf;

use layerscope::report::SnrReport;
use layerscope::tensor::Model;

use crate::support::{options, scanned};

fn models() -> Option<PathBuf> {
    crate::require::shared("models")
}

#[test]
fn the_ratios_are_those_of_the_reference() {
    let Some(models) = models() else { return };
    for name in ["bert-f32", "gpt2-f16", "llama-tied-bf16-sharded"] {
        let folder = models.join(name);
        let model = Model::open(&folder).unwrap();
        let mut found = SnrReport::of_model(&model);
        let (results, summary) = scanned(&model, &options(&model)).unwrap();
        assert_eq!(summary.failed, 0);
        for (index, result) in &results {
            found.record(*index, result);
        }
        let results = format!("model_snr_results/snr_results_tiny-{name}.json");
        let expected = SnrReport::open(&folder.join(results)).unwrap();
        let names = |report: &SnrReport| -> Vec<(String, String)> {
            let modules = report.modules.iter().enumerate();
            modules
                .map(|(index, module)| (module.name.clone(), report.type_of(index).name.clone()))
                .collect()
        };
        assert_eq!(names(&found), names(&expected), "{name}");
        for (found, expected) in found.modules.iter().zip(&expected.modules) {
            let (found, reference) = (found.snr.unwrap(), expected.snr.unwrap());
            let difference = (found - reference).abs() / reference;
            assert!(
                difference < 1e-4,
                "{name} {}: {found} {reference}",
                expected.name
            );
        }
    }
}
