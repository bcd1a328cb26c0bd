//! From ratios to a freeze set: percentages, pins, drops, and what they cost.

mod bulk;
mod choice;
mod freeze_set;
mod pattern;
mod percent;
mod ranking;

pub use bulk::{Bulk, Region};
pub use choice::{Choice, Mark};
pub use freeze_set::{Counts, EMBEDDINGS, EMBEDDINGS_MODULE, FreezeSet, HEAD, HEAD_MODULE};
pub use pattern::{matching_modules, matching_types};
pub use percent::Percent;
pub use ranking::Ranking;
