//! From ratios to a freeze set: percentages or budgets, pins, drops, and what they cost.

mod budget;
mod bulk;
mod choice;
mod cost;
mod freeze_set;
mod making;
mod members;
mod memory;
mod named_set;
mod near;
mod pattern;
mod percent;
mod preset;
mod ranking;
mod rules;
mod set_difference;
mod solve;
mod tally;
mod tower_shares;
mod towers;

pub use budget::{Budget, Solved, parse_parameters};
pub use bulk::{Bulk, Region};
pub use choice::{Choice, Mark};
pub use cost::{Costs, Sizes};
pub use freeze_set::{Counts, EMBEDDINGS, EMBEDDINGS_MODULE, FreezeSet, HEAD, HEAD_MODULE};
pub use members::Members;
pub use memory::{LORA_RANK, Memory, Optimizer, qlora_memory};
pub use named_set::{Combine, NamedSet, Resolved, Unmatched};
pub use pattern::{matching_modules, matching_towers, matching_types};
pub use percent::Percent;
pub use preset::Preset;
pub use ranking::Ranking;
pub use rules::{Blocks, Pool, RankBy, Rules};
pub use set_difference::{Count, Membership, Part, Parts, SetDifference};
pub use tower_shares::{PooledType, Share};
pub use towers::Towers;
