//! The embedded sample: results and spectra of a real model, computed by this program.

use std::path::Path;
use std::sync::Arc;

use crate::error::Result;
use crate::names::Architecture;
use crate::report::{SnrReport, Spectra};
use crate::run::{self, Run};
use crate::source::InMemory;

/// The argument that means the sample instead of a path.
pub const NAME: &str = "sample";

/// What the sample is, for the window and the command line.
pub const ABOUT: &str = "Sample: SmolLM2-135M-Instruct (Apache-2.0), scanned by this program from its 4-bit (Q4_1) \
    weights widened to f32.";

/// The sample's name.
pub const SLUG: &str = "SmolLM2-135M-Instruct";

/// The sample's report and spectra.
///
/// # Errors
/// None in a sound build: the files are compiled in, and a test reads them.
pub fn open() -> Result<(SnrReport, Spectra)> {
    let json = include_bytes!("../assets/sample/snr_results_SmolLM2-135M-Instruct.json");
    let mut report = SnrReport::from_json(json.to_vec(), Path::new(NAME))?;
    SLUG.clone_into(&mut report.slug);
    report.path = None;
    let spectra =
        include_bytes!("../assets/sample/snr_results_SmolLM2-135M-Instruct.spectra.safetensors");
    let spectra = Spectra::parse(Arc::new(InMemory(spectra.to_vec())))?;
    report.attach_spectra(&spectra);
    report.attach_noise(&spectra)?;
    // The embedded spectra are older than the field for it.
    report.architecture.get_or_insert_with(|| Architecture {
        class: Some("LlamaForCausalLM".into()),
        model_type: Some("llama".into()),
        tie_word_embeddings: Some(true),
        ..Architecture::default()
    });
    Ok((report, spectra))
}

/// What the sample's runs are, for the window and the command line.
pub const RUNS_ABOUT: &str = "Sample runs: SmolLM2-135M-Instruct (from its 4-bit weights) fine-tuned on the Python \
    language reference for 150 steps of 4 × 96 tokens on 2 CPU cores; memory is the process's. One seed, short runs, a \
    shared machine: real logs to look at, not evidence for or against a method.";

/// The freeze sets that the sample's runs trained, as Spectrum's YAML, by the run's name. Full
/// fine-tuning and LoRA have none.
pub const RUN_SETS: [(&str, &str); 3] = [
    (
        "Spectrum 50 %",
        include_str!("../assets/sample/runs/spectrum-50.yaml"),
    ),
    (
        "Spectrum 25 %",
        include_str!("../assets/sample/runs/spectrum-25.yaml"),
    ),
    (
        "Spectrum 10 %",
        include_str!("../assets/sample/runs/spectrum-10.yaml"),
    ),
];

/// The sample's runs: full fine-tuning, Spectrum at 50, 25 and 10 %, LoRA. Their summaries hold
/// `trainable` and `total` parameters.
///
/// # Errors
/// None in a sound build: the logs are compiled in, and a test reads them.
pub fn runs() -> Result<Vec<Run>> {
    const LOGS: [(&str, &str, &[u8]); 5] = [
        (
            "Full fine-tuning",
            "full.jsonl",
            include_bytes!("../assets/sample/runs/full.jsonl"),
        ),
        (
            "Spectrum 50 %",
            "spectrum-50.jsonl",
            include_bytes!("../assets/sample/runs/spectrum-50.jsonl"),
        ),
        (
            "Spectrum 25 %",
            "spectrum-25.jsonl",
            include_bytes!("../assets/sample/runs/spectrum-25.jsonl"),
        ),
        (
            "Spectrum 10 %",
            "spectrum-10.jsonl",
            include_bytes!("../assets/sample/runs/spectrum-10.jsonl"),
        ),
        (
            "LoRA on a 4-bit base",
            "qlora.jsonl",
            include_bytes!("../assets/sample/runs/qlora.jsonl"),
        ),
    ];
    let mut runs = Vec::with_capacity(LOGS.len());
    for (name, file, log) in LOGS {
        runs.extend(run::json_lines(name, Path::new(file), log)?);
    }
    Ok(runs)
}
