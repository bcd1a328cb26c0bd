//! Layerscope: see the signal-to-noise ratio of a model's layers, choose the layers to train,
//! and export a freeze set that matches.
//!
//! The modules, in the order the data flows; each imports only those before it:
//!
//! ```text
//! model folder ─▶ source ─▶ names ─▶ tensor ─▶ spectral ─▶ report ─▶ selection ─▶ export
//! results JSON ───────────────────────────────────▲            │
//! run logs ─▶ run ─────────────────────────────────▶ figure ◀──┘
//!                         cli and window call the stages
//! ```

pub mod error;
pub mod progress;
pub mod table;
pub mod text;

pub mod source;

pub mod names;
pub mod tensor;

pub mod spectral;

pub mod report;

pub mod selection;

pub mod export;

pub mod run;

pub mod figure;

pub mod open;
pub mod sample;

pub mod cli;
#[cfg(feature = "gui")]
pub mod window;

pub use error::{Error, Result};
