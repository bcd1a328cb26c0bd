//! Singular values, the signal-to-noise ratio made from them, the law they are held against, and
//! the scan over a whole model.

mod ahead;
mod device;
mod eigen;
mod gram;
mod identity;
mod journal;
pub mod law;
mod module_result;
pub mod number;
mod parallel;
mod plan;
mod resources;
mod scan;
mod schedule;
mod shard;
mod shuffle;
mod singular;
mod snr;
mod symmetric;

pub use device::{Compute, Device, card_name};
pub use identity::FileIdentity;
pub use journal::{Journal, Key};
pub use module_result::ModuleResult;
pub use resources::{default_memory, default_threads};
pub use scan::{ScanOptions, ScanSummary, scan};
pub use shard::Shard;
pub use shuffle::shuffled_values;
pub use singular::{singular_values, work};
pub use snr::{Snr, snr};
