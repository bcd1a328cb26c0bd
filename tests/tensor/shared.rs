//! Real checkpoints: the same modules, types and order as the reference program's results.

use std::fs;
use std::path::PathBuf;

use layerscope::source::Pairs;
use layerscope::tensor::Model;
use serde::Deserialize;

#[derive(Deserialize)]
struct Stored {
    r#type: String,
}

fn models() -> Option<PathBuf> {
    crate::require::shared("models")
}

#[test]
fn modules_types_and_order_are_the_references() {
    let Some(models) = models() else { return };
    for name in ["llama-tied-bf16-sharded", "gpt2-f16", "bert-f32"] {
        let folder = models.join(name);
        let results = folder.join(format!("model_snr_results/snr_results_tiny-{name}.json"));
        let Pairs(expected): Pairs<Stored> =
            serde_json::from_slice(&fs::read(results).unwrap()).unwrap();
        let expected: Vec<(&str, &str)> = expected
            .iter()
            .map(|(module, stored)| (&**module, &*stored.r#type))
            .collect();
        let model = Model::open(&folder).unwrap();
        let modules = model.modules.iter();
        let found: Vec<(&str, &str)> = modules.map(|m| (&*m.name, &*m.layer_type)).collect();
        assert_eq!(found, expected, "{name}");
        assert_eq!(model.warnings, [""; 0], "{name}");
        assert_eq!(model.slug, name);
        assert!(model.modules.iter().all(|module| module.problem.is_none()));
    }
}

#[test]
fn the_sharded_model_counts_its_parameters_as_its_index_does() {
    let Some(models) = models() else { return };
    let model = Model::open(&models.join("llama-tied-bf16-sharded")).unwrap();
    assert_eq!(model.parameters, 621_792);
    assert_eq!(model.files.len(), 5);
}
