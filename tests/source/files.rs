//! Which files make up a model, and what is said where there are none.

use std::fs;
use std::path::Path;

use layerscope::source::ModelFiles;
use tempfile::{TempDir, tempdir};

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn names(found: &ModelFiles) -> Vec<&str> {
    let paths = found.weights.iter().map(|weight| &weight.path);
    paths
        .map(|path| path.file_name().unwrap().to_str().unwrap())
        .collect()
}

fn refusal(path: &Path) -> String {
    ModelFiles::find(path).unwrap_err().to_string()
}

const INDEX: &str = "model.safetensors.index.json";

#[test]
fn a_folder_gives_its_weight_files_sorted() {
    let folder = folder(&[
        ("b.safetensors", ""),
        ("a.safetensors", ""),
        ("notes.txt", ""),
    ]);
    fs::create_dir(folder.path().join("c.safetensors")).unwrap();
    let found = ModelFiles::find(folder.path()).unwrap();
    assert_eq!(names(&found), ["a.safetensors", "b.safetensors"]);
    assert_eq!(found.warnings, [""; 0]);
    assert!(!found.partial);
}

#[test]
fn a_missing_path_is_refused_by_name() {
    let folder = tempdir().unwrap();
    let error = refusal(&folder.path().join("nowhere"));
    assert!(error.contains("nowhere: cannot open the model"), "{error}");
}

#[test]
fn a_folder_without_weights_is_refused_with_what_is_there() {
    let empty = tempdir().unwrap();
    let error = refusal(empty.path());
    assert!(error.contains("holds no files; give the folder"), "{error}");

    let other = folder(&[("README.md", ""), ("vocab.txt", "")]);
    let error = refusal(other.path());
    assert!(
        error.contains("2 other files (the first: README.md)"),
        "{error}"
    );

    for name in ["model.h5", "flax_model.msgpack"] {
        let folder = folder(&[("config.json", "{}"), (name, "x")]);
        let error = refusal(folder.path());
        assert!(
            error.contains(&format!("{name} is of another format")),
            "{error}"
        );
        assert!(
            error.contains("convert the model to safetensors"),
            "{error}"
        );
    }
}

#[test]
fn an_index_or_configuration_opens_its_folder() {
    let folder = folder(&[
        ("a.safetensors", ""),
        (
            "config.json",
            r#"{"architectures": ["LlamaForCausalLM"], "tie_word_embeddings": null}"#,
        ),
        (INDEX, r#"{"weight_map": {"x": "a.safetensors"}}"#),
    ]);
    for name in ["config.json", INDEX] {
        let found = ModelFiles::find(&folder.path().join(name)).unwrap();
        assert_eq!(found.path, folder.path());
        assert_eq!(names(&found), ["a.safetensors"]);
        assert!(found.config.is_causal_lm());
    }
}

#[test]
fn a_broken_configuration_is_a_warning_with_its_place() {
    let folder = folder(&[
        ("a.safetensors", ""),
        ("config.json", "{\n\"architectures\": 3}"),
    ]);
    let found = ModelFiles::find(folder.path()).unwrap();
    let [warning] = &*found.warnings else {
        panic!("{:?}", found.warnings)
    };
    assert!(
        warning.contains("config.json") && warning.contains("line 2"),
        "{warning}"
    );
    assert!(!found.config.is_causal_lm());
}

#[test]
fn a_broken_index_is_a_warning_and_the_folder_is_taken() {
    for (text, place) in [
        ("", "blank"),
        ("{\"weight_map\":", "line 1 column"),
        ("{\n\"weight_map\": []}", "line 2 column"),
        ("{}", "weight_map"),
    ] {
        let folder = folder(&[("a.safetensors", ""), (INDEX, text)]);
        let found = ModelFiles::find(folder.path()).unwrap();
        assert_eq!(names(&found), ["a.safetensors"]);
        assert!(found.warnings[0].contains(INDEX), "{:?}", found.warnings);
        assert!(found.warnings[0].contains(place), "{:?}", found.warnings);
    }
}

#[test]
fn files_that_the_index_does_not_name_are_left_out_with_a_line() {
    let folder = folder(&[
        ("a.safetensors", ""),
        ("consolidated.safetensors", ""),
        (
            INDEX,
            r#"{"weight_map": {"x": "a.safetensors", "y": "a.safetensors"}}"#,
        ),
    ]);
    let found = ModelFiles::find(folder.path()).unwrap();
    assert_eq!(names(&found), ["a.safetensors"]);
    assert!(
        found.warnings[0].contains("1 file (consolidated.safetensors)"),
        "{:?}",
        found.warnings
    );
}

#[test]
fn an_index_of_other_files_gives_way_to_those_in_the_folder() {
    let folder = folder(&[
        ("merged.safetensors", ""),
        (INDEX, r#"{"weight_map": {"x": "gone.safetensors"}}"#),
    ]);
    let found = ModelFiles::find(folder.path()).unwrap();
    assert_eq!(names(&found), ["merged.safetensors"]);
    assert!(
        found.warnings[0].contains("none of the files it names"),
        "{:?}",
        found.warnings
    );
}

#[test]
fn an_index_may_not_leave_the_folder() {
    for outside in [
        "../x.safetensors",
        "/etc/passwd",
        "a/../../x",
        "C:\\x",
        "",
        ".",
    ] {
        let index = serde_json::json!({"weight_map": {"a": "in.safetensors", "b": outside}});
        let folder = folder(&[("in.safetensors", ""), (INDEX, &index.to_string())]);
        let found = ModelFiles::find(folder.path()).unwrap();
        let index = found.index.as_ref().unwrap();
        let place = index.files.iter().position(|file| file == outside).unwrap();
        let problem = found.weights[place].problem.as_ref();
        let problem = problem.unwrap_or_else(|| panic!("{outside:?} is let through"));
        assert!(problem.contains("outside the model's folder"), "{problem}");
        assert_eq!(found.weights[1 - place].problem, None);
    }
}

#[test]
fn missing_numbers_of_shards_are_noted() {
    let folder = folder(&[
        ("model-00001-of-00004.safetensors", ""),
        ("model-00003-of-00004.safetensors", ""),
    ]);
    let found = ModelFiles::find(folder.path()).unwrap();
    assert!(found.partial);
    let warning = &found.warnings[0];
    assert!(
        warning.contains("2 of 4 shards are missing (the first: number 2)"),
        "{warning}"
    );
}

#[test]
fn a_cached_model_opens_at_the_revision_that_main_names() {
    let hub = folder(&[
        ("models--org--name/refs/main", "bbb\n"),
        ("models--org--name/snapshots/aaa/old.safetensors", ""),
        ("models--org--name/snapshots/bbb/new.safetensors", ""),
    ]);
    let cached = hub.path().join("models--org--name");
    let found = ModelFiles::find(&cached).unwrap();
    assert_eq!(names(&found), ["new.safetensors"]);
    assert_eq!(found.slug, "org-name");

    fs::write(cached.join("refs/main"), "../../elsewhere").unwrap();
    let error = refusal(&cached);
    assert!(error.contains("2 revisions"), "{error}");
    fs::remove_dir_all(cached.join("snapshots/bbb")).unwrap();
    assert_eq!(
        names(&ModelFiles::find(&cached).unwrap()),
        ["old.safetensors"]
    );
}

#[cfg(unix)]
#[test]
fn links_as_the_cache_makes_them_are_followed() {
    let hub = folder(&[("blobs/123", "content"), ("snapshots/a/config.json", "{}")]);
    let link = hub.path().join("snapshots/a/model.safetensors");
    std::os::unix::fs::symlink("../../blobs/123", &link).unwrap();
    let found = ModelFiles::find(&hub.path().join("snapshots/a")).unwrap();
    assert_eq!(names(&found), ["model.safetensors"]);
    assert_eq!(fs::read(&found.weights[0].path).unwrap(), b"content");
}
