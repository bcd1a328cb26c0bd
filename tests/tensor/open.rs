//! Folders of several files: indices, shards that are missing or cut short, duplicates.

use std::fs;
use std::path::Path;

use layerscope::tensor::Model;
use safetensors::Dtype::F32;
use tempfile::{TempDir, tempdir};

use crate::fixture::{bytes, entry, module, names, says, tensor, write};

const FIRST: &str = "model-00001-of-00002.safetensors";
const SECOND: &str = "model-00002-of-00002.safetensors";
const INDEX: &str = "model.safetensors.index.json";
const LLAMA: &str = r#"{"architectures": ["LlamaForCausalLM"]}"#;

/// Two shards without an index.
fn shards() -> TempDir {
    let folder = tempdir().unwrap();
    write(
        &folder.path().join(FIRST),
        &[
            ("model.embed_tokens.weight", F32, &[4, 2]),
            ("layers.0.fc.weight", F32, &[2, 2]),
        ],
    );
    write(
        &folder.path().join(SECOND),
        &[
            ("layers.1.fc.weight", F32, &[2, 2]),
            ("lm_head.weight", F32, &[4, 2]),
        ],
    );
    fs::write(folder.path().join("config.json"), LLAMA).unwrap();
    folder
}

fn index(folder: &Path, entries: &[(&str, &str)]) {
    let map: serde_json::Map<_, _> = entries
        .iter()
        .map(|(name, file)| ((*name).to_owned(), (*file).into()))
        .collect();
    let text = serde_json::json!({ "weight_map": map }).to_string();
    fs::write(folder.join(INDEX), text).unwrap();
}

const ENTRIES: [(&str, &str); 4] = [
    ("model.embed_tokens.weight", FIRST),
    ("layers.0.fc.weight", FIRST),
    ("layers.1.fc.weight", SECOND),
    ("lm_head.weight", SECOND),
];

const ALL: [&str; 4] = [
    "layers.0.fc",
    "layers.1.fc",
    "lm_head",
    "model.embed_tokens",
];

#[test]
fn shards_open_with_and_without_an_index() {
    let folder = shards();
    let without = Model::open(folder.path()).unwrap();
    index(folder.path(), &ENTRIES);
    let with = Model::open(&folder.path().join(INDEX)).unwrap();
    for model in [without, with] {
        assert_eq!(names(&model), ALL);
        assert_eq!((model.files.len(), model.parameters), (2, 24));
        assert_eq!(model.warnings, [""; 0]);
        assert_eq!(module(&model, "lm_head").tied_to, None);
    }
}

#[test]
fn a_single_shard_opens_alone_and_does_not_guess_its_head() {
    let folder = shards();
    let model = Model::open(&folder.path().join(FIRST)).unwrap();
    assert_eq!(names(&model), ["layers.0.fc", "model.embed_tokens"]);
    assert_eq!(model.slug, "model-00001-of-00002");
}

#[test]
fn a_missing_shard_leaves_its_modules_marked() {
    let folder = shards();
    index(folder.path(), &ENTRIES);
    fs::remove_file(folder.path().join(SECOND)).unwrap();
    let model = Model::open(folder.path()).unwrap();
    assert_eq!(names(&model), ALL);
    for name in ["layers.1.fc", "lm_head"] {
        let module = module(&model, name);
        assert_eq!(
            (module.shape.len(), module.parameters, &module.tied_to),
            (0, 0, &None)
        );
        let problem = module.problem.as_deref().unwrap();
        says(
            problem,
            &[
                SECOND,
                &format!("tensor {name}.weight"),
                "missing",
                "download",
            ],
        );
    }
    assert_eq!(module(&model, "layers.0.fc").problem, None);
    says(&model.warnings[0], &[SECOND, "the file is missing"]);
    assert_eq!(model.parameters, 12);
}

#[test]
fn a_missing_shard_without_an_index_is_noted_and_no_head_is_invented() {
    let folder = shards();
    fs::remove_file(folder.path().join(SECOND)).unwrap();
    let model = Model::open(folder.path()).unwrap();
    assert_eq!(names(&model), ["layers.0.fc", "model.embed_tokens"]);
    says(
        &model.warnings[0],
        &["1 of 2 shards are missing", "number 2"],
    );
}

#[test]
fn a_shard_that_is_no_weight_file_leaves_the_rest_open() {
    let folder = shards();
    fs::write(
        folder.path().join(SECOND),
        "version https://git-lfs.github.com/spec/v1\n",
    )
    .unwrap();
    let model = Model::open(folder.path()).unwrap();
    assert_eq!(names(&model), ["layers.0.fc", "model.embed_tokens"]);
    says(&model.warnings[0], &[SECOND, "git lfs pull"]);
}

#[test]
fn a_shard_cut_short_marks_what_lies_behind_the_cut() {
    let folder = shards();
    let path = folder.path().join(SECOND);
    let length = fs::metadata(&path).unwrap().len();
    let shard = fs::OpenOptions::new().write(true).open(&path).unwrap();
    shard.set_len(length - 1).unwrap();
    let model = Model::open(folder.path()).unwrap();
    assert_eq!(names(&model), ALL);
    let affected: Vec<&str> = model
        .modules
        .iter()
        .filter(|module| module.problem.is_some())
        .map(|module| &*module.name)
        .collect();
    assert_eq!(affected, ["lm_head"]);
    says(
        &model.warnings[0],
        &[SECOND, "tensor lm_head.weight", "cut short"],
    );
}

#[test]
fn a_folder_with_no_readable_shard_is_refused() {
    let folder = shards();
    index(folder.path(), &ENTRIES);
    fs::remove_file(folder.path().join(FIRST)).unwrap();
    fs::write(folder.path().join(SECOND), "").unwrap();
    let error = Model::open(folder.path()).unwrap_err().to_string();
    says(
        &error,
        &["none of its 2 weight files can be read", FIRST, "download"],
    );
}

#[test]
fn a_file_outside_the_folder_is_not_opened() {
    let folder = shards();
    let outside = tempdir().unwrap();
    let secret = outside.path().join("secret.safetensors");
    write(&secret, &[("layers.9.fc.weight", F32, &[2, 2])]);
    let mut entries = ENTRIES.to_vec();
    entries.push(("layers.9.fc.weight", secret.to_str().unwrap()));
    index(folder.path(), &entries);
    let model = Model::open(folder.path()).unwrap();
    let module = module(&model, "layers.9.fc");
    assert!(module.problem.is_some() && module.shape.is_empty());
    says(
        &model.warnings[0],
        &[INDEX, "outside the model's folder", "correct the index"],
    );
    assert_eq!(module.dtype.to_string(), "unknown");
}

#[test]
fn differences_between_index_and_shards_are_a_line_a_kind() {
    let folder = shards();
    let mut entries = ENTRIES[..3].to_vec();
    entries.push(("ghost.weight", FIRST));
    entries.push(("phantom.weight", SECOND));
    index(folder.path(), &entries);
    let model = Model::open(folder.path()).unwrap();
    assert_eq!(names(&model), ALL);
    let [ghosts, strangers] = &*model.warnings else {
        panic!("{:?}", model.warnings)
    };
    says(ghosts, &[INDEX, "2 tensors named in it", "ghost.weight"]);
    says(
        strangers,
        &[INDEX, "1 tensor held by the files", "lm_head.weight"],
    );
}

#[test]
fn a_tensor_in_two_files_is_marked_with_both() {
    let folder = shards();
    let third = folder.path().join("other.safetensors");
    write(
        &third,
        &[
            ("layers.0.fc.weight", F32, &[2, 2]),
            ("layers.2.fc.weight", F32, &[2, 2]),
        ],
    );
    let model = Model::open(folder.path()).unwrap();
    let problem = tensor(&model, "layers.0.fc.weight")
        .problem
        .as_deref()
        .unwrap();
    says(
        problem,
        &[
            FIRST,
            "tensor layers.0.fc.weight",
            "other.safetensors",
            "take one",
        ],
    );
    assert_eq!(module(&model, "layers.2.fc").problem, None);
    assert_eq!(model.parameters, 28, "the tensor in both files once");
}

#[test]
fn a_file_of_nothing_to_scan_says_so() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("buffers.safetensors");
    fs::write(&path, bytes(&format!("{{{}}}", entry("x", &[2], 0, 8)), 8)).unwrap();
    let model = Model::open(&path).unwrap();
    says(
        &model.warnings[0],
        &[
            "buffers.safetensors",
            "none of its tensors (1)",
            "nothing to scan",
        ],
    );
}

#[test]
fn a_large_mixture_of_experts_opens() {
    let folder = tempdir().unwrap();
    let mut entries = Vec::new();
    for block in 0..59 {
        for expert in 0..160 {
            for part in ["up_proj", "gate_proj", "down_proj"] {
                let name = format!("model.layers.{block}.mlp.experts.{expert}.{part}.weight");
                let at = entries.len() as u64 * 4;
                entries.push(entry(&name, &[1, 1], at, at + 4));
            }
        }
    }
    let path = folder.path().join("model.safetensors");
    let data = entries.len() * 4;
    fs::write(&path, bytes(&format!("{{{}}}", entries.join(",")), data)).unwrap();
    let model = Model::open(&path).unwrap();
    assert_eq!(model.modules.len(), 28_320);
    assert_eq!(
        model.modules[58].name,
        "model.layers.58.mlp.experts.0.down_proj"
    );
    assert!(model.modules.iter().all(|module| module.problem.is_none()));
}
