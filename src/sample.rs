//! The embedded sample: results of a real model, computed by this program.

use crate::error::Result;
use crate::report::SnrReport;

/// What the sample is, for the window and the command line.
pub const ABOUT: &str = "Sample: SmolLM2-135M-Instruct (Apache-2.0), 30 blocks, scanned by this \
    program from the 4-bit (Q4_1) weights widened to f32. Open or drop a model or results of your own.";

/// The sample's name.
pub const SLUG: &str = "SmolLM2-135M-Instruct";

/// The sample's report.
///
/// # Errors
/// None in a sound build: the file is compiled in, and a test reads it.
pub fn report() -> Result<SnrReport> {
    let json = include_bytes!("../assets/sample/snr_results_SmolLM2-135M-Instruct.json");
    let mut report = SnrReport::from_json(json.to_vec(), std::path::Path::new("sample"))?;
    SLUG.clone_into(&mut report.slug);
    report.path = None;
    Ok(report)
}
