//! Opening what a path holds, told by the content and not by the name.
//!
//! Enters: a path. Leaves: a results file's report, or an opened model.

use std::path::Path;
use std::sync::Arc;

use crate::error::Result;
use crate::report::SnrReport;
use crate::tensor::Model;

/// What a path turned out to hold.
#[derive(Debug)]
pub enum Opened {
    /// A results file.
    Report(Box<SnrReport>),
    /// A model.
    Model(Arc<Model>),
}

/// Opens `path`.
///
/// # Errors
/// A line that names the file, what is wrong with it and what to do.
pub fn open(path: &Path) -> Result<Opened> {
    if crate::report::looks_like_results(path) {
        return Ok(Opened::Report(Box::new(SnrReport::open(path)?)));
    }
    Ok(Opened::Model(Arc::new(Model::open(path)?)))
}
