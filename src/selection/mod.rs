//! From ratios to a freeze set: percentages, pins, drops, and what they cost.

mod choice;
mod freeze_set;
mod percent;
mod ranking;

pub use choice::{Choice, Mark};
pub use freeze_set::{Counts, EMBEDDINGS, FreezeSet, HEAD};
pub use percent::Percent;
pub use ranking::Ranking;
