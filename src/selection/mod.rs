//! From ratios to a freeze set: percentages, pins, drops, and what they cost.

mod bulk;
mod choice;
mod freeze_set;
mod members;
mod named_set;
mod pattern;
mod percent;
mod ranking;
mod set_difference;

pub use bulk::{Bulk, Region};
pub use choice::{Choice, Mark};
pub use freeze_set::{Counts, EMBEDDINGS, EMBEDDINGS_MODULE, FreezeSet, HEAD, HEAD_MODULE};
pub use members::Members;
pub use named_set::{Combine, NamedSet, Resolved, Unmatched};
pub use pattern::{matching_modules, matching_types};
pub use percent::Percent;
pub use ranking::Ranking;
pub use set_difference::{Count, Membership, Part, Parts, SetDifference};
