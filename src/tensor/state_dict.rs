//! The state dict among what a trainer has pickled.
//!
//! Enters: the whole pickle. Leaves: [`StateDict`], the named tensors of the model without the
//! prefixes that wrappers put before their names. A checkpoint may hold several: the model's, an
//! average of it, the optimizer's.
#![deny(
    clippy::indexing_slicing,
    reason = "what the file says decides the indices"
)]

use std::path::Path;

use candle_core::pickle::Object;

use crate::tensor::pickle::is_tensor;

/// Where trainers keep the model's weights, the most telling first; averages come last.
const STATES: [&str; 20] = [
    "state_dict",
    "model_state_dict",
    "model_state",
    "model",
    "module",
    "net",
    "network",
    "weights",
    "params",
    "student",
    "generator",
    "netG",
    "params_ema",
    "teacher",
    "model_ema",
    "ema_state_dict",
    "ema_model",
    "ema",
    "state_dict_ema",
    "averaged_model",
];
/// Parts of the names of what is not the model.
const OTHERS: [&str; 9] = [
    "optim",
    "scheduler",
    "scaler",
    "callback",
    "loops",
    "hyper_parameters",
    "rng",
    "amp",
    "loss",
];
/// Parts of names that wrappers add: torch.compile, FSDP and activation checkpointing.
const WRAPPERS: [&str; 3] = [
    "_orig_mod.",
    "_fsdp_wrapped_module.",
    "_checkpoint_wrapped_module.",
];
/// What DistributedDataParallel and DataParallel put before every name.
const PARALLEL: &str = "module.";
/// How deeply dictionaries are looked into.
const MAX_DEPTH: usize = 3;

/// The named tensors of a model.
pub(super) struct StateDict {
    /// Names with the objects they are pickled as; only those that are tensors.
    pub(super) items: Vec<(String, Object)>,
    /// The keys that lead to it; none where the whole pickle is the state dict.
    key: String,
    /// The keys of others that are not read.
    others: Vec<String>,
}

impl StateDict {
    /// The line that says which tensors these are, where there is something to say.
    pub(super) fn line(&self, path: &Path) -> Option<String> {
        if self.key.is_empty() && self.others.is_empty() {
            return None;
        }
        let others = match &*self.others {
            [] => String::new(),
            others => format!("; those under {} are not read", others.join(", ")),
        };
        let key = if self.key.is_empty() {
            "the top"
        } else {
            &self.key
        };
        Some(format!(
            "{}: the tensors are those under {key:?}{others}",
            path.display()
        ))
    }
}

/// A dictionary with tensors in it.
struct Candidate {
    key: String,
    items: Vec<(String, Object)>,
    /// How many are called as weights are.
    weights: usize,
}

/// The model's state dict in `object`; `None` where nothing in it is a named tensor.
pub(super) fn find(object: Object) -> Option<StateDict> {
    let mut candidates = Vec::new();
    collect(object, String::new(), 0, &mut candidates);
    // The first of equals: the pickle's own, then the most telling name.
    let best = candidates
        .iter()
        .enumerate()
        .min_by_key(|(_, candidate)| rank(candidate))
        .map(|(place, _)| place)?;
    let chosen = candidates.swap_remove(best);
    let mut others: Vec<String> = candidates
        .iter()
        .filter(|other| other.weights > 0 && chosen.weights > 0 && !other.key.is_empty())
        .map(|other| format!("{:?}", other.key))
        .collect();
    others.sort_unstable();
    Some(StateDict {
        items: unwrapped(chosen.items),
        key: chosen.key,
        others,
    })
}

/// What decides between dictionaries; the least is taken.
fn rank(candidate: &Candidate) -> (bool, bool, usize, std::cmp::Reverse<usize>) {
    let last = candidate.key.rsplit('.').next().unwrap_or_default();
    let named = STATES.iter().position(|state| *state == last);
    let lower = last.to_ascii_lowercase();
    (
        candidate.weights == 0,
        OTHERS.iter().any(|other| lower.contains(other)),
        if last.is_empty() {
            0
        } else {
            1 + named.unwrap_or(STATES.len())
        },
        std::cmp::Reverse(candidate.weights.max(candidate.items.len())),
    )
}

/// Adds the dictionaries with tensors in `object`.
fn collect(object: Object, key: String, depth: usize, candidates: &mut Vec<Candidate>) {
    let entries = match object {
        Object::Dict(entries) => entries,
        // An ordered dictionary with attributes of its own, or a module with its state.
        Object::Build { callable, args } => {
            let before = candidates.len();
            collect(*callable, key.clone(), depth, candidates);
            if candidates.len() == before {
                collect(*args, key, depth, candidates);
            }
            return;
        }
        _ => return,
    };
    let mut items = Vec::new();
    for (name, value) in entries {
        let Object::Unicode(name) = name else {
            continue;
        };
        if is_tensor(&value) {
            items.push((name, value));
        } else if depth < MAX_DEPTH {
            let inside = if key.is_empty() {
                name
            } else {
                format!("{key}.{name}")
            };
            collect(value, inside, depth + 1, candidates);
        }
    }
    if !items.is_empty() {
        let is_weight = |(name, _): &&(String, Object)| name.ends_with("weight");
        candidates.push(Candidate {
            weights: items.iter().filter(is_weight).count(),
            key,
            items,
        });
    }
}

/// The items without what wrappers have put into their names.
fn unwrapped(mut items: Vec<(String, Object)>) -> Vec<(String, Object)> {
    for (name, _) in &mut items {
        for wrapper in WRAPPERS {
            if name.contains(wrapper) {
                *name = name.replace(wrapper, "");
            }
        }
    }
    if items.iter().all(|(name, _)| name.starts_with(PARALLEL)) {
        for (name, _) in &mut items {
            name.drain(..PARALLEL.len());
        }
    }
    items
}
