//! The name of result files.

use std::path::Path;

use layerscope::source::slug;

#[test]
fn ids_lose_slashes_and_underscores() {
    assert_eq!(slug::of_id("org_a/My_Model-7B.v1"), "org-a-My-Model-7B.v1");
}

#[test]
fn folders_give_their_name() {
    assert_eq!(slug::of_folder(Path::new("/data/my_model")), "my-model");
    assert_eq!(slug::of_folder(Path::new("my_model/")), "my-model");
    let here = std::env::current_dir().unwrap();
    let name = here.file_name().unwrap().to_str().unwrap();
    assert_eq!(slug::of_folder(Path::new(".")), slug::of_id(name));
    assert_eq!(slug::of_folder(Path::new("/")), "model");
}

#[test]
fn folders_of_the_cache_give_the_models_id() {
    let id = "HuggingFaceTB-SmolLM2-135M";
    let cached = Path::new("hub/models--HuggingFaceTB--SmolLM2-135M");
    assert_eq!(slug::of_folder(cached), id);
    assert_eq!(slug::of_folder(&cached.join("snapshots/93efa2f")), id);
    assert_eq!(
        slug::of_file(&cached.join("snapshots/93efa2f/model.safetensors")),
        id
    );
    assert_eq!(
        slug::of_folder(Path::new("models--gpt2/snapshots/1")),
        "gpt2"
    );
}

#[test]
fn files_give_their_stem_unless_all_models_have_it() {
    assert_eq!(
        slug::of_file(Path::new("a/tiny_net.safetensors")),
        "tiny-net"
    );
    assert_eq!(slug::of_file(Path::new("a_b/model.safetensors")), "a-b");
}
