//! A run between starts of the program, and in a session: to be read again from its logs.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A run to be read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRun {
    /// The files it came from.
    pub logs: Vec<PathBuf>,
    /// Its name in them.
    pub logged: String,
    /// Its name in the table.
    pub name: String,
    /// Its place among the series colors.
    pub color: usize,
    /// Whether it is left out of the plots.
    pub hidden: bool,
}
