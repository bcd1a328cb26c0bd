//! Which of a repository's files make up the model.
//!
//! Enters: the names of all files. Leaves: [`Choice`], by the rule by which the files of a local
//! folder are found, so that a model is the same wherever it is read.

use std::path::Path;

use crate::source::config::CONFIG;
use crate::source::hub::HubId;
use crate::source::hub::problem::Problem;
use crate::source::kind::KINDS;
use crate::source::shard::shard;

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
    let here = names.iter().filter(|name| !name.contains('/'));
    let mut here: Vec<String> = here.map(|name| (*name).to_owned()).collect();
    here.sort_unstable();
    for kind in &KINDS {
        let present = kind.present(&here);
        let is_beside = kind.beside(&present);
        let own = present.into_iter().filter(|name| !is_beside(name));
        choice.weights = own.cloned().collect();
        if choice.weights.is_empty() {
            continue;
        }
        // Files that are called as the model is are each a model of its own, but for shards.
        if kind.main.is_empty() && !is_one(&choice.weights) {
            return Err(Problem::NoWeights(several(id, &choice.weights)));
        }
        let main = Some(kind.main_index).filter(|name| has(name));
        let other = || here.iter().find(|name| name.ends_with(kind.index));
        choice.index = main.map(str::to_owned).or_else(|| other().cloned());
        return Ok(choice);
    }
    Err(Problem::NoWeights(nothing(id, names)))
}

/// Whether these are one file, or the shards of one.
fn is_one(weights: &[String]) -> bool {
    let of = |name: &String| shard(Path::new(name)).map(|shard| shard.of as usize);
    weights.len() == 1 || weights.iter().all(|name| of(name) == Some(weights.len()))
}

/// Some of `names`, and how many more there are.
fn list<S: AsRef<str>>(names: &[S]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(AsRef::as_ref).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// That there are several models, and how to name one.
fn several(id: &HubId, files: &[String]) -> String {
    format!(
        "holds {} models as a file each ({}): name one, as {}/{}",
        files.len(),
        list(files),
        id.repo,
        files[0]
    )
}

/// What there is where there are no weights, and how to name a part of it.
fn nothing(id: &HubId, names: &[&str]) -> String {
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
        "holds no safetensors, PyTorch or GGUF weights among its {} files",
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
        assert_eq!(
            choice.index.as_deref(),
            Some("model.safetensors.index.json")
        );
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
        let shards = ["a-00001-of-00002.gguf", "a-00002-of-00002.gguf"];
        assert_eq!(chosen(&shards).weights, shards);
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
