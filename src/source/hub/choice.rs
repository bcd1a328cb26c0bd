//! Which of a repository's files make up the model.
//!
//! Enters: the names of all files. Leaves: [`Choice`], by the rule by which the files of a local
//! folder are found, so that a model is the same wherever it is read.

use crate::source::config::CONFIG;
use crate::source::files::{BESIDE, INDEX, MAIN_INDEX};
use crate::source::hub::HubId;
use crate::source::hub::problem::Problem;

/// The index of a sharded PyTorch checkpoint.
const BIN_INDEX: &str = "pytorch_model.bin.index.json";
/// Names that a problem lists at most.
const NAMED: usize = 4;

/// The files of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Choice {
    /// Those beside the weights.
    pub(super) beside: Vec<String>,
    /// The index, which says which weights are meant where it can be read.
    pub(super) index: Option<String>,
    /// All weight files, sorted.
    pub(super) weights: Vec<String>,
}

/// Chooses among `names`. Safetensors come before PyTorch files, these before GGUF.
pub(super) fn choose(id: &HubId, names: &[&str]) -> Result<Choice, Problem> {
    let has = |name: &str| names.contains(&name);
    let mut choice = Choice {
        beside: has(CONFIG).then(|| CONFIG.to_owned()).into_iter().collect(),
        ..Choice::default()
    };
    if let Some(file) = &id.file {
        if !has(file) {
            return Err(Problem::NoFile(file.clone()));
        }
        choice.weights = vec![file.clone()];
        return Ok(choice);
    }
    // Folders hold other layouts of the same weights, or parts that are models of their own.
    let mut here: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !name.contains('/'))
        .collect();
    here.sort_unstable();
    let ending = |ending: &'static str| {
        here.iter()
            .copied()
            .filter(move |name| name.ends_with(ending))
    };
    let own = |all: Vec<&str>| -> Vec<String> {
        let main = all.iter().any(|name| name.starts_with("model"));
        let is_beside = |name: &str| main && BESIDE.iter().any(|start| name.starts_with(start));
        all.into_iter()
            .filter(|name| !is_beside(name))
            .map(str::to_owned)
            .collect()
    };
    let safetensors: Vec<&str> = ending(".safetensors").collect();
    let bins: Vec<&str> = ending(".bin").filter(|name| is_weights(name)).collect();
    let ggufs: Vec<&str> = ending(".gguf").collect();
    if !safetensors.is_empty() {
        choice.index = Some(MAIN_INDEX)
            .filter(|name| has(name))
            .or_else(|| ending(INDEX).next())
            .map(str::to_owned);
        choice.weights = own(safetensors);
    } else if !bins.is_empty() {
        choice.index = has(BIN_INDEX).then(|| BIN_INDEX.to_owned());
        choice.weights = own(bins);
    } else if let [only] = ggufs[..] {
        choice.weights = vec![only.to_owned()];
    } else {
        return Err(Problem::NoWeights(nothing(id, names, &ggufs)));
    }
    Ok(choice)
}

/// Whether a `.bin` file is a checkpoint and not a trainer's state.
fn is_weights(name: &str) -> bool {
    name.starts_with("pytorch_model") || name.starts_with("model")
}

/// What there is instead of one model, and how to name a part of it.
fn nothing(id: &HubId, names: &[&str], ggufs: &[&str]) -> String {
    let list = |names: &[&str]| {
        let shown = names
            .iter()
            .take(NAMED)
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        let more = names.len().saturating_sub(NAMED);
        if more > 0 {
            format!("{shown} and {more} more")
        } else {
            shown
        }
    };
    if let [first, ..] = ggufs {
        return format!(
            "holds {} GGUF files ({}): name one, as {}/{first}",
            ggufs.len(),
            list(ggufs),
            id.repo
        );
    }
    let inside = |name: &&&str| name.ends_with(".safetensors") && name.contains('/');
    let inside: Vec<&str> = names.iter().filter(inside).copied().collect();
    if let [first, ..] = inside[..] {
        return format!(
            "holds its weights in folders ({}): name one, as {}/{first}",
            list(&inside),
            id.repo
        );
    }
    format!(
        "holds no .safetensors, pytorch_model.bin or .gguf file among its {} files",
        names.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(names: &[&str]) -> Choice {
        choose(&HubId::parse("org/name").unwrap(), names).unwrap()
    }

    #[test]
    fn safetensors_are_taken_before_all_else_and_only_the_model() {
        let choice = chosen(&[
            "model-00002-of-00002.safetensors",
            "consolidated.safetensors",
            "model-00001-of-00002.safetensors",
            "model.safetensors.index.json",
            "pytorch_model.bin",
            "onnx/model.safetensors",
            "config.json",
        ]);
        assert_eq!(choice.beside, ["config.json"]);
        assert_eq!(choice.index.as_deref(), Some(MAIN_INDEX));
        let shards = [
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
        ];
        assert_eq!(choice.weights, shards);
    }

    #[test]
    fn where_there_is_no_safetensors_others_are_taken() {
        let bin = chosen(&["pytorch_model.bin", "training_args.bin", "a.gguf"]);
        assert_eq!(bin.weights, ["pytorch_model.bin"]);
        assert_eq!(chosen(&["a.gguf", "README.md"]).weights, ["a.gguf"]);
    }

    #[test]
    fn of_several_gguf_files_one_has_to_be_named() {
        let names = ["m-Q4.gguf", "m-Q8.gguf"];
        let id = HubId::parse("org/name").unwrap();
        let Err(Problem::NoWeights(why)) = choose(&id, &names) else {
            panic!()
        };
        assert!(why.ends_with("name one, as org/name/m-Q4.gguf"), "{why}");
        let id = HubId::parse("org/name/m-Q8.gguf").unwrap();
        assert_eq!(choose(&id, &names).unwrap().weights, ["m-Q8.gguf"]);
    }
}
